"""Take documents' trees; write each as somebody would who writes for pandoc; give the commands that make its files.

The words, figures, tables, pictures, column widths and page are those of Deedbox's own documents, ready made: nobody
reads records or draws charts while the clock runs. Word comes from pandoc with a reference document in the house look,
PDF from pandoc's typst source by typst, or from pandoc's HTML by the command of WeasyPrint, both with plain settings.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

from benchmarks.measure import run
from pipeline.document.theme import Theme
from pipeline.document.tree import Document
from pipeline.model.load import list_projects, load_project, load_settings
from pipeline.render.assemble.document import Rendered
from pipeline.sources.worktree import read_worktree
from pipeline.write.charts import draw_charts
from pipeline.write.raster import add_pngs
from tests.compared.by_pandoc import write_sections
from tests.compared.markdown import write_pandoc
from tests.compared.reference import make_reference
from tests.conformance.pandoc import find_pandoc
from tests.worlds.portfolio import render_portfolio

COMPARED = Path(__file__).resolve().parents[1] / "tests" / "compared"
_SVG = "image/svg+xml"
_FILTERS = ("--toc", "--toc-depth=1", f"--lua-filter={COMPARED / 'pandoc.lua'}")
_TYPST = (
    "papersize:a4", "mainfont:Liberation Sans", "fontsize:10pt", "section-numbering:1.1", "page-numbering:1",
)  # fmt: skip
# A process that loads typst and sets one file: the wheel has no command of its own.
TYPESET = "import sys, typst; typst.compile(sys.argv[1], sys.argv[2])"

Commands = tuple[list[str], ...]


@dataclass(frozen=True, slots=True)
class Prepared:
    """A document as pandoc reads it, in a folder of its own, and the commands by what they make."""

    name: str
    folder: Path
    word: Commands
    typst: Commands
    print: Commands


def read_trees(root: Path, projects: Iterable[str], only: str = "") -> tuple[list[Rendered], Theme]:
    """Return the rendered documents of some projects (of one name, if `only` says it) and the theme."""
    snapshot = read_worktree(root)
    settings, _ = load_settings(snapshot)
    assert settings is not None
    wanted = set(projects)
    names = [name for name in list_projects(snapshot, settings) if name in wanted]
    loaded = [load_project(snapshot, settings, name).project for name in names]
    portfolio = render_portfolio(
        [project for project in loaded if project], snapshot, lambda _, name: only in ("", name)
    )
    return [one for one in portfolio.rendered if one.document is not None], portfolio.theme


def prepare_all(root: Path, projects: Iterable[str], folder: Path, only: str = "") -> list[Prepared]:
    """Return the documents of some projects, prepared below a folder."""
    rendered, theme = read_trees(root, projects, only)
    return [
        prepare(f"{one.job.project}/{one.job.name}", one.document, theme, folder) for one in rendered if one.document
    ]


def prepare(name: str, document: Document, theme: Theme, top: Path) -> Prepared:
    """Write what a document's commands read into a folder `name` below `top`, and return them."""
    folder = top / name
    folder.mkdir(parents=True, exist_ok=True)
    write_texts(document, theme, folder)
    program = find_pandoc()
    reference = folder / "reference.docx"
    if not reference.exists():
        make_reference(program, theme, document.furniture, reference)
    for sheet in ("pandoc.css", "pandoc.typ"):
        (folder / sheet).write_text(_dress(sheet, document), "utf-8")
    return Prepared(name, folder, *_list_commands(program, write_sections(reference)))


def write_texts(document: Document, theme: Theme, folder: Path) -> None:
    """Write a document's Markdown, once with drawings and once with pictures for Word, and its pictures."""
    document, _ = add_pngs(draw_charts(document)[0])
    for name, asset in document.assets.items():
        _update(folder / name, asset.data)
    for file, ending in (("word.md", ".png"), ("print.md", "")):
        pictures = {
            name: f"{name}{ending if asset.media_type == _SVG else ''}" for name, asset in document.assets.items()
        }
        _update(folder / file, write_pandoc(document, theme, pictures).encode())


def make_word(prepared: Prepared) -> float:
    """Return the seconds of the commands that make the Word file."""
    return sum(run(command, prepared.folder) for command in prepared.word)


def make_typst(prepared: Prepared) -> float:
    """Return the seconds of the commands that make the PDF by typst."""
    return sum(run(command, prepared.folder) for command in prepared.typst)


def make_print(prepared: Prepared) -> float:
    """Return the seconds of the commands that make the PDF by WeasyPrint."""
    return sum(run(command, prepared.folder) for command in prepared.print)


def make_all(documents: Sequence[Prepared], *, typst: bool) -> float:
    """Return the seconds that Word and PDF of all documents take, two documents at a time."""
    begun = perf_counter()
    with ThreadPoolExecutor(2) as pool:
        for _ in pool.map(lambda one: make_word(one) + (make_typst(one) if typst else make_print(one)), documents):
            pass
    return perf_counter() - begun


def _list_commands(program: str, sections: dict[str, str]) -> tuple[Commands, Commands, Commands]:
    breaks = [f"--metadata={kind}:{xml}" for kind, xml in sections.items()]
    looks = [f"--variable={look}" for look in _TYPST]
    word = [
        program, "word.md", *_FILTERS, "--number-sections", "--to=docx+native_numbering",
        "--reference-doc=reference.docx", *breaks, "--output=made.docx",
    ]  # fmt: skip
    source = [
        program, "print.md", *_FILTERS, "--number-sections", "--to=typst", "--standalone",
        "--include-in-header=pandoc.typ", *looks, "--output=made.typ",
    ]  # fmt: skip
    page = [program, "print.md", *_FILTERS, "--to=html5", "--standalone", "--css=pandoc.css", "--output=made.html"]
    weasyprint = str(Path(sys.executable).with_name("weasyprint"))
    return (
        (word,),
        (source, [sys.executable, "-c", TYPESET, "made.typ", "typst.pdf"]),
        (page, [weasyprint, "--quiet", "made.html", "print.pdf"]),
    )


def _dress(name: str, document: Document) -> str:
    """Return a sheet of tests/compared with the document's running words, without the file that travels along."""
    furniture = document.furniture
    lines = (COMPARED / name).read_text("utf-8").splitlines(keepends=True)
    text = "".join(line for line in lines if not line.startswith("#pdf.attach"))
    return text.replace("LEFT", furniture.header_left).replace("RIGHT", furniture.header_right)


def _update(file: Path, data: bytes) -> None:
    """Write a file unless it holds just this, so that its time tells of a change."""
    if not file.exists() or file.read_bytes() != data:
        file.write_bytes(data)
