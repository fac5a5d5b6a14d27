"""Take rows with known figures; make charts; check what their captions, alternative texts and data tables say."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from chart_rows import (
    COUNTS,
    EARNED,
    FLOWS,
    LOOK,
    OUTCOMES,
    SAMPLES,
    STATUS,
    cells_of,
    day,
    make,
)

from pipeline.render.charts.cash_flow import find_payback, make_cash_flow
from pipeline.render.charts.gantt import make_gantt
from pipeline.render.charts.monte_carlo import MonteCarloRow, find_chance, find_value, make_monte_carlo
from pipeline.render.charts.rows import TooLittle
from pipeline.render.charts.s_curve import make_s_curve
from pipeline.render.views.records import Measured, Record
from pipeline.render.words import Words

EN = Words("en")
FINDINGS = {
    "gantt": "The plan ends on 10 June 2026 against 5 June 2026 in the baseline; on the critical path: 1 of 2 tasks.",
    "milestone_trend": "1 of 2 milestones slipped; the furthest is Mast stands, by 5 calendar days.",
    "s_curve": "Earned value is 6\u00a0% below planned value and actual cost is 9\u00a0% above earned value on "
    "30 September 2026.",
    "budget_bars": "The forecast of 457,500\u00a0EUR is 10,500\u00a0EUR below the budget of 468,000\u00a0EUR.",
    "resource_histogram": "Load is above capacity in 2 periods, most for Divers in May 2026, by 10 person-days.",
    "risk_heat_map": "High: 2 of 4 risks; since the period before, 1 rose and 1 fell.",
    "power_interest": "To manage closely: 1 stakeholder of 3, 1 of them engaged less than wanted.",
    "engagement": "Engaged less than desired: 1 of 3 stakeholders.",
    "rasci": "Without exactly one accountable role: Train pilots.",
    "monte_carlo": "20 January 2027 is met with 50\u00a0% probability, 25 January 2027 with 80\u00a0%; the plan of "
    "15 January 2027 holds with 0\u00a0%.",
    "tornado": "NPV moves most with Ships, by 530,000\u00a0EUR.",
    "cash_flow": "New lamp pays back in 2028 and comes to 200\u00a0EUR by 2028.",
    "baseline_timeline": "3 baselines from 2 April 2026 to 20 March 2027.",
    "bars": "The highest is Closed, 30.5.",
    "line": "Open: 6 on 28 March 2026, 14 on 28 July 2026. High: 3 on 28 March 2026, 7 on 28 July 2026.",
}


@pytest.mark.parametrize("name", SAMPLES)
def test_each_chart_states_its_finding_and_the_alternative_text_holds_it(name: str) -> None:
    chart = make(name)
    assert chart.finding == FINDINGS[name]
    assert chart.finding in chart.alt if name != "bars" else "Closed: 30.5" in chart.alt
    assert chart.alt != chart.finding


def test_the_alternative_text_has_the_figures_that_a_reader_cannot_see() -> None:
    alt = make("s_curve").alt
    assert "Earned value: 412,000\u00a0EUR on 30 September 2026." in alt
    assert "Forecast: 850,000\u00a0EUR on 31 December 2026." in alt
    assert "R-07 Storm moved from level 12 to 20." in make("risk_heat_map").alt
    assert "S1 Board: Neutral, desired Leading." in make("engagement").alt
    assert "Later than the baseline: Survey, Mast stands." in make("gantt").alt


def test_dates_and_figures_are_written_in_the_language_of_the_document() -> None:
    chart = make("s_curve", "de")
    assert "30. September 2026" in chart.finding
    assert "412.000\u00a0EUR" in chart.alt
    assert cells_of(chart.data)[2][:4] == ["31.08.2026", "300.000", "282.000", "310.000,50"]


def test_the_data_of_a_chart_are_the_rows_that_it_was_given() -> None:
    earned = cells_of(make("s_curve").data)
    assert earned[0] == ["Day", "Planned value", "Earned value", "Actual cost", "Forecast"]
    assert earned[2] == ["31 Aug 2026", "300,000", "282,000", "310,000.50", "–"]
    assert len(earned) == len(EARNED) + 1
    tasks = cells_of(make("gantt").data)
    assert tasks[3] == ["Stairs", "13 Apr 2026", "5 Jun 2026", "–", "–", "33.5", "yes"]
    assert cells_of(make("bars").data) == [["Name", "Requests"], ["Open", "12"], ["Closed", "30.5"]]
    baselines = cells_of(make("baseline_timeline").data)
    assert baselines[0] == ["Baseline", "Date", "Documents", "Changed"]
    assert baselines[1:3] == [["charter", "2 Apr 2026", "9", "–"], ["plan", "2 Jul 2026", "12", "3"]]
    assert cells_of(make("tornado").data)[1] == ["Ships", "−20 %", "−120,000", "+20 %", "410,000", "530,000"]
    assert cells_of(make("risk_heat_map").data)[4] == ["R-16", "Gulls", "4", "3", "12", "Medium", "new"]


def test_a_column_without_any_value_is_left_out_of_the_data() -> None:
    rows = [{"date": row["date"], "pv": row["pv"]} for row in EARNED]
    assert cells_of(make_s_curve(rows, LOOK, EN).data)[0] == ["Day", "Planned value"]


def test_a_chart_without_enough_rows_says_so_instead_of_failing() -> None:
    with pytest.raises(TooLittle):
        make_s_curve(EARNED[:1], LOOK, EN)
    with pytest.raises(TooLittle):
        make_gantt([], LOOK, EN)
    with pytest.raises(TooLittle):
        make_monte_carlo(OUTCOMES[:1], LOOK, EN)


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ({"title": "Survey"}, "row 1 has no `finish`"),
        ({"title": "Survey", "finnish": day("2026-05-08")}, "did you mean `finnish`?"),
        ({"title": "Survey", "finish": "soon"}, "row 1: `finish` is not a date from 1900 to 2199"),
        ({"title": "Survey", "finish": date(9999, 12, 31)}, "`finish` is not a date from 1900 to 2199"),
        ({"title": "Survey", "finish": day("2026-05-08"), "complete": "half"}, "`complete` is not a number"),
        ({"title": ["a"], "finish": day("2026-05-08")}, "`title` is not a text"),
        ({"title": "Survey", "start": day("2026-06-01"), "finish": day("2026-05-08")}, "ends before it starts"),
    ],
)
def test_a_row_that_cannot_be_read_is_named(row: dict[str, object], message: str) -> None:
    with pytest.raises(ValueError, match=r"row 1|ends before") as error:
        make_gantt([row], LOOK, EN)
    assert message in str(error.value)


def test_rows_may_be_records_mappings_and_measures_with_dates_as_text() -> None:
    record = Record("task", {"title": "Survey", "finish": "2026-05-08", "complete": Measured(Decimal(40), "percent")})
    mapping = {"title": "Survey", "finish": day("2026-05-08"), "complete": 40}
    assert make_gantt([record], LOOK, EN) == make_gantt([mapping], LOOK, EN)


def test_more_rows_than_a_chart_can_show_are_refused() -> None:
    rows = [{"title": str(number), "finish": STATUS} for number in range(2001)]
    with pytest.raises(ValueError, match="2000 rows at most, not 2001"):
        make_gantt(rows, LOOK, EN)


def test_a_long_plan_is_parted_and_every_task_is_in_one_part() -> None:
    rows = [
        {"title": f"Task {number}", "start": STATUS + timedelta(number), "finish": STATUS + timedelta(number + 9)}
        for number in range(60)
    ]
    charts = make_gantt(rows, LOOK, EN)
    assert len(charts) > 1
    assert max(chart.height for chart in charts) <= LOOK.tallest + 1
    told = [row[0] for chart in charts for row in cells_of(chart.data)[1:]]
    assert told == [row["title"] for row in rows]
    assert len({chart.finding for chart in charts}) == 1


@pytest.mark.parametrize(
    ("amounts", "payback"),
    [
        ((-100, 50, 50), Decimal(2)),
        ((-100, 40, 120), Decimal("1.5")),
        ((-100, 200, -150, 100), Decimal("2.5")),
        ((-100, 20, 20), None),
        ((10, 20), None),
    ],
)
def test_payback_is_where_the_cumulated_flow_meets_zero_for_good(
    amounts: tuple[int, ...], payback: Decimal | None
) -> None:
    total, option = Decimal(0), []
    for year, amount in enumerate(amounts):
        total += amount
        option.append((year, total))
    assert find_payback(option) == payback


def test_quantiles_are_read_off_the_straight_line_between_two_outcomes() -> None:
    points = [MonteCarloRow(Decimal(value), Decimal(chance)) for value, chance in ((100, 0), (200, 40), (300, 100))]
    assert find_value(points, Decimal(50)) == Decimal(200) + Decimal(100) / 6
    assert find_chance(points, Decimal(150)) == 20
    assert find_chance(points, Decimal(50)) == 0
    assert find_chance(points, Decimal(400)) == 100


def test_days_are_whole_the_first_with_a_chance_counts() -> None:
    points = [
        MonteCarloRow(day(f"2027-01-{at}"), Decimal(chance)) for at, chance in ((11, 0), (12, 79), (14, 81), (15, 100))
    ]
    assert find_value(points, Decimal(80)) == day("2027-01-14")
    assert find_value(points, Decimal(79)) == day("2027-01-12")
    assert find_chance(points, day("2027-01-13")) == 79
    assert find_chance(points, day("2027-01-10")) == 0
    assert find_chance(points, day("2027-02-01")) == 100


def test_outcomes_that_contradict_each_other_are_refused() -> None:
    falling = [{"value": 1, "probability": 60}, {"value": 2, "probability": 40}]
    with pytest.raises(ValueError, match="never fall"):
        make_monte_carlo(falling, LOOK, EN)
    mixed = [{"value": 1, "probability": 10}, {"value": day("2026-01-01"), "probability": 40}]
    with pytest.raises(ValueError, match="all dates or all amounts"):
        make_monte_carlo(mixed, LOOK, EN)
    with pytest.raises(ValueError, match="all dates or all amounts"):
        make_monte_carlo(OUTCOMES, LOOK, EN, plan=3)


def test_flows_of_one_year_are_added_before_they_are_cumulated() -> None:
    more = [*FLOWS, {"option": "New lamp", "year": 2027, "amount": 7}]
    assert cells_of(make_cash_flow(more, LOOK, EN).data)[2] == ["2027", "−20", "−193"]


def test_figures_are_not_rounded_in_the_data() -> None:
    assert [row[1] for row in cells_of(make("bars").data)[1:]] == ["12", "30.5"]
    assert COUNTS[1]["value"] == Decimal("30.5")
    assert cells_of(make("budget_bars").data)[2][1] == "154,000.25"
