"""Take the sample and three corporate Word files; write it in their looks; see what is theirs and what stays ours."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from re import search
from subprocess import run

import ooxml_integrity
import openxml_audit
import pytest
from corporate_files import (
    BODY_TEXT,
    GERMAN,
    SOFFICE,
    change_parts,
    draw_logo,
    make_german,
    make_template,
    make_with_libreoffice,
    make_word_file,
    read_part,
    rewrite,
)
from lxml import etree
from word_file import NAMES, R, W, find, read_parts, read_xml, style_of, words_of

from pipeline.document.theme import Theme
from pipeline.document.tree import Document, Furniture, Heading, List, ListItem, Paragraph, Properties, Section, Text
from pipeline.render.office import check_corporate
from pipeline.write.docx import write_docx

KINDS = [
    pytest.param("libreoffice", marks=pytest.mark.skipif(not SOFFICE, reason="LibreOffice (soffice) is not installed")),
    "german",
    "template",
]
RELATION = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"
Made = Callable[[str], tuple[bytes, bytes]]


@pytest.fixture(scope="module")
def made(sample_document: Document, theme: Theme, tmp_path_factory: pytest.TempPathFactory) -> Made:
    """Return a function that gives a corporate file of a kind and the sample in its look."""
    kept: dict[str, tuple[bytes, bytes]] = {}
    makers = {
        "libreoffice": lambda: make_with_libreoffice(tmp_path_factory.mktemp("office")),
        "german": lambda: make_german(make_word_file()),
        "template": lambda: make_template(make_word_file()),
    }

    def make(kind: str) -> tuple[bytes, bytes]:
        if kind not in kept:
            corporate = makers[kind]()
            kept[kind] = corporate, write_docx(sample_document, dress(theme, corporate), {"summary": 1, "asked": 7})
        return kept[kind]

    return make


def dress(theme: Theme, corporate: bytes) -> Theme:
    """Return the theme with a corporate file, as rendering gives it."""
    found = check_corporate(corporate, "theme/corporate.docx", theme.page)
    assert [problem.code for problem in found.problems if problem.severity == "error"] == []
    assert found.page is not None
    return replace(theme, corporate=found.data, page=found.page)


def style_names(data: bytes) -> dict[str, str]:
    """Return the names of the styles by their ids."""
    styles = find(read_xml(data, "word/styles.xml"), "//w:style")
    return {style.get(f"{W}styleId") or "": find(style, "w:name")[0].get(f"{W}val") or "" for style in styles}


def furniture_of(data: bytes, side: str) -> dict[str, etree._Element]:
    """Return the headers or footers of the first section by kind."""
    relations = {node.get("Id"): node.get("Target") or "" for node in read_xml(data, "word/_rels/document.xml.rels")}
    section = find(read_xml(data), "//w:sectPr")[0]
    nodes = find(section, f"w:{side}Reference")
    return {node.get(f"{W}type") or "": read_xml(data, f"word/{relations[node.get(f'{R}id')]}") for node in nodes}


@pytest.mark.parametrize("kind", KINDS)
def test_two_validators_find_nothing(made: Made, kind: str, tmp_path: Path) -> None:
    file = tmp_path / "sample.docx"
    file.write_bytes(made(kind)[1])
    assert [str(error) for error in openxml_audit.OpenXmlValidator().validate(file).errors] == []
    assert [str(finding) for finding in ooxml_integrity.check(str(file))] == []


@pytest.mark.parametrize("kind", KINDS)
def test_headings_and_title_carry_the_corporate_styles(made: Made, kind: str) -> None:
    corporate, data = made(kind)
    theirs, ours = read_xml(corporate, "word/styles.xml"), read_xml(data, "word/styles.xml")
    # LibreOffice writes `Heading 1`, Word `heading 1`.
    names = {identity: name.lower() for identity, name in style_names(corporate).items()}
    wanted = {"heading 1", "heading 2", "title", "header"}
    used = {style_of(paragraph) for paragraph in find(read_xml(data), "//w:p")}
    for identity, name in names.items():
        if name in wanted:
            path = f"//w:style[@w:styleId='{identity}']/w:rPr/w:color/@w:val"
            assert theirs.xpath(path, namespaces=NAMES) == ours.xpath(path, namespaces=NAMES)
            assert identity in used or name == "header"
    assert wanted <= set(names.values())
    assert "berschrift1" in used if kind == "german" else "Heading1" in used


@pytest.mark.parametrize("kind", KINDS)
def test_every_style_that_is_used_is_there_once(made: Made, kind: str) -> None:
    data = made(kind)[1]
    names = style_names(data)
    assert len({name.lower() for name in names.values()}) == len(names)
    stories = [name for name in read_parts(data) if search(r"^word/[^/]*(document|foot|head)[^/]*\.xml$", name)]
    assert len(stories) > 3
    for story in stories:
        used = find(read_xml(data, story), "//w:pStyle|//w:rStyle|//w:tblStyle")
        assert {node.get(f"{W}val") for node in used} <= set(names), story
    links = find(read_xml(data, "word/styles.xml"), "//w:basedOn|//w:next|//w:link")
    assert {node.get(f"{W}val") for node in links} <= set(names)


@pytest.mark.parametrize("kind", KINDS)
def test_the_corporate_body_and_properties_stay_behind(made: Made, kind: str) -> None:
    corporate, data = made(kind)
    assert BODY_TEXT in read_part(corporate, "word/document.xml")
    parts = read_parts(data)
    assert all(BODY_TEXT.encode() not in content for content in parts.values())
    assert all(b"Old title" not in content and b"Alter Titel" not in content for content in parts.values())
    assert not [name for name in parts if "customXml" in name or "thumbnail" in name or "webSettings" in name]


@pytest.mark.parametrize("kind", KINDS)
def test_the_logo_of_the_corporate_header_is_there(made: Made, kind: str) -> None:
    corporate, data = made(kind)
    headers = furniture_of(data, "header")
    shown = {kind: len(find(header, "//a:blip")) for kind, header in headers.items()}
    assert shown == ({"default": 1} if kind == "libreoffice" else {"default": 0, "first": 1})
    pictures = {content for name, content in read_parts(corporate).items() if name.endswith(".png")}
    assert pictures & set(read_parts(data).values())


@pytest.mark.parametrize("kind", KINDS)
def test_relationships_of_carried_parts_lead_to_parts(made: Made, kind: str) -> None:
    parts = read_parts(made(kind)[1])
    carried = [name for name in parts if search(r"^word/_rels/corporate.*\.rels$", name)]
    assert carried
    for name in carried:
        targets = [node.get("Target") or "" for node in etree.fromstring(parts[name]).iter(RELATION)]
        assert targets
        assert all(f"word/{target}" in parts for target in targets)


@pytest.mark.parametrize("kind", KINDS)
def test_page_set_up_is_the_corporate_one_in_every_section(made: Made, kind: str) -> None:
    corporate, data = made(kind)
    theirs = find(read_xml(corporate), "//w:sectPr")[-1]
    sides = ("top", "right", "bottom", "left", "header", "footer")
    wanted = [find(theirs, "w:pgMar")[0].get(f"{W}{side}") for side in sides]
    sections = find(read_xml(data), "//w:sectPr")
    assert [[find(one, "w:pgMar")[0].get(f"{W}{side}") for side in sides] for one in sections] == [wanted] * 3
    sizes = [tuple(find(one, "w:pgSz")[0].get(f"{W}{side}") for side in "wh") for one in sections]
    size = tuple(find(theirs, "w:pgSz")[0].get(f"{W}{side}") for side in "wh")
    assert sizes == [size, size[::-1], size]


@pytest.mark.parametrize("kind", KINDS)
def test_libreoffice_shows_header_footer_and_our_text(made: Made, kind: str, tmp_path: Path) -> None:
    if not SOFFICE:
        pytest.skip("LibreOffice (soffice) is not installed")
    (tmp_path / "sample.docx").write_bytes(made(kind)[1])
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    command = [SOFFICE, "--headless", profile, "--convert-to", "pdf", "--outdir", str(tmp_path)]
    run([*command, str(tmp_path / "sample.docx")], capture_output=True, check=True, timeout=120)
    pdf = str(tmp_path / "sample.pdf")
    text = run(["pdftotext", "-layout", pdf, "-"], capture_output=True, text=True, check=True).stdout
    pages = text.split("\f")[:-1]
    title = "Progress report"
    header, footer = {
        "libreoffice": (f"Gamma Agency {title}", "Gamma footer"),
    }.get(kind, ("Muster AG, Bereich Digitales", "Vertraulichkeit: Internal"))
    assert len(pages) > 4
    assert all(header in page and footer in page for page in pages[1:])
    assert BODY_TEXT not in text


def test_the_same_input_gives_the_same_bytes(made: Made, sample_document: Document, theme: Theme) -> None:
    corporate, data = made("template")
    assert write_docx(sample_document, dress(theme, corporate), {"summary": 1, "asked": 7}) == data


def test_fields_show_the_documents_values_and_nothing_asks_for_an_update(made: Made) -> None:
    footer = furniture_of(made("german")[1], "footer")["default"]
    assert words_of(footer) == "Vertraulichkeit: Internal\tProgress report\tEinkauf"
    assert [(code.text or "") for code in find(footer, "//w:instrText")] == [
        " DOCPRO",
        'PERTY "Sensitivity" \\* MERGEFORMAT ',
    ]
    # What the document has no property for is text now.
    assert [field.get(f"{W}instr") for field in find(footer, "//w:fldSimple")] == [" TITLE "]
    assert not find(footer, "//@w:dirty")
    assert len(find(footer, "//w:fldChar")) == 3


def test_a_draft_is_marked_in_corporate_headers_too(made: Made) -> None:
    headers = furniture_of(made("template")[1], "header")
    assert set(headers) == {"default", "first"}
    assert all(b'string="DRAFT"' in etree.tostring(header) for header in headers.values())


def test_the_first_page_stands_apart_in_the_first_section_alone(made: Made) -> None:
    sections = find(read_xml(made("template")[1]), "//w:sectPr")
    assert [len(find(section, "w:titlePg")) for section in sections] == [1, 0, 0]
    kinds = [[node.get(f"{W}type") for node in find(section, "w:headerReference")] for section in sections]
    assert kinds == [["default", "first"], ["default"], ["default"]]


def test_where_the_corporate_file_has_no_header_ours_is_used(theme: Theme, sample_document: Document) -> None:
    corporate = make_word_file()
    document = read_part(corporate, "word/document.xml")
    for reference in etree.fromstring(document.encode()).iter(f"{W}headerReference"):
        kind, identity = reference.get(f"{W}type"), reference.get(f"{R}id")
        document = document.replace(f'<w:headerReference w:type="{kind}" r:id="{identity}"/>', "")
    corporate = change_parts(corporate, {"word/document.xml": document.encode()})
    data = write_docx(sample_document, dress(theme, corporate))
    headers = furniture_of(data, "header")
    assert set(headers) == {"default", "first"}
    assert {words_of(header) for header in headers.values()} == {
        "Atlas · Records management platform\tDRAFT\tProgress report"
    }
    assert "Vertraulichkeit" in words_of(furniture_of(data, "footer")["default"])


def numbered(corporate: bytes) -> bytes:
    """Return the file with headings that Word numbers, and a bullet of its own."""
    kind = "word/numbering.xml"
    number = '<w:pPr><w:numPr><w:numId w:val="1"/></w:numPr>'
    styles = read_part(corporate, "word/styles.xml")
    at = styles.index("<w:pPr>", styles.index('<w:name w:val="heading 1"/>'))
    corporate = change_parts(
        corporate, {"word/styles.xml": f"{styles[:at]}{number}{styles[at + len('<w:pPr>') :]}".encode()}
    )
    root = read_xml(corporate, "word/styles.xml")
    own = find(root, "//w:style[w:name/@w:val='List Bullet']//w:numId")[0].get(f"{W}val")
    numbering = read_xml(corporate, kind)
    defined = find(numbering, f"//w:num[@w:numId='{own}']/w:abstractNumId")[0].get(f"{W}val")
    for text in find(numbering, f"//w:abstractNum[@w:abstractNumId='{defined}']/w:lvl[@w:ilvl='0']/w:lvlText"):
        text.set(f"{W}val", "»")
    return change_parts(corporate, {kind: etree.tostring(numbering)})


def test_lists_get_the_corporate_marks_and_headings_count_on_the_tree_alone(theme: Theme, tmp_path: Path) -> None:
    items = tuple(ListItem((Paragraph((Text(word),)),)) for word in ("one", "two"))
    blocks = (Heading(1, (Text("First"),), "first", "1"), List(items), List(items, ordered=True))
    document = Document("test", Properties("Test"), Furniture(), (Section(blocks),))
    data = write_docx(document, dress(theme, numbered(make_word_file())))
    styles, numbering = read_xml(data, "word/styles.xml"), read_xml(data, "word/numbering.xml")
    assert not find(styles, "//w:style[w:name/@w:val='heading 1']//w:numPr")
    first = find(read_xml(data), "//w:numId")[0].get(f"{W}val")
    kind = find(numbering, f"//w:num[@w:numId='{first}']/w:abstractNumId")[0].get(f"{W}val")
    level = find(numbering, f"//w:abstractNum[@w:abstractNumId='{kind}']/w:lvl[@w:ilvl='0']")[0]
    assert find(level, "w:lvlText")[0].get(f"{W}val") == "»"
    # Their own lists are still there for whoever goes on writing in Word.
    bullet = find(styles, "//w:style[w:name/@w:val='List Bullet']//w:numId")[0].get(f"{W}val")
    assert find(numbering, f"//w:num[@w:numId='{bullet}']")
    (tmp_path / "numbered.docx").write_bytes(data)
    assert openxml_audit.OpenXmlValidator().validate(tmp_path / "numbered.docx").errors == []


def test_added_styles_take_type_and_size_from_the_corporate_normal(made: Made) -> None:
    styles = read_xml(made("libreoffice" if SOFFICE else "german")[1], "word/styles.xml")
    callout = find(styles, "//w:style[w:name/@w:val='Callout']")[0]
    assert not find(callout, "w:rPr/w:sz")
    assert not find(callout, "w:pPr/w:spacing/@w:line")
    cell = find(styles, "//w:style[w:name/@w:val='Table Text']")[0]
    assert find(cell, "w:rPr/w:sz")[0].get(f"{W}val") == "18"


def test_cells_stay_flush_left_where_the_corporate_text_is_justified(theme: Theme) -> None:
    corporate = make_word_file()
    styles = read_part(corporate, "word/styles.xml")
    at = styles.index('<w:name w:val="Normal"/>')
    end = styles.index("</w:style>", at)
    changed = f'{styles[:end]}<w:pPr><w:ind w:firstLine="283"/><w:jc w:val="both"/></w:pPr>{styles[end:]}'
    data = write_docx(
        Document("test", Properties("Test"), Furniture(), (Section(()),)),
        dress(theme, change_parts(corporate, {"word/styles.xml": changed.encode()})),
    )
    cell = find(read_xml(data, "word/styles.xml"), "//w:style[w:name/@w:val='Table Text']/w:pPr")[0]
    assert find(cell, "w:jc")[0].get(f"{W}val") == "left"
    assert find(cell, "w:ind")[0].get(f"{W}firstLine") == "0"
    assert [node.tag.removeprefix(W) for node in cell] == ["spacing", "ind", "jc"]


def test_the_language_is_the_documents(made: Made) -> None:
    data = made("libreoffice" if SOFFICE else "german")[1]
    languages = find(read_xml(data, "word/styles.xml"), "//w:lang")
    assert [node.get(f"{W}val") for node in languages] == ["en-GB"]


def test_even_pages_and_colours_follow_the_corporate_settings(theme: Theme, sample_document: Document) -> None:
    corporate = make_word_file()
    settings = read_part(corporate, "word/settings.xml")
    tab = search(r"<w:defaultTabStop[^>]*/>", settings)
    assert tab
    corporate = rewrite(corporate, "word/settings.xml", (tab.group(), f"{tab.group()}<w:evenAndOddHeaders/>"))
    data = write_docx(sample_document, dress(theme, corporate))
    assert find(read_xml(data, "word/settings.xml"), "//w:evenAndOddHeaders")
    assert read_parts(data)["word/theme/theme1.xml"] == read_parts(corporate)["word/theme/theme1.xml"]


def test_ids_are_translated_by_name_alone() -> None:
    german = read_part(make_german(make_word_file()), "word/styles.xml")
    assert 'w:styleId="berschrift1"' in german
    assert '<w:name w:val="heading 1"/>' in german
    assert len(GERMAN) > 10
    assert draw_logo() == draw_logo()
