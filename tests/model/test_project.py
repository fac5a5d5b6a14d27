"""Take the sample project; load it; check that it is read whole and that its records answer rightly."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from model_sample import FILES, load, load_good, snapshot_of, swap
from pydantic import ValidationError

from pipeline.model.load import list_projects, load_project, load_settings
from pipeline.model.settings import Settings

SETTINGS = Settings(schema_version=1, name="x")


def test_valid_project_has_no_problem_at_all() -> None:
    project = load_good({})
    assert project.id == "atlas"
    assert project.info.title == "Records platform"
    assert project.owner is not None and project.owner.name == "Ann Owner"
    assert project.manager is not None and project.manager.id == "max.manager"
    assert project.language == "en"


def test_records_are_read_from_list_and_single_files_and_sorted_naturally() -> None:
    one = FILES["atlas/registers/risks/R-02.yaml"]
    project = load_good({"atlas/registers/risks/R-10.yaml": one.replace("R-02", "R-10")})
    assert [risk.id for risk in project.risks] == ["R-01", "R-02", "R-10"]
    assert [task.id for task in project.schedule.tasks] == ["T01", "T02", "T10"]


def test_files_say_where_each_subject_came_from() -> None:
    project = load_good({})
    assert project.files["risks"] == ("atlas/registers/risks.yaml", "atlas/registers/risks/R-02.yaml")
    assert project.files["people"] == ("people.yaml",)
    assert project.files["progress"] == ("atlas/progress/2026-08.yaml", "atlas/progress/2026-09.yaml")
    assert project.files["progress/2026-09"] == ("atlas/progress/2026-09.yaml",)


def test_every_subject_but_project_and_people_may_be_missing() -> None:
    left_out: dict[str, str | None] = {path: None for path in FILES if path.startswith("atlas/")}
    lean = FILES["atlas/project.yaml"].replace(", stakeholder: S1", "").replace(", deliverables: [D01]", "")
    project = load_good({**left_out, "atlas/project.yaml": lean})
    assert project.risks == () and project.progress == () and project.stakeholders == ()
    assert project.schedule.tasks == () and project.budget is None
    assert project.narratives == {} and project.documents == ()


def test_narrative_keeps_its_body_as_written() -> None:
    charter = load_good({}).narratives["atlas/charter.md"]
    assert charter.meta.standfirst == "Search for all."
    assert [revision.version for revision in charter.meta.revisions] == ["1.10", "1.9"]
    assert charter.body.startswith("# Executive summary")
    assert charter.body_line == 7


def test_narrative_without_front_matter_has_empty_meta() -> None:
    report = load_good({}).narratives["atlas/reports/2026-09.md"]
    assert report.meta.title is None and report.meta.revisions == ()
    assert report.body_line == 1


def test_documents_are_listed_and_not_read() -> None:
    assert load_good({}).documents == ("atlas/documents/notes.md",)


def test_progress_carries_values_over_from_earlier_periods() -> None:
    august, september = load_good({}).progress
    assert september.period == "2026-09"
    assert september.task("T01").finish == date(2026, 2, 3)
    assert (august.task("T02").complete, september.task("T02").complete) == (40, Decimal("62.5"))
    assert september.cost("B01").actual == 70000
    assert september.cost("B01").forecast == 118000, "a field that is not named keeps its value too"
    assert september.effort["WP1"] == 30
    assert september.milestone("M1").forecast == date(2026, 10, 15)
    assert september.named == {("tasks", "T02"), ("costs", "B01")}


def test_progress_knows_what_no_file_has_named() -> None:
    (august, _) = load_good({}).progress
    assert august.tasks["T10"].complete == 0 and not august.tasks["T10"].done
    assert list(august.tasks) == ["T01", "T02", "T10"]


def test_progress_is_found_by_day_and_by_period() -> None:
    project = load_good({})
    on = project.progress_on(date(2026, 9, 29))
    assert on is not None and on.period == "2026-08"
    assert project.progress_on(date(2026, 8, 30)) is None
    assert project.progress_of("2026-09") is project.progress[1]
    assert project.progress_of("2026-01") is None


def test_budget_adds_up_in_decimals() -> None:
    budget = load_good({}).budget
    assert budget is not None
    assert budget.lines_total == Decimal("120000.50")
    assert budget.total == Decimal("130000.50"), "with contingency, without management reserve"
    assert budget.funded == Decimal("135000.50")
    assert budget.years == (2026,)
    assert budget.line("B01").total == Decimal("120000.50")


def test_risk_answers_for_any_day() -> None:
    first, second = load_good({}).risks
    assert first.level_on(date(2026, 1, 31)) == 0 and first.assessment_on(date(2026, 1, 31)) is None
    assert first.level_on(date(2026, 5, 31)) == 16 and first.level_on(date(2026, 6, 1)) == 8 and first.level == 8
    assert not first.open_on(date(2026, 1, 31)) and first.open_on(date(2026, 2, 1))
    assert second.open_on(date(2026, 4, 30)) and not second.open_on(date(2026, 5, 1))


def test_level_name_follows_the_settings() -> None:
    scales = load_good({}).settings.scales
    assert [scales.level_name(level) for level in (1, 4, 5, 14, 15, 25)] == [
        "low",
        "low",
        "medium",
        "medium",
        "high",
        "high",
    ]


def test_change_status_follows_its_dates() -> None:
    (change,) = load_good({}).changes
    days = (date(2026, 2, 28), date(2026, 3, 1), date(2026, 3, 10), date(2026, 4, 1))
    assert [change.status_on(day) for day in days] == [None, "submitted", "approved", "implemented"]
    assert [change.pending_on(day) for day in days] == [False, True, False, False]


def test_issue_and_action_are_open_until_closed_and_overdue_after_their_due_day() -> None:
    project = load_good({})
    (issue,), (action,) = project.issues, project.actions
    assert issue.open_on(date(2026, 3, 31)) and not issue.open_on(date(2026, 4, 1))
    assert issue.overdue_on(date(2026, 3, 16)) and not issue.overdue_on(date(2026, 3, 15))
    assert action.open_on(date(2026, 3, 18)) and not action.open_on(date(2026, 3, 19))
    assert not action.overdue_on(date(2026, 3, 18))


def test_deliverable_acceptance_follows_its_dates() -> None:
    (deliverable,) = load_good({}).deliverables
    assert deliverable.acceptance_on(date(2026, 6, 9)) == "pending"
    assert deliverable.accepted_on(date(2026, 6, 10)) and deliverable.delivered_on(date(2026, 6, 2))


def test_task_gives_duration_and_links() -> None:
    design, make, trial = load_good({}).schedule.tasks
    assert design.days == 20 and make.days == 35
    assert design.links == ()
    (link,) = trial.links
    assert (link.task, link.kind, link.lag) == ("T02", "FS", 3)


def test_decision_and_assumption_and_stakeholder_answer() -> None:
    project = load_good({})
    assert project.decisions[0].taken_on(date(2026, 3, 10)) and not project.decisions[0].taken_on(date(2026, 3, 9))
    assert project.registers["assumptions"][0].open_on(date(2026, 1, 10)) and not project.registers["assumptions"][
        0
    ].open_on(date(2026, 1, 9))
    assert project.stakeholders[0].gap == 1
    assert date(2026, 5, 1) in project.schedule.calendar.days_off


def test_records_cannot_be_changed() -> None:
    (risk, _) = load_good({}).risks
    with pytest.raises(ValidationError):
        risk.title = "other"  # type: ignore[misc]


def test_projects_are_the_folders_with_a_project_file() -> None:
    snapshot = snapshot_of({"zeta/project.yaml": "id: zeta", "deep/er/project.yaml": "id: er", "other/x.yaml": ""})
    assert list_projects(snapshot, SETTINGS) == ("atlas", "zeta")
    assert list_projects(snapshot, SETTINGS.model_copy(update={"projects": ("zeta", "gone")})) == ("zeta",)


def test_settings_have_defaults() -> None:
    settings, problems = load_settings(snapshot_of({"deedbox.yaml": "schema_version: 1\nname: Office\n"}))
    assert problems == () and settings is not None
    assert settings.formats == ("docx", "pdf") and settings.output == "build" and settings.language == "en"
    assert settings.scales.levels.high == (15, 25) and settings.projects is None


def test_missing_settings_are_reported() -> None:
    settings, problems = load_settings(snapshot_of({"deedbox.yaml": None}))
    assert settings is None
    assert [problem.code for problem in problems] == ["DB209"]


def test_project_that_is_not_there_is_reported() -> None:
    loaded = load_project(snapshot_of({}), SETTINGS, "gone")
    assert loaded.project is None
    assert [problem.code for problem in loaded.problems] == ["DB209"]


def test_wrong_record_does_not_hide_the_others() -> None:
    loaded = load(swap("atlas/registers/risks.yaml", "    owner: max.manager\n", ""))
    assert loaded.project is not None
    assert [risk.id for risk in loaded.project.risks] == ["R-02"]
    assert [problem.code for problem in loaded.problems] == ["DB203"], "I-01 still may point to R-01"


def test_broken_file_does_not_make_references_to_it_wrong() -> None:
    loaded = load({"atlas/registers/risks.yaml": "risks: [\n"})
    assert {problem.place.file for problem in loaded.problems} == {"atlas/registers/risks.yaml"}


def test_faults_of_several_files_are_reported_in_one_run() -> None:
    files = {
        **swap("atlas/registers/issues.yaml", "urgency: 3", "urgency: 9"),
        **swap("atlas/budget.yaml", "category: staff", "category: stuff"),
        **swap("atlas/project.yaml", "sensitivity: internal", "sensitivity: secret"),
        **swap("atlas/schedule.yaml", "predecessors: [T01]", "predecessors: [T03]"),
        **swap("people.yaml", "name: Ann Owner", "nam: Ann Owner"),
        **swap("atlas/charter.md", "by: max.manager, change: First", "by: mx.manager, change: First"),
        "atlas/progress/2026-09.yaml": "status_date: 2026-09-30\ntasks: {T02: 62, T99: 5}\n",
        "atlas/registers/lessons.yaml": "lessons: {}\n",
    }
    problems = load(files).problems
    assert [(problem.place.file, problem.code) for problem in problems] == [
        ("atlas/budget.yaml", "DB205"),
        ("atlas/charter.md", "DB220"),
        ("atlas/progress/2026-09.yaml", "DB222"),
        ("atlas/project.yaml", "DB214"),
        ("atlas/registers/issues.yaml", "DB206"),
        ("atlas/registers/lessons.yaml", "DB201"),
        ("atlas/schedule.yaml", "DB222"),
        ("people.yaml", "DB203"),
        ("people.yaml", "DB202"),
    ]


def test_places_are_only_looked_up_once_there_is_a_problem(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(text: str) -> None:
        raise AssertionError("a second parse for nothing")

    monkeypatch.setattr("pipeline.sources.yaml.places.read_tree", fail)
    load_good({})
    with pytest.raises(AssertionError):
        load(swap("atlas/budget.yaml", "category: staff", "category: stuff"))
