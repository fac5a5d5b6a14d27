"""Take what happens while somebody watches; hold it as frozen records; give each as words of one line or as JSON.

The keys of the JSON are an interface: docs/watching.md lists them.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipeline.problems import Problem

if TYPE_CHECKING:
    from pipeline.plan import Step

_MOST_NAMES, _MOST_REASONS = 3, 2


@dataclass(frozen=True, slots=True)
class Started:
    """Watching has begun, at a root, over events or by polling."""

    root: Path
    mode: str


@dataclass(frozen=True, slots=True)
class Built:
    """What came of one build. `changed` are sources that moved since the one before; `seconds` is how long it took.

    One that is not whole has made the few documents first for which somebody waits; the whole one follows.
    """

    exit_code: int
    number: int = 0
    changed: tuple[str, ...] = ()
    seconds: float = 0.0
    problems: tuple[Problem, ...] = ()
    written: tuple[str, ...] = ()
    steps: tuple[Step, ...] = ()
    output: Path | None = None
    revision: str = ""
    dirty: bool = False
    is_whole: bool = True

    def say_what(self) -> str:
        """Return which documents were written, few by name: `atlas/charter (docx, pdf)`."""
        formats: dict[str, list[str]] = {}
        for path in self.written:
            name, _, format = path.rpartition(".")
            if "/" in name:
                formats.setdefault(name, []).append(format)
        if len(formats) > _MOST_NAMES:
            return f"{len(formats)} documents"
        return ", ".join(f"{name} ({', '.join(sorted(kinds))})" for name, kinds in formats.items())

    def say_why(self) -> str:
        """Return why, as far as it fits on a line: the reasons of what was written, else what moved."""
        written = set(self.written)
        reasons = [step.reason for step in self.steps if step.path in written]
        return _shorten(reasons or self.changed)


@dataclass(frozen=True, slots=True)
class Noticed:
    """Something that a person should know, and that is no build."""

    problem: Problem


@dataclass(frozen=True, slots=True)
class Ran:
    """The command of `--exec` has ended."""

    command: str
    code: int


@dataclass(frozen=True, slots=True)
class Serving:
    """The preview can be opened at this address."""

    url: str


@dataclass(frozen=True, slots=True)
class Renewed:
    """The web pages of the preview are new, before the build has ended."""

    written: tuple[str, ...]
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class Ended:
    """Watching is over."""

    builds: int


Event = Started | Built | Noticed | Ran | Serving | Renewed | Ended


def make_record(told: Event) -> dict[str, Any]:
    """Return what a tool reads of it."""
    return {"event": type(told).__name__.lower(), **_RECORDS[type(told)](told)}


def _record_build(built: Built) -> dict[str, Any]:
    written = set(built.written)
    return {
        "number": built.number,
        "exit_code": built.exit_code,
        "seconds": round(built.seconds, 3),
        "changed": list(built.changed),
        "written": list(built.written),
        "reasons": {step.path: step.reason for step in built.steps if step.path in written},
        "problems": [problem.record() for problem in built.problems],
        "output": str(built.output or ""),
        "revision": built.revision,
        "dirty": built.dirty,
        "whole": built.is_whole,
    }


_RECORDS: dict[type, Any] = {
    Started: lambda told: {"root": str(told.root), "mode": told.mode},
    Built: _record_build,
    Noticed: lambda told: {"problem": told.problem.record()},
    Ran: lambda told: {"command": told.command, "code": told.code},
    Serving: lambda told: {"url": told.url},
    Renewed: lambda told: {"written": list(told.written)},
    Ended: lambda told: {"builds": told.builds},
}


def _shorten(reasons: Iterable[str]) -> str:
    unique = list(dict.fromkeys(reasons))
    more = len(unique) - _MOST_REASONS
    return "; ".join(unique[:_MOST_REASONS]) + (f"; and {more} more" if more > 0 else "")
