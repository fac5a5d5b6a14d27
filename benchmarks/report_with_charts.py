"""Take the sample's newest report; write it warm with six charts and with none in one run; print times and ratio.

Run as `python benchmarks/report_with_charts.py [ROUNDS]`. Both are written as Word and PDF. The charts are drawn anew
in each round: what the worker keeps of them is thrown away before.
"""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path
from statistics import median
from time import process_time

sys.path.insert(0, str(Path(__file__).parents[1]))

from benchmarks.peers import read_trees
from pipeline.document.theme import Theme
from pipeline.document.tree import Block, Document, Figure
from pipeline.document.walk import walk
from pipeline.write import write_document
from pipeline.write.charts import draw_spec

ROOT = Path(__file__).parents[1]
CHARTS = 6
REPORT, PLAN = "progress-report-2026-10", "work-plan"


def main(rounds: int) -> int:
    """Print the median of warm rounds and the ratio."""
    rendered, theme = read_trees(ROOT / "repository", ("atlas",))
    made = {one.job.name: one.document for one in rendered}
    report, plan = made[REPORT], made[PLAN]
    assert report is not None
    assert plan is not None
    plain = _with_charts(report, ())
    drawn = _with_charts(plain, (*_charts(report), *_charts(plan))[:CHARTS])
    bare, full = _time(plain, theme, rounds), _time(drawn, theme, rounds)
    pages = write_document(plain, theme, ("pdf",)).pages
    sys.stdout.write(f"{pages} pages without charts {bare:.2f} s, with {CHARTS} charts {full:.2f} s of CPU\n")
    sys.stdout.write(f"ratio {full / bare:.2f} (at most 2)\n")
    return 0


def _charts(document: Document) -> tuple[Figure, ...]:
    return tuple(node for node in walk(document.sections) if isinstance(node, Figure) and node.chart)


def _with_charts(document: Document, charts: tuple[Figure, ...]) -> Document:
    """Return a document with these charts at its end and no other, and without the annex of their data."""
    sections = tuple(replace(one, blocks=_without(one.blocks)) for one in document.sections)
    last = replace(sections[-1], blocks=(*sections[-1].blocks, *charts))
    return replace(document, sections=(*sections[:-1], last))


def _without(blocks: tuple[Block, ...]) -> tuple[Block, ...]:
    return tuple(block for block in blocks if not (isinstance(block, Figure) and block.chart))


def _time(document: Document, theme: Theme, rounds: int) -> float:
    """Return the median of the rounds in seconds of CPU, after one that loads everything."""
    times = []
    for _ in range(rounds + 1):
        draw_spec.cache_clear()
        before = process_time()
        write_document(document, theme, ("docx", "pdf"))
        times.append(process_time() - before)
    return median(times[1:])


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 5))
