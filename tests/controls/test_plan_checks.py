"""Take schedules whose days cannot be kept, or are out of all measure; check the plan; compare problems and places."""

from __future__ import annotations

from controls_work import FILES, TIME
from plan_work import job, summary

from pipeline.controls.planning import check_plan
from pipeline.model.load import load_project, load_settings
from pipeline.problems import Problem
from pipeline.sources.snapshot import Snapshot

HEAD = "work_packages: [{id: WP1, title: One, owner: ann.owner}]\nmilestones: []\ntasks:\n"


def problems(tasks: str, progress: str = "") -> list[Problem]:
    files = {**FILES, "p/schedule.yaml": HEAD + tasks} | ({"p/progress/2026-01.yaml": progress} if progress else {})
    snapshot = Snapshot.of(files, TIME)
    settings, _ = load_settings(snapshot)
    assert settings is not None
    loaded = load_project(snapshot, settings, "p")
    assert loaded.project is not None
    return list(check_plan(loaded.project, loaded.where))


BOUND = job("T1", "duration: 5") + job("T2", "duration: 1")
BOUND += job("T3", "duration: 2, predecessors: [T1, T2], constraint: {finish_by: 2026-01-07}")


def test_day_that_will_be_missed_is_told_with_the_tasks_that_set_it() -> None:
    (problem,) = problems(BOUND)
    assert (problem.code, problem.severity, str(problem.place)) == ("DB277", "warning", "p/schedule.yaml:6:190")
    assert problem.message == (
        "task T3 is to be finished by 2026-01-07; it will be on 2026-01-09, 2 working days late: T1 → T3"
    )


def test_day_that_is_kept_is_no_problem() -> None:
    assert problems(BOUND.replace("2026-01-07", "2026-01-09")) == []


def test_day_is_judged_by_what_was_reported() -> None:
    said = "status_date: 2026-01-06\ntasks: {T1: 100, T2: 100}\n"
    (problem,) = problems(BOUND, said)
    assert "it will be on 2026-01-08, 1 working day late: T3" in problem.message
    assert problems(BOUND, said.replace("T2: 100", "T2: 100, T3: 100")) == []


def test_day_that_binds_a_summary_is_judged_by_its_last_part() -> None:
    tasks = summary("T1", "constraint: {finish_by: 2026-01-05}") + job("T2", "parent: T1, duration: 1")
    (problem,) = problems(tasks + job("T3", "parent: T1, duration: 4"))
    assert "task T1" in problem.message
    assert problem.message.endswith("1 working day late: T3")


def test_long_chain_is_shown_from_its_end() -> None:
    tasks = job("T1", "duration: 1") + "".join(
        job(f"T{n}", f"duration: 1, predecessors: [T{n - 1}]") for n in range(2, 20)
    )
    (problem,) = problems(tasks + job("T20", "duration: 1, predecessors: [T19], constraint: {finish_by: 2026-01-07}"))
    assert problem.message.endswith(f"late: … → {' → '.join(f'T{n}' for n in range(9, 21))}")


def test_plan_beyond_the_last_day_is_an_error_at_the_task_that_ends_it() -> None:
    (problem,) = problems(job("T1", "duration: 100000000000") + job("T2", "duration: 1"))
    assert (problem.code, problem.severity, problem.place.line) == ("DB278", "error", 4)
    assert problem.message == "the plan runs beyond 2199: task T1 ends 100000000000 working days in"


def test_circle_leaves_the_rest_of_a_plan_to_be_looked_at() -> None:
    tasks = job("T1", "duration: 1, predecessors: [T2]") + job("T2", "duration: 1, predecessors: [T1]")
    (problem,) = problems(tasks + job("T3", "duration: 9, constraint: {finish_by: 2026-01-02}"))
    assert "task T3" in problem.message
