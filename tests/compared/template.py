"""Take a charter's tree; write the Word template that somebody would make for such charters with docxtpl; save it.

What is the same in every charter stands in the template: headings, captions, column heads, references, their fields.
What differs is a Jinja tag: prose, rows, pictures with their words. No tag says anything of this one charter.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from io import BytesIO
from itertools import groupby
from pathlib import Path
from typing import Any

import docx
from docx.enum.section import WD_SECTION
from docx.enum.text import WD_TAB_ALIGNMENT, WD_TAB_LEADER
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Pt
from PIL import Image

from pipeline.document.theme import Theme
from pipeline.document.tree import (
    Block,
    Document,
    Figure,
    Heading,
    List,
    Paragraph,
    Ref,
    Section,
    SignatureBlock,
    Table,
    Toc,
)
from pipeline.document.walk import walk
from pipeline.write.html.inlines import plain_text
from pipeline.write.table_cells import lines_of, spread_cells
from tests.compared.word_parts import (
    Bookmarks,
    add_field,
    bookmark_name,
    close_field,
    list_loop,
    number_headings,
    open_field,
    put_table,
)
from tests.compared.word_styles import dress_section, dress_style, save_input

_STYLES = {
    "Normal": "body", "Body Text": "body", "Title": "title", "Subtitle": "standfirst", "Heading 1": "heading-1",
    "Heading 2": "heading-2", "Caption": "caption", "List Bullet": "list", "Header": "header", "Footer": "footer",
    "toc 1": "toc-1", "TOC Heading": "heading-1", "Cell": "cell", "Cell Head": "cell-head", "Label": "label",
}  # fmt: skip
_ROLES = {"kicker": "Label", "title": "Title", "standfirst": "Subtitle", "label": "Label", "body": "Body Text"}
_WORD_2010 = "stylesWithEffects"


@dataclass
class Page:
    """The template as far as it is written; the counters number tags and captions as they come."""

    word: Any
    theme: Theme
    pages: Mapping[str, int]
    slots: int = 0
    tables: int = 0
    pictures: int = 0
    bookmarks: Bookmarks = field(default_factory=Bookmarks)


def make_template(document: Document, theme: Theme, pages: Mapping[str, int], file: Path) -> Path:
    """Return the template, saved at `file`; `pages` are those of its headings when Word last updated its list."""
    word = docx.Document()
    for name, role in _STYLES.items():
        dress_style(word, name, theme.text[role], theme.text_font.word)
    _renew(word)
    number_headings(word)
    edge = Pt(theme.page.text_width)
    word.styles["toc 1"].paragraph_format.tab_stops.add_tab_stop(edge, WD_TAB_ALIGNMENT.RIGHT, WD_TAB_LEADER.DOTS)
    about = word.core_properties
    about.title, about.author, about.language = document.properties.title, document.properties.author, "en"
    page = Page(word, theme, pages)
    for number, section in enumerate(document.sections):
        own = word.add_section(WD_SECTION.NEW_PAGE) if number else word.sections[0]
        dress_section(own, theme.page, document.furniture, landscape=section.landscape)
        for block in list_parts(section):
            _WRITERS[type(block)](page, block)
    save_input(word, file)
    return file


def list_parts(section: Section) -> Iterator[Any]:
    """Yield the blocks of a section, those of a project's own prose as tuples: a tag each."""
    for prose, blocks in groupby(section.blocks, key=_is_prose):
        if prose:
            yield tuple(blocks)
        else:
            yield from blocks


def _is_prose(block: Block) -> bool:
    """Return whether a block is a project's own words; docxtpl has no words for fields, so what refers is none."""
    if isinstance(block, List):
        return True
    return (
        isinstance(block, Paragraph) and block.role == "body" and not any(isinstance(one, Ref) for one in walk(block))
    )


def _renew(word: Any) -> None:
    """Take python-docx's blank file, made by an old Word, to what a Word of today saves; let it update fields."""
    for key, link in [*word.part.rels.items()]:
        if link.reltype.endswith(_WORD_2010):
            del word.part.rels[key]
    settings = word.settings.element
    for one in settings.iter(qn("w:compatSetting")):
        if one.get(qn("w:name")) == "compatibilityMode":
            one.set(qn("w:val"), "15")
    update = OxmlElement("w:updateFields")
    update.set(qn("w:val"), "true")
    settings.find(qn("w:compat")).addprevious(update)


def _write_prose(page: Page, _prose: tuple[Block, ...]) -> None:
    lines = (
        (f"{{%p for part in slots[{page.slots}] %}}", "Body Text"),
        ("{%p if part.bullet %}", "Body Text"),
        ("{{r part.text }}", "List Bullet"),
        ("{%p else %}", "Body Text"),
        ("{{r part.text }}", "Body Text"),
        ("{%p endif %}", "Body Text"),
        ("{%p endfor %}", "Body Text"),
    )
    for text, style in lines:
        page.word.add_paragraph(text, style)
    page.slots += 1


def _write_paragraph(page: Page, node: Paragraph) -> None:
    if node.role == "standfirst":
        page.word.add_paragraph("{{ standfirst }}", "Subtitle")
        return
    paragraph = page.word.add_paragraph("", _ROLES.get(node.role, "Body Text"))
    for part in node.children:
        if isinstance(part, Ref):
            _write_reference(paragraph, part)
        else:
            paragraph.add_run(plain_text((part,)))


def _write_reference(paragraph: Any, node: Ref) -> None:
    label, _, number = node.text.partition(" ")
    if label == "Section":
        paragraph.add_run("Section ")
        add_field(paragraph, f"REF {bookmark_name('_Ref', node.target)} \\r \\h", number)
    else:
        add_field(paragraph, f"REF {bookmark_name('_Ref', node.target)} \\h", node.text)


def _write_heading(page: Page, node: Heading) -> None:
    paragraph = page.word.add_paragraph(plain_text(node.children), f"Heading {node.level}")
    for kind in ("_Ref", "_Toc"):
        page.bookmarks.put(paragraph, bookmark_name(kind, node.id))


def _write_contents(page: Page, node: Toc) -> None:
    """Write the list as Word left it in the template: each heading with the page that it had there."""
    page.word.add_paragraph("Contents", "TOC Heading")
    for number, entry in enumerate(node.entries):
        paragraph = page.word.add_paragraph("", "toc 1")
        if not number:
            open_field(paragraph, f'TOC \\o "1-{node.depth}" \\h \\z \\u')
        paragraph.add_run(f"{entry.number} {plain_text(entry.children)}\t")
        shown = str(page.pages.get(entry.target, 1))
        add_field(paragraph, f"PAGEREF {bookmark_name('_Toc', entry.target)} \\h", shown)
    close_field(paragraph)


def _write_caption(page: Page, node: Table | Figure, words: str) -> None:
    paragraph = page.word.add_paragraph("", "Caption")
    paragraph.add_run(f"{node.label} ")
    add_field(paragraph, f"SEQ {node.label} \\* ARABIC", str(node.number))
    page.bookmarks.put(paragraph, bookmark_name("_Ref", node.id))
    paragraph.add_run(f": {words}")
    paragraph.paragraph_format.keep_with_next = isinstance(node, Table)


def _write_table(page: Page, node: Table) -> None:
    if node.number:
        _write_caption(page, node, plain_text(node.caption))
    head = [(" ".join(map(plain_text, lines_of(cell))), "Cell Head") for cell in spread_cells(node).head[-1]]
    name, count = f"tables[{page.tables}]", len(node.columns)
    rows = [head, *list_loop(f"{name}.rows", count, "Cell")]
    if node.body and node.body[-1].role == "total":
        rows.append([(f"{{{{ {name}.total[{column}] }}}}", "Cell Head") for column in range(count)])
    put_table(page.word, rows, node.columns, "Table Grid")
    page.word.add_paragraph("", "Body Text")
    page.tables += 1


def _write_picture(page: Page, node: Figure) -> None:
    """Put a grey picture of the size, with a name by which docxtpl finds it and a tag as its alternative text."""
    blank = BytesIO()
    Image.new("RGB", (640, max(1, round(640 * node.height / node.width))), "#d6dce5").save(blank, "png")
    blank.seek(0)
    paragraph = page.word.add_paragraph("", "Normal")
    paragraph.paragraph_format.line_spacing = 1.0
    paragraph.paragraph_format.keep_with_next = True
    paragraph.add_run().add_picture(blank, Pt(node.width), Pt(node.height))
    for about in paragraph._p.iter(qn("wp:docPr")):
        about.set("descr", f"{{{{ pictures[{page.pictures}].alt }}}}")
    for about in paragraph._p.iter(qn("pic:cNvPr")):
        about.set("name", f"picture-{page.pictures}")
    _write_caption(page, node, f"{{{{ pictures[{page.pictures}].caption }}}}")
    page.pictures += 1


def _write_signatures(page: Page, node: SignatureBlock) -> None:
    for number, signer in enumerate(node.signers):
        page.word.add_paragraph(signer.role, "Label")
        page.word.add_paragraph(f"{{{{ signers[{number}] }}}}", "Body Text")


_WRITERS: Mapping[type, Callable[[Page, Any], None]] = {
    tuple: _write_prose,
    Paragraph: _write_paragraph,
    Heading: _write_heading,
    Toc: _write_contents,
    Table: _write_table,
    Figure: _write_picture,
    SignatureBlock: _write_signatures,
}
