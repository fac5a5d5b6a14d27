"""Take words, problems and data; print them for a person or as JSON; let a closed pipe end quietly."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TextIO

import click

from pipeline.cli.session import Settings
from pipeline.problems import Problem, Stop, sort_problems
from pipeline.streams import below
from pipeline.visible import show, show_json

SCHEMA_VERSION = 1
_COLOURS = {"error": "red", "warning": "yellow"}


@dataclass(frozen=True, slots=True)
class Painted:
    """A word of ours in colour: the only way in which anything but plain text gets onto a terminal."""

    text: str
    colour: str
    bold: bool = True


Line = str | tuple[str | Painted, ...]


def say(words: Line, settings: Settings, least: int = 0) -> None:
    """Write one line of words to standard error, unless the call is quieter than `least`."""
    if settings.verbosity >= least:
        _write(paint(words), sys.stderr, settings)


def give(data: Line, settings: Settings) -> None:
    """Write one line of data to standard output."""
    _write(paint(data), sys.stdout, settings)


def give_document(text: str, settings: Settings) -> None:
    """Write JSON to standard output, which says the same and steers no terminal."""
    _write(show_json(text), sys.stdout, settings)


def give_json(settings: Settings, exit_code: int, problems: Iterable[Problem], **more: Any) -> None:
    """Write the one JSON document of a command to standard output."""
    import json

    document: Mapping[str, Any] = {
        "schema_version": SCHEMA_VERSION,
        "exit_code": exit_code,
        "problems": [problem.record() for problem in sort_problems(problems)],
        **more,
    }
    give_document(json.dumps(document, ensure_ascii=False, indent=2, sort_keys=True), settings)


def show_problems(problems: Iterable[Problem], settings: Settings, root: Path | None, *, as_data: bool = False) -> None:
    """Print each problem with its hint below it, and a line that counts them."""
    ordered = sort_problems(problems)
    for problem in ordered:
        for line in problem_lines(problem, start_of(root)):
            if as_data:
                give(line, settings)
            else:
                # Quiet means no words about what went well: an error is said in any case.
                say(line, settings, least=-9 if problem.severity == "error" else 0)
    if ordered:
        say(count_words(ordered), settings)


def show_stop(stop: Stop, settings: Settings, root: Path | None = None) -> None:
    """Print why the line could not go on, as words or as JSON."""
    if settings.format == "json":
        give_json(settings, stop.exit_code, stop.problems)
        return
    for problem in sort_problems(stop.problems):
        for line in problem_lines(problem, start_of(root)):
            say(line, settings, least=-9)


def problem_lines(problem: Problem, start: str = "") -> tuple[Line, ...]:
    """Return `place: severity CODE: message` and the hint as a line of its own."""
    place = f"{start}{problem.place}: " if problem.place.file else ""
    severity = Painted(problem.severity, _COLOURS[problem.severity])
    line = (place, severity, f" {problem.code}: {problem.message}")
    return (line, f"    hint: {problem.hint}") if problem.hint else (line,)


def paint(line: Line) -> str:
    """Return a line in which nothing steers a terminal but our own colours: some of it was written by strangers."""
    parts = (line,) if isinstance(line, str) else line
    return "".join(
        show(part) if isinstance(part, str) else click.style(show(part.text), fg=part.colour, bold=part.bold)
        for part in parts
    )


def count_words(problems: Iterable[Problem]) -> str:
    """Return `2 errors, 1 warning`."""
    severities = [str(problem.severity) for problem in problems]
    counts = ((kind, severities.count(kind)) for kind in _COLOURS)
    return ", ".join(f"{count} {kind}{'s' if count != 1 else ''}" for kind, count in counts if count)


def start_of(root: Path | None) -> str:
    """Return what goes before a place, so that an editor or a terminal finds the file from here."""
    path = near(root) if root is not None else "."
    return "" if path == "." else f"{path}/"


def near(path: Path) -> str:
    """Return a path as somebody standing in the current folder would type it."""
    here, there = Path.cwd(), path.resolve()
    if there.is_relative_to(here):
        return there.relative_to(here).as_posix()
    if here.is_relative_to(there):
        return "/".join([".."] * len(here.relative_to(there).parts))
    return str(path)


def is_live() -> bool:
    """Return whether a line on standard error may be drawn over, since somebody looks at it."""
    return sys.stderr.isatty() and not os.environ.get("CI") and os.environ.get("TERM") != "dumb"


def has_colour(stream: TextIO, settings: Settings) -> bool:
    """Return whether a stream gets colour: what the flag says, else NO_COLOR, FORCE_COLOR and the terminal."""
    if settings.color != "auto":
        return settings.color == "always"
    if os.environ.get("NO_COLOR"):
        return False
    if os.environ.get("FORCE_COLOR"):
        return True
    return stream.isatty() and os.environ.get("TERM") != "dumb"


def _write(text: str, guarded: TextIO, settings: Settings) -> None:
    stream = below(guarded)
    try:
        click.echo(_encodable(text, stream), file=stream, color=has_colour(stream, settings))
        stream.flush()
    except BrokenPipeError:
        # The reader has seen enough. Whatever Python still flushes at the end goes nowhere, without a complaint.
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def _encodable(text: str, stream: TextIO) -> str:
    """A terminal in the C locale, or a file name that is no UTF-8, must not stop a message."""
    encoding = stream.encoding or "utf-8"
    return text.encode(encoding, "backslashreplace").decode(encoding)
