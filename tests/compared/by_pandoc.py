"""Take a charter's tree; let pandoc make Word of its Markdown, and PDF through WeasyPrint and typst; give the files."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping, Sequence
from importlib.util import find_spec
from pathlib import Path
from subprocess import run

import docx
from docx.enum.section import WD_ORIENT
from lxml import etree

from pipeline.document.tree import Document
from tests.compared.markdown import write_pandoc
from tests.compared.reference import make_reference
from tests.compared.source import HERE, INSTALL, Source
from tests.conformance.judges import Missing
from tests.conformance.pandoc import find_pandoc

_SVG = "image/svg+xml"
_OPTIONS = ("--toc", "--toc-depth=1", f"--lua-filter={HERE / 'pandoc.lua'}")
_NUMBERED = "--number-sections"
# A file travels in PDF/A-3, which was made for it; WeasyPrint dates it by the day its file was written.
_VARIANTS = {
    "ua1": ("--pdf-variant=pdf/ua-1",),
    "3a": ("--pdf-variant=pdf/a-3a", "--attachment=charter.md", "--attachment-relationship=Source"),
}
_TYPST = {
    "papersize": "a4", "mainfont": "Liberation Sans", "fontsize": "10pt", "section-numbering": "1.1",
    "page-numbering": "1",
}  # fmt: skip


def convert_charter(source: Source, folder: Path) -> None:
    """Write `charter.docx`, the PDFs of WeasyPrint by standard and `typst.pdf`, all beside the Markdown."""
    folder.mkdir(parents=True)
    document = source.document
    for name, asset in document.assets.items():
        (folder / name).write_bytes(asset.data)
    program = find_pandoc()
    # Without rsvg-convert beside it pandoc cannot put an SVG into Word: it is given the same picture as PNG.
    (folder / "word.md").write_text(write_pandoc(document, source.theme, _list_pictures(document, ".png")), "utf-8")
    (folder / "charter.md").write_text(write_pandoc(document, source.theme, _list_pictures(document, "")), "utf-8")
    _convert_word(program, source, folder)
    _dress("pandoc.css", source, folder)
    for name, words in _VARIANTS.items():
        _convert_print(program, folder, name, words)
    _convert_typst(program, source, folder)


def _list_pictures(document: Document, ending: str) -> Mapping[str, str]:
    return {name: f"{name}{ending if asset.media_type == _SVG else ''}" for name, asset in document.assets.items()}


def _convert_word(program: str, source: Source, folder: Path) -> None:
    reference = make_reference(program, source.theme, source.document.furniture, folder / "reference.docx")
    pages = [f"--metadata={name}:{xml}" for name, xml in write_sections(reference).items()]
    own = ["--to=docx+native_numbering", f"--reference-doc={reference}", *pages, "--output=charter.docx"]
    _run([program, "word.md", *_OPTIONS, _NUMBERED, *own], folder)


def write_sections(reference: Path) -> dict[str, str]:
    """Return the page set-up of the reference document, upright and turned, with its header and footer.

    The relationships of both keep their names on the way through pandoc 3; no manual promises it.
    """
    section = docx.Document(str(reference)).sections[0]
    upright = etree.tostring(section._sectPr).decode()
    section.page_width, section.page_height = section.page_height, section.page_width
    section.orientation = WD_ORIENT.LANDSCAPE
    return {"portrait": upright, "landscape": etree.tostring(section._sectPr).decode()}


def _convert_print(program: str, folder: Path, name: str, words: Sequence[str]) -> None:
    engine = Path(sys.executable).with_name("weasyprint")
    options = (f"--pdf-engine-opt={word}" for word in (*words, "--quiet"))
    own = [f"--pdf-engine={engine}", *options, "--css=pandoc.css"]
    _run([program, "charter.md", *_OPTIONS, *own, f"--output={name}.pdf"], folder)


def _convert_typst(program: str, source: Source, folder: Path) -> None:
    if find_spec("typst") is None:
        raise Missing("typst", INSTALL)
    _dress("pandoc.typ", source, folder)
    looks = [f"--variable={name}:{value}" for name, value in _TYPST.items()]
    own = ["--to=typst", "--standalone", "--include-in-header=pandoc.typ", *looks, "--output=charter.typ"]
    _run([program, "charter.md", *_OPTIONS, _NUMBERED, *own], folder)
    typeset = [sys.executable, str(HERE / "typeset.py"), "charter.typ", str(source.time), "typst.pdf"]
    _run(typeset, folder)


def _dress(name: str, source: Source, folder: Path) -> None:
    """Write a sheet with the words of the running header."""
    furniture = source.document.furniture
    text = (HERE / name).read_text("utf-8")
    text = text.replace("LEFT", furniture.header_left).replace("RIGHT", furniture.header_right)
    (folder / name).write_text(text, "utf-8")


def _run(command: Sequence[str], folder: Path) -> None:
    # Deedbox's own layout has set its own fonts for this process; pandoc's helpers see those of the machine.
    surroundings = {name: value for name, value in os.environ.items() if not name.startswith("FONTCONFIG")}
    run(command, cwd=folder, env=surroundings, check=True, capture_output=True)
