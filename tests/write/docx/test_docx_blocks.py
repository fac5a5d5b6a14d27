"""Take single blocks, ordinary and odd ones; write them; look at the paragraphs that come out."""

from __future__ import annotations

import pytest
from lxml import etree
from word_file import W, find, make_document, read_xml, style_of, words_of, write_blocks

from pipeline.document.theme import Theme
from pipeline.document.tree import (
    Asset,
    Callout,
    Cell,
    Code,
    Column,
    Figure,
    Group,
    Heading,
    Inline,
    Link,
    List,
    ListItem,
    Note,
    NoteRef,
    PageBreak,
    Paragraph,
    Picture,
    Ref,
    Row,
    SignatureBlock,
    Table,
    Text,
    Toc,
)
from pipeline.write.docx import write_docx
from pipeline.write.docx.inlines import make_url


def para(text: str, role: str = "body", name: str = "") -> Paragraph:
    return Paragraph((Text(text),), role, name)


def line(*nodes: Inline) -> Paragraph:
    return Paragraph(nodes)


def paragraphs(body: etree._Element) -> list[tuple[str, str]]:
    return [(style_of(node), words_of(node)) for node in find(body, ".//w:p")]


def after(paragraph: etree._Element) -> str | None:
    return next((node.get(f"{W}after") for node in find(paragraph, "w:pPr/w:spacing")), None)


def test_unknown_role_looks_like_body(theme: Theme) -> None:
    assert paragraphs(write_blocks(theme, para("a", "mine"))) == [("BodyText", "a")]


def test_characters_that_xml_forbids_are_dropped_and_tabs_kept(theme: Theme) -> None:
    body = write_blocks(theme, para("a\x00b\x0bc\td\ne\ud800f\ufffeg\r\nh\u00ad\u2011 <&>\"'"))
    assert words_of(body) == "abc\td efg h\u00ad\u2011 <&>\"'"


def test_page_break_moves_the_next_paragraph_and_leaves_no_empty_one(theme: Theme) -> None:
    body = write_blocks(theme, para("a"), PageBreak(), PageBreak(), Heading(1, (Text("b"),)), para("c"))
    found = find(body, "w:p")
    assert [words_of(node) for node in found] == ["a", "b", "c"]
    assert [len(find(node, "w:pPr/w:pageBreakBefore")) for node in found] == [0, 1, 0]


def test_page_break_at_the_end_of_a_group_holds_for_what_follows(theme: Theme) -> None:
    body = write_blocks(theme, Group((para("a"), PageBreak())), SignatureBlock(()), para("b"))
    assert [len(find(node, "w:pPr/w:pageBreakBefore")) for node in find(body, "w:p")] == [0, 1]


def test_numbered_lists_count_anew_and_from_their_start(theme: Theme) -> None:
    items = (ListItem((para("x"),)),)
    nested = List((ListItem((para("y"), List(items, ordered=True, start=3))),))
    data = write_docx(make_document(List(items, True), List(items, True, 7), nested), theme)
    marks = [(node.get(f"{W}val")) for node in find(read_xml(data), "//w:numId")]
    numbering = read_xml(data, "word/numbering.xml")
    starts = [
        (find(numbering, f"w:num[@w:numId='{mark}']/w:lvlOverride/@w:ilvl"),
         find(numbering, f"w:num[@w:numId='{mark}']/w:lvlOverride/w:startOverride/@w:val"))
        for mark in marks
    ]  # fmt: skip
    assert len(set(marks)) == 4
    assert starts == [(["0"], ["1"]), (["0"], ["7"]), ([], []), (["1"], ["3"])]


def test_lists_deeper_than_word_s_nine_levels_keep_their_indent(theme: Theme) -> None:
    deep = List((ListItem((para("10"),)),))
    for level in range(9, -1, -1):
        deep = List((ListItem((para(str(level)), deep)),))
    found = find(write_blocks(theme, deep), "w:p")
    assert [words_of(node) for node in found] == [str(level) for level in range(11)]
    assert max(int(node.get(f"{W}val") or 0) for node in find(found[0].getparent(), ".//w:ilvl")) == 8
    indents = [int(find(node, "w:pPr/w:ind")[0].get(f"{W}left") or 0) for node in found]
    assert indents == sorted(set(indents))


def test_tight_list_has_space_only_below_its_last_item(theme: Theme) -> None:
    items = tuple(ListItem((para(text),)) for text in "abc")
    body = write_blocks(theme, List(items), List(items, tight=False))
    assert [after(node) for node in find(body, "w:p")] == ["0", "0", "100", None, None, "180"]


def test_item_without_words_keeps_its_mark(theme: Theme) -> None:
    body = write_blocks(theme, List((ListItem(()), ListItem((Code("x"),)))))
    assert len(find(body, ".//w:numPr")) == 2
    assert "x" in words_of(body)


def test_callout_of_paragraphs_is_no_table_and_one_with_a_list_is(theme: Theme) -> None:
    plain = write_blocks(theme, Callout("note", (para("a"), para("b"))))
    mixed = write_blocks(theme, Callout("note", (para("a"), List((ListItem((para("b"),)),)))))
    assert not find(plain, "w:tbl")
    assert len(find(plain, "w:p/w:pPr/w:pBdr/w:left")) == 2
    assert words_of(find(mixed, "w:tbl")[0]) == "ab"


def test_last_paragraph_of_a_callout_carries_the_space_below_it(theme: Theme) -> None:
    body = write_blocks(theme, Callout("note", (para("a"), para("b")), (Text("t"),)))
    assert [after(node) for node in find(body, "w:p")] == [None, None, "200"]


def test_code_keeps_its_lines_and_blanks(theme: Theme) -> None:
    body = write_blocks(theme, Code("a  b\n\n  c"))
    assert paragraphs(body) == [("Code", "a  b\n\n  c")]
    assert len(find(body, "w:p/w:pPr/w:keepLines")) == 1


def test_ids_that_word_does_not_accept_get_bookmarks_of_their_own(theme: Theme) -> None:
    names = ("1 a", "1-a", "Ünï", "x" * 60, "x" * 61, "A", "a", "_Ref_a")
    blocks = tuple(para("p", name=name) for name in names)
    links = tuple(line(Link(f"#{name}", (Text("l"),))) for name in names)
    body = write_blocks(theme, *blocks, *links)
    marks = [mark.get(f"{W}name") or "" for mark in find(body, ".//w:bookmarkStart")]
    assert len({mark.lower() for mark in marks}) == len(names)
    assert max(map(len, marks)) <= 40
    assert [link.get(f"{W}anchor") for link in find(body, ".//w:hyperlink")] == marks


def test_id_that_stands_twice_is_marked_once(theme: Theme) -> None:
    body = write_blocks(theme, para("a", name="x"), para("b", name="x"))
    assert len(find(body, ".//w:bookmarkStart")) == len(find(body, ".//w:bookmarkEnd")) == 1


def test_space_above_a_heading_is_left_by_the_block_before_it(theme: Theme) -> None:
    group = Group((Heading(1, (Text("b"),)),))
    found = find(write_blocks(theme, para("a"), group, PageBreak(), Heading(1, (Text("c"),))), "w:p")
    gap = round((theme.text["body"].after + theme.space["heading-1"]) * 20)
    spacing = [find(node, "w:pPr/w:spacing") for node in found]
    assert [(node[0].get(f"{W}before"), node[0].get(f"{W}after")) if node else None for node in spacing] == [
        (None, str(gap)),
        ("0", None),
        None,
    ]


def test_links_to_nowhere_are_words(theme: Theme) -> None:
    body = write_blocks(
        theme, line(Link("#gone", (Text("a"),)), Ref("gone", "Table 9"), Link("javascript:x", (Text("b"),)))
    )
    assert words_of(body) == "aTable 9b"
    assert not find(body, ".//w:hyperlink|.//w:fldChar")


@pytest.mark.parametrize(
    ("target", "url"),
    [
        ("https://example.org/a b?q=ü#x", "https://example.org/a%20b?q=%C3%BC#x"),
        ("https://example.org/%20x", "https://example.org/%20x"),
        ("mailto:a@example.org", "mailto:a@example.org"),
        ("http://[", ""),
        ("http://", ""),
        ("file:///etc/passwd", ""),
        ("https://exa mple.org", ""),
        ("https://example.org/" + "x" * 3000, ""),
    ],
)
def test_addresses_are_made_fit_for_word(target: str, url: str) -> None:
    assert make_url(target) == url


def test_link_in_a_link_is_flattened(theme: Theme) -> None:
    body = write_blocks(theme, line(Link("https://a.example/", (Link("https://b.example/", (Text("x"),)),))))
    assert len(find(body, ".//w:hyperlink")) == 1


def test_note_that_is_called_twice_stays_one_note(theme: Theme) -> None:
    body = write_blocks(theme, line(NoteRef(1), NoteRef(1), NoteRef(5)), notes=(Note(1, (para("n"),)),))
    assert len(find(body, ".//w:footnoteReference")) == 1
    assert words_of(body) == "15"


def test_note_that_only_a_note_calls_follows_in_it_and_an_uncalled_one_is_left_out(theme: Theme) -> None:
    calls = (line(Text("see "), NoteRef(2), NoteRef(2)), line(NoteRef(1)))
    notes = (Note(1, calls), Note(2, (para("inner"), line(NoteRef(1)))), Note(3, (para("uncalled"),)))
    data = write_docx(make_document(line(NoteRef(1)), notes=notes), theme)
    part = read_xml(data, "word/footnotes.xml")
    assert [words_of(node) for node in find(part, "w:footnote")] == ["", "", "\u2002see 2212\u2002inner1"]
    assert not find(part, ".//w:footnoteReference")


def test_cell_that_ends_with_a_mark_only_gets_a_paragraph(theme: Theme) -> None:
    table = Table((Column(width=50),), (), (Row((Cell((Group((), id="x"),)),)),))
    body = write_blocks(theme, table, Callout("note", (Group(()),)))
    assert [cell[-1].tag for cell in find(body, ".//w:tc")] == [f"{W}p"] * 2


def test_picture_that_is_no_picture_gives_way_to_its_words(theme: Theme) -> None:
    broken = {"x.png": Asset(b"no picture", "image/png", 10, 10)}
    body = write_blocks(
        theme, Figure("x.png", "A chart"), Figure("gone.png", "Gone"), line(Picture("x.png", "p")), assets=broken
    )
    assert [words for _, words in paragraphs(body)] == ["[A chart]", "[Gone]", "[p]"]


def test_figure_is_never_wider_than_its_place(theme: Theme, sample_document: object) -> None:
    assets = getattr(sample_document, "assets")  # noqa: B009
    body = write_blocks(theme, Figure("images/site.png", "wide", width=2000, height=100), assets=dict(assets))
    width = int(find(body, ".//wp:extent")[0].get("cx") or 0)
    assert width == round(theme.page.text_width * 12700)


def test_svg_has_a_png_behind_it_even_where_none_was_given(theme: Theme) -> None:
    body = write_blocks(
        theme, Figure("a.svg", "a", width=10, height=10), assets={"a.svg": Asset(b"<svg/>", "image/svg+xml")}
    )
    assert len(find(body, ".//a:blip")) == 1
    assert b"svgBlip" in etree.tostring(body)


def test_contents_list_without_entries_is_a_whole_field(theme: Theme) -> None:
    body = write_blocks(theme, Toc())
    kinds = [mark.get(f"{W}fldCharType") for mark in find(body, ".//w:fldChar")]
    assert kinds == ["begin", "separate", "end"]


def test_neighbours_with_frames_differ_by_a_hair_or_word_would_join_them(theme: Theme) -> None:
    body = write_blocks(theme, Callout("note", (para("a"),)), Callout("note", (para("b"),)), Code("c"), Code("d"))
    rights = [int(indent.get(f"{W}right") or 0) for indent in find(body, "w:p/w:pPr/w:ind")]
    assert [abs(first - second) for first, second in zip(rights[::2], rights[1::2], strict=True)] == [1, 1]
