"""Take documents; write them as PDF; check the file with readers of others: structure, words, links, equal bytes."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from dataclasses import replace
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from pypdf import PdfReader
from writers_tables import para, words

from pipeline.document.theme import Theme
from pipeline.document.tree import (
    Asset,
    Block,
    CodeSpan,
    Document,
    Emphasis,
    Figure,
    Furniture,
    Heading,
    Link,
    Note,
    NoteRef,
    Paragraph,
    Properties,
    Section,
    Strong,
    Text,
    Toc,
    TocEntry,
)
from pipeline.document.walk import walk
from pipeline.problems import MACHINE_LACKS, Place
from pipeline.write.html.inlines import plain_text
from pipeline.write.pdf import Pdf, layout_pages, write_pdf

ROOT = Path(__file__).parents[3]
SCRIPT = """
import sys
sys.path[:0] = [{root!r}, {tests!r}]
import conftest, yaml
from hashlib import sha256
from writers_sample import make_sample
from pipeline.write.pdf import write_pdf
theme = conftest.make_theme(yaml.safe_load(conftest.THEME.read_text(encoding="utf-8")))
print(sha256(write_pdf(make_sample(theme.page, conftest.make_assets()), theme).data).hexdigest())
"""


def make_document(*nodes: Block, notes: tuple[Note, ...] = (), **assets: Asset) -> Document:
    return Document("d", Properties("A title"), Furniture(), (Section(nodes),), notes, assets)


def squeeze(text: str) -> str:
    return re.sub(r"\s+", "", text)


def read_text(pdf: Pdf) -> str:
    return squeeze("".join(page.extract_text() for page in PdfReader(BytesIO(pdf.data)).pages))


@pytest.fixture(scope="module")
def reader(sample_pdf: Pdf) -> PdfReader:
    return PdfReader(BytesIO(sample_pdf.data))


def test_the_sample_has_no_problems_and_no_syntax_errors(sample_pdf: Pdf) -> None:
    assert sample_pdf.problems == ()
    with pikepdf.open(BytesIO(sample_pdf.data)) as file:
        assert file.check_pdf_syntax() == []
        assert len(file.pages) == sample_pdf.pages


def test_the_file_says_what_it_is(reader: PdfReader) -> None:
    assert reader.metadata is not None
    assert reader.metadata.title == "Progress report"
    assert reader.metadata.author == "Ilse Brandt"
    assert reader.metadata.creation_date_raw == "D:20260930120000Z"
    root = reader.root_object
    assert root["/Lang"] == "en-GB"
    assert root["/MarkInfo"]["/Marked"]
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    xmp = root["/Metadata"].get_data()
    assert b'pdfaid:part="3"' in xmp
    assert b'pdfaid:conformance="A"' in xmp
    assert b"<pdfuaid:part>1</pdfuaid:part>" in xmp


def test_bookmarks_are_the_headings(reader: PdfReader, sample_document: Document) -> None:
    headings = [node for node in walk(sample_document.sections) if isinstance(node, Heading)]
    assert list(flatten(reader.outline)) == [f"{h.number} {plain_text(h.children)}".strip() for h in headings]


def flatten(outline: list[Any]) -> Any:
    for entry in outline:
        if isinstance(entry, list):
            yield from flatten(entry)
        else:
            yield entry.title


def test_words_come_in_the_order_of_the_tree(sample_document: Document, theme: Theme) -> None:
    plain = replace(sample_document, furniture=Furniture())
    texts = [node.text for node in walk(plain.sections) if isinstance(node, Text)]
    shown = read_text(write_pdf(plain, theme))
    at = 0
    for text in texts:
        wanted = squeeze(text.replace("\x0b", "\ufffd"))
        # Footnotes stand at the foot of the page and capitals are the theme's: both may differ from the tree.
        found = shown.lower().find(wanted.lower(), at)
        assert found >= 0, text
        at = found + len(wanted)


def test_heading_pages_are_where_the_headings_stand(sample_pdf: Pdf, reader: PdfReader) -> None:
    assert sample_pdf.heading_pages["stakeholders"] == 1 + next(
        number for number, page in enumerate(reader.pages) if page.mediabox.width > page.mediabox.height
    )
    for name, title in (("summary", "Summary"), ("approval", "Approval"), ("code", "Code")):
        assert title in reader.pages[sample_pdf.heading_pages[name] - 1].extract_text()


def test_the_contents_list_shows_the_pages_of_the_headings(sample_pdf: Pdf, reader: PdfReader) -> None:
    first = squeeze(reader.pages[0].extract_text())
    pages = sample_pdf.heading_pages
    assert f"4Approval{pages['approval']}" in first
    assert f"2Scheduleandcost{pages['schedule-and-cost']}" in first


def test_laying_out_alone_finds_the_same_pages(sample_pdf: Pdf, sample_document: Document, theme: Theme) -> None:
    assert layout_pages(sample_document, theme) == (sample_pdf.pages, sample_pdf.heading_pages)


def test_only_our_fonts_are_used_and_embedded(reader: PdfReader) -> None:
    used = set()
    for page in reader.pages:
        for font in page["/Resources"]["/Font"].values():
            below = font.get_object()["/DescendantFonts"][0].get_object()
            assert "/FontFile2" in below["/FontDescriptor"]
            used.add(str(font.get_object()["/BaseFont"]).partition("+")[2])
    assert used == {"Arimo", "Arimo-Bold", "Arimo-Italic", "Arimo-Bold-Italic", "IBM-Plex-Mono"}


def test_header_cells_have_a_scope_and_pictures_have_words(sample_pdf: Pdf) -> None:
    scopes, alternatives = set(), []
    with pikepdf.open(BytesIO(sample_pdf.data)) as file:
        for node in file.objects:
            if isinstance(node, pikepdf.Dictionary) and node.get("/S") == "/TH":
                scopes.add(str(node["/A"]["/Scope"]))
            if isinstance(node, pikepdf.Dictionary) and node.get("/S") == "/Figure":
                alternatives.append(str(node["/Alt"]))
            if isinstance(node, pikepdf.Dictionary) and node.get("/S") == "/TD":
                assert "/Headers" not in node["/A"] or len(node["/A"]["/Headers"])
    assert scopes == {"/Row", "/Column"}
    assert alternatives.count("The site") == 1


def test_list_items_hold_a_mark_and_a_body_only(sample_pdf: Pdf) -> None:
    held = set()
    with pikepdf.open(BytesIO(sample_pdf.data)) as file:
        for node in file.objects:
            if isinstance(node, pikepdf.Dictionary) and node.get("/S") == "/LI":
                held.add(tuple(str(part["/S"]) for part in node["/K"]))
                assert all(part["/P"].objgen == node.objgen for part in node["/K"])
    assert held == {("/Lbl", "/LBody"), ("/LBody",)}


def test_every_link_is_tagged_as_a_link(theme: Theme) -> None:
    link = Link("https://example.org/", (Strong(words("bold")), Text(" and "), CodeSpan("code")))
    heading = Heading(1, words("One"), "one", "1")
    toc = Toc("Contents", 1, (TocEntry(1, "1", (Emphasis(words("One")),), "one"),))
    pdf = write_pdf(make_document(toc, heading, Paragraph((link,))), theme)
    tagged = 0
    with pikepdf.open(BytesIO(pdf.data)) as file:
        for node in file.objects:
            if not isinstance(node, pikepdf.Dictionary) or node.get("/Type") != "/StructElem":
                continue
            parts = [part for part in node["/K"] if isinstance(part, pikepdf.Dictionary)]
            if any(part.get("/Type") == "/OBJR" for part in parts):
                assert node["/S"] == "/Link"
                tagged += 1
        assert tagged == sum(len(page.get("/Annots", [])) for page in file.pages) == 2


def test_links_lead_in_and_out(reader: PdfReader) -> None:
    links = [note.get_object() for page in reader.pages for note in page.get("/Annots", [])]
    outer = {str(link["/A"]["/URI"]) for link in links if "/A" in link}
    assert outer == {"https://example.org/?a=1&b=2", "https://example.org/source"}
    inner = {str(link["/Dest"]) for link in links if "/Dest" in link}
    assert {"summary", "approval", "tbl-budget", "fig-value", "note-1", "call-1"} <= inner


def test_a_draft_says_so_on_every_page(reader: PdfReader) -> None:
    assert all("DRAFT" in page.extract_text() for page in reader.pages)


def test_every_page_has_its_number_and_the_furniture(reader: PdfReader) -> None:
    for number, page in enumerate(reader.pages, start=1):
        text = page.extract_text()
        assert f"Page {number} of {len(reader.pages)}" in text
        assert "3f2a91c" in text


def test_a_note_stands_at_the_foot_of_the_page_that_calls_it(theme: Theme) -> None:
    called = Paragraph((Text("Called here."), NoteRef(1)))
    rest = tuple(para(f"Line {number}.") for number in range(80))
    pdf = write_pdf(make_document(called, *rest, notes=(Note(1, (para("The note itself."), para("More."))),)), theme)
    first = PdfReader(BytesIO(pdf.data)).pages[0].extract_text()
    assert pdf.pages > 1
    assert first.index("Line 20.") < first.index("The note itself.") < first.index("More.")


@pytest.mark.parametrize("text", ["<script>alert(1)</script>", "{{ 7 * 7 }}", "]]>", "&amp;", "\\22 } @import 'x'"])
def test_markup_in_text_is_shown_as_text(text: str, theme: Theme) -> None:
    furniture = Furniture(header_left=f"head {text}", footer_center=f"foot {text}")
    pdf = write_pdf(replace(make_document(para(f"body {text}")), furniture=furniture), theme)
    shown = read_text(pdf)
    assert pdf.problems == ()
    assert [place for place in ("head", "body", "foot") if squeeze(f"{place} {text}") not in shown] == []


@pytest.mark.parametrize(
    "inside",
    [
        '<image href="{url}" width="10" height="10"/>',
        '<image xlink:href="{url}" width="10" height="10"/>',
        '<style>@font-face {{ font-family: x; src: url({url}) }} text {{ font-family: x }}</style><text y="9">t</text>',
    ],
)
@pytest.mark.parametrize("scheme", ["file", "http"])
def test_what_a_picture_refers_to_is_never_fetched(inside: str, scheme: str, theme: Theme, tmp_path: Path) -> None:
    secret = tmp_path / "secret.svg"
    secret.write_bytes(b'<svg xmlns="http://www.w3.org/2000/svg"><text>topsecret</text></svg>')
    url = secret.as_uri() if scheme == "file" else "http://127.0.0.1:9/secret.svg"
    picture = (
        '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="20" height="20">'
        f"{inside.format(url=url)}</svg>"
    )
    asset = Asset(picture.encode(), "image/svg+xml", 20, 20)
    pdf = write_pdf(make_document(para("text"), Figure("a", "alt", width=20, height=20), a=asset), theme)
    assert "topsecret" not in read_text(pdf)
    refused = [problem for problem in pdf.problems if problem.code == "DB402"]
    assert refused or "font-face" in inside
    assert all(url[:30] in problem.message for problem in refused)


def test_characters_without_a_glyph_are_named_at_their_place(theme: Theme) -> None:
    place = Place("atlas/charter.md", 12)
    odd = Paragraph((Text("Smile \U0001f600, 漢字; plain ● ▲ ■ ○ Ω ж."),), place=place)
    pdf = write_pdf(make_document(para("plain"), odd), theme)
    assert [(problem.code, problem.severity, problem.place) for problem in pdf.problems] == [
        ("DB404", "warning", place)
    ]
    assert "U+1F600" in pdf.problems[0].message
    assert "U+6F22" in pdf.problems[0].message
    assert "U+25CF" not in pdf.problems[0].message
    assert "Smile\ufffd,\ufffd\ufffd;plain●▲■○Ωж." in read_text(pdf)


def test_invisible_characters_are_no_problem(theme: Theme) -> None:
    pdf = write_pdf(make_document(para("a\u200bb\u200d\ufe0f\u00ad\u202fc\u2060")), theme)
    assert pdf.problems == ()


def test_a_broken_picture_is_a_problem(theme: Theme) -> None:
    broken = Asset(b"not a picture", "image/png", 10, 10)
    pdf = write_pdf(make_document(Figure("a", "alt", width=20, height=20), a=broken), theme)
    assert [problem.severity for problem in pdf.problems] == ["error"]


def test_equal_pictures_under_other_names_give_equal_bytes(sample_document: Document, theme: Theme) -> None:
    asset = sample_document.assets["images/site.png"]
    one = make_document(Figure("a", "alt", width=20, height=20), a=asset)
    other = make_document(Figure("b", "alt", width=20, height=20), b=asset)
    assert write_pdf(one, theme).data == write_pdf(other, theme).data


def test_a_heading_and_a_caption_stay_with_what_follows(sample_document: Document, theme: Theme) -> None:
    table = next(node for node in walk(sample_document.sections) if getattr(node, "id", "") == "tbl-milestones")
    for lines in range(24, 36):
        filler = tuple(para(f"Line {number}.") for number in range(lines))
        document = make_document(*filler, Heading(1, words("Kept"), "kept"), table)
        pages = PdfReader(BytesIO(write_pdf(document, theme).data)).pages
        for page in pages:
            text = page.extract_text()
            if "Milestones" in text:
                assert "Kept" in text
                assert "M3 Core" in text


def test_bytes_are_the_same_in_another_process_place_and_zone(sample_pdf: Pdf, tmp_path: Path) -> None:
    script = SCRIPT.format(root=str(ROOT), tests=str(ROOT / "tests" / "write"))
    env = {**os.environ, "TZ": "Pacific/Auckland", "LC_ALL": "C", "LANG": "tr_TR.UTF-8", "PYTHONHASHSEED": "11"}
    done = subprocess.run([sys.executable, "-c", script], cwd=tmp_path, env=env, capture_output=True, check=True)
    assert done.stdout.decode().strip() == sha256(sample_pdf.data).hexdigest()


def test_a_machine_without_pango_is_told_what_to_install(tmp_path: Path) -> None:
    (tmp_path / "weasyprint.py").write_text("raise OSError('cannot load library libpango')\n", encoding="utf-8")
    script = f"""
import sys
sys.path[:0] = [{str(tmp_path)!r}, {str(ROOT)!r}]
from pipeline.problems import Stop
from pipeline.write.pdf.engine import load_engine
try:
    load_engine()
except Stop as stop:
    sys.stdout.write(stop.problems[0].message + stop.problems[0].hint)
    sys.exit(stop.exit_code)
"""
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    assert done.returncode == MACHINE_LACKS
    assert "libpango" in done.stdout
    assert "apt install" in done.stdout
    assert "dnf install" in done.stdout
    assert "brew install" in done.stdout


@pytest.mark.parametrize("char", ["\u2028", "\u2029"])
def test_a_break_of_unicode_in_a_line_is_a_space(char: str, theme: Theme) -> None:
    furniture = Furniture(header_left=f"Head{char}line")
    pdf = write_pdf(replace(make_document(para(f"One {char} two{char}three.")), furniture=furniture), theme)
    assert pdf.problems == ()
    assert all(words in read_text(pdf) for words in ("Onetwothree.", "Headline"))


@pytest.mark.parametrize("char", ["\ufff9", "\u0600", "\U000110bd", "\U00013430"])
def test_a_format_character_that_is_drawn_is_named_and_replaced(char: str, theme: Theme) -> None:
    pdf = write_pdf(make_document(para(f"One {char} two.")), theme)
    assert [problem.code for problem in pdf.problems] == ["DB404"]
    assert "One\ufffdtwo." in read_text(pdf)


@pytest.mark.parametrize("char", ["\u00ad", "\u200b", "\u200d", "\u202e", "\u2060", "\ufeff", "\ufe0f", "\U000e0001"])
def test_a_format_character_that_is_not_drawn_is_let_be(char: str, theme: Theme) -> None:
    assert write_pdf(make_document(para(f"One {char} two.")), theme).problems == ()
