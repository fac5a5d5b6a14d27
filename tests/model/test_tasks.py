"""Take schedules with calendars, summaries, assignments and weights; load them; check records, problems and places."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from model_sample import FILES, load, load_good, swap

from pipeline.model.links import open_circles, spread_links
from pipeline.model.public_holidays import list_countries, list_public_holidays
from pipeline.model.schedule import Baseline, Link

SCHEDULE, SEPTEMBER = "atlas/schedule.yaml", "atlas/progress/2026-09.yaml"
RESOURCES = "atlas/resources.yaml"
TAIL = "    effort: 10\nmilestones:"


def part(id: str, more: str, *, first: str = "2026-03-26", last: str = "2026-04-08") -> str:
    return (
        f"  - {{id: {id}, work_package: WP1, title: Part, owner: max.manager, effort: 5, "
        f"baseline: {{start: {first}, finish: {last}}}, {more}}}\n"
    )


def with_parts(*parts: str, top: str = "") -> dict[str, str]:
    """Return the sample with T10 as a summary of some parts; `top` are fields of its own."""
    text = FILES[SCHEDULE].replace("    duration: 10\n", "")
    text = text.replace("    baseline: {start: 2026-03-26, finish: 2026-04-08}\n", "")
    return {SCHEDULE: text.replace(TAIL, f"{top}{''.join(parts)}milestones:")}


TWO = (
    part("T11", "parent: T10, duration: 4", last="2026-03-31"),
    part("T12", "parent: T10, duration: 6", first="2026-04-01", last="2026-04-09"),
)


def codes(files: dict[str, str]) -> list[str]:
    return [problem.code for problem in load(files).problems]


def messages(files: dict[str, str]) -> list[str]:
    return [problem.message for problem in load(files).problems]


def test_summary_takes_its_baseline_from_its_parts_and_has_no_effort() -> None:
    tasks = {task.id: task for task in load_good(with_parts(*TWO)).schedule.tasks}
    assert tasks["T10"].baseline == Baseline(start=date(2026, 3, 26), finish=date(2026, 4, 9))
    assert (tasks["T10"].effort, tasks["T10"].days) == (0, 0)
    assert [task.id for task in load_good(with_parts(*TWO)).schedule.leaves] == ["T01", "T02", "T11", "T12"]


def test_summaries_of_summaries_take_theirs_from_the_innermost_parts() -> None:
    inner = "  - {id: T11, work_package: WP1, title: Inner, owner: max.manager, parent: T10}\n"
    parts = (inner, part("T12", "parent: T11, duration: 1"), part("T13", "parent: T10, duration: 1", last="2026-05-04"))
    schedule = load_good(with_parts(*parts)).schedule
    tasks = {task.id: task for task in schedule.tasks}
    assert tasks["T11"].baseline.finish == date(2026, 4, 8)
    assert tasks["T10"].baseline.finish == date(2026, 5, 4)
    assert schedule.outline.leaves["T10"] == ("T12", "T13")
    assert schedule.outline.around("T12") == ("T11", "T10")


@pytest.mark.parametrize(
    ("field", "text"),
    [
        ("duration", "    duration: 3\n"),
        ("estimate", "    estimate: {optimistic: 1, likely: 2, pessimistic: 3}\n"),
        ("effort", "    effort: 2\n"),
        ("weight", "    weight: 100\n"),
        ("quantity", "    rule: units\n    quantity: 3\n"),
        ("baseline", "    baseline: {start: 2026-03-26, finish: 2026-04-10}\n"),
    ],
)
def test_summary_may_not_state_what_follows_from_its_parts(field: str, text: str) -> None:
    (problem,) = load(with_parts(*TWO, top=text)).problems
    assert (problem.code, f"its `{field}` comes from them" in problem.message) == ("DB273", True)
    assert problem.place.line > 0


def test_baseline_of_a_summary_may_be_stated_as_it_is() -> None:
    load_good(with_parts(*TWO, top="    baseline: {start: 2026-03-26, finish: 2026-04-09}\n"))


def test_progress_of_a_summary_comes_from_its_parts() -> None:
    text = FILES[SEPTEMBER].replace("tasks:\n", "tasks:\n  T10: 50\n", 1)
    assert "T10: 50" in text
    (problem,) = load({**with_parts(*TWO), SEPTEMBER: text}).problems
    assert (problem.code, problem.message) == ("DB273", "task T10 has parts; its progress comes from them")


def test_task_without_parts_still_wants_a_baseline_and_effort() -> None:
    files = swap(SCHEDULE, "    baseline: {start: 2026-01-05, finish: 2026-01-30}\n", "")
    assert "task T01 has no `baseline`" in messages(files)
    assert "task T01 has no `effort`" in messages(swap(SCHEDULE, "    effort: 15.5\n", ""))


def test_parent_has_to_exist() -> None:
    files = swap(SCHEDULE, "title: Design\n", "title: Design\n    parent: T99\n")
    assert messages(files) == ["there is no task T99"]


def test_task_that_is_its_own_parent_is_a_circle() -> None:
    files = swap(SCHEDULE, "title: Try out\n", "title: Try out\n    parent: T10\n")
    assert messages(files) == ["tasks are parts of each other in a circle: T10 → T10"]


def test_part_cannot_wait_for_the_whole() -> None:
    (problem,) = load(with_parts(part("T11", "parent: T10, duration: 4, predecessors: [T10]"))).problems
    assert (problem.code, problem.message) == ("DB224", "task T11 depends on T10, of which it is a part")


def test_whole_cannot_wait_for_a_part() -> None:
    files = with_parts(*TWO)
    files[SCHEDULE] = files[SCHEDULE].replace("[T02 FS+3]", "[T11]")
    assert messages(files) == ["task T10 depends on T11, which is a part of it"]


def test_finish_of_a_summary_cannot_be_bound() -> None:
    files = with_parts(*TWO)
    files[SCHEDULE] = files[SCHEDULE].replace("[T02 FS+3]", "[T02 FF]")
    assert codes(files) == ["DB274"]


def test_circle_through_a_summary_is_found() -> None:
    files = with_parts(*TWO)
    files[SCHEDULE] = files[SCHEDULE].replace("predecessors: [T01]", "predecessors: [T01, T10]")
    found = load(files).problems
    assert {problem.code for problem in found} == {"DB225"}
    assert "T02" in found[0].message


def test_summary_stands_for_its_parts_in_links() -> None:
    files = with_parts(*TWO, part("T20", "duration: 1, predecessors: [T10 FF+2]"))
    links = spread_links(load_good(files).schedule)
    assert links["T11"] == links["T12"] == (Link("T02", "FS", 3),)
    assert links["T20"] == (Link("T11", "FF", 2), Link("T12", "FF", 2))
    assert "T10" not in links


def test_circles_are_opened_and_the_rest_is_kept() -> None:
    links = {"A": (Link("C"),), "B": (Link("A"),), "C": (Link("B"), Link("D")), "D": (), "E": (Link("D"), Link("C"))}
    assert open_circles(links) == {"A": (), "B": (), "C": (Link("D"),), "D": (), "E": (Link("D"),)}
    fine = {"A": (), "B": (Link("A"),)}
    assert open_circles(fine) == fine


def test_effort_over_assigned_units_is_the_duration() -> None:
    files = swap(
        SCHEDULE, "    duration: 20\n", "    assignments: [{resource: R1, units: 50}, {resource: R2, units: 75}]\n"
    )
    task = load(files).project.schedule.tasks[0]  # type: ignore[union-attr]
    assert task.days == Decimal("15.5") / Decimal("1.25")


def test_assignments_without_effort_tell_no_duration() -> None:
    files = swap(SCHEDULE, "    duration: 20\n", "    assignments: [{resource: R1}]\n")
    files[SCHEDULE] = files[SCHEDULE].replace("effort: 15.5", "effort: 0")
    assert "DB271" in codes(files)


def test_unknown_resource_is_reported_at_its_place() -> None:
    files = swap(SCHEDULE, "    duration: 20\n", "    duration: 20\n    assignments: [{resource: R77}]\n")
    (problem,) = load(files).problems
    assert (problem.code, problem.message) == ("DB222", "there is no resource R77")
    assert FILES[SCHEDULE].splitlines()[9] == "    duration: 20"
    assert problem.place.line == 11


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("    assignments: [{resource: R1}, {resource: R1, units: 5}]\n", "assigns a resource twice"),
        ("    rule: units\n", "is measured in units, and wants their `quantity`"),
        ("    rule: units\n    quantity: 0\n", "is measured in units, and wants their `quantity`"),
        ("    quantity: 4\n", "has a `quantity`, but is not measured in units"),
        ("    estimate: {optimistic: 1, likely: 1, pessimistic: 1}\n", "wants either `duration` or `estimate`"),
    ],
)
def test_task_that_contradicts_itself_is_reported(text: str, fault: str) -> None:
    files = swap(SCHEDULE, "    duration: 20\n", f"    duration: 20\n{text}")
    assert f"task T01 {fault}" in messages(files)


def test_days_that_bind_have_to_be_in_order() -> None:
    text = "    duration: 20\n    constraint: {not_before: 2026-02-02, finish_by: 2026-02-01}\n"
    assert codes(swap(SCHEDULE, "    duration: 20\n", text)) == ["DB230"]
    load_good(swap(SCHEDULE, "    duration: 20\n", text.replace("02-01", "02-02")))


def weigh(*weights: str) -> dict[str, str]:
    text = FILES[SCHEDULE]
    for effort, weight in zip(("15.5", "40", "10"), weights, strict=True):
        line = f"effort: {effort}\n"
        assert text.count(line) == 1
        text = text.replace(line, f"{line}    weight: {weight}\n" if weight else line)
    return {SCHEDULE: text}


def test_weights_of_a_package_sum_to_a_hundred_or_are_not_there() -> None:
    load_good(weigh("33.3", "33.3", "33.4"))
    assert messages(weigh("33.3", "33.3", "33.3")) == ["the weights of the tasks of WP1 sum to 99.9, not to 100"]
    assert messages(weigh("60", "", "40")) == ["some tasks of WP1 state a `weight`, T02 does not"]
    assert messages(weigh("60", "", "")) == ["some tasks of WP1 state a `weight`, T02, T10 do not"]


CALENDARS = (
    ("weekdays: [mon, mon]", "DB208", "names a weekday twice"),
    ("weekdays: []", "DB208", "has no weekday that is worked"),
    ("weekdays: [monday]", "DB205", "cannot be"),
    ("subdivision: BE", "DB208", "has a `subdivision`, but no `country`"),
    ("country: Germany", "DB207", "is not written in its form"),
    ("country: DX", "DB276", "the public holidays of `DX` are not known"),
    ("country: DE, subdivision: BEE", "DB276", "`BEE` is no part of DE"),
    (
        "country: DE, working_days: [{date: 2026-05-01, name: W}], holidays: [{date: 2026-05-01, name: H}]",
        "DB208",
        "both",
    ),
)


@pytest.mark.parametrize(("text", "code", "words"), CALENDARS)
def test_calendar_that_means_nothing_is_reported(text: str, code: str, words: str) -> None:
    files = swap(
        SCHEDULE, "calendar:\n  holidays:\n    - {date: 2026-05-01, name: Labour Day}\n", f"calendar: {{{text}}}\n"
    )
    (problem,) = load(files).problems
    assert (problem.code, problem.place.line) == (code, 1)
    assert words in problem.message


def test_unknown_part_of_a_country_comes_with_the_nearest_one() -> None:
    (problem,) = load(swap(SCHEDULE, "calendar:\n", "calendar:\n  country: DE\n  subdivision: BEE\n")).problems
    assert problem.hint == "did you mean `BE`?"


def test_public_holidays_are_those_of_the_country_and_its_part() -> None:
    assert len(list_countries()) > 100
    assert date(2026, 10, 3) in list_public_holidays("DE", None, 2026)
    assert date(2026, 3, 8) in list_public_holidays("DE", "BE", 2026)
    assert date(2026, 3, 8) not in list_public_holidays("DE", "BY", 2026)
    assert list_public_holidays("XX", None, 2026) == list_public_holidays("DE", "XX", 2026) == frozenset()
