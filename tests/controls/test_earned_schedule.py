"""Take planned values and what is earned; find when it was due; check answers by hand and what always holds."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest
from earned_work import exact, job, load, money, near, performance_of, plan, report, time_of
from hypothesis import given
from hypothesis import strategies as st

from pipeline.controls.baseline import make_baseline
from pipeline.controls.measure import ALL_EARNED, NO_BUDGET, NO_REPORT, NOT_STARTED, NOTHING_EARNED, TIME_OVER
from pipeline.controls.performance import earned_schedule, find_earned_schedule, forecast_finish
from pipeline.model.project import Project

# Cumulative planned value of a project of five months, with nothing to do in the third.
PLANNED = ((1, 10), (2, 30), (3, 30), (4, 70), (5, 100))
FOUND = (
    ("0", "0"), ("5", "1/2"), ("10", "1"), ("20", "3/2"), ("30", "3"), ("50", "7/2"), ("69", "159/40"), ("70", "4"),
    ("85", "9/2"), ("100", "5"),
)  # fmt: skip


@pytest.mark.parametrize(("earned", "time"), FOUND)
def test_earned_schedule_counts_whole_periods_and_the_part_of_the_next(earned: str, time: str) -> None:
    assert find_earned_schedule(PLANNED, Fraction(earned)) == Fraction(time)


def test_seven_months_for_the_work_of_five_and_a_part() -> None:
    # The figure of Lipke's introduction: all of January to May is earned and a part of June, at the end of July.
    es = find_earned_schedule([(month, month * 100) for month in range(1, 11)], 540)
    figures = earned_schedule(es, 7, 10)
    assert es == Fraction(27, 5)
    assert near(figures.sv_t, "-1.6") and near(figures.spi_t, "0.771") and near(figures.ieac_t, "12.96")
    assert near(figures.tspi, "1.533"), "4.6 months of work in the 3 that are left"
    assert near(figures.vac_t, "-2.96")


def test_index_of_money_comes_back_to_one_and_that_of_time_does_not() -> None:
    # Planned for nine weeks, finished after thirteen: SPI is 1.000, SPI(t) 9 ÷ 13 (Vandevoorde and Vanhoucke, 2006).
    planned = [(week, Fraction(week * 360_738, 9)) for week in range(1, 10)]
    es = find_earned_schedule(planned, 360_738)
    figures = earned_schedule(es, 13, 9)
    assert es == 9
    assert near(figures.spi_t, "0.692")
    assert (figures.sv_t.value, figures.ieac_t.value) == (-4, 13)
    assert figures.tspi.reason == ALL_EARNED


def test_what_cannot_be_told_says_why() -> None:
    assert earned_schedule(0, 0, 10).spi_t.reason == NOT_STARTED
    assert earned_schedule(0, 2, 10).ieac_t.reason == NOTHING_EARNED
    assert earned_schedule(10, 10, 10).tspi.reason == ALL_EARNED
    assert earned_schedule(8, 10, 10).tspi.reason == earned_schedule(8, 11, 10).tspi.reason == TIME_OVER


# Four tasks of 500, one a month from February to May 2026.
SPANS = (
    ("2026-02-02", "2026-02-27"),
    ("2026-03-02", "2026-03-31"),
    ("2026-04-01", "2026-04-30"),
    ("2026-05-01", "2026-05-29"),
)
SCHEDULE = plan(*(job(f"T0{n}", start=start, finish=finish) for n, (start, finish) in enumerate(SPANS, 1)))


def project(**files: str) -> Project:
    return load(schedule=SCHEDULE, budget=money((2000, "WP1")), **files)


def test_times_are_months_from_the_start_of_the_project() -> None:
    # January has no work, so it counts as earned; half of March's is done on the 31st.
    figures = time_of(project(progress__2026_03=report("2026-03-31", tasks="T01: 100, T02: 50")))
    assert (figures.es.value, figures.at.value, figures.pd.value) == (Fraction(5, 2), 3, 5)
    assert near(figures.spi_t, "0.833") and figures.ieac_t.value == 6
    assert near(figures.tspi, "1.25")


def test_status_date_inside_a_month_counts_its_working_days() -> None:
    # Eight of the twenty-two working days of March are over on the 11th.
    figures = time_of(project(progress__2026_03=report("2026-03-11", tasks="T01: 100, T02: 50")))
    assert exact(figures.at) == 2 + Fraction(8, 22)
    assert exact(figures.sv_t) == Fraction(1, 2) - Fraction(8, 22)


def test_pace_gives_the_day_on_which_the_project_would_end() -> None:
    made = project(progress__2026_03=report("2026-03-31", tasks="T01: 100, T02: 50"))
    assert forecast_finish(time_of(made), make_baseline(made)) == date(2026, 6, 30)
    idle = project(progress__2026_03=report("2026-03-31"))
    assert time_of(idle).es.value == 1, "nothing was due in January"
    crawling = project(progress__2026_03=report("2026-03-31", tasks="T01: 0.01"))
    assert forecast_finish(time_of(crawling), make_baseline(crawling)) == date(2027, 3, 31)


def test_clock_of_a_finished_project_stops_with_its_last_task() -> None:
    done = "T01: 100, T02: 100, T03: 100, T04: {complete: 100, finish: 2026-06-30}"
    late = report("2026-08-31", tasks=done)
    figures = time_of(project(progress__2026_08=late))
    assert (figures.es.value, figures.at.value, figures.pd.value) == (5, 6, 5)
    underway = time_of(project(progress__2026_08=report("2026-08-31", tasks=done.replace("T01: 100", "T01: 99"))))
    assert underway.at.value == 8, "one task is not complete"
    open_end = time_of(project(progress__2026_08=late.replace(", finish: 2026-06-30", "")))
    assert open_end.at.value == 8, "no task says when it was finished"


def test_without_budget_or_report_there_is_no_earned_schedule() -> None:
    unreported, unfunded = time_of(project()), time_of(load(schedule=SCHEDULE))
    assert (unreported.es.reason, unreported.spi_t.reason, unreported.pd.value) == (NO_REPORT, NO_REPORT, 5)
    assert {unfunded.es.reason, unfunded.at.reason, unfunded.pd.reason} == {NO_BUDGET}
    assert forecast_finish(unreported, make_baseline(load(schedule=SCHEDULE))) is None


STEPS = st.lists(st.integers(0, 500), min_size=1, max_size=24)


@given(STEPS, st.fractions(0, 1, max_denominator=500), st.fractions(0, 1, max_denominator=500))
def test_more_earned_is_never_earlier(steps: list[int], one: Fraction, other: Fraction) -> None:
    planned = [(n + 1, sum(steps[: n + 1])) for n in range(len(steps))]
    whole = sum(steps)
    less, more = sorted((one * whole, other * whole))
    assert 0 <= find_earned_schedule(planned, less) <= find_earned_schedule(planned, more) <= len(steps)
    assert find_earned_schedule(planned, whole) == len(steps)


@given(STEPS)
def test_work_on_plan_is_earned_when_it_was_due(steps: list[int]) -> None:
    planned = [(n + 1, sum(steps[: n + 1])) for n in range(len(steps))]
    for time, due in planned:
        # A period without work is earned with the one before it.
        assert find_earned_schedule(planned, due) == max(t for t, value in planned if value == due) >= time


def test_performance_and_time_agree_on_a_project_on_plan() -> None:
    made = project(progress__2026_03=report("2026-03-31", tasks="T01: 100, T02: 100"))
    assert performance_of(made).project.spi.value == time_of(made).spi_t.value == 1
