"""Take the documents that are wanted and their formats; name each output and why it is made; give the plan."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Step:
    """One file to write: `path` is relative to the output folder, `reason` says why it is written."""

    project: str
    document: str
    format: str
    path: str
    reason: str


@dataclass(frozen=True, slots=True)
class Plan:
    """What a build intends to write, in order."""

    steps: tuple[Step, ...]


# Outputs are not cached yet: a build writes whatever was asked for, and says so.
_REASON = "every build writes it"
_ASKED = "asked for"


def make_plan(documents: Iterable[tuple[str, str]], formats: Iterable[str], *, whole: bool) -> Plan:
    """Return one step for each document (project, name) and format."""
    wanted = tuple(formats)
    reason = _REASON if whole else _ASKED
    steps = tuple(
        Step(project, name, format, f"{project}/{name}.{format}", reason)
        for project, name in documents
        for format in wanted
    )
    return Plan(steps)
