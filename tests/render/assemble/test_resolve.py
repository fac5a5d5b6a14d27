"""Take texts with headings, tables, figures, notes, references; settle them; check numbers, names, links and sizes."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from render_sketch import sketch, words
from render_work import FILE, PNG, THEME, codes, find, make_page, settle, settle_all

from pipeline.document.tree import Cell, Column, Figure, Heading, Link, NoteRef, Paragraph, Ref, Row, Table, Text, Toc
from pipeline.problems import Place
from pipeline.render.assemble.resolve import resolve
from pipeline.render.assemble.widths import set_widths
from pipeline.render.metrics import measure
from pipeline.render.templates.islands import words_of
from pipeline.render.words import Words

PICTURE = "![P](../images/plan.png"


def headings(text: str, **how: bool) -> list[str]:
    sections, _ = settle(text, **how)
    return [sketch((heading,))[0] for heading in find(sections, Heading)]


def test_headings_are_numbered_on_two_levels_and_named_by_their_words() -> None:
    made = headings("# One\n## Two and a half\n## Three\n### Four\n# Five\n## Six")
    assert made == [
        "h1#one: 1 One", "h2#two-and-a-half: 1.1 Two and a half", "h2#three: 1.2 Three", "h3#four: Four",
        "h1#five: 2 Five", "h2#six: 2.1 Six",
    ]  # fmt: skip


def test_headings_of_a_document_without_numbering_have_none() -> None:
    assert headings("# One\n## Two", numbering=False) == ["h1#one: One", "h2#two: Two"]


LEVELS = {
    "starts low": ("### a\n## b\n# c", [1, 1, 1]),
    "skips one": ("# a\n### b\n#### c\n## d", [1, 2, 3, 2]),
    "goes back": ("## a\n#### b\n## c\n### d", [1, 2, 1, 2]),
    "in a quotation": ("# a\n\n> ### b\n\n# c", [1, 2, 1]),
    "all six": ("# a\n## b\n### c\n#### d\n##### e\n###### f", [1, 2, 3, 4, 5, 6]),
}


@pytest.mark.parametrize("name", LEVELS)
def test_heading_levels_have_no_gaps(name: str) -> None:
    text, expected = LEVELS[name]
    sections, _ = settle(text)
    assert [heading.level for heading in find(sections, Heading)] == expected


@given(st.lists(st.integers(1, 6), min_size=1, max_size=20))
@settings(max_examples=60, deadline=None)
def test_heading_levels_never_rise_by_more_than_one(levels: list[int]) -> None:
    sections, _ = settle("".join(f"{'#' * level} t\n\n" for level in levels))
    made = [heading.level for heading in find(sections, Heading)]
    assert made[0] == 1 and len(made) == len(levels)
    assert all(after <= before + 1 for before, after in pairwise(made))


def test_names_are_unique_whoever_gives_them() -> None:
    text = (
        f"# A\n# A\n# A {{#a}}\n# B {{#a-2}}\n\n{PICTURE}){{#a}}\n\n{PICTURE}){{#x}}\n\n{PICTURE}){{#x}}\n\n"
        f'{PICTURE} "c"){{#x}}\n\n' + "{{ table(risks, [col('Title')], id='x') }}\n\n# !\n# ?"
    )
    sections, _ = settle(text)
    names = [node.id for node in find(sections, object) if getattr(node, "id", "")]
    assert names == ["a", "a-2", "a-3", "a-2-2", "a-4", "x", "x-2", "x-3", "x-4", "section", "section-2"]


def test_tables_and_figures_with_a_caption_are_numbered_each_on_its_own() -> None:
    text = (
        f'{PICTURE} "First")\n\n'
        + "{{ table(risks, [col('Title')], caption='One', id='tbl-one') }}\n\n|a|\n|-|\n|b|\n\n"
        f"{PICTURE})\n\n" + "{{ table(risks, [col('Title')], caption='Two') }}\n\n" + f'{PICTURE} "Second"){{#fig-b}}'
    )
    sections, _ = settle(text)
    tables, figures = find(sections, Table), find(sections, Figure)
    assert [(t.label, t.number, t.id, words(t.caption)) for t in tables] == [
        ("Table", 1, "tbl-one", "One"), ("", 0, "", ""), ("Table", 2, "tbl-2", "Two"),
    ]  # fmt: skip
    assert [(f.label, f.number, f.id, words(f.caption)) for f in figures] == [
        ("Figure", 1, "fig-1", "First"), ("", 0, "", ""), ("Figure", 2, "fig-b", "Second"),
    ]  # fmt: skip


def test_references_say_what_they_lead_to_from_wherever_they_stand() -> None:
    text = (
        "# See [@fig-x]\n\nBefore [@tbl-x] and [@two].\n\n## Two\n\n### Deep {#deep}\n\n- in [@deep]\n\n"
        "a[^1]\n\n[^1]: in [@tbl-x]\n\n"
        "{{ table(risks, [col('Title')], caption='T', id='tbl-x') }}\n\n"
        f'{PICTURE} "see [@deep]"){{#fig-x}}\n\n' + "{{ 'x' }} {{ ref('two') }}\n"
    )
    sections, notes, page = settle_all(text)
    assert page.problems == []
    assert [ref.text for ref in find(sections, Ref)] == ["Figure 1", "Table 1", "Section 1.1", "Deep", "Section 1.1"]
    assert [ref.text for ref in find(notes, Ref)] == ["Table 1"]


def test_reference_to_nothing_is_told_of_with_its_line_and_keeps_its_words() -> None:
    sections, page = settle("a\n\nb\nc [@tbl-none]")
    assert sketch(sections[0].blocks) == ["p: a", "p: b c [@tbl-none]"]
    assert [(p.code, p.severity, p.place) for p in page.problems] == [("DB327", "warning", Place(FILE, 4))]


ANCHORS = {
    "our own": ("What's new?", "what-s-new"),
    "GitHub's apostrophe": ("What's new?", "whats-new"),
    "GitHub's ampersand": ("Cost & time", "cost--time"),
    "GitHub's point": ("Version 1.2", "version-12"),
    "underscore": ("my_heading here", "my_heading-here"),
    "capitals": ("Scope", "Scope"),
    "accents": ("Été à venir", "%C3%A9t%C3%A9-%C3%A0-venir"),
    "emphasis": ("The *big* `one`", "the-big-one"),
    "number": ("1. Scope", "1-scope"),
}


@pytest.mark.parametrize("name", ANCHORS)
def test_link_to_a_heading_leads_there_in_other_tools_spelling(name: str) -> None:
    title, anchor = ANCHORS[name]
    sections, page = settle(f"[x](#{anchor})\n\n# {title}")
    (link,), (heading,) = find(sections, Link), find(sections, Heading)
    assert link.target == f"#{heading.id}"
    assert page.problems == []


def test_second_heading_of_one_name_is_found_under_githubs_number() -> None:
    sections, page = settle("[x](#scope-1) [y](#scope)\n\n# Scope\n\n# Scope")
    assert [link.target for link in find(sections, Link)] == ["#scope-2", "#scope"]
    assert page.problems == []


def test_link_to_no_heading_is_told_of_and_leaves_its_words() -> None:
    sections, page = settle("a\n[b *c*](#nowhere)")
    assert sketch(sections[0].blocks) == ["p: a b em(c)"]
    assert [(p.code, p.place) for p in page.problems] == [("DB322", Place(FILE, 2))]


def test_contents_list_the_headings_down_to_their_depth_without_links_and_notes() -> None:
    text = (
        "{{ toc(depth=2) }}\n\n{{ toc() }}\n\n# A [b](https://x.org)[^1] *c*\n\n## D\n\n### E\n\n# See [@d]\n\n[^1]: n"
    )
    sections, page = settle(text)
    assert page.problems == []
    assert [sketch((toc,))[0] for toc in find(sections, Toc)] == [
        "toc 2: 1 A b em(c) | 1.1 D | 2 See ref(Section 1.1)", "toc 1: 1 A b em(c) | 2 See ref(Section 1.1)",
    ]  # fmt: skip
    names = [heading.id for heading in find(sections, Heading)]
    assert [entry.target for entry in find(sections, Toc)[0].entries] == [names[0], names[1], names[3]]


def test_footnotes_are_numbered_as_a_reader_meets_them() -> None:
    text = "a[^z] b[^y]\n\n|c[^x]|\n|-|\n|d[^z]|\n\n[^x]: X\n[^y]: Y[^w]\n[^z]: Z\n[^w]: W"
    sections, notes, _ = settle_all(text)
    assert [ref.number for ref in find(sections, NoteRef)] == [1, 2, 3, 1]
    assert [(note.number, words_of(note.blocks).strip()) for note in notes] == [(1, "Z"), (2, "Y"), (3, "X"), (4, "W")]
    assert [ref.number for ref in find(notes, NoteRef)] == [4]


def test_footnote_that_refers_to_itself_ends() -> None:
    _, notes, _ = settle_all("a[^1]\n\n[^1]: b[^1]")
    assert len(notes) == 1


def test_landscape_containers_make_sections_of_their_own() -> None:
    sections, _ = settle("a\n\n::: landscape\nb\n:::\n\n::: landscape\nc\n:::\n\nd")
    assert [(section.landscape, sketch(section.blocks)) for section in sections] == [
        (False, ["p: a"]), (True, ["p: b", "p: c"]), (False, ["p: d"]),
    ]  # fmt: skip
    sections, _ = settle("a\n\n::: landscape\nb\n:::", landscape=True)
    assert [(section.landscape, sketch(section.blocks)) for section in sections] == [(True, ["p: a", "p: b"])]
    assert [section.blocks for section in settle("")[0]] == [()]


def test_table_on_a_landscape_page_takes_its_width() -> None:
    sections, _ = settle("::: landscape\n|a|b|\n|-|-|\n|c|d|\n:::")
    total = sum(column.width for column in find(sections, Table)[0].columns)
    assert total == pytest.approx(THEME.page.landscape_text_width, abs=0.2)


SIZES = {
    "its own": ("", 300.0, 150.0),
    "half": ('{width="50%"}', THEME.page.text_width / 2, THEME.page.text_width / 4),
    "full": ("{width=100%}", THEME.page.text_width, THEME.page.text_width / 2),
    "none": ('{width="0%"}', 300.0, 150.0),
    "nonsense": ('{width="wide"}', 300.0, 150.0),
}


@pytest.mark.parametrize("name", SIZES)
def test_figure_has_the_size_that_was_asked_for(name: str) -> None:
    attributes, width, height = SIZES[name]
    (figure,) = find(settle(f"{PICTURE}){attributes}")[0], Figure)
    assert figure.width == pytest.approx(width, abs=0.05)
    assert figure.height == pytest.approx(height, abs=0.05)


def _svg(width: object, height: object) -> bytes:
    return f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}"></svg>'.encode()


@pytest.mark.parametrize("size", [(9000, 10), (10, 9000), (1, 1), ("0.2", "0.2"), ("210mm", "297mm"), (3000, 3000)])
def test_figure_of_any_size_fits_the_page(size: tuple[object, object]) -> None:
    files = {"atlas/images/s.svg": _svg(*size)}
    for text in (
        "![S](../images/s.svg)",
        "![S](../images/s.svg){width=100%}",
        "::: landscape\n![S](../images/s.svg)\n:::",
    ):
        sections, page = settle(text, files)
        assert page.problems == []
        (figure,) = find(sections, Figure)
        sheet = THEME.page
        room = sheet.landscape_text_width if sections[0].landscape else sheet.text_width
        tall = (sheet.width if sections[0].landscape else sheet.height) - sheet.top - sheet.bottom
        assert 0 < figure.width <= room + 0.05
        assert 0 < figure.height < tall


def test_figure_in_a_footnote_is_measured_too() -> None:
    _, notes, page = settle_all(f"a[^1]\n\n[^1]: {PICTURE})")
    assert page.problems == []
    assert [figure.width for figure in find(notes, Figure)] == [300.0]


BAD_PICTURES = {
    "no size": b"<svg></svg>",
    "size in words": b'<svg width="wide" height="high"/>',
    "strange number": b'<svg width="..5" height="1.2.3"/>',
    "empty box": b'<svg viewBox="0 0 0 0" width="4"/>',
    "box of points": b'<svg viewBox=". . . ."/>',
    "endless size": b'<svg width="' + b"9" * 400 + b'" height="1"/>',
    "script": b'<svg width="1" height="1"><script>x</script></svg>',
    "handler": b'<svg width="1" height="1" onload="x()"/>',
    "remote image": b'<svg width="1" height="1"><image href="https://x.org/a.png"/></svg>',
    "local file": b'<svg width="1" height="1"><image xlink:href=\'file:///etc/passwd\'/></svg>',
    "remote style": b'<svg width="1" height="1"><style>@import "https://x.org"</style></svg>',
    "remote fill": b'<svg width="1" height="1"><rect fill="url(https://x.org#a)"/></svg>',
    "quoted remote fill": b'<svg width="1" height="1"><rect style="fill:url( \'//x.org/a\')"/></svg>',
    "entity": b'<!DOCTYPE svg [<!ENTITY a "b">]><svg width="1" height="1"/>',
    "foreign object": b'<svg width="1" height="1"><foreignObject/></svg>',
    "cut PNG": PNG[:18],
    "PNG without size": PNG[:16] + b"\0" * 8,
    "PNG of endless size": PNG[:16] + b"\xff" * 8,
    "cut JPEG": b"\xff\xd8\xff\xe0\x00\x10JFIF",
    "cut GIF": b"GIF89a\x01",
    "WebP": b"RIFF\x00\x00\x00\x00WEBPVP8 ",
    "text": b"no picture",
    "nothing": b"",
}


@pytest.mark.parametrize("name", BAD_PICTURES)
def test_picture_that_is_damaged_or_dangerous_is_told_of(name: str) -> None:
    sections, page = settle("![A](../images/bad)", {"atlas/images/bad": BAD_PICTURES[name]})
    assert sketch(sections[0].blocks) == ["p: A"]
    assert set(codes(page.problems)) == {"DB334" if "endless size" in name and "PNG" in name else "DB333"}
    assert page.assets == {}


@pytest.mark.parametrize("fill", ["url(#a)", "url( #a )", "url('#a')", 'url(\\"#a\\")', "#fff"])
def test_drawing_that_points_into_itself_is_fine(fill: str) -> None:
    svg = f'<svg width="10" height="10"><rect style="fill:{fill}"/><use href="#b"/></svg>'.replace('\\"', "&quot;")
    _, page = settle("![A](../images/a.svg)", {"atlas/images/a.svg": svg})
    assert page.problems == []


def _table(rows: list[list[str]], widths: list[float], head: list[str]) -> Table:
    cells = [Row(tuple(Cell((Paragraph((Text(text),), "cell"),)) for text in row)) for row in (head, *rows)]
    return Table(tuple(Column("left", width) for width in widths), (cells[0],), tuple(cells[1:]))


CELL = st.text("abcdefghij MW", max_size=40)


@given(st.data())
@settings(max_examples=150, deadline=None)
def test_columns_fill_the_page_and_never_more(data: st.DataObject) -> None:
    count = data.draw(st.integers(1, 9))
    row = st.lists(CELL, min_size=count, max_size=count)
    shares = st.lists(st.sampled_from([0.0, 0.1, 0.25, 0.5, 1.0]), min_size=count, max_size=count)
    table = _table(data.draw(st.lists(row, max_size=6)), data.draw(shares), data.draw(row))
    width = data.draw(st.sampled_from([THEME.page.text_width, THEME.page.landscape_text_width]))
    made = set_widths(table, width, THEME)
    sizes = [column.width for column in made.columns]
    assert all(size > 0 for size in sizes)
    assert width - 0.05 * count - 1e-6 <= sum(sizes) <= width + 1e-6
    assert all(abs(size * 20 - round(size * 20)) < 1e-6 for size in sizes)


def test_no_column_is_thinner_than_its_longest_word() -> None:
    long = "a sentence that goes on for quite a while and would take all the room there is " * 4
    table = _table(
        [["R-01", long, "approved", "12,345"], ["R-02", long, "rejected", "9"]],
        [0.0] * 4,
        ["No.", "Text", "Status", "EUR"],
    )
    made = set_widths(table, THEME.page.text_width, THEME)
    size = THEME.text["cell"].size
    for column, word in zip(made.columns, ("R-01", "sentence", "approved", "12,345"), strict=True):
        assert column.width >= measure(word, size) + 2 * THEME.table.padding_x


def test_one_endless_word_leaves_room_for_the_others() -> None:
    made = set_widths(_table([["x" * 400, "approved"]], [0.0, 0.0], ["A", "B"]), THEME.page.text_width, THEME)
    assert made.columns[1].width > measure("approved", THEME.text["cell"].size)


def test_nothing_is_measured_where_nothing_is() -> None:
    assert set_widths(Table((), (), ()), 400.0, THEME).columns == ()


def test_captions_and_references_are_in_the_documents_language_where_it_has_words_for_them() -> None:
    page = make_page()
    sections, _ = resolve((Heading(1, (Text("A"),)),), page, Words("xx"), THEME)
    assert find(sections, Heading)[0].number == "1"
