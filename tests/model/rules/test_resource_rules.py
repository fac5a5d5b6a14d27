"""Take the sample's resources with one thing changed; load them; check what is read and which problem is told where."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from model_sample import FILES, line_of, load, load_good, swap

RESOURCES, SCHEDULE = "atlas/resources.yaml", "atlas/schedule.yaml"

# Old text, new text, code, sentence (a part), hint (a part).
WRONG: tuple[tuple[str, str, str, str, str], ...] = (
    ("kind: human", "kind: humane", "DB205", '`kind` of resource R1 cannot be "humane"', "did you mean `human`?"),
    ("kind: human", "kind: equipment", "DB208", "resource R1 names a `person`, but its kind is not `human`", ""),
    ("unit: day", "unit: week", "DB205", "`unit` of resource R1", "known here: day, hour, month, piece"),
    ("unit: day", "unit: day\n    quantity: 2", "DB208", "resource R1 names a `person`, and has a `quantity` of 2", ""),
    ("quantity: 800", "quantity: -1", "DB206", "`quantity` of resource R2 wants at least 0, has -1", ""),
    ("rate: 500", "rate: -500", "DB206", "`rate` of resource R1 wants at least 0, has -500", ""),
    ("    rate: 500\n", "", "DB203", "resource R1 has no `rate`", "add `rate`: Price of one unit"),
    ("availability: 80", "availability: 101", "DB206", "`availability` of resource R1 wants at most 100", ""),
    ("id: R1", "id: R-1", "DB207", "`id` of resource R-1 is not written in its form", "write it like R1"),
    ("from: 2026-01-01", "fron: 2026-01-01", "DB202", "unknown key `fron` in resource R1", "did you mean `from`?"),
    ("from: 2026-01-01", "start: 2026-01-01", "DB202", "unknown key `start` in resource R1", ""),
    ("from: 2026-02-09, ", "", "DB203", "`absences` of resource R1 has no `from`", "add `from`: First day away"),
    ("currency: EUR", "currency: USD", "DB249", "resources.yaml is in USD, the project in EUR", "convert"),
)


@pytest.mark.parametrize(("old", "new", "code", "sentence", "hint"), WRONG)
def test_wrong_value_is_reported_with_its_line(old: str, new: str, code: str, sentence: str, hint: str) -> None:
    files = swap(RESOURCES, old, new)
    found = [problem for problem in load(files).problems if problem.code == code]
    assert len(found) == 1
    assert sentence in found[0].message
    assert hint in found[0].hint
    assert found[0].place.file == RESOURCES and found[0].place.line


def test_resources_are_read_in_the_order_of_their_ids() -> None:
    second = FILES[RESOURCES].replace("id: R1", "id: R10")
    project = load_good({RESOURCES: second, **swap(SCHEDULE, "resource: R1", "resource: R10")})
    assert [resource.id for resource in project.resources.resources] == ["R2", "R10"]
    manager = project.resources.resource("R10")
    assert (manager.start, manager.end, manager.rate) == (date(2026, 1, 1), date(2026, 12, 31), 500)
    assert manager.absences[0].reason == "Leave"
    licences = project.resources.resource("R2")
    assert (licences.availability, licences.quantity, licences.working) == (100, 800, False)


def test_project_without_resources_has_none() -> None:
    project = load_good({RESOURCES: None, SCHEDULE: _without_assignments()})
    assert project.resources.resources == ()


def _without_assignments() -> str:
    lines = FILES[SCHEDULE].splitlines(keepends=True)
    return "".join(line for line in lines if "assignments" not in line)


def test_availability_knows_first_and_last_day_and_absences() -> None:
    resource = load_good({}).resources.resource("R1")
    shares = {
        "2025-12-31": 0, "2026-01-01": 80, "2026-02-08": 80, "2026-02-09": 0, "2026-02-13": 0, "2026-02-14": 80,
        "2026-12-31": 80, "2027-01-01": 0,
    }  # fmt: skip
    assert {day: resource.available_on(date.fromisoformat(day)) * 100 for day in shares} == shares


def test_assignment_of_an_unknown_resource_comes_with_the_nearest_one() -> None:
    files = swap(SCHEDULE, "resource: R1", "resource: R11")
    (problem,) = load(files).problems
    assert (problem.code, line_of(files, problem).strip()[:12]) == ("DB222", "assignments:")
    assert problem.hint == "did you mean `R1`?"


# The task runs from Monday 2 February to Friday 20 March.
AWAY = {
    "2026-02-02, to: 2026-03-20": True,
    "2026-02-02, to: 2026-03-19": False,
    "2026-02-03, to: 2026-03-20": False,
    # Two absences with a weekend between them.
    "2026-02-02, to: 2026-02-13}, {from: 2026-02-16, to: 2026-04-10": True,
    "2026-02-16, to: 2026-04-10}, {from: 2026-01-05, to: 2026-02-13": True,
    "2026-02-02, to: 2026-02-12}, {from: 2026-02-16, to: 2026-04-10": False,
}


@pytest.mark.parametrize("absences", AWAY)
def test_task_whose_resource_is_away_all_the_time_is_told(absences: str) -> None:
    old = "\n      - {from: 2026-02-09, to: 2026-02-13, reason: Leave}"
    problems = load(swap(RESOURCES, old, f" [{{from: {absences}}}]")).problems
    assert [problem.code for problem in problems] == (["DB253"] if AWAY[absences] else [])
    for problem in problems:
        assert problem.message == "resource R1 is absent during all of task T02 (2026-02-02 to 2026-03-20)"
        assert problem.hint == "see `from`, `to` and `absences` in atlas/resources.yaml:3:5"


def test_stay_that_is_open_at_one_end_is_told_in_words() -> None:
    files = swap(RESOURCES, "    from: 2026-01-01\n    to: 2026-12-31\n", "    from: 2026-02-03\n")
    (problem,) = load(files).problems
    assert problem.message.endswith("but of resource R1: it is there only from 2026-02-03")
    assert problem.severity == "warning"


def test_rate_stands_as_it_is_written() -> None:
    rates = [resource.rate for resource in load_good({}).resources.resources]
    assert rates == [Decimal(500), Decimal("100.00")]
