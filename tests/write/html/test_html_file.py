"""Take documents; write them as HTML; check that the file is whole, safe, in order and the same every time."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from base64 import b64encode
from collections import Counter
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from typing import get_args

import pytest
from lxml import html as lxml_html
from writers_tables import head, para, words

from pipeline.document.theme import Theme
from pipeline.document.tree import (
    Block,
    Column,
    Document,
    Furniture,
    Heading,
    Inline,
    Link,
    Note,
    NoteRef,
    PageBreak,
    Paragraph,
    Properties,
    Row,
    Section,
    Table,
    Text,
)
from pipeline.document.walk import walk
from pipeline.write.html import blocks, inlines, write_html
from pipeline.write.spacing import _AFTER

ROOT = Path(__file__).parents[3]
SCRIPT = """
import sys
sys.path[:0] = [{root!r}, {tests!r}]
import conftest, yaml
from writers_sample import make_sample
from pipeline.write.html import write_html
theme = conftest.make_theme(yaml.safe_load(conftest.THEME.read_text(encoding="utf-8")))
sys.stdout.buffer.write(write_html(make_sample(theme.page, conftest.make_assets()), theme))
assert "weasyprint" not in sys.modules
"""


def make_document(*nodes: Block, notes: tuple[Note, ...] = ()) -> Document:
    return Document("d", Properties("A title"), Furniture(), (Section(nodes),), notes)


def read(document: Document, theme: Theme) -> lxml_html.HtmlElement:
    return lxml_html.document_fromstring(write_html(document, theme).decode("utf-8"))


@pytest.fixture(scope="module")
def page(sample_document: Document, theme: Theme) -> lxml_html.HtmlElement:
    return read(sample_document, theme)


def test_every_class_of_the_tree_has_a_writer_and_a_space() -> None:
    assert set(inlines.WRITERS) == set(get_args(Inline))
    assert set(blocks.WRITERS) == set(get_args(Block)) == set(_AFTER)


def test_words_come_in_the_order_of_the_tree(sample_document: Document, page: lxml_html.HtmlElement) -> None:
    texts = [node.text for section in sample_document.sections for node in walk(section) if isinstance(node, Text)]
    shown = re.sub(r"\s+", "", page.find(".//main").text_content())
    at = 0
    for text in texts:
        wanted = re.sub(r"\s+", "", text.replace("\x0b", "\ufffd"))
        found = shown.find(wanted, at)
        assert found >= 0, text
        at = found + len(wanted)


def test_headings_tables_and_figures_are_those_of_the_tree(
    sample_document: Document, page: lxml_html.HtmlElement
) -> None:
    kinds = Counter(type(node).__name__ for node in walk(sample_document.sections))
    headings = [node for node in walk(sample_document.sections) if isinstance(node, Heading)]
    assert [(h.tag, h.get("id")) for h in page.xpath("//main//*[self::h1 or self::h2 or self::h3]")] == [
        (f"h{h.level}", h.id) for h in headings if h.level <= 3
    ]
    assert len(page.xpath("//table")) == kinds["Table"]
    assert len(page.xpath("//figure/img[@alt!='']")) == kinds["Figure"]
    assert len(page.xpath("//table/caption")) == sum(
        1 for node in walk(sample_document.sections) if isinstance(node, Table) and node.caption
    )


def test_header_cells_say_what_they_name(page: lxml_html.HtmlElement) -> None:
    assert {cell.get("scope") for cell in page.xpath("//thead//th")} == {"col"}
    assert {cell.get("scope") for cell in page.xpath("//tbody//th")} == {"row"}
    assert not page.xpath("//thead//td")


def test_every_row_fills_the_table(page: lxml_html.HtmlElement) -> None:
    for table in page.xpath("//table"):
        columns = len(table.xpath("colgroup/col"))
        places = sum(
            int(cell.get("colspan", "1")) * int(cell.get("rowspan", "1")) for cell in table.xpath(".//td | .//th")
        )
        assert places == columns * len(table.xpath(".//tr"))


def test_the_file_needs_nothing_beside_it(page: lxml_html.HtmlElement) -> None:
    assert not page.xpath("//script | //link | //iframe | //object | //*[@style]")
    assert all(image.get("src").startswith("data:image/") for image in page.xpath("//img"))
    assert "url(" not in page.findtext(".//style")
    assert all(re.match("#|https?://|mailto:", link.get("href")) for link in page.xpath("//a[@href]"))


def test_the_policy_allows_the_style_sheet_and_nothing_from_outside(page: lxml_html.HtmlElement) -> None:
    policy = page.xpath("//meta[@http-equiv='Content-Security-Policy']/@content")[0]
    digest = b64encode(sha256(page.findtext(".//style").encode()).digest()).decode()
    assert policy.startswith("default-src 'none'; img-src data:;")
    assert f"'sha256-{digest}'" in policy


def test_every_inner_link_leads_somewhere(page: lxml_html.HtmlElement) -> None:
    ids = page.xpath("//@id")
    assert len(ids) == len(set(ids))
    assert {href[1:] for href in page.xpath("//a/@href") if href.startswith("#")} <= set(ids)


def test_notes_link_forth_and_back(page: lxml_html.HtmlElement) -> None:
    assert page.xpath("//a[@role='doc-noteref']/@href") == ["#note-1", "#note-2"]
    assert page.xpath("//*[@class='note']//a[@role='doc-backlink']/@href") == ["#call-1", "#call-2"]


def test_a_note_called_twice_has_one_id(theme: Theme) -> None:
    twice = Paragraph((Text("a"), NoteRef(1), Text("b"), NoteRef(1)))
    page = read(make_document(twice, notes=(Note(1, (para("the note"),)),)), theme)
    assert page.xpath("//a[@role='doc-noteref']/@href") == ["#note-1", "#note-1"]
    assert page.xpath("//@id") == ["call-1", "note-1"]


def test_properties_and_furniture_are_there(page: lxml_html.HtmlElement) -> None:
    assert page.get("lang") == "en-GB"
    assert page.findtext(".//title") == "Progress report"
    assert page.xpath("//meta[@name='dcterms.modified']/@content") == ["2026-09-30T12:00:00Z"]
    assert page.xpath("//p[@class='draft']")[0].text == "DRAFT"
    assert "Atlas" in page.find("body/header").text_content()
    assert "Internal" in page.find("body/footer").text_content()


@pytest.mark.parametrize(
    "text", ["<script>alert(1)</script>", "{{ x }}", "]]>", "<!--", "&amp;", "</style></main>", '" onload="x', "\u202e"]
)
def test_markup_in_text_is_shown_as_text(text: str, theme: Theme) -> None:
    document = make_document(
        Heading(1, words(text), text, text),
        para(text),
        Table((), (Row((head(text),)),), (), caption=words(text), description=text, id=text),
    )
    properties = Properties(text, text, text, text, (text,), text)
    furniture = Furniture(text, text, text, text, draft=text)
    page = read(replace(document, properties=properties, furniture=furniture), theme)
    assert page.find(".//h1").text_content() == f"{text}\u2002{text}"
    assert page.find(".//p[@class='body']").text_content() == text
    assert page.find(".//table").get("aria-description") == text
    assert page.findtext(".//title") == text
    assert not page.xpath("//script | //@onload | //comment()")


@pytest.mark.parametrize(
    "target", ["javascript:alert(1)", "data:text/html,x", "file:///x", "//host/x", "x.html", "#", ""]
)
def test_a_link_that_a_document_may_not_have_keeps_its_words_only(target: str, theme: Theme) -> None:
    page = read(make_document(Paragraph((Link(target, words("words")),))), theme)
    assert not page.xpath("//a")
    assert page.find(".//p").text_content() == "words"


def test_characters_that_no_file_may_hold_are_replaced(theme: Theme) -> None:
    page = read(make_document(para("a\x00b\x0bc\ud800d\uffffe")), theme)
    assert page.find(".//p").text_content() == "a\ufffdb\ufffdc\ufffdd\ufffde"


def test_unknown_roles_look_like_body_text(page: lxml_html.HtmlElement) -> None:
    assert page.xpath("//p[text()='A role that no theme knows.']/@class") == ["body"]
    assert not page.xpath("//*[contains(@class, 'nobody-knows') or contains(@class, 'unknown-role')]")


def test_a_heading_adds_its_space_to_that_of_the_block_above(theme: Theme) -> None:
    page = read(make_document(para("text"), Heading(1, words("One"))), theme)
    space = theme.text["body"].after + theme.space["heading-1"]
    assert f".{page.find('.//h1').get('class')}{{margin-top:{space:g}pt}}" in page.findtext(".//style")


def test_a_table_wider_than_its_place_is_made_narrower(theme: Theme) -> None:
    wide = Table((Column("left", 500), Column("left", 500)), (), (Row((head("a"), head("b"))),))
    page = read(make_document(wide), theme)
    name = page.find(".//table").get("class").split()[-1]
    width = re.search(rf"\.{name}{{width:([\d.]+)pt}}", page.findtext(".//style"))
    assert width is not None
    assert float(width[1]) == pytest.approx(theme.page.text_width, abs=0.01)


def test_a_page_break_at_the_end_of_a_section_makes_no_empty_page(theme: Theme) -> None:
    assert not read(make_document(para("text"), PageBreak()), theme).xpath("//*[@class='page-break']")


def test_bytes_are_the_same_in_another_process_without_the_layout_engine(
    sample_document: Document, theme: Theme, tmp_path: Path
) -> None:
    script = SCRIPT.format(root=str(ROOT), tests=str(ROOT / "tests" / "write"))
    env = {**os.environ, "TZ": "Asia/Tokyo", "LC_ALL": "C", "PYTHONHASHSEED": "7"}
    done = subprocess.run([sys.executable, "-c", script], cwd=tmp_path, env=env, capture_output=True, check=True)
    assert done.stdout == write_html(sample_document, theme)
