"""Take projects with budgets and progress; earn what is done by each rule; check values, parts and sums by hand."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from earned_work import exact, job, load, money, performance_of, plan, report, time_of
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.controls.measure import NO_BUDGET, NO_REPORT, NOT_MEASURED, Measure
from pipeline.controls.performance import Performance

NAMES = ("bac", "pv", "ev", "ac")


def earned(rule: str, said: str, more: str = "") -> Fraction:
    """Return what a task worth 1,000 earns under a rule."""
    extra = {"quantity": 8} if rule == "units" else {}
    task = job("T01", rule=f'"{rule}"', **extra)
    project = load(
        schedule=plan(task),
        budget=money((1000, "WP1")),
        progress__2026_02=report("2026-02-13", tasks=f"T01: {said}"),
        **({"progress__2026_03": more} if more else {}),
    )
    return exact(performance_of(project).project.ev)


# What the file says of the task, and what each rule earns of 1,000.
RULES = (
    ("percent", "0", 0), ("percent", "12.5", 125), ("percent", "100", 1000),
    ("0/100", "0", 0), ("0/100", "99.9", 0), ("0/100", "100", 1000),
    ("50/50", "0", 0), ("50/50", "0.1", 500), ("50/50", "{complete: 0, start: 2026-02-03}", 500),
    ("50/50", "99", 500), ("50/50", "100", 1000),
    ("units", "{units: 0}", 0), ("units", "{units: 3}", 375), ("units", "{units: 8}", 1000),
    ("units", "{units: 3, complete: 90}", 375), ("units", "40", 400),
)  # fmt: skip


@pytest.mark.parametrize(("rule", "said", "amount"), RULES)
def test_task_earns_by_its_rule(rule: str, said: str, amount: int) -> None:
    assert earned(rule, said) == amount


def test_units_are_carried_over_until_new_ones_are_told() -> None:
    assert earned("units", "{units: 3}", report("2026-03-31")) == 375
    assert earned("units", "{units: 3}", report("2026-03-31", tasks="T01: {units: 5}")) == 625


def test_third_of_the_units_earns_a_third_exactly() -> None:
    task = job("T01", rule="units", quantity=3)
    said = report("2026-02-13", tasks="T01: {units: 1}")
    project = load(schedule=plan(task), budget=money((1000, "WP1")), progress__2026_02=said)
    assert exact(performance_of(project).project.ev) == Fraction(1000, 3)


# WP1 has 1,000 for T01 (effort 1) and T02 (effort 3), WP2 300 for T03, 120 belong to no package.
# By 13 February ten of twenty days are over: PV 500 and 150; 120 × 32 of 261 days of the year are 14.71.
SCHEDULE = plan(job("T01"), job("T02", effort=3), job("T03", package="WP2"))
BUDGET = money((600, "WP1"), (400, "WP1"), (300, "WP2"), (120, ""), more="contingency: 99\n")
SAID = report(
    "2026-02-13", tasks="T01: 100, T02: 20", costs="B01: {actual: 350.10}, B02: {actual: 0.90}, B04: {actual: 20}"
)
PROJECT = load(schedule=SCHEDULE, budget=BUDGET, progress__2026_02=SAID)
EFFORT = Fraction(120 * 32, 261)


def row(value: object) -> tuple[Fraction | None, ...]:
    return tuple(getattr(value, name).exact for name in NAMES)


def test_packages_have_all_figures_of_their_own() -> None:
    performance = performance_of(PROJECT)
    assert [(one.id, one.title, *row(one)) for one in performance.packages] == [
        ("WP1", "Package WP1", 1000, 500, 400, 351),
        ("WP2", "Package WP2", 300, 150, 0, 0),
        ("", "", 120, EFFORT, EFFORT, 20),
    ]
    assert performance.packages[0].cpi.exact == Fraction(400, 351)
    assert performance.packages[1].spi.value == 0


def test_project_is_the_sum_of_its_packages_exactly() -> None:
    assert row(performance_of(PROJECT).project) == (1420, 650 + EFFORT, 400 + EFFORT, 371)


def test_tasks_show_what_they_are_worth_and_by_which_rule() -> None:
    tasks = performance_of(PROJECT).tasks
    assert [(one.id, one.package, one.rule, *(getattr(one, name).exact for name in NAMES[:3])) for one in tasks] == [
        ("T01", "WP1", "percent", 250, 125, 250),
        ("T02", "WP1", "percent", 750, 375, 150),
        ("T03", "WP2", "percent", 300, 150, 0),
    ]


def test_level_of_effort_is_told_apart_and_earns_what_was_planned() -> None:
    performance = performance_of(PROJECT)
    assert performance.effort.value == 120
    assert performance.packages[2].spi.value == 1


def test_level_of_effort_is_earned_once_all_tasks_are_complete() -> None:
    done = report("2026-03-31", tasks="T01: 100, T02: 100, T03: 100")
    project = load(schedule=SCHEDULE, budget=BUDGET, progress__2026_02=SAID, progress__2026_03=done)
    assert exact(performance_of(project).project.ev) == 1420


def test_figures_stand_on_the_status_date_of_the_period() -> None:
    performance = performance_of(PROJECT)
    assert performance.day.isoformat() == "2026-02-13"
    assert PROJECT.info.status_date.isoformat() == "2026-12-31"


def missing(performance: Performance) -> dict[str, str]:
    measures: dict[str, Measure] = {name: getattr(performance.project, name) for name in NAMES}
    return {name: one.reason for name, one in measures.items() if one.exact is None}


def test_before_the_first_report_the_plan_alone_is_known() -> None:
    assert missing(performance_of(load(schedule=SCHEDULE, budget=BUDGET))) == {"ev": NO_REPORT, "ac": NO_REPORT}


def test_without_a_budget_nothing_is_known() -> None:
    performance = performance_of(load(schedule=SCHEDULE, progress__2026_02=report("2026-02-13", tasks="T01: 100")))
    assert missing(performance) == dict.fromkeys(NAMES, NO_BUDGET)
    assert (performance.packages, performance.tasks) == ((), ())
    assert performance.project.eac.reason == NO_BUDGET


def test_budget_that_no_task_earns_cannot_be_measured() -> None:
    said = report("2026-02-13", tasks="T01: 100", costs="B01: {actual: 5}")
    project = load(schedule=SCHEDULE, budget=money((120, "")), progress__2026_02=said)
    performance = performance_of(project)
    assert missing(performance) == {"ev": NOT_MEASURED}
    assert performance.project.cpi.reason == performance.project.eac.reason == NOT_MEASURED
    assert performance.project.spent.exact == Fraction(5, 120) * 100


def test_spent_budget_is_not_taken_for_earned_where_nothing_is_measured() -> None:
    said = report("2026-02-13", costs="B01: {actual: 120}")
    project = load(schedule=SCHEDULE, budget=money((120, "")), progress__2026_02=said)
    assert performance_of(project).project.tcpi.reason == NOT_MEASURED
    assert time_of(project).tspi.reason == NOT_MEASURED


MONEY = st.decimals(0, 10**8, places=2)
LINE = st.tuples(MONEY, MONEY, st.sampled_from(["", "WP1", "WP2"]))
JOB = st.tuples(
    st.sampled_from(["WP1", "WP2"]),
    st.integers(0, 30),
    st.sampled_from(['"0/100"', '"50/50"', "percent", "units"]),
    st.integers(0, 100),
)


def numbered(
    lines: list[tuple[Decimal, Decimal, str]], jobs: list[tuple[str, int, str, int]], turned: bool
) -> Performance:
    """Return the performance of a project whose records stand in one order or the other."""
    lines_text = [
        f"  - {{id: B{n:02}, title: L, category: staff, years: {{2026: {planned}}}"
        f"{f', work_package: {package}' if package else ''}}}\n"
        for n, (planned, _, package) in enumerate(lines, 1)
    ]
    tasks = [
        job(f"T{n:02}", package=package, effort=effort, rule=rule, **({"quantity": 200} if rule == "units" else {}))
        for n, (package, effort, rule, _) in enumerate(jobs, 1)
    ]
    said = [
        f"T{n:02}: {{units: {done * 2}}}" if rule == "units" else f"T{n:02}: {done}"
        for n, (_, _, rule, done) in enumerate(jobs, 1)
    ]
    booked = [f"B{n:02}: {{actual: {actual}}}" for n, (_, actual, _) in enumerate(lines, 1)]
    step = -1 if turned else 1
    text = report("2026-02-13", tasks=", ".join(said[::step]), costs=", ".join(booked[::step]))
    return performance_of(
        load(schedule=plan(*tasks[::step]), budget="lines:\n" + "".join(lines_text[::step]), progress__2026_02=text)
    )


@given(st.lists(LINE, min_size=1, max_size=5), st.lists(JOB, min_size=1, max_size=6))
@settings(max_examples=40, deadline=None)
def test_parts_make_up_the_whole_and_order_does_not_matter(
    lines: list[tuple[Decimal, Decimal, str]], jobs: list[tuple[str, int, str, int]]
) -> None:
    performance, turned = numbered(lines, jobs, False), numbered(lines, jobs, True)
    assert performance == turned
    whole = performance.project
    for name in NAMES:
        parts = [getattr(one, name) for one in performance.packages]
        if getattr(whole, name).exact is not None:
            assert sum(exact(part) for part in parts) == getattr(whole, name).exact
    assert whole.bac.value == sum((planned for planned, _, _ in lines), Decimal(0))
    assert whole.ac.value == sum((actual for _, actual, _ in lines), Decimal(0))
    assert whole.ev.exact is None or 0 <= whole.ev.exact <= exact(whole.bac)
    assert exact(sum((task.bac for task in performance.tasks), performance.effort)) == exact(whole.bac)
