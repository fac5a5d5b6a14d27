"""Take a portfolio of one project; profile what a build of it does; give the seconds of the processor by part.

    .venv/bin/python -m benchmarks where

It tells why a row is as it is. Imports are those of fresh processes. The other parts run warm in this one, under
cProfile, which makes small functions look dearer than they are: shares are what to read.
"""

from __future__ import annotations

import gc
import pstats
import resource
import sys
from collections.abc import Callable, Mapping
from cProfile import Profile
from statistics import median
from typing import Any

from benchmarks.bench import Bench
from benchmarks.measure import run
from benchmarks.peers import TYPESET, prepare_all, read_trees
from benchmarks.portfolio import make_portfolio
from pipeline.document.theme import Theme
from pipeline.render.assemble.document import Rendered
from pipeline.write.fonts import prepare_fonts

_PROCESSES = {
    "Python alone": "pass",
    "imports of the building process": "import pipeline.cli.program, pipeline.build.build",
    "imports of the process that workers are forked from": "import pipeline.write.preload",
}
# What of the profile is shown: a function of a file, by the words for it.
_PARTS = (
    ("reading and rendering", "peers.py", "read_trees"),
    ("    templates and Markdown", "document.py", "_run"),
    ("    numbers, references, widths", "resolve.py", "resolve"),
    ("writing", "__init__.py", "write_document"),
    ("    layout", "layout.py", "lay_out"),
    ("        matching and cascade of styles", "__init__.py", "get_all_computed_styles"),
    ("        boxes", "build.py", "build_formatting_structure"),
    ("        pages", "__init__.py", "layout_document"),
    ("            tables of them", "table.py", "table_layout"),
    ("            lines of text of them", "inline.py", "get_next_linebox"),
    ("    drawing and writing the PDF", "standards.py", "paint"),
    ("        drawing pages", "__init__.py", "draw_page"),
    ("    Word file", "package.py", "make_package"),
)

Found = dict[str, float]


def find_where(bench: Bench) -> Mapping[str, Found]:
    """Return the seconds of processes, and of the parts of a build of four documents."""
    place = bench.place("where")
    office = make_portfolio(place / "papers", 2)
    charter = prepare_all(office.root, office.ids[:1], place / "peers", "charter")[0]
    processes = {name: _measure([sys.executable, "-c", code]) for name, code in _PROCESSES.items()}
    processes["pandoc → DOCX of a charter"] = _measure(charter.word[0], charter.folder)
    processes["pandoc → typst of a charter"] = _measure(charter.typst[0], charter.folder)
    processes["typst → PDF of a charter"] = _measure(
        [sys.executable, "-c", TYPESET, "made.typ", "a.pdf"], charter.folder
    )
    return {"processes": processes, "parts": _profile(lambda one: read_trees(office.root, [office.ids[one]]))}


def _measure(command: list[str], folder: Any = None) -> float:
    """Return the median seconds of the processor of five processes, their own children with them."""
    times = []
    for _ in range(6):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        run(command, folder)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        times.append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
    return round(median(times[1:]), 3)


def _profile(read: Callable[[int], tuple[list[Rendered], Theme]]) -> Found:
    """Return the seconds of parts for the documents of the second project, after those of the first."""
    from pipeline.write import write_document

    def build(number: int) -> None:
        rendered, theme = read(number)
        for one in rendered:
            if one.document:
                write_document(one.document, theme, ("docx", "pdf"))

    prepare_fonts()
    build(0)
    profile = Profile()
    gc.collect()
    gc.disable()
    profile.runcall(build, 1)
    gc.enable()
    stats: Any = pstats.Stats(profile)
    times = {(path.rpartition("/")[2], name): row[3] for (path, _, name), row in stats.stats.items()}
    return {words: round(times.get((file, name), 0.0), 3) for words, file, name in _PARTS}


def write_where(found: Mapping[str, Found]) -> str:
    """Return both as Markdown tables, parts with their share of the whole."""
    parts = found["parts"]
    whole = sum(seconds for words, seconds in parts.items() if not words.startswith(" "))
    lines = ["| process | seconds of the processor |", "| --- | --- |"]
    lines += [f"| {words} | {seconds:.2f} |" for words, seconds in found["processes"].items()]
    lines += ["", "| part of a build of four documents, 27 pages, DOCX and PDF | share |", "| --- | --- |"]
    for words, seconds in parts.items():
        name = words.lstrip()
        lines.append(f"| {'– ' * ((len(words) - len(name)) // 4)}{name} | {seconds / whole:.0%} |")
    return "\n".join(lines)
