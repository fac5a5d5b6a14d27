"""Take a project's history; build its documents at the closing commit and at each baseline; give what was issued."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from pipeline.archive.manifest import load_manifest
from pipeline.build.build import build
from pipeline.build.request import Request
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
            return tuple(
                replace(paper, path=f"baselines/{own}/{paper.path}", baseline=own) for paper in self.build(rev, target)
            ), None
        except Stop as stop:
            words = f"the documents of baseline {name} cannot be built: {stop.problems[0].message}"
            hint = "its sources are in the history"
            return (), Problem("DB509", words, stop.problems[0].place, hint, "warning")


def _read_papers(folder: Path) -> Iterator[Paper]:
    manifest = load_manifest(folder)
    for one in manifest.files if manifest else ():
        said = (one.document, one.format, one.title, one.period, one.pages, one.revision.commit, one.revision.date)
        yield Paper(one.path, folder / one.path, *said, one.sha256)
