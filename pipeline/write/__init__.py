"""Take a resolved document and the theme; write each format that is asked for; give bytes, page count and problems."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from importlib import import_module
from typing import TYPE_CHECKING

from pipeline.document.formats import FORMATS, rank_formats
from pipeline.document.tree import Document
from pipeline.problems import Problem
from pipeline.write.drawings import Drawings

if TYPE_CHECKING:
    from pipeline.document.theme import Theme  # which loads what reads a theme, and a command does not

_HINT = "a fault of Deedbox, not of your sources: nothing was written; please report it"


@dataclass(frozen=True, slots=True)
class Written:
    """One document as files, by format; `pages` counts those of the laid-out document, 0 where nothing was laid out.

    `drawn` are pictures that were drawn for it, by key, for who can keep them: see `drawings`.
    """

    files: Mapping[str, bytes]
    pages: int = 0
    problems: tuple[Problem, ...] = ()
    drawn: Mapping[str, bytes] = field(default_factory=dict)


@dataclass
class FileSet:
    """The files of one document while they are made: what each writer is handed, and what one may learn from another.

    `heading_pages` maps the id of each heading to its page, once the document is laid out.
    """

    document: Document
    theme: Theme
    drawings: Drawings
    files: dict[str, bytes] = field(default_factory=dict)
    pages: int = 0
    heading_pages: Mapping[str, int] | None = None
    problems: list[Problem] = field(default_factory=list)

    def make(self, format: str) -> bytes:
        """Return the file of a format, written once though it may be wanted twice: as a file and within another."""
        if format not in self.files:
            self.files[format] = import_module(f"pipeline.write.{format}").write(self)
        return self.files[format]


def write_document(
    document: Document, theme: Theme, formats: Iterable[str], drawn: Mapping[str, bytes] | None = None
) -> Written:
    """Return the document in the formats that are asked for, of those in FORMATS; `drawn` are pictures known before.

    The PDF is laid out first: its page numbers go into the contents list of the Word file, which breaks pages alike.
    The Word file may then go into the PDF, so it is written in between.
    What is written is checked: a fault of ours is a problem too.
    Stop with exit code 4 where the machine lacks what the layout needs.
    """
    from pipeline.write.charts import draw_charts

    wanted = tuple(formats)
    drawings = Drawings(drawn or {})
    whole, problems = draw_charts(document, drawings)
    made = FileSet(whole, theme, drawings)
    for format in rank_formats(wanted):
        made.make(format)
    faults = (fault for format, data in made.files.items() for fault in check_file(document.id, format, data))
    files = {format: made.files[format] for format in wanted}
    return Written(files, made.pages, (*problems, *made.problems, *faults), drawings.made)


def check_file(name: str, format: str, data: bytes) -> tuple[Problem, ...]:
    """Return an error for each fault that makes a file fail in its reader's hands, none for formats without checks.

    A writer's `find_faults` runs in every build, so it is quick. The thorough judges are in `tests/conformance`. What
    it finds is never the fault of the sources: a build that finds anything writes nothing and asks for a report.
    """
    code = FORMATS[format].fault
    if not code:
        return ()
    found = import_module(f"pipeline.write.{format}").find_faults(data)
    return tuple(Problem(code, f"{name}.{format} is damaged: {fault}", hint=_HINT) for fault in found)


def is_fault(problem: Problem) -> bool:
    """Return whether a problem is one that `check_file` gives: the program's own."""
    return any(problem.code == known.fault for known in FORMATS.values())
