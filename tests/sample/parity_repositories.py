"""Take a golden repository by name; build it once a test run; give its files and its document trees."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from golden.builds import render_all
from golden.cases import read_case
from golden.repositories import make_repository

from pipeline.document.tree import Document

from .sample import Sample, make_once, run_deedbox

# In the house's theme: all of Markdown, Markdown in the wild, notes and links in every place.
NAMES = ("markdown", "wild-markdown", "notes-and-links")


@dataclass(frozen=True)
class Compared:
    """A repository that has been built, and the trees of its documents by name, such as `atlas/charter`."""

    sample: Sample
    trees: Mapping[str, Document]


def build_case(name: str, shared: Path) -> Compared:
    """Return a golden repository, committed and built."""
    case = read_case(name)

    def make(sample: Sample) -> None:
        make_repository(case.source, sample.root)
        run_deedbox(sample.root, "build", "--to", "docx,pdf", "-o", str(sample.output))

    sample = make_once(shared / f"parity-{name}", make)
    rendered = render_all(sample.root)
    return Compared(sample, {f"{one.job.project}/{one.job.name}": one.document for one in rendered if one.document})
