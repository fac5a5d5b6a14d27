"""What is asked of a build and what came of it: frozen values that go into the line and come out of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from pipeline.plan import Step
from pipeline.problems import Problem

Report = Callable[[int, int, str], None]  # how many are done, of how many (0: unknown), and words; 0, 0: words alone


@dataclass(frozen=True, slots=True)
class Request:
    """What is asked for: `rev` empty means the work tree, no selectors mean all, no formats mean the settings'.

    `inside` is the project's folder in the commits of a bare repository, where it is not their top.
    `executor` is the address of machines that write the documents; empty means workers of this one.
    Without `stamp` none is left by which a later build would see that nothing has moved.
    `store` is the folder of what earlier builds made, if it is not the repository's own; no remote one is asked then.
    """

    root: Path
    rev: str | None = None
    selectors: tuple[str, ...] = ()
    formats: tuple[str, ...] = ()
    output: Path | None = None
    jobs: int = 1
    force: bool = False
    dry_run: bool = False
    strict: bool = False
    executor: str = ""
    stamp: bool = True
    store: Path | None = None
    inside: str = ""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a request; `written` are paths below `output` whose bytes changed.

    `held` are the projects that kept what they had, since something is wrong with them, while others were saved.
    """

    problems: tuple[Problem, ...]
    steps: tuple[Step, ...]
    written: tuple[str, ...]
    output: Path
    revision: str
    dirty: bool
    exit_code: int
    held: tuple[str, ...] = ()
