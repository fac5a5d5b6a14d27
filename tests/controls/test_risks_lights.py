"""Take risks, changes and limits; judge them on several days; check rows, exposure, trends and lights."""

from __future__ import annotations

from decimal import Decimal
from itertools import permutations

import pytest
from controls_work import figures_on, load

from pipeline.controls.measure import Light, judge, worst


def risk(id: str, assessments: str, more: str = "") -> str:
    return (
        f"  - {{id: {id}, title: R, category: c, cause: c, event: e, effect: f, raised: 2026-02-01, "
        f"raised_by: ann.owner, owner: ann.owner, strategy: reduce, response: r, "
        f"reviewed: 2026-09-01, assessments: [{assessments}]"
        f"{', status: approved' if 'status' not in more else ''}{', ' + more if more else ''}}}\n"
    )


def judged(day: str, likelihood: int, impact: int) -> str:
    return f"{{date: {day}, likelihood: {likelihood}, impact: {impact}}}"


FEBRUARY = judged("2026-02-01", 3, 3)
RISKS = "risks:\n" + "".join(
    (
        risk("R-10", FEBRUARY + ", " + judged("2026-08-15", 5, 5), "probability: 50, exposure: 1000.50"),
        risk("R-2", judged("2026-02-01", 5, 3), "probability: 10, exposure: 99.95"),
        risk("R-3", judged("2026-02-01", 3, 5)),
        risk("R-4", judged("2026-08-20", 1, 1), "trigger: t"),
        risk("R-5", judged("2026-02-01", 5, 5), "kind: opportunity, probability: 90, exposure: 5000"),
        risk("R-6", judged("2026-02-01", 5, 5), "status: closed, closed: 2026-08-10"),
        risk("R-7", judged("2026-02-01", 4, 4))
        .replace("raised: 2026-02-01", "raised: 2026-08-25")
        .replace("2026-02-01", "2026-08-25"),
    )
)
JULY, AUGUST = "status_date: 2026-07-31\n", "status_date: 2026-08-31\n"
PROJECT = load(registers__risks=RISKS, progress__2026_07=JULY, progress__2026_08=AUGUST)


def test_open_risks_come_gravest_first_and_of_equals_the_one_with_more_impact() -> None:
    rows = figures_on(PROJECT, "2026-08-31").risks.open
    assert [(row.risk.id, row.level, row.band) for row in rows] == [
        ("R-5", 25, "high"), ("R-10", 25, "high"), ("R-7", 16, "high"),
        ("R-3", 15, "high"), ("R-2", 15, "high"), ("R-4", 1, "low"),
    ]  # fmt: skip


def test_risks_are_those_of_the_day() -> None:
    assert [row.risk.id for row in figures_on(PROJECT, "2026-01-31").risks.open] == []
    july = figures_on(PROJECT, "2026-07-31").risks
    assert [(row.risk.id, row.level) for row in july.open] == [
        ("R-5", 25),
        ("R-6", 25),
        ("R-3", 15),
        ("R-2", 15),
        ("R-10", 9),
    ]
    assert [row.risk.id for row in figures_on(PROJECT, "2026-08-09").risks.open if row.risk.id == "R-6"] == ["R-6"]
    assert [row.risk.id for row in figures_on(PROJECT, "2026-08-10").risks.open if row.risk.id == "R-6"] == []


def test_trend_compares_with_the_end_of_the_period_before_and_new_risks_have_none() -> None:
    before = {row.risk.id: row.before for row in figures_on(PROJECT, "2026-08-31").risks.open}
    assert before == {"R-5": 25, "R-10": 9, "R-7": 0, "R-3": 15, "R-2": 15, "R-4": 0}
    assert {row.before for row in figures_on(PROJECT, "2026-07-31").risks.open} == {0}


def test_exposure_adds_up_threats_with_a_price_and_leaves_out_chances() -> None:
    view = figures_on(PROJECT, "2026-08-31").risks
    assert view.exposure == Decimal("500.25") + Decimal("9.995")
    assert {row.risk.id: row.expected for row in view.open}["R-3"] is None


def test_high_are_the_threats_alone_and_set_the_light() -> None:
    view = figures_on(PROJECT, "2026-08-31").risks
    assert [row.risk.id for row in view.high] == ["R-10", "R-7", "R-3", "R-2"]
    assert view.light == "off_track"


@pytest.mark.parametrize(("count", "light"), [(0, "on_track"), (1, "at_risk"), (2, "at_risk"), (3, "off_track")])
def test_light_of_risks_counts_the_high_ones(count: int, light: str) -> None:
    text = (
        "risks:\n" + "".join(risk(f"R-{n}", judged("2026-02-01", 5, 3)) for n in range(count)) + risk("R-9", FEBRUARY)
    )
    assert figures_on(load(registers__risks=text), "2026-08-31").risks.light == light


def change(number: int, status: str = "submitted", more: str = "") -> str:
    return (
        f"  - {{id: CR-{number}, title: C, category: c, description: d, reason: r, status: {status}, "
        f"submitted: 2026-03-01, requested_by: ann.owner, priority: 1, size: 1, schedule_days: 0, cost: 0{more}}}\n"
    )


@pytest.mark.parametrize(("count", "light"), [(0, "on_track"), (1, "at_risk"), (3, "at_risk"), (4, "off_track")])
def test_light_of_scope_counts_the_changes_that_wait(count: int, light: str) -> None:
    text = "changes:\n" + "".join(change(n) for n in range(count)) + change(99, "rejected", ", decided: 2026-04-01")
    figures = figures_on(load(registers__changes=text), "2026-08-31")
    assert (len(figures.pending_changes), figures.scope_light) == (count, light)


def test_change_waits_from_its_request_to_its_decision() -> None:
    text = "changes:\n" + change(1, "rejected", ", decided: 2026-04-01")
    project = load(registers__changes=text)
    waits = [
        len(figures_on(project, day).pending_changes)
        for day in ("2026-02-28", "2026-03-01", "2026-03-31", "2026-04-01")
    ]
    assert waits == [0, 1, 1, 0]


def test_periods_are_those_up_to_the_day() -> None:
    def periods(day: str) -> list[str | None]:
        figures = figures_on(PROJECT, day)
        return [one.period if one else None for one in (figures.progress, figures.earlier)]

    assert periods("2026-07-30") == [None, None]
    assert periods("2026-07-31") == ["2026-07", None]
    assert periods("2026-08-31") == ["2026-08", "2026-07"]
    assert periods("2027-01-01") == ["2026-08", "2026-07"]


@pytest.mark.parametrize(
    ("value", "light"), [(-5, "on_track"), (0, "on_track"), (1, "at_risk"), (10, "at_risk"), (11, "off_track")]
)
def test_value_on_a_limit_is_still_within_it(value: int, light: str) -> None:
    assert judge(value, 0, 10) == light
    assert judge(Decimal(value), Decimal(0), Decimal(10)) == light


def test_worst_light_wins_in_any_order() -> None:
    order: tuple[Light, ...] = ("done", "not_yet", "on_track", "at_risk", "off_track")
    for size in range(1, 6):
        for lights in permutations(order[:size]):
            assert worst(*lights) == order[size - 1]
    assert worst() == "on_track"


def test_overall_light_is_the_worse_of_schedule_and_cost_and_no_other() -> None:
    figures = figures_on(PROJECT, "2026-08-31")
    assert figures.risks.light == "off_track"
    assert figures.overall == worst(figures.timing.light, figures.cost.light) == "on_track"
