"""Take titles, headers and words of other languages; write them; see fields of properties, languages and the logo."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import openxml_audit
from lxml import etree
from word_file import NAMES, W, find, make_document, read_parts, read_xml, words_of, write_blocks

from pipeline.document.theme import Theme
from pipeline.document.tree import Document, Furniture, Paragraph, Properties, Section, Span, Strong, Text
from pipeline.write.docx import write_docx
from pipeline.write.docx.runs import write_property

FURNITURE = Furniture("Atlas · Records", "Charter", "Revision 2.1 · 3f2a91c", "Internal")


def make_titled(title: str = "Project charter") -> Document:
    """Return a document with a title and furniture."""
    blocks = (Paragraph((Text(title),), "title"), Paragraph((Text(title),)))
    return Document("a", Properties("Atlas: Charter", revision="2.1"), FURNITURE, (Section(blocks),))


def properties_of(data: bytes) -> dict[str, str]:
    """Return the custom properties of a Word file."""
    root = etree.fromstring(read_parts(data)["docProps/custom.xml"])
    return {node.get("name") or "": node[0].text or "" for node in root}


def codes_of(root: etree._Element) -> list[str]:
    return [(code.text or "").strip() for code in find(root, "//w:instrText")]


def test_header_footer_and_title_are_fields_of_properties_that_are_there(theme: Theme) -> None:
    data = write_docx(make_titled(), theme)
    properties = properties_of(data)
    shown = {
        "word/header1.xml": ["Project", "Document"],
        "word/footer1.xml": ["Edition", "Sensitivity"],
        "word/document.xml": ["Document Title"],
    }
    for part, names in shown.items():
        root = read_xml(data, part)
        assert codes_of(root)[: len(names)] == [f'DOCPROPERTY "{name}"' for name in names]
        assert all(properties[name] in words_of(root) for name in names)
    assert properties == {
        "Sensitivity": "Internal",
        "Revision": "2.1",
        "Project": "Atlas · Records",
        "Document": "Charter",
        "Edition": "Revision 2.1 · 3f2a91c",
        "Document Title": "Project charter",
    }
    assert words_of(find(read_xml(data), "//w:p")[0]) == "Project charter"
    assert len(codes_of(read_xml(data))) == 1


def test_a_title_with_emphasis_is_no_field(theme: Theme) -> None:
    title = Paragraph((Text("A "), Strong((Text("bold"),)), Text(" title")), "title")
    data = write_docx(make_document(title), theme)
    assert codes_of(read_xml(data)) == []
    assert words_of(read_xml(data)) == "A bold title"
    assert "Document Title" not in properties_of(data)


def test_a_text_that_no_property_can_hold_stays_plain() -> None:
    assert "DOCPROPERTY" in write_property("Project", "x" * 255)
    assert "DOCPROPERTY" not in write_property("Project", "x" * 256)
    assert "DOCPROPERTY" not in write_property("Project", "one\ntwo")
    assert write_property("Project", "") == ""


def test_words_of_another_language_say_so(theme: Theme) -> None:
    words = (Text("He said "), Span("", (Text("tant pis"), Strong((Text("!"),))), "fr"), Text("."))
    runs = find(write_blocks(theme, Paragraph(words)), "//w:p[1]/w:r")
    languages = [[node.get(f"{W}val") for node in find(run, "w:rPr/w:lang")] for run in runs]
    assert languages == [[], ["fr-FR"], ["fr-FR"], []]
    assert [node.tag.removeprefix(W) for node in find(runs[2], "w:rPr/*")] == ["b", "bCs", "lang"]


def test_the_logo_floats_at_the_right_of_the_first_page(
    sample_document: Document, theme: Theme, tmp_path: Path
) -> None:
    furniture = replace(sample_document.furniture, logo="charts/value.svg", logo_alt="Logo of the Registry")
    data = write_docx(replace(sample_document, furniture=furniture), theme)
    first = find(read_xml(data), "//w:body/w:p")[0]
    anchor = find(first, ".//wp:anchor")[0]
    assert find(anchor, "wp:docPr")[0].get("descr") == "Logo of the Registry"
    assert [node.text for node in find(anchor, "wp:positionH/wp:align")] == ["right"]
    size = find(anchor, "wp:extent")[0]
    assert (int(size.get("cx") or 0) / 12700, int(size.get("cy") or 0) / 12700) == (102.0, 34.0)
    assert find(anchor, ".//a:blip")
    assert len(find(read_xml(data), "//wp:anchor")) == 1
    (tmp_path / "logo.docx").write_bytes(data)
    assert openxml_audit.OpenXmlValidator().validate(tmp_path / "logo.docx").errors == []


def test_a_corporate_file_shows_its_own_logo(sample_document: Document, theme: Theme) -> None:
    from corporate_files import make_word_file

    furniture = replace(sample_document.furniture, logo="charts/value.svg", logo_alt="Logo")
    document = replace(sample_document, furniture=furniture)
    data = write_docx(document, replace(theme, corporate=make_word_file()))
    assert not read_xml(data).findall(".//wp:anchor", NAMES)
