"""Take nothing; the rows of `make bench`: what is measured, by which function, against what, what is to be reached."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from benchmarks.bench import Bench
from benchmarks.cold import measure_against_print, measure_against_typst
from benchmarks.correct import measure_kills, measure_sequences
from benchmarks.machines import measure_dask, measure_ours
from benchmarks.measure import Measured
from benchmarks.memory import measure_page, measure_parent, measure_worker
from benchmarks.one_figure import measure_document, measure_size
from benchmarks.register import measure_register
from benchmarks.replay import measure_by_files, measure_by_text, measure_one_process
from benchmarks.unchanged import measure_unchanged
from benchmarks.watching import measure_save, measure_soak


@dataclass(frozen=True, slots=True)
class Row:
    """One row: its name for `python -m benchmarks NAME`, its words, and how its value is judged.

    `unit` follows the value. `least` says that the value has to be at least `limit`, else it has to be at most that; a
    row without a limit is shown for comparison.
    """

    name: str
    what: str
    against: str
    measure: Callable[[Bench], Measured]
    limit: float | None
    unit: str = " ×"
    least: bool = False

    @property
    def reach(self) -> str:
        """Return what is to be reached, in words."""
        if self.limit is None:
            return "for comparison"
        return f"{'≥' if self.least else '≤'} {self.limit:g}{self.unit}"

    def is_met(self, value: float) -> bool | None:
        """Return whether the value reaches what it should; None where nothing was asked."""
        if self.limit is None:
            return None
        return value >= self.limit if self.least else value <= self.limit


_FASTER = " × faster"
_AS_FAST = " × as fast"
WRONG = "wrong"
ROWS = (
    Row("unchanged", "nothing changed, 100 projects, 800 outputs, whole process",
        "`python -c pass` and `git status` of the same tree", measure_unchanged, 3),
    Row("one-figure", "one figure changed in 1,000 projects, whole process", "the same in 10 projects",
        measure_size, 1.3),
    Row("one-document", "one figure changed, one document, cold process",
        "pandoc → DOCX and pandoc → typst → PDF by hand", measure_document, 4),
    Row("cold-print", "cold build of 100 projects × 4 documents × 2 formats",
        "pandoc → DOCX and pandoc → HTML → weasyprint, two at a time", measure_against_print, 5, _FASTER, least=True),
    Row("cold-typst", "the same", "pandoc → DOCX and pandoc → typst → PDF, two at a time",
        measure_against_typst, 1, _AS_FAST, least=True),
    Row("page", "PDF of one report, warm", "bare WeasyPrint of the same HTML and CSS", measure_page, 0.9),
    Row("register", "register of 2,000 rows → DOCX, whole process", "pandoc from a Markdown table",
        measure_register, 3, _FASTER, least=True),
    Row("replay", "replay of 100 commits, a process each", "`make` over pandoc and typst, sources as prerequisites",
        measure_by_files, 2, _FASTER, least=True),
    Row("replay-text", "the same", "`make` that is told which text has changed",
        measure_by_text, None, _FASTER, least=True),
    Row("replay-warm", "replay of 100 commits in one process", "`make` over pandoc and typst, sources as prerequisites",
        measure_one_process, None, _FASTER, least=True),
    Row("dask", "two Dask workers, documents of the sample", "one", measure_dask, 1.7, _AS_FAST, least=True),
    Row("workers", "two workers of our own", "one", measure_ours, None, _AS_FAST, least=True),
    Row("memory-parent", "most memory of the building process, cold build of 1,000 projects", "",
        measure_parent, 200, " MB"),
    Row("memory-worker", "most memory of the process that wrote 100 pages", "", measure_worker, 500, " MB"),
    Row("save", "from a save under watch to the new PDF, quiet included", "WeasyPrint alone of the same page",
        measure_save, 0.4, " s more"),
    Row("watching", "an hour of random work under a watch", "a clean build, memory and descriptors of the first half",
        measure_soak, 0, f" {WRONG}"),
    Row("sequences", "3,000 random changes, accidents and builds", "a clean build each, byte for byte",
        measure_sequences, 0, f" {WRONG}"),
    Row("kills", "kill -9 at 100 random moments of a build", "the files before and after, a clean build",
        measure_kills, 0, f" {WRONG}"),
)  # fmt: skip
