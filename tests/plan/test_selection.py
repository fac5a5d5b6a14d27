"""Take selectors as people type them; match them with projects and documents; check what is chosen and what is said."""

from __future__ import annotations

import pytest

from pipeline.plan import read_selectors
from pipeline.plan.select import check_documents
from pipeline.problems import USAGE, Stop

PROJECTS = ("atlas", "atlas-two", "beacon")
KNOWN = (
    ("atlas", "charter"),
    ("atlas", "documents/notes"),
    ("atlas", "documents/old/notes"),
    ("atlas", "progress-report-2026-08"),
    ("atlas", "progress-report-2026-09"),
    ("atlas-two", "charter"),
    ("beacon", "charter"),
    ("beacon", "closure-report"),
    ("beacon", "progress-report-2026-08"),
)

CHOICES = {
    "nothing": ((), KNOWN),
    "project": (("atlas",), KNOWN[:5]),
    "project with a slash": (("atlas/",), KNOWN[:5]),
    "document": (("atlas/charter",), KNOWN[:1]),
    "document with a slash": (("/atlas/charter/",), KNOWN[:1]),
    "all periods of a document": (("atlas/progress-report",), KNOWN[3:5]),
    "one period": (("atlas/progress-report-2026-09",), KNOWN[4:5]),
    "file taken as it is": (("atlas/documents/notes",), KNOWN[1:2]),
    "folder": (("atlas/documents/*",), KNOWN[1:3]),
    "all projects": (("*",), KNOWN),
    "some projects": (("atlas*",), KNOWN[:6]),
    "document of all projects": (("*/charter",), (KNOWN[0], KNOWN[5], KNOWN[6])),
    "periods by wildcard": (("*/progress-report-2026-0[89]",), (*KNOWN[3:5], KNOWN[8])),
    "periods of all projects": (("*/progress-report",), (*KNOWN[3:5], KNOWN[8])),
    "wildcard within a name": (("beacon/*-report",), KNOWN[7:]),
    "two selectors": (("beacon/charter", "atlas-two"), (KNOWN[5], KNOWN[6])),
    "one selector twice": (("atlas/charter", "atlas/charter"), KNOWN[:1]),
    "selectors that overlap": (("atlas", "atlas/charter"), KNOWN[:5]),
}


@pytest.mark.parametrize("name", CHOICES)
def test_selectors_choose_the_documents_that_they_mean(name: str) -> None:
    selectors, expected = CHOICES[name]
    selection = read_selectors(selectors, PROJECTS)
    assert tuple(one for one in KNOWN if selection.wants(*one)) == expected
    assert {project for project in PROJECTS if selection.wants_project(project)} >= {project for project, _ in expected}
    assert selection.whole is (selectors == ())
    check_documents(selection, KNOWN)


def test_selection_passes_by_projects_that_nobody_asked_for() -> None:
    selection = read_selectors(("atlas/charter",), PROJECTS)
    assert [project for project in PROJECTS if selection.wants_project(project)] == ["atlas"]


@pytest.mark.parametrize(
    ("selector", "hint"),
    [
        ("atlsa", "did you mean `atlas`?"),
        ("beacn/charter", "did you mean `beacon`?"),
        ("x", "known here"),
        ("", "known here"),
        ("/", "known"),
    ],
)
def test_unknown_project_stops_with_the_nearest_one(selector: str, hint: str) -> None:
    with pytest.raises(Stop) as stop:
        read_selectors(("atlas", selector), PROJECTS)
    assert stop.value.exit_code == USAGE
    assert hint in stop.value.problems[0].hint


@pytest.mark.parametrize(
    ("selector", "hint"),
    [
        ("atlas/chartr", "did you mean `charter`?"),
        ("beacon/progress-report-2026-09", "did you mean `progress-report-2026-08`?"),
        ("atlas/closure-report", ""),
        ("atlas/progress-report-2026", ""),
        ("*/chartr", "did you mean `charter`?"),
    ],
)
def test_unknown_document_stops_with_the_nearest_one_of_its_project(selector: str, hint: str) -> None:
    selection = read_selectors((selector,), PROJECTS)
    with pytest.raises(Stop) as stop:
        check_documents(selection, KNOWN)
    assert stop.value.exit_code == USAGE
    assert hint in stop.value.problems[0].hint
    assert selector.partition("/")[2] in stop.value.problems[0].message
