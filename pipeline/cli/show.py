"""Take words, problems and data; print them for a person or as JSON; let a closed pipe end quietly."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, TextIO

import click

from pipeline.cli.session import Settings
from pipeline.problems import Problem, Stop, sort_problems

SCHEMA_VERSION = 1
_STEERS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
_COLOURS = {"error": "red", "warning": "yellow"}


def say(words: str, settings: Settings, least: int = 0) -> None:
    """Write words to standard error, unless the call is quieter than `least`."""
    if settings.verbosity >= least:
        _write(words, sys.stderr, settings)


def give(data: str, settings: Settings) -> None:
    """Write data to standard output."""
    _write(data, sys.stdout, settings)


def give_json(settings: Settings, exit_code: int, problems: Iterable[Problem], **more: Any) -> None:
    """Write the one JSON document of a command to standard output."""
    import json

    document: Mapping[str, Any] = {
        "schema_version": SCHEMA_VERSION,
        "exit_code": exit_code,
        "problems": [problem.record() for problem in sort_problems(problems)],
        **more,
    }
    give(json.dumps(document, ensure_ascii=False, indent=2, sort_keys=True), settings)


def show_problems(problems: Iterable[Problem], settings: Settings, root: Path | None, *, as_data: bool = False) -> None:
    """Print each problem with its hint below it, and a line that counts them."""
    ordered = sort_problems(problems)
    for problem in ordered:
        lines = problem_lines(problem, start_of(root))
        if as_data:
            give(lines, settings)
        else:
            # Quiet means no words about what went well: an error is said in any case.
            say(lines, settings, least=-9 if problem.severity == "error" else 0)
    if ordered:
        say(count_words(ordered), settings)


def show_stop(stop: Stop, settings: Settings, root: Path | None = None) -> None:
    """Print why the line could not go on, as words or as JSON."""
    if settings.format == "json":
        give_json(settings, stop.exit_code, stop.problems)
        return
    for problem in sort_problems(stop.problems):
        say(problem_lines(problem, start_of(root)), settings, least=-9)


def problem_lines(problem: Problem, start: str = "") -> str:
    """Return `place: severity CODE: message` and the hint on a line of its own."""
    place = f"{start}{_clean(str(problem.place))}: " if problem.place.file else ""
    severity = click.style(problem.severity, fg=_COLOURS[problem.severity], bold=True)
    hint = f"\n    hint: {_clean(problem.hint)}" if problem.hint else ""
    return f"{place}{severity} {problem.code}: {_clean(problem.message)}{hint}"


def _clean(text: str) -> str:
    """Return words in which nothing steers a terminal: some were written by strangers."""
    return _STEERS.sub(lambda found: ascii(found[0])[1:-1], text)


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


def _write(text: str, stream: TextIO, settings: Settings) -> None:
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
