"""Take a project that closes; read its acceptance note, lessons register and checklist; hold them to its records."""

from __future__ import annotations

from collections.abc import Mapping

from render_project import FILES
from render_work import find, portfolio_of

from pipeline.document.tree import Document, Paragraph, Table, content_of
from pipeline.render.templates.islands import words_of
from tests.worlds.portfolio import Portfolio

CLOSING = {"atlas/project.yaml": str(FILES["atlas/project.yaml"]).replace("phase: executing", "phase: closing")}
CHECKLIST = """\
checklist:
  - {id: CL-01, area: contracts, title: Contract fulfilled, owner: ann.owner, status: done, done: 2026-09-01,
     evidence: Letter of 1 September}
  - {id: CL-02, area: resources, title: Team released, owner: max.manager, status: done, done: 2026-10-15}
  - {id: CL-10, area: approval, title: Closure approved, owner: ann.owner, status: open}
  - {id: CL-03, area: finances, title: Loan repaid, owner: ann.owner, status: not_applicable, evidence: No loan}
"""
LESSONS = """\
lessons:
  - {id: L-01, title: Clean early, category: Data, kind: improvement, event: Cleaning came late, cause: No owner,
     effect: Delay, recommendation: Name an owner, owner: max.manager, raised: 2026-06-01, reusable_in: Migrations}
  - {id: L-02, title: Later than the day, category: Data, kind: success, event: e, cause: c, effect: f,
     recommendation: r, owner: max.manager, raised: 2026-10-02}
"""
NOTE = "# Acceptance\n\nAccepted by the committee.\n\n# Reservations\n\nOne remains.\n"


def closing(files: Mapping[str, str | bytes | None]) -> Portfolio:
    return portfolio_of({**CLOSING, **files})


def document(files: Mapping[str, str | bytes | None], name: str) -> Document:
    made = {one.job.name: one for one in closing(files).rendered}
    assert name in made, sorted(made)
    found = made[name].document
    assert found is not None, made[name].problems
    return found


def rows(made: Document, head: str) -> list[list[str]]:
    """Return the words of the table whose first column has this head, row by row."""
    for table in find(made.sections, Table):
        if table.head and words_of(content_of(table.head[-1].cells[0])) == head:
            return [[words_of(content_of(cell)) for cell in row.cells] for row in table.body]
    return []


def lines(made: Document) -> list[str]:
    return [words_of(paragraph.children) for paragraph in find(made.sections, Paragraph)]


def test_checklist_shows_items_as_they_stood_on_the_day() -> None:
    made = document({"atlas/closure.yaml": CHECKLIST}, "closure-checklist")
    assert [[row[0], row[1], row[3], row[6]] for row in rows(made, "No.")] == [
        ["CL-01", "Contracts", "Letter of 1 September", "Done"],
        ["CL-02", "Resources", "–", "Open"],
        ["CL-03", "Finances", "No loan", "Not applicable"],
        ["CL-10", "Approval", "–", "Open"],
    ]
    assert "2 of 4" in lines(made)


def test_checklist_says_what_the_registers_say() -> None:
    made = {row[0]: row[1:] for row in rows(document({"atlas/closure.yaml": CHECKLIST}, "closure-checklist"), "Check")}
    assert made["Lessons are recorded"] == ["–", "No"]
    assert made["All deliverables are accepted"][1] in ("Yes", "No")
    lessons = {"atlas/closure.yaml": CHECKLIST, "atlas/registers/lessons.yaml": LESSONS}
    made = {row[0]: row[1:] for row in rows(document(lessons, "closure-checklist"), "Check")}
    assert made["Lessons are recorded"] == ["–", "Yes"]


def test_checklist_is_for_the_end_of_a_project() -> None:
    running = portfolio_of({"atlas/closure.yaml": CHECKLIST}).known
    assert ("atlas", "closure-checklist") not in running
    assert ("atlas", "closure-checklist") not in closing({}).known
    assert not [problem for problem in closing({}).problems if "checklist" in problem.message]


def test_acceptance_note_shows_deliverables_conditions_and_reservations() -> None:
    made = document({"atlas/acceptance-note.md": NOTE}, "acceptance-note")
    assert {"Accepted by the committee.", "One remains."} <= set(lines(made))
    deliverables = rows(made, "No.")
    assert deliverables and all(row[0].startswith("D") for row in deliverables)
    tables = [words_of(table.caption) for table in find(made.sections, Table) if table.caption]
    assert "The conditions under which they were accepted" in tables


def test_acceptance_note_is_made_where_somebody_writes_it() -> None:
    assert ("atlas", "acceptance-note") not in closing({}).known
    assert ("atlas", "acceptance-note") not in portfolio_of({"atlas/acceptance-note.md": NOTE}).known


def test_lessons_register_tells_each_lesson_up_to_the_day() -> None:
    files = {"atlas/registers/lessons.yaml": LESSONS, "atlas/lessons-register.md": "# Introduction\n\nRead them.\n"}
    made = document(files, "lessons-register")
    assert [row[:4] for row in rows(made, "No.")] == [["L-01", "Clean early", "Data", "Improvement"]]
    assert {"Cleaning came late", "No owner", "Name an owner", "Migrations", "Read them."} <= set(lines(made))


def test_lessons_register_without_lessons_is_told_of() -> None:
    found = closing({"atlas/lessons-register.md": "# Introduction\n\nRead them.\n"})
    assert [problem.code for problem in found.problems if "lessons" in problem.message] == ["DB306"]
