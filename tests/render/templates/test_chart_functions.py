"""Take templates that call for charts; run them; check figures, captions, parts, annexes and problems."""

from __future__ import annotations

import pytest
from chart_rows import LOOK, THEME, cells_of
from render_work import FILE, codes, find, render, run, settle

from pipeline.document.tree import Figure, Heading, Paragraph, Table
from pipeline.render.charts.canvas import make_look

ROWS = '[{"title": "Open", "value": 2}, {"title": "Closed", "value": 5}]'
TEMPLATE = "---\nid: one\ntitle: One\neach: project\n%s---\n{{ bars(" + ROWS + ") }}\n"
DATA = "Data of the charts"


def figures(call: str) -> list[Figure]:
    blocks, problems = run(f"{{{{ {call} }}}}\n")
    assert problems == []
    return find(blocks, Figure)


def test_a_chart_states_its_finding_where_no_caption_is_given() -> None:
    (figure,) = figures(f'bars({ROWS}, id="fig-b")')
    assert figure.caption[0].text == "The highest is Closed, 5."
    assert figure.alt == "Bar chart. Open: 2; Closed: 5."
    assert (figure.id, figure.asset, figure.annex) == ("fig-b", "", True)
    assert (figure.width, figure.height) == (LOOK.width, 38)
    assert (figure.place.file, figure.place.line) == (FILE, 1)


def test_caption_and_alternative_text_of_the_template_come_first() -> None:
    (figure,) = figures(f'bars({ROWS}, caption="Requests", alt="More are closed than open.")')
    assert figure.caption[0].text == "Requests"
    assert figure.alt == "More are closed than open."


def test_a_chart_with_an_empty_caption_has_no_number_and_keeps_its_data() -> None:
    sections, page = settle(f'{{{{ bars({ROWS}, caption="") }}}}\n')
    (figure,) = find(sections, Figure)
    assert (figure.caption, figure.number) == ((), 0)
    (table,) = find(sections, Table)
    assert table.caption[0].text == "Data of the chart: Bar chart"
    assert figure.alt.endswith("Its data are in Table 1.")
    assert page.problems == []


def test_charts_are_numbered_and_referred_to_like_pictures() -> None:
    picture, chart = 'figure("atlas/images/plan.png", "Plan", caption="Plan")', f'bars({ROWS}, id="fig-b")'
    sections, page = settle(f"See [@fig-b].\n\n{{{{ {picture} }}}}\n\n{{{{ {chart} }}}}\n")
    assert [figure.number for figure in find(sections, Figure)] == [1, 2]
    assert find(sections, Paragraph)[0].children[1].text == "Figure 2"
    assert page.problems == []


def test_the_annex_is_a_section_at_the_end_with_a_table_for_each_chart() -> None:
    sections, _ = settle(f"# One\n\n{{{{ bars({ROWS}) }}}}\n\n{{{{ bars({ROWS}) }}}}\n")
    assert [heading.children[0].text for heading in find(sections, Heading)] == ["One", DATA]
    tables = find(sections, Table)
    assert [(table.number, table.caption[1].text) for table in tables] == [(1, "Figure 1"), (2, "Figure 2")]
    assert cells_of(tables[0]) == [["Name", "Value"], ["Open", "2"], ["Closed", "5"]]
    assert sum(column.width for column in tables[0].columns) == pytest.approx(THEME.page.text_width, abs=0.5)


def test_data_none_keeps_a_chart_out_of_the_annex_but_not_its_rows() -> None:
    sections, _ = settle(f'{{{{ bars({ROWS}, data="none") }}}}\n')
    assert find(sections, Table) == []
    assert cells_of(find(sections, Figure)[0].data)[1] == ["Open", "2"]


@pytest.mark.parametrize(("front", "tables"), [("", 1), ("chart_data: annex\n", 1), ("chart_data: none\n", 0)])
def test_the_document_type_says_where_the_data_of_its_charts_stand(front: str, tables: int) -> None:
    rendered = render({"templates/one.md.j2": TEMPLATE % front}, "one")
    assert rendered.document is not None, rendered.problems
    assert len(find(rendered.document.sections, Table)) == tables


def test_an_unknown_place_for_data_is_refused() -> None:
    _, problems = run(f'{{{{ bars({ROWS}, data="appendix") }}}}\n')
    assert codes(problems) == ["DB352"]
    assert "`annex` or `none`, not `appendix`" in problems[0].message
    assert problems[0].place.line == 1


def test_charts_of_turned_pages_are_as_wide_as_they() -> None:
    rendered = render({"templates/one.md.j2": TEMPLATE % "landscape: true\n"}, "one")
    assert rendered.document is not None
    (figure,) = find(rendered.document.sections, Figure)
    assert figure.width == pytest.approx(THEME.page.landscape_text_width, abs=0.1)
    assert make_look(THEME, landscape=True).width >= figure.width


def test_long_charts_come_in_parts_with_captions_that_say_so() -> None:
    rows = ", ".join(f'{{"title": "Row {number}", "value": {number}}}' for number in range(1, 31))
    first, second = figures(f'bars([{rows}], caption="Rows.", id="fig-b")')
    assert [one.caption[0].text for one in (first, second)] == ["Rows (part 1 of 2)", "Rows (part 2 of 2)"]
    assert [one.id for one in (first, second)] == ["fig-b", "fig-b-2"]
    assert len(cells_of(first.data)) + len(cells_of(second.data)) == 32


def test_a_chart_with_too_little_to_show_leaves_a_sentence() -> None:
    blocks, problems = run('{{ milestone_trend([], empty="There is one report so far.") }}\n\n{{ gantt([]) }}\n')
    assert [block.children[0].text for block in blocks] == [
        "There is one report so far.",
        "There is nothing to draw yet.",
    ]
    assert problems == []


@pytest.mark.parametrize(
    ("call", "words"),
    [
        ('gantt([{"title": "A"}])', "row 1 has no `finish`"),
        ('gantt([{"title": "A", "finish": "2026-02-30"}])', "`finish` is not a date"),
        ('gantt([{"title": "A", "finish": "2026-02-28"}], status_date="today")', "`status_date` is not a date"),
        ('bars([{"title": "A"}])', "`value` is not a number"),
        (f'bars({ROWS}, format="euros")', "there is no format `euros`"),
        ('risk_heat_map([{"id": "R-1", "likelihood": 6, "impact": 2}])', "likelihood and impact are 1 to 5, not 6"),
        ('engagement_chart([{"name": "A", "current": "happy", "desired": "leading"}])', "not `happy`"),
        ('rasci_chart([{"title": "A", "roles": {"B": "X"}}])', "`X` is none of R, A, S, C, I"),
        ('tornado([{"title": "A", "low": 1, "high": 2}], base="much")', "`base` is not a number"),
        (f'line({ROWS}, y=["value", "value"])', "a name of its own"),
    ],
)
def test_rows_and_settings_that_do_not_fit_are_errors_with_their_line(call: str, words: str) -> None:
    _, problems = run(f"Text.\n\n{{{{ {call} }}}}\n")
    assert codes(problems) == ["DB352"]
    assert words in problems[0].message
    assert (problems[0].place.file, problems[0].place.line) == (FILE, 3)


def test_values_in_a_chart_are_text_and_never_read_as_markdown() -> None:
    sections, page = settle('{{ bars([{"title": "*Late* | [x](y) <b>", "value": 1}]) }}\n')
    assert cells_of(find(sections, Table)[0])[1][0] == "*Late* | [x](y) <b>"
    assert page.problems == []
