"""Take docs/figures.md and the sample; work its examples out again, as written and by the code; compare."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path

import pytest
from reference_values import sample_project

from pipeline.controls.baseline import make_baseline
from pipeline.controls.cost import compute_cost, compute_reserves
from pipeline.controls.performance import Performance, compute_earned_schedule, compute_performance, forecast_finish

PAGE = (Path(__file__).parents[2] / "docs" / "figures.md").read_text()
PERIOD = "2026-09"


def part(title: str) -> str:
    return PAGE.partition(f"\n## {title}\n")[2].partition("\n## ")[0]


@cache
def performance() -> Performance:
    project = sample_project()
    progress = project.progress_of(PERIOD)
    assert progress is not None
    return compute_performance(project, progress, progress.status_date)


def number(text: str) -> Decimal:
    return Decimal(text.replace(",", "").replace("−", "-"))


def rows(section: str) -> list[list[str]]:
    """Return the cells of the rows of a section's tables that begin with a package or the project."""
    lines = re.findall(r"^\| (?:WP\d.*?|Project) \|.*$", section, re.MULTILINE)
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]


def test_packages_of_the_worked_example_are_those_of_the_code() -> None:
    values = {one.id: one for one in performance().packages} | {"Project": performance().project}
    for name, _, _, _, budget, *amounts in rows(part("Earned value")):
        one = values[name]
        assert one.bac.value == number(budget)
        shown = [f"{measure.value:,.2f}" for measure in (one.pv, one.ev, one.ac)]
        assert amounts == shown, name


def terms(cell: str) -> Decimal:
    """Return what a sum such as `22 + 105 × 60 %` comes to, by the arithmetic that is written."""
    written = cell.partition("=")[0].replace("×", "*").replace("%", "/100")
    total = Decimal(0)
    for term in written.split("+"):
        product = Decimal(1)
        for factor in term.split("*"):
            above, _, below = factor.strip().partition("/")
            product *= Decimal(above.strip()) / Decimal(below.strip() or 1)
        total += product
    return total


def test_worked_example_can_be_followed_with_a_calculator() -> None:
    for name, effort, due, done, budget, pv, ev, _ in rows(part("Earned value"))[:-1]:
        whole, amount = Decimal(effort), number(budget)
        assert round(amount * terms(due) / whole, 2) == number(pv), name
        assert round(amount * terms(done) / whole, 2) == number(ev), name


def test_plan_of_july_and_august_can_be_followed_too() -> None:
    budgets = {
        name: (number(budget), Decimal(effort)) for name, effort, _, _, budget, *_ in rows(part("Earned value"))[:-1]
    }
    listed = rows(part("Earned schedule"))
    for name, july, first, august, second in listed[:-1]:
        for due, pv in ((july, first), (august, second)):
            if due != "all":
                budget, effort = budgets[name]
                assert round(budget * terms(due) / effort, 2) == number(pv), (name, due)
    planned = dict(make_baseline(sample_project()).by_month)
    shown = [
        f"{float(amount):,.2f}" for day, amount in planned.items() if (day.year, day.month) in ((2026, 7), (2026, 8))
    ]
    assert [listed[-1][2], listed[-1][4]] == shown


def test_results_of_the_worked_examples_are_those_of_the_code() -> None:
    project, value = sample_project(), performance().project
    progress = project.progress_of(PERIOD)
    schedule = compute_earned_schedule(project, progress, performance())
    said = part("Earned value") + part("Earned schedule")
    for measure, digits in (
        (value.cv, 2), (value.sv, 2), (value.cpi, 4), (value.spi, 4), (value.eac, 2), (value.eac_2, 2),
        (value.eac_3, 2), (value.etc, 2), (value.vac, 2), (value.tcpi, 4), (value.complete, 1), (value.spent, 1),
        (schedule.es, 3), (schedule.sv_t, 3), (schedule.spi_t, 3), (schedule.ieac_t, 2), (schedule.tspi, 3),
    ):  # fmt: skip
        assert measure.value is not None
        text = f"{measure.value:,.{digits}f}".replace("-", "−")
        assert re.search(rf"(?<![\d.,]){re.escape(text)}(?!\d)", said), text
    assert forecast_finish(schedule, make_baseline(project)) == date(2027, 3, 22)
    assert "22 March 2027" in said


def test_reserves_of_the_page_are_those_of_the_code() -> None:
    project = sample_project()
    progress = project.progress_of(PERIOD)
    assert progress is not None
    reserves, cost = compute_reserves(project, progress.status_date), compute_cost(project, progress)
    said = part("Cost")
    for amount in (reserves.drawn, reserves.contingency_left, cost.project.forecast, cost.variance):
        assert f"{amount:,.0f}" in said
    assert [draw.id for draw in reserves.draws] == ["CR-04", "CR-06"]


@pytest.mark.parametrize("name", ["cost", "earned value", "earned schedule"])
def test_every_section_is_there(name: str) -> None:
    assert part(name.capitalize())
