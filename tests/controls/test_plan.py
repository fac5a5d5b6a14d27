"""Take small schedules whose dates are counted by hand; plan them with and without progress; check days and floats."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from controls_work import load
from hypothesis import given, settings
from hypothesis import strategies as st
from plan_work import day, days, job, plan, project, summary

from pipeline.controls.plan import Plan
from pipeline.controls.planning import compute_plan


def test_task_of_one_day_is_finished_on_the_day_it_starts() -> None:
    # Thursday, Friday; the weekend is skipped: Monday and Tuesday.
    some = plan(project(job("T1", "duration: 1") + job("T2", "duration: 3, predecessors: [T1]")))
    assert days(some) == {"T1": ("01-01", "01-01"), "T2": ("01-02", "01-06")}
    assert (some.length, some.start, some.finish) == (4, day("01-01"), day("01-06"))


def test_part_of_a_day_is_a_day_begun_and_the_next_task_goes_on_from_there() -> None:
    # Thursday and half of Friday; the other half of Friday and half of Monday.
    tasks = job("T1", "duration: 1.5") + job("T2", "duration: 1, predecessors: [T1]") + job("T3", "duration: 0.25")
    some = plan(project(tasks))
    assert days(some) == {"T1": ("01-01", "01-02"), "T2": ("01-02", "01-05"), "T3": ("01-01", "01-01")}
    assert some.task("T3").total_float == Decimal("2.25")


def test_task_without_duration_falls_on_the_day_that_ends_with_it() -> None:
    tasks = job("T1", "duration: 2") + job("T2", "duration: 0, predecessors: [T1]")
    tasks += job("T3", "duration: 0") + job(
        "T4", "duration: 0, predecessors: [T1], constraint: {not_before: 2026-01-05}"
    )
    some = plan(project(tasks + job("T5", "duration: 1, predecessors: [T2]")))
    # T1 ends on Friday evening. T4 may not be before Monday, whose morning is the same moment of work.
    assert days(some) == {
        "T1": ("01-01", "01-02"), "T2": ("01-02", "01-02"), "T3": ("01-01", "01-01"), "T4": ("01-05", "01-05"),
        "T5": ("01-05", "01-05"),
    }  # fmt: skip


def test_calendar_of_the_project_sets_the_days() -> None:
    # The 1st is a holiday, so the project starts on Friday the 2nd; Saturday the 3rd is worked; Tuesday is off.
    calendar = "country: DE, holidays: [{date: 2026-01-06, name: H}], working_days: [{date: 2026-01-03, name: W}]"
    some = plan(
        project(job("T1", "duration: 4") + job("T2", "duration: 1, predecessors: [T1 FS+1]"), calendar=calendar)
    )
    assert days(some) == {"T1": ("01-02", "01-07"), "T2": ("01-09", "01-09")}


def test_links_of_all_kinds_count_lags_in_working_days() -> None:
    # T1 is days 0 to 4: Thursday to Wednesday the 7th. The others by their links, three days each.
    tasks = job("T1", "duration: 5") + "".join(
        job(id, f"duration: 3, predecessors: [{link}]")
        for id, link in {"T2": "T1 FS+2", "T3": "T1 FS-1", "T4": "T1 SS+1", "T5": "T1 FF+1", "T6": "T1 SF+4"}.items()
    )
    assert days(plan(project(tasks))) == {
        "T1": ("01-01", "01-07"),
        "T2": ("01-12", "01-14"),  # starts on day 5 + 2 = 7
        "T3": ("01-07", "01-09"),  # starts on day 5 − 1 = 4
        "T4": ("01-02", "01-06"),  # starts on day 0 + 1
        "T5": ("01-06", "01-08"),  # ends at 5 + 1, so it starts on day 3
        "T6": ("01-02", "01-06"),  # ends at 0 + 4, so it starts on day 1
    }


def test_floats_and_late_dates_are_working_days_and_days() -> None:
    tasks = job("T1", "duration: 5") + job("T2", "duration: 2") + job("T3", "duration: 1, predecessors: [T1, T2]")
    row = plan(project(tasks)).task("T2")
    assert (row.total_float, row.free_float, row.critical) == (3, 3, False)
    # Days 3 and 4: Tuesday the 6th and Wednesday the 7th.
    assert (row.late_start, row.late_finish) == (day("01-06"), day("01-07"))
    assert plan(project(tasks)).critical == ("T1", "T3")


def test_effort_and_assignments_give_a_duration() -> None:
    people = "assignments: [{resource: R1, units: 50}, {resource: R2}]"
    tasks = job("T1", people, effort="6") + job("T2", "assignments: [{resource: R1, units: 30}]", effort="1")
    resources = "resources:\n" + "".join(
        f"  - {{id: {id}, title: R, kind: human, rate: 1, unit: day}}\n" for id in ("R1", "R2")
    )
    schedule = f"work_packages: [{{id: WP1, title: One, owner: ann.owner}}]\ntasks:\n{tasks}milestones: []\n"
    some = plan(load(schedule=schedule, resources=resources))
    assert [row.duration for row in some.tasks] == [4, 1 / Decimal("0.3")]
    assert days(some) == {"T1": ("01-01", "01-06"), "T2": ("01-01", "01-06")}


SUMMARY = (
    summary("T1", "predecessors: [T9]")
    + job("T2", "parent: T1, duration: 2", effort="3", baseline="baseline: {start: 2026-01-02, finish: 2026-01-05}")
    + job(
        "T3",
        "parent: T1, duration: 4, predecessors: [T2]",
        effort="1",
        baseline="baseline: {start: 2026-01-06, finish: 2026-01-09}",
    )
    + job("T4", "duration: 1, predecessors: [T1]")
    + job("T9", "duration: 1")
)


def test_summary_spans_its_parts_and_stands_for_all_of_them_in_links() -> None:
    some = plan(project(SUMMARY))
    # T9 is Thursday; T2 Friday and Monday; T3 Tuesday to Friday; T4 the Monday after.
    assert days(some) == {
        "T1": ("01-02", "01-09"), "T2": ("01-02", "01-05"), "T3": ("01-06", "01-09"), "T4": ("01-12", "01-12"),
        "T9": ("01-01", "01-01"),
    }  # fmt: skip
    row = some.task("T1")
    assert (row.summary, row.duration, row.effort, row.critical, row.complete) == (True, 6, 4, True, 0)
    assert (row.baseline_start, row.baseline_finish, row.slip) == (day("01-02"), day("01-09"), 0)


def test_summary_is_complete_as_its_parts_are_by_effort() -> None:
    said = "status_date: 2026-01-06\ntasks: {T9: 100, T2: {complete: 100, finish: 2026-01-05}, T3: 20}\n"
    row = plan(project(SUMMARY, progress__2026_01=said)).task("T1")
    assert (row.complete, row.done) == (Decimal(320) / 4, False)
    without = SUMMARY.replace("effort: 3", "effort: 0").replace("effort: 1", "effort: 0")
    row = plan(project(without, progress__2026_01=said)).task("T1")
    assert row.complete == Decimal(100 * 2 + 20 * 4) / 6


def test_summaries_within_summaries_pass_links_and_days_on() -> None:
    tasks = (
        summary("T1", "constraint: {not_before: 2026-01-05}")
        + summary("T2", "parent: T1, predecessors: [T8]")
        + job("T3", "parent: T2, duration: 1")
        + job("T4", "parent: T1, duration: 1")
        + job("T8", "duration: 4")
        + job("T9", "duration: 1, predecessors: [T2 FF+2]")
    )
    assert days(plan(project(tasks))) == {
        "T1": ("01-05", "01-07"),
        "T2": ("01-07", "01-07"),
        "T3": ("01-07", "01-07"),
        "T4": ("01-05", "01-05"),
        "T8": ("01-01", "01-06"),
        "T9": ("01-09", "01-09"),
    }


PLAN = (
    job("T1", "duration: 5", baseline="baseline: {start: 2026-01-01, finish: 2026-01-07}")
    + job("T2", "duration: 10, predecessors: [T1]", baseline="baseline: {start: 2026-01-08, finish: 2026-01-21}")
    + job("T3", "duration: 3, predecessors: [T1]", baseline="baseline: {start: 2026-01-08, finish: 2026-01-12}")
    + job("T4", "duration: 2, predecessors: [T2, T3]", baseline="baseline: {start: 2026-01-22, finish: 2026-01-23}")
)
MILESTONES = (
    "{id: M1, title: A, baseline: 2026-01-07, after: [T1], owner: ann.owner}, "
    "{id: M2, title: B, baseline: 2026-01-23, after: [T4], owner: ann.owner}, "
    "{id: M3, title: C, baseline: 2026-02-02, owner: ann.owner}"
)


def progressed(said: str, status: str = "2026-01-14") -> Plan:
    return plan(project(PLAN, milestones=MILESTONES, progress__2026_01=f"status_date: {status}\n{said}"))


def test_what_happened_stands_and_the_rest_follows_from_it() -> None:
    # T1 took until Friday. T2 began on Monday; 8 of its 10 days are left after Wednesday the 14th: to Monday the 26th.
    some = progressed(
        "tasks: {T1: {complete: 100, start: 2026-01-02, finish: 2026-01-09}, T2: {complete: 20, start: 2026-01-12}}"
    )
    assert days(some) == {
        "T1": ("01-02", "01-09"),
        "T2": ("01-12", "01-26"),
        "T3": ("01-15", "01-19"),  # not begun: it cannot lie before the status date
        "T4": ("01-27", "01-28"),
    }
    assert {row.id: row.slip for row in some.tasks} == {"T1": 2, "T2": 3, "T3": 5, "T4": 3}
    assert {row.id: row.total_float for row in some.tasks} == {"T1": None, "T2": 0, "T3": 5, "T4": 0}
    assert (some.slip, some.finish, some.critical_path) == (3, day("01-28"), ("T2", "T4"))
    assert [row.done for row in some.tasks] == [True, False, False, False]


def test_days_still_to_go_that_are_stated_count_instead_of_the_percentage() -> None:
    some = progressed("tasks: {T1: 100, T2: {complete: 20, start: 2026-01-12, remaining: 2.5}}")
    # From Thursday the 15th: two days and a half, so T4 starts in the middle of Monday the 19th.
    assert (days(some)["T2"], some.task("T2").left) == (("01-12", "01-19"), Decimal("2.5"))
    assert days(some)["T4"] == ("01-20", "01-21")  # after T3, which takes until Monday evening


def test_rest_of_a_task_begun_too_early_waits_for_its_predecessor() -> None:
    # T1 has 3 days left after Wednesday the 14th: to Monday the 19th. T2 began all the same; its 5 days follow.
    some = progressed("tasks: {T1: {complete: 40, start: 2026-01-02}, T2: {complete: 50, start: 2026-01-13}}")
    assert (days(some)["T1"], days(some)["T2"]) == (("01-02", "01-19"), ("01-13", "01-26"))


def test_lags_count_from_the_days_on_which_things_happened() -> None:
    tasks = (
        job("T1", "duration: 5")
        + job("T2", "duration: 2, predecessors: [T1 FS+4]")
        + job("T3", "duration: 2, predecessors: [T1 SS+7]")
        + job("T4", "duration: 2, predecessors: [T1 FF+6]")
        + job("T5", "duration: 2, predecessors: [T1 SF+9]")
    )
    said = "status_date: 2026-01-09\ntasks: {T1: {complete: 100, start: 2026-01-02, finish: 2026-01-08}}\n"
    # T1 lay between 1 and 6.
    assert days(plan(project(tasks, progress__2026_01=said))) == {
        "T1": ("01-02", "01-08"),
        "T2": ("01-15", "01-16"),  # 6 + 4 = 10
        "T3": ("01-13", "01-14"),  # 1 + 7 = 8
        "T4": ("01-15", "01-16"),  # ends at 6 + 6 = 12
        "T5": ("01-13", "01-14"),  # ends at 1 + 9 = 10
    }


def test_start_of_a_task_under_way_is_a_fact_for_those_that_hang_on_it() -> None:
    tasks = job("T1", "duration: 20") + job("T2", "duration: 2, predecessors: [T1 SS+10]")
    tasks += job("T3", "duration: 2, predecessors: [T1]")
    said = "status_date: 2026-01-09\ntasks: {T1: {complete: 50, start: 2026-01-05}}\n"
    # Status date is the end of day 6. T1 began at 2, T2 so at 12; T1 has 10 days from 7: T3 at 17.
    assert days(plan(project(tasks, progress__2026_01=said))) == {
        "T1": ("01-05", "01-23"), "T2": ("01-19", "01-20"), "T3": ("01-26", "01-27"),
    }  # fmt: skip


def test_task_reported_without_dates_is_taken_to_have_kept_its_baseline() -> None:
    some = progressed("tasks: {T1: 100, T2: 10, T3: 100}")
    assert days(some)["T1"] == ("01-01", "01-07")
    assert some.task("T2").start == day("01-08")
    # Its baseline ends before the status date, T4's would not.
    assert days(some)["T3"] == ("01-08", "01-12")
    assert days(progressed("tasks: {T1: 100, T2: 100, T3: 100, T4: 100}"))["T4"] == ("01-14", "01-14")


def test_nothing_left_of_a_task_under_way_ends_it_on_the_status_date() -> None:
    some = progressed("tasks: {T1: {complete: 99, start: 2026-01-02, remaining: 0}}")
    assert days(some)["T1"] == ("01-02", "01-14")
    assert some.task("T2").start == day("01-15")


def test_stated_forecast_of_a_milestone_wins_and_the_computed_one_stands_beside() -> None:
    some = progressed("tasks: {T1: 100}\nmilestones: {M1: {actual: 2026-01-08}, M2: {forecast: 2026-01-28}}\n")
    first, second, third = some.milestones
    assert (first.date, first.reached, first.slip, first.computed, first.gap) == (
        day("01-08"),
        True,
        1,
        day("01-07"),
        None,
    )
    # T2 from Thursday the 15th to Wednesday the 28th, T4 on the 29th and 30th: two days later than stated.
    assert (second.date, second.stated, second.computed) == (day("01-28"), day("01-28"), day("01-30"))
    assert (second.slip, second.gap, second.reached) == (3, 2, False)
    assert (third.date, third.computed, third.gap) == (day("02-02"), None, None)


def test_milestone_without_a_forecast_has_the_computed_day_never_in_the_past() -> None:
    some = progressed("tasks: {T1: 100}")
    assert [(row.date, row.computed) for row in some.milestones[:2]] == [
        (day("01-15"), day("01-15")), (day("01-30"), day("01-30")),
    ]  # fmt: skip


def test_day_that_cannot_be_kept_gives_negative_float() -> None:
    tasks = job("T1", "duration: 5") + job("T2", "duration: 2, predecessors: [T1], constraint: {finish_by: 2026-01-07}")
    some = plan(project(tasks + job("T3", "duration: 9")))
    assert {row.id: row.total_float for row in some.tasks} == {"T1": -2, "T2": -2, "T3": 0}
    assert some.critical == ("T1", "T3", "T2")


def test_start_that_is_bound_moves_later_tasks_too() -> None:
    tasks = job("T1", "duration: 1, constraint: {not_before: 2026-01-10}") + job(
        "T2", "duration: 1, predecessors: [T1]"
    )
    assert days(plan(project(tasks))) == {"T1": ("01-12", "01-12"), "T2": ("01-13", "01-13")}


def test_day_before_which_a_task_may_not_start_says_nothing_once_it_has() -> None:
    tasks = job("T1", "duration: 4, constraint: {not_before: 2026-01-19}")
    said = "status_date: 2026-01-06\ntasks: {T1: {complete: 50, start: 2026-01-05}}\n"
    # Two days are left after Tuesday the 6th.
    assert days(plan(project(tasks, progress__2026_01=said))) == {"T1": ("01-05", "01-08")}


def test_odds_of_a_day_come_from_the_critical_path() -> None:
    # 3, 6, 15 → 7 expected, σ² 4; 2 days certain: 9 working days, to Tuesday the 13th.
    tasks = job("T1", "estimate: {optimistic: 3, likely: 6, pessimistic: 15}") + job(
        "T2", "duration: 2, predecessors: [T1]"
    )
    some = plan(project(tasks))
    assert (some.length, some.variance, some.finish) == (9, 4, day("01-13"))
    # One σ later is day 11: Thursday the 15th.
    assert round(some.probability(day("01-15")), 4) == Decimal("0.8413")
    assert some.probability(day("01-13")) == Decimal("0.5")
    half = plan(project(tasks, progress__2026_01="status_date: 2026-01-06\ntasks: {T1: 50}\n"))
    # Half the work is done: 3.5 days and a spread of 6 are left.
    assert (half.task("T1").left, half.variance) == (Decimal("3.5"), 1)


def test_project_without_tasks_has_a_plan_without_dates() -> None:
    some = compute_plan(load(), None)
    assert (some.tasks, some.start, some.finish, some.length, some.slip, some.critical_path) == (
        (),
        None,
        None,
        0,
        0,
        (),
    )


def test_project_that_is_over_is_as_long_as_it_was() -> None:
    some = progressed("tasks: {T1: 100, T2: 100, T3: 100, T4: {complete: 100, finish: 2026-01-30}}", "2026-01-30")
    assert (some.finish, some.slip, some.length, some.critical_path) == (day("01-30"), 5, 22, ())
    assert {row.total_float for row in some.tasks} == {None}


KINDS = st.sampled_from(["FS", "SS", "FF", "SF"])


@st.composite
def schedules(draw: st.DrawFn) -> list[tuple[int, list[str], int]]:
    rows = []
    for number in range(draw(st.integers(1, 7))):
        links = [
            f"T{draw(st.integers(0, number - 1))} {draw(KINDS)}{draw(st.integers(-4, 4)):+d}"
            for _ in range(draw(st.integers(0, 2)) if number else 0)
        ]
        rows.append((draw(st.integers(0, 8)), links, draw(st.sampled_from([0, 0, 30, 100]))))
    return rows


@given(schedules())
@settings(max_examples=40, deadline=None)
def test_nothing_still_to_do_lies_before_the_status_date(rows: list[tuple[int, list[str], int]]) -> None:
    tasks = "".join(
        job(f"T{number}", f"duration: {duration}, predecessors: [{', '.join(links)}]")
        for number, (duration, links, _) in enumerate(rows)
    )
    said = ", ".join(f"T{number}: {complete}" for number, (_, _, complete) in enumerate(rows))
    status = date(2026, 1, 14)
    some = plan(project(tasks, progress__2026_01=f"status_date: {status}\ntasks: {{{said}}}\n"))
    for row in some.tasks:
        if row.done:
            assert row.start <= row.finish <= status
        elif row.began is None:
            assert status < row.start <= row.finish
        else:
            assert row.start <= status <= row.finish
    assert some.finish == max(row.finish for row in some.tasks)
    assert some.finish >= plan(project(tasks)).start if some.finish else True


@pytest.mark.parametrize("text", ["2026-01-14", "2026-01-17"])
def test_status_date_on_a_weekend_is_the_friday_before(text: str) -> None:
    some = progressed("tasks: {T1: 100}", text)
    assert some.task("T2").start == (day("01-15") if text == "2026-01-14" else day("01-19"))
