"""Take a project with a business case and its prose; render the document; check when it is made and what it shows."""

from __future__ import annotations

from functools import cache
from typing import Any

import pytest
from render_project import FILES
from render_sketch import words
from render_work import TIME, find, portfolio_of, render

from pipeline.document.tree import Callout, Document, Heading, Paragraph, Section, Table, content_of
from pipeline.problems import Place
from pipeline.render.templates.doctypes import house_templates, load_doctypes
from pipeline.sources.snapshot import Snapshot

DATA, PROSE, NAME = "atlas/business-case.yaml", "atlas/business-case.md", "business-case"
CASE = """\
start: 2026
horizon: 5
price_base: 2026
discount_rate: {percent: 10, terms: real}
options:
  - id: A
    title: Carry on
    description: As today.
    do_nothing: true
    swot: {strengths: [Known, Cheap], threats: [It fails]}
    costs: [{title: Rent, category: infrastructure, years: {2026: 100, 2027: 110}}]
  - id: B
    title: Buy
    description: A new one.
    chosen: true
    costs: [{title: Licence, category: development, years: {2026: 3000}}]
    benefits:
      - {title: Time, kind: financial, years: {2027: 1210, 2028: 1331}}
      - {title: Waiting, kind: social, years: {2029: 1331, 2030: 1464.10}}
sensitivity:
  - {driver: costs, percent: 10}
  - {driver: rate, percent: 50}
"""
SECTIONS = load_doctypes(Snapshot.of({}, TIME))[0][NAME].sections
TEXT = "".join(f"# {one.title}\n\nText of {one.title.lower()}.\n\n" for one in SECTIONS if one.required)
GIVEN: dict[str, str | bytes | None] = {DATA: CASE, PROSE: TEXT}


@cache
def document(case: str = CASE, text: str = TEXT) -> Document:
    made = render({DATA: case, PROSE: text}, NAME)
    assert made.document is not None, [str(problem) for problem in made.problems]
    return made.document


def change(old: str, new: str) -> str:
    assert CASE.count(old) == 1, old
    return CASE.replace(old, new)


def table(made: Document, caption: str) -> list[list[str]]:
    """Return the words of a table's rows, its heads included, by the beginning of its caption."""
    (found,) = [one for one in find(made.sections, Table) if words(one.caption).startswith(caption)]
    return [[cell_words(cell) for cell in row.cells] for row in (*found.head, *found.body)]


def cell_words(cell: Any) -> str:
    return " ".join(words(one.children) for one in find(content_of(cell), Paragraph)).replace("\u00a0", " ").strip()


def captions(made: Document) -> list[str]:
    return [words(one.caption) for one in find(made.sections, Table) if one.caption]


def told(files: dict[str, str | bytes | None]) -> list[tuple[str, str, str]]:
    """Return the problems about the business case: code, severity and hint or message."""
    problems = portfolio_of(files).problems
    return [(one.code, one.severity, one.message) for one in problems if one.place == Place(PROSE)]


def test_document_is_made_of_case_and_prose_and_of_nothing_less() -> None:
    assert ("atlas", NAME) in portfolio_of(GIVEN).known
    assert ("atlas", NAME) not in portfolio_of({}).known
    assert told(GIVEN) == told({}) == []


def test_case_without_prose_and_prose_without_case_are_told() -> None:
    assert told({DATA: CASE}) == [
        ("DB306", "warning", f"the business case of atlas is not made, since `{PROSE}` does not exist")
    ]
    assert told({PROSE: TEXT}) == [
        ("DB306", "warning", "the business case of atlas is not made, since it needs business-case.yaml")
    ]
    assert ("atlas", NAME) not in portfolio_of({DATA: CASE}).known
    assert ("atlas", NAME) not in portfolio_of({PROSE: TEXT}).known


def test_prose_may_use_the_figures_and_the_document_knows_its_sources() -> None:
    text = TEXT.replace(
        "Text of benefits.", "Worth {{ appraisal.chosen.npv | money }} by {{ appraisal.chosen.break_even }}."
    )
    made = render({DATA: CASE, PROSE: text}, NAME)
    assert made.document is not None
    said = [words(one.children).replace("\u00a0", " ") for one in find(made.document.sections, Paragraph)]
    assert "Worth 1,200 EUR by 2029." in said
    assert {DATA, PROSE} <= set(made.sources)
    assert DATA not in render({DATA: CASE}, "charter").sources


def test_names_are_there_without_a_case_but_hold_nothing() -> None:
    asked = {
        "atlas/charter.md": str(FILES["atlas/charter.md"])
        + "\n{{ 'yes' if appraisal.chosen is defined else 'no case' }}\n"
    }
    made = render(asked)
    assert made.document is not None
    assert "no case" in [words(one.children) for one in find(made.document.sections, Paragraph)]


def test_figures_stand_beside_each_other_with_a_dash_and_a_reason_where_there_is_none() -> None:
    made = document()
    rows = {row[0]: row[1:] for row in table(made, "All benefits counted")}
    assert rows["Figure"] == ["Option A", "Option B (chosen)"]
    assert rows["Net present value"] == ["−200", "1,200"]
    assert rows["Benefit-cost ratio"] == ["0.00", "1.40"]
    assert rows["Internal rate of return"] == ["–", "26.8 %"]
    assert rows["Payback"] == ["–", "2.3 years"]
    assert rows["Total cost of ownership"] == ["210", "3,000"]
    assert table(made, "Figures that are not defined")[1:] == [
        ["A", "Internal rate of return, Modified internal rate of return",
         "not measurable: no year brings more than it costs"],
        ["A", "Payback, Discounted payback", "not achievable: the outlay is not recovered within the horizon"],
    ]  # fmt: skip


def test_options_are_compared_with_doing_nothing_and_without_social_benefits() -> None:
    made = document()
    compared = {row[0]: row[1:] for row in table(made, "Compared with doing nothing (option A)")}
    assert (compared["Figure"], compared["Net present value"]) == (["Option B (chosen)"], ["1,400"])
    financial = {row[0]: row[1:] for row in table(made, "Financial benefits alone")}
    assert financial["Net present value"] == ["−200", "−800"]


def test_cash_flow_is_shown_year_by_year() -> None:
    rows = table(document(), "Cash flow of option B")
    assert rows[2] == ["2026", "3,000", "0", "−3,000", "−3,000", "1.0000", "−3,000", "−3,000"]
    assert rows[-1] == ["2030", "0", "1,464", "1,464", "2,336", "0.6830", "1,000", "1,200"]


def test_sensitivity_names_what_is_moved_and_what_it_does() -> None:
    rows = table(document(), "Sensitivity")
    assert rows[2] == ["Discount rate", "±50", "1,714", "771", "943", "+168", "B"]
    assert rows[3] == ["All costs", "±10", "1,500", "900", "600", "+40", "B"]


def test_swot_is_four_columns_whose_empty_cells_are_blank() -> None:
    assert table(document(), "Strengths, weaknesses")[1:] == [["Known", "", "", "It fails"], ["Cheap", "", "", ""]]
    assert captions(document()).count("Strengths, weaknesses, opportunities and threats of option B") == 0


def test_sections_come_in_the_order_of_the_method() -> None:
    titles = [words(one.children) for one in find(document().sections, Heading) if one.level == 1]
    assert titles == [
        "Executive summary", "Project initiation information", "Context", "Expected outcomes", "Alternatives",
        "Solution", "Governance", "Annex: economic appraisal",
    ]  # fmt: skip


def test_lines_by_year_stand_on_landscape_pages_and_are_parted_where_they_are_too_wide() -> None:
    wide = [section for section in document().sections if isinstance(section, Section) and section.landscape]
    assert len(wide) == 1
    long = document(change("horizon: 5", "horizon: 15"))
    heads = [
        [cell_words(cell) for cell in one.head[0].cells]
        for one in find(long.sections, Table)
        if "in prices of" in words(one.caption)
    ]
    assert [(head[2], head[-2], head[-1]) for head in heads] == [
        ("2026", "2037", "Total"),
        ("2038", "2040", "Total"),
    ] * 2


def test_several_rates_of_return_bring_a_warning_and_the_profile() -> None:
    costs = "costs: [{title: L, category: other, years: {2026: 100, 2029: 7}}]\n"
    gains = "    benefits: [{title: T, kind: social, years: {2027: 100}}]\n"
    start, end = CASE.index("costs: [{title: Licence"), CASE.index("sensitivity:")
    made = document(CASE[:start] + costs + gains + CASE[end:])
    (callout,) = find(made.sections, Callout)
    said = " ".join(words(one.children) for one in find(callout, Paragraph)).replace("\u00a0", " ")
    assert callout.kind == "warning"
    assert "of option B is zero at several rates: −67.9 %, −8.3 %." in said
    assert len(table(made, "Net present value of option B by discount rate")) > 10
    assert "not measurable: the net present value is zero at several rates" in table(made, "Figures that are not")[-2]


def test_prices_and_rates_are_told_as_they_are() -> None:
    case = change(
        "discount_rate: {percent: 10, terms: real}",
        "discount_rate: {percent: 12.5, terms: nominal}\ninflation: {percent: 2, base: 2026}\nfinance_rate: 6",
    )
    said = {row[0]: row[1] for row in table(document(case), "How the figures are made")}
    assert said["Discount rate"] == "12.5 % a year, nominal"
    assert said["Inflation"] == "2 % a year from 2026 on"
    assert said["Outlays are financed at"] == "6 %"
    assert said["Prices"] == "those of 2026 (real)"
    assert said["Horizon"] == "5 years, 2026 to 2030"
    assert not {"Returns are invested at", "Residual value"} & set(said)


@pytest.mark.parametrize(
    "case",
    [
        change("    do_nothing: true\n", ""),
        CASE.partition("sensitivity:")[0],
        "start: 2026\nhorizon: 5\nprice_base: 2026\ndiscount_rate: {percent: 0, terms: real}\n"
        "options: [{id: A, title: T, description: D, chosen: true, do_nothing: true}]\n",
    ],
    ids=["nothing to compare with", "nothing moved", "nothing at all"],
)
def test_case_that_says_little_makes_a_document_all_the_same(case: str) -> None:
    assert render({DATA: case, PROSE: TEXT}, NAME).document is not None


def test_words_of_the_options_are_no_markdown() -> None:
    made = document(change("title: Buy", 'title: "*Buy* | [x](y) <b>"'))
    assert ["B", "*Buy* | [x](y) <b>", "A new one.", "Chosen"] in table(made, "The options")


def test_template_is_one_of_the_house() -> None:
    assert "templates/business-case.md.j2" in house_templates()


def test_type_of_its_own_can_need_a_file_and_must_name_one_that_is_known() -> None:
    own = "---\nid: note\ntitle: Note\neach: project\nneeds: [{need}]\n---\n\nText.\n"
    made = {"templates/note.md.j2": own.replace("{need}", "risks")}
    assert ("atlas", "note") in portfolio_of(made).known
    assert ("atlas", "note") not in portfolio_of({**made, "atlas/registers/risks.yaml": None}).known
    (problem,) = load_doctypes(Snapshot.of({"templates/note.md.j2": own.replace("{need}", "rikss")}, TIME))[1]
    assert (problem.code, problem.place.line, problem.hint) == ("DB343", 5, "did you mean `risks`?")
