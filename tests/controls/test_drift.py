"""Take plans against their baseline; work out how far they have moved; check the indices of schedule health."""

from __future__ import annotations

from fractions import Fraction

import pytest
from plan_work import job, plan, project, summary

from pipeline.controls.plan import Drift, compute_drift


def baseline(start: str, finish: str) -> str:
    return f"baseline: {{start: 2026-01-{start}, finish: 2026-01-{finish}}}"


# Planned from Thursday the 1st: T1 to the 7th, T2 to the 21st, T3 to the 9th. The end is day 15.
TASKS = (
    job("T1", "duration: 5", baseline=baseline("01", "07"))
    + job("T2", "duration: 10, predecessors: [T1]", baseline=baseline("08", "21"))
    + job("T3", "duration: 2, predecessors: [T1]", baseline=baseline("08", "09"))
)


def drift(said: str, status: str = "2026-01-14", tasks: str = TASKS) -> Drift:
    return compute_drift(plan(project(tasks, progress__2026_01=f"status_date: {status}\n{said}")))


def test_indices_of_a_late_project() -> None:
    # T1 is finished, T3 was due too: 1 / 2. T2 has 9 days left after the 14th, where 5 remain to its baseline.
    some = drift("tasks: {T1: 100, T2: 10}")
    assert (some.finished, some.due, some.bei.exact) == (1, 2, Fraction(1, 2))
    assert (some.to_go.exact, some.margin.exact) == (9, -4)
    assert some.cpli.exact == Fraction(9 - 4, 9)


def test_indices_of_a_project_on_plan_are_one() -> None:
    some = drift("tasks: {T1: 100, T2: 50, T3: 100}")
    assert (some.bei.exact, some.cpli.exact, some.margin.exact) == (1, 1, 0)


def test_work_done_ahead_of_the_baseline_counts() -> None:
    some = drift("tasks: {T1: 100, T2: {complete: 80, start: 2026-01-06}, T3: 100}", "2026-01-07")
    assert (some.bei.exact, some.to_go.exact, some.margin.exact, some.cpli.exact) == (2, 2, 8, 5)


@pytest.mark.parametrize(
    ("said", "status", "bei", "cpli"),
    [
        ("", "2026-01-02", "not yet: no task was due by this day", ""),
        ("tasks: {T1: 100, T2: 100, T3: 100}", "2026-01-30", "", "not needed: all tasks are finished"),
    ],
)
def test_index_that_cannot_be_given_says_why(said: str, status: str, bei: str, cpli: str) -> None:
    some = drift(said, status)
    assert (some.bei.reason, some.cpli.reason) == (bei, cpli)
    assert (some.bei.exact is None, some.cpli.exact is None) == (bool(bei), bool(cpli))


def test_project_without_tasks_has_no_indices() -> None:
    some = drift("", tasks="  []\n")
    assert (some.bei.reason, some.cpli.reason) == (
        "not yet: no task was due by this day",
        "not yet: there are no tasks",
    )


def test_tasks_with_parts_are_not_counted_themselves() -> None:
    tasks = summary("T1") + job("T2", "parent: T1, duration: 5", baseline=baseline("01", "07"))
    some = drift("tasks: {T2: 100}", tasks=tasks)
    assert (some.finished, some.due) == (1, 1)


def test_plan_before_any_progress_is_measured_from_the_start() -> None:
    some = compute_drift(plan(project(TASKS)))
    assert (some.to_go.exact, some.margin.exact, some.cpli.exact, some.bei.exact) == (15, 0, 1, None)
