"""Take a project with several periods; work out the figures of each; check trends, deltas and the S-curve."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from controls_work import figures_on, milestone
from earned_work import job, load, money, plan, report

from pipeline.controls.history import Delta, History, SCurve, compute_curve, compute_history
from pipeline.model.project import Project

TASKS = plan(job("T01"), job("T02", start="2026-03-02", finish="2026-03-31"))
MILESTONES = f"milestones: [{milestone('M1', '2026-02-27')}{milestone('M2', '2026-03-31')}]"
SCHEDULE = TASKS.replace("milestones: []", MILESTONES)
RISK = """\
risks:
  - {id: R-1, title: R, category: c, cause: c, event: e, effect: f, raised: 2026-03-05, raised_by: ann.owner,
     owner: ann.owner, strategy: reduce, response: r, reviewed: 2026-03-05, status: approved, probability: 50,
     exposure: 100, assessments: [{date: 2026-03-05, likelihood: 5, impact: 5}]}
"""
FILES = {
    "progress__2026_02": report(
        "2026-02-27",
        tasks="T01: 50",
        costs="B01: {actual: 600}",
        more="milestones: {M1: {forecast: 2026-03-10}}\n",
    ),
    "progress__2026_03": report(
        "2026-03-31",
        tasks="T01: 100",
        costs="B01: {actual: 1250, forecast: 2300}",
        more="milestones: {M1: {actual: 2026-03-12}, M2: {forecast: 2026-04-14}}\n",
    ),
}
PROJECT = load(
    schedule=SCHEDULE, budget=money((2000, "WP1"), more="contingency: 100\n"), registers__risks=RISK, **FILES
)


def history(day: str = "2026-12-31", project: Project = PROJECT) -> History:
    return compute_history(project, date.fromisoformat(day), project.settings.scales)


def test_each_period_keeps_the_figures_that_its_own_report_had() -> None:
    first, second = history().periods
    assert (first.period, first.value.pv.value, first.value.ev.value, first.value.ac.value) == (
        "2026-02",
        1000,
        500,
        600,
    )
    assert (second.period, second.value.pv.value, second.value.ev.value, second.value.ac.value) == (
        "2026-03", 2000, 1000, 1250,
    )  # fmt: skip
    assert (first.eac, second.eac) == (2400, 2500)
    assert (first.forecast, second.forecast) == (2000, 2300)
    assert (first.finish, second.finish) == (date(2026, 3, 31), date(2026, 4, 14))
    assert (first.schedule.spi_t.value, second.schedule.spi_t.value) == (Decimal("0.75"), Decimal(2) / 3)


def test_period_is_the_same_whether_later_ones_exist_or_not() -> None:
    alone = load(
        schedule=SCHEDULE,
        budget=money((2000, "WP1"), more="contingency: 100\n"),
        progress__2026_02=FILES["progress__2026_02"],
    )
    assert history(project=alone).periods[0] == history("2026-03-30").periods[0] == history().periods[0]


def test_history_ends_on_the_day() -> None:
    assert [one.period for one in history("2026-03-30").periods] == ["2026-02"]
    assert [one.period for one in history("2026-02-27").periods] == ["2026-02"]
    assert history("2026-02-26").periods == ()


def test_milestones_show_when_they_were_expected_period_by_period() -> None:
    trends = {
        trend.id: [(point.period, point.date, point.reached) for point in trend.points]
        for trend in history().milestones
    }
    assert trends == {
        "M1": [("2026-02", date(2026, 3, 10), False), ("2026-03", date(2026, 3, 12), True)],
        "M2": [("2026-02", date(2026, 3, 31), False), ("2026-03", date(2026, 4, 14), False)],
    }
    assert {(trend.title, trend.baseline) for trend in history().milestones} >= {("Milestone M1", date(2026, 2, 27))}


def test_risks_are_counted_as_they_stood_at_the_end_of_each_period() -> None:
    assert [(point.period, point.open, point.high, point.exposure) for point in history().risks] == [
        ("2026-02", 0, 0, 0), ("2026-03", 1, 1, 50),
    ]  # fmt: skip


def test_deltas_tell_what_moved_since_the_report_before() -> None:
    deltas = {delta.name: (delta.before, delta.now, delta.change) for delta in history().deltas}
    assert deltas["ev"] == (500, 1000, 500)
    assert deltas["eac"] == (2400, 2500, 100)
    assert deltas["forecast"] == (2000, 2300, 300)
    assert deltas["open_risks"] == (0, 1, 1)
    assert deltas["finish"] == (date(2026, 3, 31), date(2026, 4, 14), 10), "in working days"
    assert deltas["cpi"] == (Decimal(500) / 600, Decimal("0.8"), Decimal("0.8") - Decimal(500) / 600)


def test_first_report_has_nothing_to_compare_with() -> None:
    deltas = {delta.name: delta for delta in history("2026-03-30").deltas}
    assert deltas["ev"] == Delta("ev", None, Decimal(500), None)
    assert deltas["finish"] == Delta("finish", None, date(2026, 3, 31), None)
    assert history("2026-02-01").deltas == ()


def test_undefined_figures_do_not_move() -> None:
    bare = load(schedule=SCHEDULE, progress__2026_02=report("2026-02-27"), progress__2026_03=report("2026-03-31"))
    deltas = {delta.name: delta for delta in history(project=bare).deltas}
    assert deltas["eac"] == Delta("eac", None, None, None)


def curve(day: str = "2026-12-31", project: Project = PROJECT) -> SCurve:
    return compute_curve(project, history(day, project))


def test_curve_holds_the_whole_plan_and_what_became_of_it() -> None:
    found = curve()
    assert [(point.day.isoformat(), point.pv) for point in found.plan] == [
        ("2026-01-01", 0), ("2026-01-31", 0), ("2026-02-28", 1000), ("2026-03-31", 2000),
    ]  # fmt: skip
    assert [(point.period, point.pv, point.ev, point.ac) for point in found.periods] == [
        ("2026-02", 1000, 500, 600), ("2026-03", 2000, 1000, 1250),
    ]  # fmt: skip
    assert (found.bac, found.budget) == (2000, 2100)


def test_curve_leads_to_the_trend_and_to_what_the_project_expects() -> None:
    found = curve()
    assert found.trend is not None and found.forecast is not None
    assert (found.trend.start, found.trend.spent, found.trend.cost) == (date(2026, 3, 31), 1250, 2500)
    # Two months' work in three: three planned months take 4.5, and half of May's 21 days end on the 15th.
    assert found.trend.finish == date(2026, 5, 15)
    assert (found.forecast.finish, found.forecast.cost) == (date(2026, 4, 14), 2300)


def test_forecast_that_lies_behind_leads_nowhere() -> None:
    def forecast(day: str) -> bool:
        said = FILES["progress__2026_03"].replace("forecast: 2026-04-14", f"forecast: {day}")
        files = {**FILES, "progress__2026_03": said}
        return curve(project=load(schedule=SCHEDULE, budget=money((2000, "WP1")), **files)).forecast is not None

    assert forecast("2026-03-31") and not forecast("2026-03-30")


def test_curve_without_report_or_budget_has_a_plan_at_most() -> None:
    bare = load(schedule=SCHEDULE, progress__2026_02=report("2026-02-27"))
    unreported, unfunded = curve("2026-02-01"), curve(project=bare)
    assert (len(unreported.plan), unreported.periods, unreported.trend, unreported.forecast) == (4, (), None, None)
    assert (unfunded.bac, unfunded.trend, unfunded.forecast, unfunded.periods[0].ev) == (0, None, None, None)


def test_history_agrees_with_the_figures_of_the_day() -> None:
    figures = figures_on(PROJECT, "2026-03-31")
    (_, now) = history().periods
    assert (now.cost, now.timing, now.risks) == (figures.cost, figures.timing, figures.risks)
