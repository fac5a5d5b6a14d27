"""Take a project's history; build its documents at the closing commit and at each baseline; give what was issued."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipeline.archive.names import MANIFEST
from pipeline.build.build import Request, build
from pipeline.document.formats import FORMATS
from pipeline.problems import Problem, Stop

Report = Callable[[int, int, str], None]


@dataclass(frozen=True, slots=True)
class Paper:
    """One file that was built: its path below documents/, where it lies now, what the manifest says of it."""

    path: str
    file: Path
    document: str
    format: str
    title: str
    period: str
    pages: int
    revision: str
    date: str
    sha256: str
    baseline: str = ""


@dataclass(frozen=True, slots=True)
class Press:
    """What builds one project's documents from a repository; `store` keeps what earlier builds made."""

    root: Path
    project: str
    store: Path | None
    jobs: int
    report: Report

    def build(self, rev: str, target: Path) -> tuple[Paper, ...]:
        """Return the documents of a commit in all formats, built into the folder `target`; Stop if one cannot be."""
        request = Request(
            root=self.root,
            rev=rev,
            selectors=(self.project,),
            formats=tuple(FORMATS),
            output=target,
            jobs=self.jobs,
            store=self.store,
        )
        outcome = build(request, self.report)
        if outcome.exit_code:
            raise Stop(*outcome.problems, exit_code=outcome.exit_code)
        return tuple(_read_papers(target))

    def build_baseline(self, name: str, rev: str, target: Path) -> tuple[tuple[Paper, ...], Problem | None]:
        """Return the documents of a baseline; none and a warning where this Deedbox cannot build its commit."""
        try:
            own = name.removeprefix(f"baseline/{self.project}/")
            return tuple(_move(paper, own) for paper in self.build(rev, target)), None
        except Stop as stop:
            words = f"the documents of baseline {name} cannot be built: {stop.problems[0].message}"
            hint = "its sources are in the history"
            return (), Problem("DB509", words, stop.problems[0].place, hint, "warning")


def _read_papers(folder: Path) -> Iterator[Paper]:
    manifest: Any = json.loads((folder / MANIFEST).read_bytes())
    for entry in manifest["files"]:
        facts = {name: entry[name] for name in ("document", "format", "title", "period", "pages", "sha256")}
        revision = entry["revision"]
        yield Paper(entry["path"], folder / entry["path"], revision=revision["commit"], date=revision["date"], **facts)


def _move(paper: Paper, baseline: str) -> Paper:
    facts = {name: getattr(paper, name) for name in Paper.__dataclass_fields__}
    return Paper(**{**facts, "path": f"baselines/{baseline}/{paper.path}", "baseline": baseline})
