"""Take a charter's tree; fill the Word template with docxtpl, print it with LibreOffice; give both files."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from pypdf import PdfReader

from pipeline.document.tree import Document, Figure, Heading, Inlines, List, Paragraph, SignatureBlock, Strong, Table
from pipeline.document.walk import walk
from pipeline.write.html.inlines import plain_text
from pipeline.write.table_cells import lines_of, spread_cells
from tests.compared.source import INSTALL, Source
from tests.compared.template import list_parts, make_template
from tests.conformance.files import Made
from tests.conformance.judges import Missing
from tests.conformance.office import lay_out
from tests.conformance.pandoc import squeeze
from tests.conformance.steps import read_outline

# What LibreOffice's own dialogue offers, a file for each: PDF/UA, and PDF/A-3b as the best of its archive formats.
_EXPORTS = {
    "ua1": {"PDFUACompliance": {"type": "boolean", "value": "true"}},
    "3b": {"SelectPdfVersion": {"type": "long", "value": "3"}, "UseTaggedPDF": {"type": "boolean", "value": "true"}},
}


def fill_charter(source: Source, folder: Path) -> None:
    """Write docxtpl's `charter.docx` and LibreOffice's PDFs of it by standard; the template lies beside them."""
    folder.mkdir(parents=True)
    document = source.document
    template = folder / "template.docx"
    make_template(document, source.theme, {}, template)
    make_template(document, source.theme, _find_pages(document, template, folder / "template"), template)
    made = Made("docxtpl", document, {"docx": fill_template(document, template, folder)})
    for name, export in _EXPORTS.items():
        target = f"pdf:writer_pdf_Export:{json.dumps(export)}"
        lay_out([made], folder / name, target)[made.name].replace(folder / f"{name}.pdf")


def _find_pages(document: Document, template: Path, folder: Path) -> Mapping[str, int]:
    """Return the page of each heading in the template, as Word finds it when its author updates the contents list."""
    made = Made("template", document, {"docx": template})
    reader = PdfReader(lay_out([made], folder)[made.name])
    pages = {squeeze(title): page for title, page in read_outline(reader, reader.outline)}
    headings = [node for node in walk(document.sections) if isinstance(node, Heading)]
    return {one.id: pages[squeeze(f"{one.number}{plain_text(one.children)}")] for one in headings}


def fill_template(document: Document, template: Path, folder: Path) -> Path:
    """Return `charter.docx`, the template filled with a charter's words, rows and pictures."""
    try:
        from docxtpl import DocxTemplate
    except ImportError as error:
        raise Missing("docxtpl", INSTALL) from error
    word = DocxTemplate(str(template))
    nodes = [node for node in walk(document.sections) if isinstance(node, (Figure, SignatureBlock, Table))]
    figures = [node for node in nodes if isinstance(node, Figure)]
    for number, figure in enumerate(figures):
        name = figure.asset if f"{figure.asset}.png" not in document.assets else f"{figure.asset}.png"
        picture = folder / f"picture-{number}.png"
        picture.write_bytes(document.assets[name].data)
        word.replace_pic(f"picture-{number}", str(picture))
    context = {
        "standfirst": _find_standfirst(document),
        "slots": [list(_list_parts(part)) for part in _list_prose(document)],
        "tables": [_list_rows(node) for node in nodes if isinstance(node, Table)],
        "pictures": [{"alt": figure.alt, "caption": plain_text(figure.caption)} for figure in figures],
        "signers": [signer.name for node in nodes if isinstance(node, SignatureBlock) for signer in node.signers],
    }
    word.render(context, autoescape=True)
    word.save(str(folder / "charter.docx"))
    return folder / "charter.docx"


def _find_standfirst(document: Document) -> str:
    blocks = (block for block in document.sections[0].blocks if isinstance(block, Paragraph))
    return next(plain_text(block.children) for block in blocks if block.role == "standfirst")


def _list_prose(document: Document) -> Iterator[tuple[Any, ...]]:
    for section in document.sections:
        yield from (part for part in list_parts(section) if isinstance(part, tuple))


def _list_parts(prose: tuple[Any, ...]) -> Iterator[dict[str, Any]]:
    for block in prose:
        if isinstance(block, List):
            for item in block.items:
                yield from ({"text": _rich(one.children), "bullet": True} for one in item.blocks)  # type: ignore[union-attr]
        else:
            yield {"text": _rich(block.children), "bullet": False}


def _rich(words: Inlines) -> Any:
    """Return a line as docxtpl takes it: bold words are the only marks in the charter's prose."""
    from docxtpl import RichText

    text = RichText()
    for part in words:
        text.add(plain_text((part,)), bold=isinstance(part, Strong))
    return text


def _list_rows(table: Table) -> dict[str, Any]:
    rows = [[" ".join(map(plain_text, lines_of(cell))) for cell in row] for row in spread_cells(table).body]
    total = rows.pop() if table.body and table.body[-1].role == "total" else []
    return {"rows": rows, "total": total}
