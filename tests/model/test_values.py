"""Take the sample project with one wrong value each; load it; check code, sentence, line and hint of the problem."""

from __future__ import annotations

import pytest
from model_sample import FILES, line_of, load, snapshot_of, swap

from pipeline.model.load import load_settings

RISK, RISKS, BUDGET = "atlas/registers/risks/R-02.yaml", "atlas/registers/risks.yaml", "atlas/budget.yaml"
PROJECT, SCHEDULE, SEPTEMBER = "atlas/project.yaml", "atlas/schedule.yaml", "atlas/progress/2026-09.yaml"
ISSUES, CHARTER = "atlas/registers/issues.yaml", "atlas/charter.md"

# Path, old text, new text, code, sentence (a part), hint (a part).
FAULTS: tuple[tuple[str, str, str, str, str, str], ...] = (
    (RISK, "owner: max", "ownr: max", "DB202", "unknown key `ownr` in risk R-02", "did you mean `owner`?"),
    (RISK, "owner: max.manager\n", "", "DB203", "risk R-02 has no `owner`", "add `owner`: Person who looks after it"),
    (RISKS, "    category: data\n", "", "DB203", "risk R-01 has no `category`", "add `category`"),
    (RISKS, "id: R-01", "id: R1", "DB207", '`id` of risk R1 is not written in its form: "R1"', "write it like R-01"),
    (RISKS, "raised: 2026-02-01", 'raised: "2026-02-01"', "DB204", "wants a date (YYYY-MM-DD)", "without quotes"),
    (ISSUES, "due: 2026-03-15", "due: next week", "DB204", 'wants a date (YYYY-MM-DD), has "next week"', ""),
    (ISSUES, "urgency: 3", "urgency: 6", "DB206", "`urgency` of issue I-01 wants at most 5, has 6", ""),
    (ISSUES, "urgency: 3", "urgency: 0", "DB206", "`urgency` of issue I-01 wants at least 1, has 0", ""),
    (ISSUES, "urgency: 3", 'urgency: "3"', "DB204", '`urgency` of issue I-01 wants a whole number, has "3"', "quotes"),
    (ISSUES, "urgency: 3", "urgency: true", "DB204", "wants a whole number, has true", ""),
    (ISSUES, "urgency: 3", "urgency: 3.5", "DB204", "wants a whole number, has 3.5", ""),
    (ISSUES, "status: closed", "status: close", "DB205", '`status` of issue I-01 cannot be "close"', "mean `closed`"),
    (ISSUES, "category: technical", "category: 5", "DB204", "wants text, has 5", "put it in quotes"),
    (ISSUES, "category: technical", "category: '  '", "DB204", "wants text, is empty", ""),
    (ISSUES, "category: technical", 'category: "a\\ab"', "DB204", "control character", ""),
    (ISSUES, "category: technical", "category:", "DB204", "wants text, has nothing", ""),
    (BUDGET, "2026: 120000.50", "2026: 120000.505", "DB206", "wants at most 2 decimals, has 120000.505", ""),
    (BUDGET, "2026: 120000.50", "2026: -1", "DB206", "`years.2026` of budget line B01 wants at least 0, has -1", ""),
    (BUDGET, "2026: 120000.50", "2026: true", "DB204", "wants a number, has true", ""),
    (BUDGET, "2026: 120000.50", "2026: 1e50", "DB206", "wants at most", ""),
    (BUDGET, "2026: 120000.50", "next: 1", "DB204", "wants a whole number", ""),
    (BUDGET, "contingency: 10000", "contingency: 10 000", "DB204", 'of budget.yaml wants a number, has "10 000"', ""),
    (BUDGET, "category: staff", "category: people", "DB205", 'budget line B01 cannot be "people"', "known here: "),
    (PROJECT, "objectives:", "objective:", "DB202", "unknown key `objective` in project.yaml", "mean `objectives`"),
    (PROJECT, "project_manager: max", "project_manger: max", "DB202", "in `roles` of project", "`project_manager`"),
    (PROJECT, "met: yes", "met: true", "DB205", "cannot be true", "known here: "),
    (PROJECT, "allocation: 50", "allocation: 101", "DB206", "`allocation` of team member 1 wants at most 100", ""),
    (PROJECT, "title: Search,", "title: Search, find it,", "DB202", "unknown key `find it`", "has to stand in quotes"),
    (PROJECT, "currency: EUR", "currency: Euro", "DB207", "`currency` of project.yaml", "write it like EUR"),
    (PROJECT, "needs: [N1]", "needs: []", "DB206", "`needs` of feature F1 wants at least 1 entry, has 0", ""),
    (PROJECT, "included: [The archive]", "included: The archive", "DB201", "wants a list", ""),
    (PROJECT, "start: 2026-01-01", "start: 0026-01-01", "DB206", "wants at least 1900-01-01, has 0026-01-01", ""),
    (SCHEDULE, "duration: 20\n", "duration: 20\n    estimate: {optimistic: 1, likely: 1, pessimistic: 1}\n", "DB208",
     "task T01 wants either `duration` or `estimate`", ""),
    (SCHEDULE, "optimistic: 20", "optimistic: 31", "DB208", "`estimate` of task T02 wants optimistic ≤ likely", ""),
    (SCHEDULE, "{start: 2026-01-05, finish: 2026-01-30}", "2026-01-05", "DB201", "wants a mapping", ""),
    (SEPTEMBER, "T02: 62.5", "T02: 101", "DB206", "`tasks.T02.complete` of progress 2026-09 wants at most 100", ""),
    (SEPTEMBER, "T02: 62.5", "T02: most", "DB204", "wants a number", ""),
    (SEPTEMBER, "T02: 62.5", "T02: {start: 2026-01-01}", "DB208", "wants `complete` or `units`", ""),
    (SEPTEMBER, "T02: 62.5", "T02: {complete: 62.5, remaining: -1}", "DB206", "`tasks.T02.remaining`", ""),
    (SEPTEMBER, "T02: 62.5", "T02: {units: many}", "DB204", "wants a number", ""),
    (SEPTEMBER, "tasks:", "lights: {cost: {light: on_track, author: ann.owner, expires: 2026-10-31}}\ntasks:", "DB203",
     "has no `reason`", "add `reason`"),
    (SEPTEMBER, "tasks:", "lights: {cost: {light: on_track, reason: r, expires: 2026-10-31}}\ntasks:", "DB203",
     "has no `author`", "add `author`"),
    (SEPTEMBER, "tasks:", "lights: {cost: {light: green, reason: r, author: ann.owner, expires: 2026-10-31}}\ntasks:",
     "DB205", "cannot be \"green\"", "known here: at_risk, off_track, on_track"),
    (SEPTEMBER, "tasks:", "lights: {costs: {}}\ntasks:", "DB205", "cannot be \"costs\"", "did you mean `cost`?"),
    ("atlas/budget.yaml", "contingency: 10000", "contingency: 10000\ncurrency: euro", "DB207", "`currency` of budget",
     "write it like EUR"),
    (CHARTER, 'version: "1.9"', "version: 1.9", "DB204", "`version` of revision 2 wants text, has 1.9", "in quotes"),
    (CHARTER, "standfirst:", "standfrist:", "DB202", "unknown key `standfrist` in atlas/charter.md", "`standfirst`"),
    ("people.yaml", "id: ann.owner", "id: Ann Owner", "DB207", "of person Ann Owner", "write it like ilse.brandt"),
    ("deedbox.yaml", "medium: [5, 14]", "medium: [5, 13]", "DB213", "must cover 1 to 25 in order", ""),
    ("deedbox.yaml", "high: [15, 25]", "high: [15, 24]", "DB213", "without gap or overlap", ""),
    ("deedbox.yaml", "low: [1, 4]", "low: [1]", "DB206", "`scales.levels.low` of deedbox.yaml wants", ""),
    ("deedbox.yaml", "projects: [atlas]", "projects: [atlas, atlantis]", "DB209", "no atlantis/project", "`atlas`"),
    ("deedbox.yaml", "name: Sample office", "name: Sample\noutput: ../build", "DB206", "a folder beside", ""),
)  # fmt: skip


@pytest.mark.parametrize(("path", "old", "new", "code", "sentence", "hint"), FAULTS)
def test_wrong_value_is_reported_in_a_calm_sentence(
    path: str, old: str, new: str, code: str, sentence: str, hint: str
) -> None:
    files = swap(path, old, new)
    problems = load(files).problems
    (problem,) = [problem for problem in problems if problem.place.file == path and problem.code == code]
    assert sentence in problem.message
    assert hint in problem.hint
    assert problem.place.line > 0 and line_of(files, problem)


def test_place_of_a_wrong_value_is_the_value_and_of_an_unknown_key_the_key() -> None:
    value = load(swap(RISK, "status: closed", "status: shut")).problems[0]
    key = load(swap(RISK, "owner: max", "ownr: max")).problems
    assert str(value.place) == f"{RISK}:7:9"
    assert [str(problem.place) for problem in key] == [f"{RISK}:1:1", f"{RISK}:10:1"]


def test_empty_file_is_reported() -> None:
    (problem,) = load({"atlas/registers/lessons.yaml": "# nothing yet\n"}).problems
    assert (problem.code, problem.message) == ("DB201", "atlas/registers/lessons.yaml is empty")


@pytest.mark.parametrize("text", ["- 1\n", "words\n", "5\n", "{5: 1}\n"])
def test_file_of_another_shape_is_reported(text: str) -> None:
    problems = load({"atlas/registers/lessons.yaml": text}).problems
    assert {problem.code for problem in problems} <= {"DB201", "DB202", "DB203"} and problems


def test_missing_people_file_is_reported_once_and_not_for_each_name() -> None:
    problems = load({"people.yaml": None}).problems
    assert [problem.code for problem in problems] == ["DB209"]


def test_unusable_project_file_still_lets_other_files_be_checked() -> None:
    loaded = load({PROJECT: "id: [\n", **swap(ISSUES, "urgency: 3", "urgency: 9")})
    assert loaded.project is None
    assert {problem.place.file for problem in loaded.problems} == {PROJECT, ISSUES}


def test_unknown_schema_version_is_reported() -> None:
    _, problems = load_settings(snapshot_of({"deedbox.yaml": "schema_version: 2\nname: x\n"}))
    assert [problem.code for problem in problems] == ["DB205"]


STRAYS: tuple[tuple[str, str], ...] = (
    ("atlas/registers/risk.yaml", "atlas/registers/risks.yaml"),
    ("atlas/register/risks.yaml", "atlas/registers/risks.yaml"),
    ("atlas/Stakeholder.yml", "atlas/stakeholders.yaml"),
    ("atlas/schedule.yml", "atlas/schedule.yaml"),
    ("atlas/progress/2026-9.yaml", "atlas/progress/2026-09.yaml"),
    ("atlas/progress/2026-13.yaml", "atlas/progress/2026-09.yaml"),
    ("atlas/reports/september.md", "atlas/reports/2026-09.md"),
    ("atlas/closure_report.md", "atlas/closure-report.md"),
    ("atlas/chater.md", "atlas/charter.md"),
    ("atlas/registers/risks/R-03.yml", "atlas/registers/risks/R-03.yaml"),
    ("atlas/registers/risks/old/R-03.yaml", "atlas/registers/risks/R-03.yaml"),
    ("atlas/risks/R-03.yaml", "atlas/registers/risks/R-03.yaml"),
    ("atlas/register/Issue/I-03.yaml", "atlas/registers/issues/I-03.yaml"),
)


@pytest.mark.parametrize(("path", "meant"), STRAYS)
def test_file_that_nobody_reads_is_a_warning_with_the_right_name(path: str, meant: str) -> None:
    (problem,) = load({path: "x"}).problems
    assert (problem.code, problem.severity, problem.place.file) == ("DB210", "warning", path)
    assert problem.hint == f"did you mean `{meant}`?"


@pytest.mark.parametrize(
    "path",
    ["atlas/README.md", "atlas/documents/risk.yaml", "atlas/images/budget.yaml", "atlas/data.csv", "atlas/risks.xlsx",
     "atlas/notes/2026.md", "other/risk.yaml", "atlas/ci.yaml"],
)  # fmt: skip
def test_other_files_are_left_alone(path: str) -> None:
    assert load({path: "x"}).problems == ()


def test_register_may_be_single_files_only() -> None:
    text = FILES[RISK].replace("R-02", "R-01")
    assert load({RISKS: None, "atlas/registers/risks/R-01.yaml": text}).problems == ()
