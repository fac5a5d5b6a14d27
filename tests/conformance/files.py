"""Take the sample repository and the golden cases; find or build their documents; give each with its tree and files."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from pipeline.build.build import build
from pipeline.build.request import Request
from pipeline.document.formats import FORMATS as ALL
from pipeline.document.tree import Document
from pipeline.problems import DONE
from tests.golden.builds import render_all
from tests.golden.cases import list_cases
from tests.golden.repositories import make_repository

FORMATS = tuple(name for name, known in ALL.items() if known.paged)  # those that outside judges know


@dataclass(frozen=True)
class Made:
    """A document: where it comes from, its tree, and its files by format."""

    origin: str
    document: Document
    files: dict[str, Path]

    @property
    def name(self) -> str:
        """Return a name that is unique among all that are judged."""
        return f"{self.origin}/{self.document.id}"


def list_made(origin: str, root: Path, output: Path) -> Iterator[Made]:
    """Yield the documents of a repository with the files that a build has left; a missing file is an error."""
    for one in render_all(root):
        if one.document is None:
            raise FileNotFoundError(f"{one.job.project}/{one.job.name} has errors: deedbox check -C {root}")
        files = {format: output / f"{one.document.id}.{format}" for format in FORMATS}
        for file in files.values():
            if not file.is_file():
                raise FileNotFoundError(f"{file} is missing: make reports")
        yield Made(origin, one.document, files)


def build_golden(folder: Path) -> Iterator[Made]:
    """Yield the documents of every golden case that builds, built below a folder in both formats."""
    for case in list_cases():
        if case.exit_code == DONE:
            root = make_repository(case.source, folder / case.name)
            yield from build_all(case.name, root, jobs=1)


def build_all(origin: str, root: Path, jobs: int = 2) -> Iterator[Made]:
    """Yield the documents of a repository, built in both formats."""
    output = root / "build"
    outcome = build(Request(root, formats=FORMATS, output=output, jobs=jobs))
    if outcome.exit_code != DONE:
        raise RuntimeError(f"{origin} does not build: {'; '.join(map(str, outcome.problems))}")
    wanted = {step.path.rpartition(".")[0] for step in outcome.steps}
    for one in render_all(root):
        if one.document is not None and one.document.id in wanted:
            yield Made(origin, one.document, {format: output / f"{one.document.id}.{format}" for format in FORMATS})
