"""Take the sample's business case; change values in it; check what is read, what is refused and how it is told."""

from __future__ import annotations

from decimal import Decimal

import pytest
from case_faults import CASE
from model_sample import FILES, line_of, load, load_good, swap

from pipeline.model.business_case import BusinessCase


def case() -> BusinessCase:
    found = load_good({}).business_case
    assert found is not None
    return found


def test_business_case_is_read_with_its_options_and_years() -> None:
    found = case()
    assert [option.id for option in found.options] == ["A", "B"]
    assert found.years == (2026, 2027, 2028, 2029, 2030)
    assert found.chosen is found.options[1]
    assert found.baseline is found.options[0]
    assert found.options[1].costs[0].years == {2026: Decimal("120000.50")}
    assert found.options[1].benefits[1].years[2029] == Decimal(-500)
    assert (found.prices, found.inflation and found.inflation.base) == ("real", 2026)


def test_options_and_criteria_are_sorted_by_id() -> None:
    text = FILES[CASE]
    cut = text.index("options:\n"), text.index("  - id: B\n"), text.index("sensitivity:\n")
    turned = text[: cut[0]] + "options:\n" + text[cut[1] : cut[2]] + text[cut[0] + 9 : cut[1]] + text[cut[2] :]
    found = load_good({CASE: turned}).business_case
    assert found is not None
    assert [option.id for option in found.options] == ["A", "B"]


def test_project_without_a_business_case_has_none() -> None:
    assert load_good({CASE: None}).business_case is None


def test_case_without_options_is_refused_once() -> None:
    start = FILES[CASE].index("options:\n")
    problems = load({CASE: FILES[CASE][:start] + "options: []\n"}).problems
    assert [problem.code for problem in problems] == ["DB206"]


WRONG = (
    ("weight: 60}", "weight: 101}", "DB206", "`weight` of criterion EC1 wants at most 100, has 101"),
    ("category: support,", "category: suport,", "DB205", '`costs.category` of option A cannot be "suport"'),
    (
        "{2026: 10000, 2027: 12000}",
        "{2026: -1, 2027: 12000}",
        "DB206",
        "`costs.years.2026` of option A wants at least 0",
    ),
    ("{EC1: 5, EC2: 3}", "{EC1: 6, EC2: 3}", "DB206", "`scores.EC1` of option B wants at most 5, has 6"),
    ("terms: nominal}", "terms: normal}", "DB205", '`discount_rate.terms` of business-case.yaml cannot be "normal"'),
    ("kind: social", "kind: sozial", "DB205", '`kind` of benefit 2 cannot be "sozial"'),
    ("horizon: 5", "horizon: 500", "DB206", "`horizon` of business-case.yaml wants at most 100, has 500"),
    ("- id: B", "- id: b", "DB207", "`id` of option b is not written in its form"),
    ("residual_value: 5000", "residual_value: 5000.123", "DB206", "wants at most 2 decimals"),
    ("strengths: [Quick]", "strenghts: [Quick]", "DB202", "unknown key `strenghts` in `swot` of option B"),
    ("do_nothing: true", "do_nothing: yes", "DB204", "`do_nothing` of option A wants true or false"),
    ("delivery: mixed", "delivery: both", "DB205", '`initiation.delivery` of business-case.yaml cannot be "both"'),
)


@pytest.mark.parametrize(("old", "new", "code", "message"), WRONG, ids=[new for _, new, *_ in WRONG])
def test_wrong_value_is_told_at_its_line(old: str, new: str, code: str, message: str) -> None:
    files = swap(CASE, old, new)
    found = [problem for problem in load(files).problems if problem.code == code]
    assert [
        problem for problem in found if message in problem.message and new.split(":")[0] in line_of(files, problem)
    ], [(str(problem), line_of(files, problem)) for problem in load(files).problems]


def test_hints_name_what_was_meant() -> None:
    for old, new, hint in (
        ("driver: costs", "driver: cost", "did you mean `costs`?"),
        ("driver: G1", "driver: G2", "or the id of a cost or benefit"),
        ("benefit: BE1", "benefit: BE11", "did you mean `BE1`?"),
        ("{EC1: 2, EC2: 4}", "{EC1: 2, EC22: 4}", "did you mean `EC2`?"),
    ):
        hints = [problem.hint for problem in load(swap(CASE, old, new)).problems]
        assert any(hint in one for one in hints), hints
