"""Take the flags that every command knows, before or after its name; hold them; give the settings of this call."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, TypeVar

import click

Command = TypeVar("Command", bound=Callable[..., Any])


@dataclass(frozen=True, slots=True)
class Settings:
    """How this call reads and talks: `verbosity` is 0, below it quiet, above it talkative."""

    directory: Path = Path()
    verbosity: int = 0
    format: str = "text"
    color: str = "auto"


@dataclass(slots=True)
class Session:
    """The settings so far: flags before and after the command's name both add to them."""

    settings: Settings = Settings()


def session_of(context: click.Context) -> Session:
    """Return the session of a running command."""
    session: Session = context.find_object(Session) or Session()
    return session


def common_options(command: Command) -> Command:
    """Add the flags that every command knows."""
    return common_options_with("text", "json", words="Text for people (default) or one JSON document.")(command)


def common_options_with(*formats: str, words: str) -> Callable[[Command], Command]:
    """Return what adds those flags to a command that gives other formats."""
    format = _option(
        "--format", type=click.Choice(formats), keep=_keep("format", lambda before, value: value), help=words
    )

    def add(command: Command) -> Command:
        for option in reversed((*_OPTIONS[:-1], format, _OPTIONS[-1])):
            command = option(command)
        return command

    return add


def _keep(name: str, change: Callable[[Any, Any], Any]) -> Callable[..., None]:
    def keep(context: click.Context, parameter: click.Parameter, value: Any) -> None:
        if value is not None and value != 0:
            session = session_of(context)
            changed = change(getattr(session.settings, name), value)
            session.settings = replace(session.settings, **{name: changed})

    return keep


def _option(*names: str, keep: Callable[..., None], **settings: Any) -> Callable[[Command], Command]:
    return click.option(*names, expose_value=False, callback=keep, **settings)


_OPTIONS = (
    _option(
        "-C",
        "--directory",
        metavar="DIR",
        keep=_keep("directory", lambda before, value: before / value),
        type=click.Path(exists=True, file_okay=False),
        help="Work as if started in DIR; other paths are relative to it.",
    ),
    _option(
        "-q", "--quiet", count=True, keep=_keep("verbosity", lambda before, value: before - value), help="Say less."
    ),
    _option(
        "-v", "--verbose", count=True, keep=_keep("verbosity", lambda before, value: before + value), help="Say more."
    ),
    _option(
        "--color",
        type=click.Choice(("auto", "always", "never")),
        keep=_keep("color", lambda before, value: value),
        help="Colour: auto (default) only on a terminal, and not where NO_COLOR is set.",
    ),
)
