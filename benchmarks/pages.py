"""Take a report of the sample and one of a hundred pages; write both here and by WeasyPrint alone; print the ratios.

    .venv/bin/python benchmarks/pages.py

Each side runs in a process of its own, warm, in turn: here the whole PDF/A-3a and PDF/UA-1 with its attachments, there
the same HTML and CSS by `HTML(string=…).write_pdf(stylesheets=[…])` and nothing more. The time is that of the
processor; the ratio is the median of pairs. The memory is the most that a process held that wrote the long one alone.
It ends with 1 if a ratio or the memory misses its limit.
"""

from __future__ import annotations

import pickle
import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from pipeline.document.theme import Theme
from pipeline.document.tree import (
    Cell,
    Column,
    Document,
    Furniture,
    Heading,
    List,
    ListItem,
    Paragraph,
    Properties,
    Row,
    Section,
    Table,
    Text,
    Toc,
    TocEntry,
)
from pipeline.model.load import list_projects, load_project, load_settings
from pipeline.sources.worktree import read_worktree
from pipeline.write.charts import draw_charts
from pipeline.write.fonts import prepare_fonts
from tests.worlds.portfolio import render_portfolio

ROOT = Path(__file__).resolve().parents[1]
REPORT = "atlas/progress-report-2026-10"
MOST, MOST_MEMORY = 0.9, 500
RUNS = {"report": 9, "long": 3}
WORDS = ("record", "ledger", "office", "harbour", "migration", "archive", "supplier", "steering", "committee", "index")


def read_report() -> tuple[Document, Theme]:
    """Return a progress report of the sample with its charts drawn, and the theme."""
    snapshot = read_worktree(ROOT / "repository")
    settings, _ = load_settings(snapshot)
    assert settings is not None
    loaded = [load_project(snapshot, settings, name) for name in list_projects(snapshot, settings)]
    projects = [one.project for one in loaded if one.project is not None]
    portfolio = render_portfolio(projects, snapshot, lambda project, document: f"{project}/{document}" == REPORT)
    (document,) = [one.document for one in portfolio.rendered if one.document is not None]
    return draw_charts(document)[0], portfolio.theme


def make_long(chapters: int) -> Document:
    """Return a document with its contents and, for each chapter, three pages of text, a list and a table."""
    heads = tuple(Heading(1, (Text(say(n, 3)),), f"c{n}", str(n)) for n in range(1, chapters + 1))
    entries = tuple(TocEntry(1, one.number, one.children, one.id) for one in heads)
    blocks: list[Any] = [Toc("Contents", entries=entries)]
    for number, head in enumerate(heads):
        items = tuple(ListItem((para(say(number + at, 9)),)) for at in range(5))
        blocks += [head, *(para(say(number * 7 + at, 90)) for at in range(7)), List(items), make_table(number)]
    return Document("bench/long", Properties("A long one"), Furniture(footer_left="Bench"), (Section(tuple(blocks)),))


def make_table(seed: int) -> Table:
    head = Row(tuple(Cell((para(say(seed + at, 1)),), header=True) for at in range(6)))
    body = tuple(Row(tuple(Cell((para(say(seed + row + at, 1 + at % 4)),)) for at in range(6))) for row in range(24))
    return Table((Column(width=80.0),) * 6, (head,), body, description="A table")


def para(words: str) -> Paragraph:
    return Paragraph((Text(words),))


def say(seed: int, count: int) -> str:
    return " ".join(WORDS[(seed * 5 + at * 7 + at * at) % len(WORDS)] for at in range(count))


def write_here(document: Document, theme: Theme) -> bytes:
    from pipeline.write.pdf import write_pdf

    return write_pdf(document, theme).data


def write_alone(html: str, css: str, pictures: Any) -> bytes:
    import weasyprint

    from pipeline.write.pdf.layout import BASE, make_fetcher

    fetcher = make_fetcher(pictures, [])
    sheet = weasyprint.CSS(string=css, url_fetcher=fetcher)
    page = weasyprint.HTML(string=html, base_url=BASE, url_fetcher=fetcher)
    data: bytes = page.write_pdf(stylesheets=[sheet])
    return data


def serve(side: str, path: str) -> None:
    """Do one run a line that comes in; give its processor time and the size of what it made."""
    prepare_fonts()
    document, theme, source = pickle.loads(Path(path).read_bytes())
    work = run_alone(source) if side == "alone" else run_here(document, theme)
    for _ in sys.stdin:
        before = time.process_time()
        size = len(work())
        print(time.process_time() - before, size, read_memory(), flush=True)


def read_memory() -> int:
    """Return the most memory that this process held, in KB.

    `ru_maxrss` will not do: it begins with what the process held from which this one was started.
    """
    found = re.search(r"VmHWM:\s*(\d+)", Path("/proc/self/status").read_text("ascii"))
    return int(found[1]) if found else 0


def run_alone(source: tuple[str, str, Any]) -> Callable[[], bytes]:
    return lambda: write_alone(*source)


def run_here(document: Document, theme: Theme) -> Callable[[], bytes]:
    """Return a run as a worker does it: without collections of garbage until the document is done."""
    import gc

    import pipeline.write.preload  # noqa: F401  (freezes what is loaded)

    def run() -> bytes:
        gc.disable()
        data = write_here(document, theme)
        gc.enable()
        gc.collect()
        return data

    return run


@dataclass(frozen=True, slots=True)
class Compared:
    """The median ratio of pairs, the median seconds of both sides, the memory of ours in MB."""

    ratio: float
    here: float
    alone: float
    memory: int


def compare(document: Document, theme: Theme, pairs: int) -> Compared:
    """Return what came of writing a document so often on both sides, in turn; the first pair warms them."""
    from pipeline.write.pdf.engine import load_engine
    from pipeline.write.pdf.layout import write_source

    load_engine()
    source = write_source(document, theme, [])
    with tempfile.NamedTemporaryFile() as file:
        plain = (source.html, source.shared_css + source.own_css, tuple(document.assets.values()))
        file.write(pickle.dumps((document, theme, plain)))
        file.flush()
        words = [[sys.executable, __file__, side, file.name] for side in ("here", "alone")]
        sides = [
            subprocess.Popen(line, stdin=subprocess.PIPE, stdout=subprocess.PIPE, encoding="utf-8") for line in words
        ]
        runs = [[ask(side) for side in sides] for _ in range(pairs + 1)][1:]
        for side in sides:
            side.communicate()
    ratio = statistics.median(here[0] / alone[0] for here, alone in runs)
    here, alone = (statistics.median(run[at][0] for run in runs) for at in (0, 1))
    return Compared(ratio, here, alone, int(runs[-1][0][2]) // 1024)


def show(name: str, one: Compared) -> None:
    times = f"here {one.here:7.2f} s, alone {one.alone:7.2f} s"
    print(f"{name:8} {times}: {one.ratio:.2f} times ({MOST} at most); {one.memory} MB")


def ask(side: subprocess.Popen[str]) -> tuple[float, ...]:
    assert side.stdin and side.stdout
    side.stdin.write("run\n")
    side.stdin.flush()
    return tuple(map(float, side.stdout.readline().split()))


def main() -> int:
    prepare_fonts()
    report, theme = read_report()
    short, long = compare(report, theme, RUNS["report"]), compare(make_long(34), theme, RUNS["long"])
    show("report", short)
    show("long", long)
    print(f"memory of the process that wrote the long one: {long.memory} MB ({MOST_MEMORY} at most)")
    return 0 if short.ratio <= MOST and long.memory <= MOST_MEMORY else 1


if __name__ == "__main__":
    if len(sys.argv) == 3:
        serve(*sys.argv[1:])
    else:
        raise SystemExit(main())
