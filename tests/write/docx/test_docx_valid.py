"""Take the sample as a Word file; let two validators and our own checks look at it; fail on any finding."""

from __future__ import annotations

from collections import Counter
from io import BytesIO
from pathlib import Path
from posixpath import dirname, normpath
from re import search

import docx
import ooxml_integrity
import openxml_audit
import pytest
from lxml import etree
from word_file import NAMES, R, W, find, read_parts, read_xml

from pipeline.document.theme import Theme
from pipeline.document.tree import Document, Furniture, Properties
from pipeline.write.docx import write_docx

_RELATIONSHIP = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"


def save(data: bytes, folder: Path) -> Path:
    file = folder / "sample.docx"
    file.write_bytes(data)
    return file


def stories(data: bytes) -> dict[str, etree._Element]:
    named = ("document", "footnotes", "header", "footer")
    parts = read_parts(data)
    return {name: read_xml(data, name) for name in parts if search(rf"^word/({'|'.join(named)})\d*\.xml$", name)}


def test_openxml_audit_finds_nothing(sample_docx: bytes, tmp_path: Path) -> None:
    result = openxml_audit.OpenXmlValidator().validate(save(sample_docx, tmp_path))
    assert [str(error) for error in result.errors] == []


def test_ooxml_integrity_finds_nothing(sample_docx: bytes, tmp_path: Path) -> None:
    assert [str(finding) for finding in ooxml_integrity.check(str(save(sample_docx, tmp_path)))] == []


def test_python_docx_opens_the_file(sample_docx: bytes) -> None:
    document = docx.Document(BytesIO(sample_docx))
    assert document.core_properties.title == "Progress report"
    assert document.core_properties.language == "en-GB"
    assert [section.orientation for section in document.sections] == [0, 1, 0]
    assert document.paragraphs[1].style.name == "Title"


def test_an_empty_document_is_valid(theme: Theme, tmp_path: Path) -> None:
    data = write_docx(Document("empty", Properties(""), Furniture(), ()), theme)
    assert openxml_audit.OpenXmlValidator().validate(save(data, tmp_path)).errors == []
    assert len(find(read_xml(data), "//w:sectPr")) == 1


@pytest.mark.parametrize("kind", ["begin", "separate", "end"])
def test_fields_are_balanced_in_every_part(sample_docx: bytes, kind: str) -> None:
    for name, root in stories(sample_docx).items():
        kinds = Counter(mark.get(f"{W}fldCharType") for mark in find(root, "//w:fldChar"))
        assert kinds[kind] == kinds["begin"], name


def test_fields_close_in_the_order_they_were_opened(sample_docx: bytes) -> None:
    for name, root in stories(sample_docx).items():
        depth = 0
        for mark in find(root, "//w:fldChar"):
            depth += {"begin": 1, "separate": 0, "end": -1}[mark.get(f"{W}fldCharType") or ""]
            assert depth >= 0, name
        assert depth == 0, name


def test_no_field_asks_to_be_updated(sample_docx: bytes) -> None:
    for name, content in read_parts(sample_docx).items():
        assert b"w:dirty" not in content, name
        assert b"updateFields" not in content, name


def test_drawing_ids_are_unique(sample_docx: bytes) -> None:
    ids = [drawing.get("id") for root in stories(sample_docx).values() for drawing in find(root, "//wp:docPr")]
    assert len(ids) == 4
    assert len(ids) == len(set(ids))


def test_bookmarks_have_unique_ids_and_valid_unique_names(sample_docx: bytes) -> None:
    starts = [mark for root in stories(sample_docx).values() for mark in find(root, "//w:bookmarkStart")]
    ends = [mark.get(f"{W}id") for root in stories(sample_docx).values() for mark in find(root, "//w:bookmarkEnd")]
    ids = [mark.get(f"{W}id") for mark in starts]
    names = [(mark.get(f"{W}name") or "") for mark in starts]
    assert sorted(ids) == sorted(set(ids)) == sorted(ends)
    assert len({name.lower() for name in names}) == len(names)
    assert all(search(r"^[A-Za-z_]\w{0,39}$", name) for name in names)


def test_every_anchor_and_field_leads_to_a_bookmark(sample_body: etree._Element) -> None:
    names = {mark.get(f"{W}name") for mark in find(sample_body, "//w:bookmarkStart")}
    anchors = {link.get(f"{W}anchor") for link in find(sample_body, "//w:hyperlink[@w:anchor]")}
    codes = [(code.text or "").split() for code in find(sample_body, "//w:instrText")]
    fields = {code[1] for code in codes if code[0] in {"REF", "PAGEREF", "NOTEREF"}}
    assert len(anchors) > 3
    assert len(fields) > 3
    assert anchors | fields <= names


def test_every_relationship_that_is_used_leads_to_a_part(sample_docx: bytes) -> None:
    parts = read_parts(sample_docx)
    for name, root in stories(sample_docx).items():
        used = {value for node in root.iter() for key, value in node.attrib.items() if key.startswith(R)}
        rels = f"{dirname(name)}/_rels/{name.rsplit('/', 1)[-1]}.rels"
        known = {rel.get("Id"): rel for rel in etree.fromstring(parts[rels]).iter(_RELATIONSHIP)} if used else {}
        assert used <= set(known), name
        inside = [rel.get("Target") or "" for rel in known.values() if rel.get("TargetMode") != "External"]
        assert all(normpath(f"word/{target}") in parts for target in inside)


def test_every_style_and_list_that_is_used_is_defined(sample_docx: bytes) -> None:
    defined = {style.get(f"{W}styleId") for style in find(read_xml(sample_docx, "word/styles.xml"), "//w:style")}
    lists = {num.get(f"{W}numId") for num in find(read_xml(sample_docx, "word/numbering.xml"), "//w:num")}
    for root in stories(sample_docx).values():
        assert {node.get(f"{W}val") for node in find(root, "//w:pStyle|//w:rStyle|//w:tblStyle")} <= defined
        assert {node.get(f"{W}val") for node in find(root, "//w:numId")} <= lists


def test_styles_keep_the_schema_order_and_their_names_are_unique(sample_docx: bytes) -> None:
    styles = find(read_xml(sample_docx, "word/styles.xml"), "//w:style")
    names = [find(style, "w:name")[0].get(f"{W}val") for style in styles]
    assert len(names) == len(set(names))
    assert {"heading 1", "heading 6", "Title", "caption", "toc 1", "footnote text", "header"} <= set(names)


def test_no_part_holds_control_characters(sample_docx: bytes) -> None:
    for name, content in read_parts(sample_docx).items():
        if name.endswith((".xml", ".rels")):
            assert not search(rb"[\x00-\x08\x0b\x0c\x0e-\x1f]", content), name


def test_every_cell_ends_with_a_paragraph(sample_body: etree._Element) -> None:
    cells = find(sample_body, "//w:tc")
    assert len(cells) > 50
    assert {cell[-1].tag for cell in cells} == {f"{W}p"}


def test_language_stands_in_defaults_and_settings(sample_docx: bytes) -> None:
    defaults = find(read_xml(sample_docx, "word/styles.xml"), "//w:docDefaults//w:lang")
    settings = find(read_xml(sample_docx, "word/settings.xml"), "//w:themeFontLang")
    assert [node.get(f"{W}val") for node in (*defaults, *settings)] == ["en-GB", "en-GB"]


def test_pictures_have_alternative_text(sample_body: etree._Element) -> None:
    texts = [drawing.get("descr") for drawing in sample_body.iterfind(".//wp:docPr", NAMES)]
    assert texts == ["A small mark", "Earned value against plan, rising", "The site", "A photograph"]
