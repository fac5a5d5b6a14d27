"""Take a folder and whether it shall be quick; make portfolios in it when rows ask for them, each once; give them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from benchmarks.measure import deedbox, run, run_holding, settle
from benchmarks.portfolio import Repository, make_portfolio

Found = TypeVar("Found")
# How large a row is, and how often its pairs are taken: in full, and where it shall be quick.
SIZES: Mapping[str, tuple[int, int]] = {
    "unchanged.projects": (100, 4),
    "unchanged.pairs": (21, 5),
    "one-figure.few": (10, 2),
    "one-figure.many": (1000, 8),
    "one-figure.pairs": (7, 3),
    "one-document.pairs": (7, 2),
    "cold.projects": (100, 2),
    "cold.sample": (10, 1),
    "cold.pairs": (1, 1),  # four hundred documents each
    "register.pairs": (7, 2),
    "replay.projects": (5, 2),
    "replay.commits": (100, 10),
    "page.pairs": (9, 2),
    "long.pairs": (3, 1),
    "workers.pairs": (5, 1),
    "save.patience": (60, 30),
    "soak.seconds": (3600, 60),
    "steps": (3000, 60),
    "kills": (100, 5),
}


@dataclass
class Bench:
    """What rows measure on: a folder for all they make, and the portfolios that were built in it.

    `cold` are the seconds and megabytes of the building process of each portfolio's first build.
    """

    folder: Path
    quick: bool = False
    built: dict[tuple[int, tuple[str, ...]], Repository] = field(default_factory=dict)
    cold: dict[tuple[int, tuple[str, ...]], tuple[float, int]] = field(default_factory=dict)
    done: dict[Callable[[Bench], Any], Any] = field(default_factory=dict)

    def size(self, name: str) -> int:
        """Return how large something is in this run."""
        return SIZES[name][self.quick]

    def place(self, name: str) -> Path:
        """Return an empty folder."""
        folder = self.folder / f"{name}-{len(list(self.folder.iterdir()))}"
        folder.mkdir()
        return folder

    def once(self, measure: Callable[[Bench], Found]) -> Found:
        """Return what a function gives that several rows need; it is called for the first of them."""
        if measure not in self.done:
            self.done[measure] = measure(self)
        found: Found = self.done[measure]
        return found

    def portfolio(self, count: int, formats: tuple[str, ...] = ("docx", "pdf")) -> Repository:
        """Return a portfolio of so many projects, built and settled."""
        if (count, formats) not in self.built:
            place = self.place(f"{count}-projects")
            office = make_portfolio(place / "papers", count, formats)
            settle()
            self.cold[count, formats] = run_holding(["build", "-q", "-C", str(office.root)], place)
            settle()
            # The first build that finds nothing to do may still have to read what was young when it was built.
            run(deedbox("build", "-q", "-C", str(office.root)))
            self.built[count, formats] = office
        return self.built[count, formats]
