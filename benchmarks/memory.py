"""Take the first build of the largest portfolio, and a document of a hundred pages; give the most memory held."""

from __future__ import annotations

from benchmarks import pages
from benchmarks.bench import Bench
from benchmarks.measure import Measured
from pipeline.document.tree import Document
from pipeline.write.fonts import prepare_fonts


def measure_parent(bench: Bench) -> Measured:
    """Return the megabytes that the building process held at most while all projects were rendered and written."""
    projects = bench.size("one-figure.many")
    bench.portfolio(projects, ("html",))
    seconds, memory = bench.cold[projects, ("html",)]
    return Measured(memory, more={"projects": projects, "seconds": round(seconds, 1), "formats": ["html"]})


def measure_worker(bench: Bench) -> Measured:
    """Return the megabytes that a process held which wrote a document of a hundred pages."""
    return _compare(bench, "long", pages.make_long(34))[1]


def measure_page(bench: Bench) -> Measured:
    """Return how many times as long the PDF of a report takes as with bare WeasyPrint, both warm."""
    return _compare(bench, "page")[0]


def _compare(bench: Bench, pairs: str, document: Document | None = None) -> tuple[Measured, Measured]:
    prepare_fonts()
    report, theme = pages.read_report()
    one = pages.compare(document or report, theme, bench.size(f"{pairs}.pairs"))
    more = {"pairs": bench.size(f"{pairs}.pairs"), "clock": "of the processor"}
    return Measured(one.ratio, one.here, one.alone, more), Measured(one.memory, more={"ratio": round(one.ratio, 2)})
