"""Take progress files with days to go, units and stated lights; load them; check what each period says."""

from __future__ import annotations

from decimal import Decimal

from model_sample import FILES, load, load_good, swap

from pipeline.model.project import Project

AUGUST, SEPTEMBER = "atlas/progress/2026-08.yaml", "atlas/progress/2026-09.yaml"
SCHEDULE = "atlas/schedule.yaml"
LIGHT = "{light: on_track, reason: Paid in October, author: ann.owner, expires: 2026-10-31}"
MEASURED = swap(SCHEDULE, "effort: 10\n", "effort: 10\n    rule: units\n    quantity: 40\n")


def project(*, august: str = "T02: 40", september: str = "T02: 62.5", more: str = "") -> Project:
    files = {
        **MEASURED,
        **swap(AUGUST, "T02: 40", august),
        SEPTEMBER: FILES[SEPTEMBER].replace("T02: 62.5", september) + more,
    }
    return load_good(files)


def test_days_to_go_are_kept_while_nothing_is_said_of_the_task() -> None:
    august, september = project(august="T02: {complete: 40, remaining: 12.5}", september="T10: 5").progress
    assert august.task("T02").remaining == september.task("T02").remaining == Decimal("12.5")


def test_days_to_go_are_forgotten_once_the_task_moves_on() -> None:
    _, september = project(august="T02: {complete: 40, remaining: 12.5}").progress
    assert (september.task("T02").complete, september.task("T02").remaining) == (Decimal("62.5"), None)


def test_units_tell_how_complete_a_task_is() -> None:
    august, september = project(august="T10: {units: 7}", september="T10: {units: 40}").progress
    assert (august.task("T10").complete, august.task("T10").units, august.task("T10").done) == (
        Decimal("17.5"),
        7,
        False,
    )
    assert september.task("T10").done


def test_percentage_that_is_stated_beside_units_stands() -> None:
    (august, _) = project(august="T10: {units: 7, complete: 30}").progress
    assert (august.task("T10").complete, august.task("T10").units) == (30, 7)


def test_task_has_begun_with_its_first_unit_percent_or_day() -> None:
    (august, _) = project(august="T02: 40\n  T10: {complete: 0, start: 2026-08-03}").progress
    assert august.task("T02").begun and august.task("T10").begun
    (august, _) = project(august="T10: {units: 0}").progress
    assert not august.task("T10").begun


def test_stated_light_holds_for_its_own_period_alone() -> None:
    august, september = load_good(swap(AUGUST, "tasks:", f"lights: {{cost: {LIGHT}}}\ntasks:")).progress
    stated = august.light("cost")
    assert stated is not None and (stated.light, stated.reason, stated.author) == (
        "on_track",
        "Paid in October",
        "ann.owner",
    )
    assert august.light("schedule") is None
    assert september.light("cost") is None


def test_stated_light_holds_on_its_last_day_and_not_after_it() -> None:
    def stated(expires: str) -> bool:
        light = LIGHT.replace("2026-10-31", expires)
        loaded = load(swap(SEPTEMBER, "tasks:", f"lights: {{overall: {light}}}\ntasks:"))
        assert loaded.project is not None
        return loaded.project.progress[-1].light("overall") is not None

    assert stated("2026-09-30") and not stated("2026-09-29")


def messages(files: dict[str, str | None]) -> list[str]:
    return [f"{problem.code} {problem.message}" for problem in load(files).problems]


def test_more_units_than_planned_are_reported_once() -> None:
    files = {**MEASURED, **swap(AUGUST, "T02: 40", "T02: 40\n  T10: {units: 41}")}
    files[SEPTEMBER] = FILES[SEPTEMBER].replace("T02: 62.5", "T10: {units: 41}")
    assert messages(files) == ["DB250 task T10 has 41 units done of 40"]


def test_units_that_become_fewer_are_reported() -> None:
    files = {**MEASURED, **swap(AUGUST, "T02: 40", "T02: 40\n  T10: {units: 20}")}
    files[SEPTEMBER] = FILES[SEPTEMBER].replace("T02: 62.5", "T10: {complete: 50, units: 19}")
    assert messages(files) == ["DB242 units done of T10 falls from 20 to 19; values are cumulative"]


def test_work_before_the_project_is_reported_where_it_is_first_told() -> None:
    files = swap(AUGUST, "start: 2026-01-05", "start: 2025-12-15")
    files[SEPTEMBER] = FILES[SEPTEMBER].replace("T02: 62.5", "T01: 100")
    (problem,) = load(files).problems
    assert (problem.code, problem.place.file) == ("DB248", AUGUST)
    assert problem.message == "task T01: `start` (2025-12-15) is before the project's start (2026-01-01)"


def test_expired_light_says_when_it_expired() -> None:
    files = swap(SEPTEMBER, "tasks:", f"lights: {{cost: {LIGHT.replace('2026-10-31', '2026-08-31')}}}\ntasks:")
    assert messages(files) == ["DB251 the stated light `cost` expired on 2026-08-31, before the status date"]


def test_currency_of_the_project_may_be_stated_in_the_budget() -> None:
    budget = load_good(swap("atlas/budget.yaml", "lines:", "currency: EUR\nlines:")).budget
    assert budget is not None and budget.currency == "EUR"
