"""Take the sample document and its Word file; compare headings, captions, cells, notes and furniture word by word."""

from __future__ import annotations

from typing import Any

from lxml import etree
from word_file import W, find, read_parts, read_xml, style_of, words_of

from pipeline.document.theme import Theme
from pipeline.document.tree import Cell, Document, Heading, Paragraph, Status, Table, Text
from pipeline.document.walk import walk
from pipeline.write.docx import write_docx

EN_SPACE = "\u2002"


def plain(node: Any, theme: Theme) -> str:
    parts = {Text: lambda: node.text, Status: lambda: f"{theme.status[node.state].shape}\u00a0{node.word}"}
    if type(node) in parts:
        return str(parts[type(node)]())
    return "".join(plain(child, theme) for child in getattr(node, "children", ()))


def test_headings_come_in_the_tree_s_order_with_their_numbers(
    sample_document: Document, sample_body: etree._Element, theme: Theme
) -> None:
    wanted = [
        (node.level, f"{node.number}{EN_SPACE if node.number else ''}{plain(node, theme)}")
        for node in walk(sample_document.sections, running=False)
        if isinstance(node, Heading)
    ]
    headings = [node for node in find(sample_body, "//w:p") if style_of(node).startswith("Heading")]
    assert [(int(style_of(node)[-1]), words_of(node)) for node in headings] == wanted
    assert len(wanted) == 10


def test_cells_come_in_the_tree_s_order(sample_document: Document, sample_body: etree._Element, theme: Theme) -> None:
    tables = [node for node in walk(sample_document.sections, running=False) if isinstance(node, Table)]
    wanted = [
        "".join(plain(block, theme) for block in cell.blocks if isinstance(block, Paragraph))
        for table in tables
        for cell in walk((table.head, table.body), running=False)
        if isinstance(cell, Cell)
    ]
    written = [table for table in find(sample_body, "w:tbl") if find(table, "w:tblPr/w:tblStyle")]
    cells = [cell for table in written for cell in find(table, "w:tr/w:tc[not(w:tcPr/w:vMerge[not(@w:val)])]")]
    found = [words_of(cell) for cell in cells]
    # The row that the tree leaves short is filled up with an empty cell.
    assert [words for words in found if words] == [words for words in wanted if words]
    assert len([words for words in wanted if words]) > 60


def test_captions_carry_a_counting_field_and_their_words(sample_body: etree._Element) -> None:
    captions = [node for node in find(sample_body, "//w:p") if style_of(node) == "Caption"]
    assert [words_of(node) for node in captions] == [
        "Document control",
        f"Figure 1{EN_SPACE}Earned value is 6 % below plan.",
        f"Table 1{EN_SPACE}Milestones",
        f"Table 2{EN_SPACE}Budget, thousand EUR",
        f"Figure 2{EN_SPACE}The second basement.",
        f"Table 3{EN_SPACE}Engagement, current (C) and desired (D)",
    ]
    codes = [(code.text or "").strip() for code in find(sample_body, "//w:instrText") if "SEQ" in (code.text or "")]
    assert [code.split()[1] for code in codes] == ["Figure", "Table", "Table", "Figure", "Table"]


def test_references_show_what_their_bookmark_holds(sample_body: etree._Element) -> None:
    paragraph = next(node for node in find(sample_body, "//w:p") if "Earned value stands" in words_of(node))
    assert "Table 2, Figure 1, Section 1.1, the appendix." in words_of(paragraph)
    fields = [(code.text or "").split()[1] for code in find(paragraph, ".//w:instrText") if "REF" in (code.text or "")]
    shown = {}
    for name in fields:
        start = find(sample_body, f"//w:bookmarkStart[@w:name='{name}']")[0]
        inside = []
        for node in start.itersiblings():
            if node.tag == f"{W}bookmarkEnd" and node.get(f"{W}id") == start.get(f"{W}id"):
                break
            inside.append(words_of(node))
        shown[name] = "".join(inside)
    assert list(shown.values()) == ["Table 2", "Figure 1", "1.1"]


def test_contents_list_shows_entries_with_page_numbers(sample_body: etree._Element) -> None:
    content = find(sample_body, "w:sdt/w:sdtContent")[0]
    lines = [words_of(node) for node in find(content, "w:p")]
    assert lines[:4] == ["Contents", "1\tSummary\t1", "1.1\tWhat is asked\t1", "2\tSchedule and cost\t3"]
    assert 'TOC \\o "1-2" \\h \\z \\u' in "".join(code.text or "" for code in find(content, ".//w:instrText"))
    assert len(find(content, ".//w:hyperlink[@w:anchor]")) == 5


def test_contents_list_without_page_numbers_says_so_in_its_field(sample_document: Document, theme: Theme) -> None:
    content = find(read_xml(write_docx(sample_document, theme)), "//w:sdtContent")[0]
    codes = "".join(code.text or "" for code in find(content, ".//w:instrText"))
    assert "\\n" in codes
    assert "PAGEREF" not in codes
    assert "1\tSummary" in [words_of(node) for node in find(content, "w:p")]


def test_footnotes_are_word_s_own(sample_docx: bytes) -> None:
    notes = find(read_xml(sample_docx, "word/footnotes.xml"), "w:footnote")
    assert [note.get(f"{W}id") for note in notes] == ["-1", "0", "1", "2"]
    assert [words_of(note) for note in notes[2:]] == [
        f"{EN_SPACE}First note.Its second paragraph.",
        f"{EN_SPACE}See the source.",
    ]
    assert {style_of(node) for note in notes[2:] for node in find(note, "w:p")} == {"FootnoteText"}
    assert b"https://example.org/source" in read_parts(sample_docx)["word/_rels/footnotes.xml.rels"]
    marks = find(read_xml(sample_docx), "//w:footnoteReference")
    assert [mark.get(f"{W}id") for mark in marks] == ["1", "2"]


def test_every_section_keeps_header_footer_and_page_numbers(sample_docx: bytes, sample_body: etree._Element) -> None:
    sections = find(sample_body, "//w:sectPr")
    kinds = [[node.tag.removeprefix(W) for node in section][:2] for section in sections]
    assert kinds == [["headerReference", "footerReference"]] * 3
    assert [bool(find(section, "w:pgSz[@w:orient='landscape']")) for section in sections] == [False, True, False]
    for number in (1, 2):
        header = words_of(read_xml(sample_docx, f"word/header{number}.xml"))
        footer = read_xml(sample_docx, f"word/footer{number}.xml")
        assert header == "Atlas · Records management platform\tDRAFT\tProgress report"
        assert words_of(footer) == "Revision 1.4 · 3f2a91c · 30 September 2026\tInternal\tPage 1 of 6"
        codes = [(code.text or "").strip() for code in find(footer, "//w:instrText")]
        assert codes == ['DOCPROPERTY "Edition"', 'DOCPROPERTY "Sensitivity"', "PAGE", "NUMPAGES"]


def test_landscape_furniture_has_its_own_right_edge(sample_docx: bytes, theme: Theme) -> None:
    stops = [
        find(read_xml(sample_docx, f"word/header{number}.xml"), "//w:tab[@w:val='right']")[0].get(f"{W}pos")
        for number in (1, 2)
    ]
    assert stops == [str(round(width * 20)) for width in (theme.page.text_width, theme.page.landscape_text_width)]


def test_properties_tell_sensitivity_and_revision(sample_docx: bytes) -> None:
    parts = read_parts(sample_docx)
    custom, core = parts["docProps/custom.xml"].decode(), parts["docProps/core.xml"].decode()
    assert 'name="Sensitivity"><vt:lpwstr>Internal<' in custom
    assert 'name="Revision"><vt:lpwstr>1.4 · 3f2a91c<' in custom
    assert core.count("2026-09-30T12:00:00Z") == 2
    assert "<Company>Registry</Company>" in parts["docProps/app.xml"].decode()
