"""Take a small project; change its prose, data and files; render it; check sections, values, sources and revisions."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from render_project import CHARTER, FILES, REPORT, SECTIONS
from render_sketch import sketch, words
from render_work import codes, find, portfolio_of, render

from pipeline.document.tree import Document, Heading, List, NoteRef, Paragraph, SignatureBlock, Table, content_of
from pipeline.problems import Place
from pipeline.render.templates.islands import words_of
from pipeline.sources.snapshot import Commit, History
from tests.worlds.cells import spell_cells

CHARTER_MD, DATA = "atlas/charter.md", "atlas/budget.yaml"
PROJECT = str(FILES["atlas/project.yaml"])


def document(files: dict[str, str | bytes | None], name: str = "charter") -> Document:
    made = render(files, name)
    assert made.document is not None, [str(problem) for problem in made.problems]
    return made.document


def lines(files: dict[str, str | bytes | None], name: str = "charter") -> list[str]:
    """Return the words of all paragraphs of a document's text."""
    return [words(paragraph.children) for paragraph in find(document(files, name).sections, Paragraph)]


def swap(path: str, old: str, new: str) -> dict[str, str | bytes | None]:
    text = str(FILES[path])
    assert text.count(old) == 1, (path, old, text.count(old))
    return {path: text.replace(old, new)}


def charter(old: str, new: str) -> dict[str, str | bytes | None]:
    return swap(CHARTER_MD, old, new)


def test_sample_project_is_rendered_whole_without_a_problem() -> None:
    portfolio = portfolio_of({})
    assert portfolio.problems == ()
    assert [name for _, name in portfolio.known] == [
        "charter", "documents/other", "progress-report-2026-08", "progress-report-2026-09", "stakeholder-matrix",
        "work-plan",
    ]  # fmt: skip
    assert all(one.document is not None for one in portfolio.rendered)


def test_closed_project_has_a_closure_report_too() -> None:
    closed = swap("atlas/project.yaml", "phase: executing", "phase: closed\nclosed: 2026-09-30")
    portfolio = portfolio_of(closed)
    assert [(p.code, p.place.file) for p in portfolio.problems] == [("DB306", "atlas/closure-report.md")]


SECTION_FAULTS = {
    "missing": (charter("# Approach\n\nText of approach.\n", ""), "DB301", 0, "# Approach"),
    "misspelt": (charter("# Approach", "# Aproach"), "DB301", 0, "is `Aproach` this section? name it `# Approach`"),
    "empty": (charter("Text of approach.\n", ""), "DB302", 17, "write its text"),
    "only a comment": (charter("Text of approach.", "<!-- later -->"), "DB302", 17, "write its text"),
    "double": (charter("# Approach", "# Business case\n\nAgain.\n\n# Approach"), "DB303", 17, ""),
    "double by id": (charter("# Approach", "# Reasons {#business-case}\n\nAgain.\n\n# Approach"), "DB303", 17, ""),
    "text above": ({CHARTER_MD: "Hello.\n\nAgain.\n\n" + CHARTER}, "DB304", 1, "# Executive summary"),
    "lower heading above": ({CHARTER_MD: "## Hello\n\n" + CHARTER}, "DB304", 1, "# Executive summary"),
    "text above under front matter": ({CHARTER_MD: "---\ntitle: T\n---\n\nHello.\n\n" + CHARTER}, "DB304", 5, "#"),
}


@pytest.mark.parametrize("name", SECTION_FAULTS)
def test_section_with_a_fault_is_told_of_at_its_line(name: str) -> None:
    files, code, line, hint = SECTION_FAULTS[name]
    made = render(files)
    assert made.document is None
    (problem,) = [problem for problem in made.problems if problem.severity == "error"]
    assert (problem.code, problem.place) == (code, Place(CHARTER_MD, line))
    assert hint in problem.hint


def test_all_missing_sections_are_told_of_in_one_run() -> None:
    made = render({CHARTER_MD: "# Notes\n\nx\n"})
    assert codes(made.problems) == ["DB301"] * len(SECTIONS)
    assert render({CHARTER_MD: ""}).document is None


def test_sections_are_found_whatever_their_order_case_and_id() -> None:
    parts = [f"# {title}\n\nText of {title.lower()}.\n\n" for title in reversed(SECTIONS)]
    text = "".join(parts).replace("# Approach", "# How we work {#approach}").replace("# Governance", "# GOVERNANCE")
    assert [line for line in lines({CHARTER_MD: text}) if line.startswith("Text of")] == [
        f"Text of {title.lower()}." for title in SECTIONS
    ]


def test_section_that_the_template_does_not_ask_for_stands_at_the_end_with_its_heading() -> None:
    files = charter("# Approach", "# Notes *of ours*\n\n## Deep\n\nExtra words.\n\n# Approach")
    made = document(files)
    titles = [words(heading.children) for heading in find(made.sections, Heading)]
    assert titles[-2:] == ["Notes em(of ours)", "Deep"]
    assert "Extra words." in [words_of(p.children) for p in find(made.sections, Paragraph)]
    assert isinstance(made.sections[-1].blocks[-1], SignatureBlock)


def test_section_that_an_own_template_never_shows_is_a_warning_at_its_heading() -> None:
    template = "---\nid: charter\ntitle: T\neach: project\nnarrative: charter.md\n---\n{{ section('Approach') }}\n"
    made = render({"templates/charter.md.j2": template})
    assert made.document is not None
    assert {(p.code, p.severity) for p in made.problems} == {("DB308", "warning")}
    assert len(made.problems) == len(SECTIONS) - 1
    assert Place(CHARTER_MD, 1) in [p.place for p in made.problems]


def test_headings_within_a_section_go_below_the_templates_own() -> None:
    made = document(charter("Text of approach.", "## Inner\n\n### Innermost\n\nText of approach."))
    levels = {words(heading.children): heading.level for heading in find(made.sections, Heading)}
    assert (levels["Approach"], levels["Inner"], levels["Innermost"]) == (1, 2, 3)
    assert levels["Change and configuration management"] == 2


def test_front_matter_of_a_narrative_gives_title_standfirst_and_revisions() -> None:
    head = (
        "---\ntitle: The *charter*\nstandfirst: Why we do it.\nrevisions:\n"
        '  - {version: "1.1", date: 2026-03-01, by: max.manager, change: More, approved_by: ann.owner}\n'
        '  - {version: "1.0", date: 2026-02-01, by: max.manager, change: First}\n---\n'
    )
    made = document({CHARTER_MD: head + CHARTER})
    shown = [words_of(p.children) for p in find(made.sections, Paragraph)]
    assert shown[1:3] == ["The *charter*", "Why we do it."]
    assert made.properties.title == "Atlas: The *charter*"
    assert made.properties.revision == "1.1"
    assert made.furniture.footer_left.startswith("Version 1.1")
    control = find(made.sections, Table)[1]
    assert [words_of(content_of(cell)) for cell in control.body[0].cells] == [
        "1.1", "1 Mar 2026", "Max Manager", "More", "Ann Owner",
    ]  # fmt: skip


def test_values_in_prose_are_figures_of_the_data() -> None:
    text = (
        "{{ project.budget.total | money }}, {{ project.roles.project_owner.name }}, {{ risks['R-01'].title }}, "
        "{{ risks['R-01'].owner.role }}, {{ milestones['M2'].date | date }}, {{ deliverables['D01'].title }}, "
        "{{ people['max.manager'].name }}, {{ figures.cost.forecast | thousands }}, {{ stakeholders | length }}, "
        "{{ figures.schedule.slip | days }}, {{ figures.risks.open | plural('risk') }}, {{ project.scope.included }}, "
        "{{ status_date }}, {{ project.budget.years | length }}, {{ project.tolerances.cost_percent | percent }}"
    )
    assert (
        "160,000\u00a0EUR, Ann Owner, Data are poor, Head of projects, 13 November 2026, Search engine, Max Manager, "
        "149 thousand\u00a0EUR, 1, 10 days, 2 risks, The archive, 30 Sep 2026, 1, 5\u00a0%"
    ) in lines(charter("Text of approach.", text))


def test_undefined_names_in_prose_are_told_of_at_their_lines() -> None:
    made = render(charter("Text of approach.", "{{ project.budgt }}\n\n{{ rsks }} {{ risks['R-09'].title }}"))
    assert [(p.code, p.place) for p in made.problems] == [
        ("DB351", Place(CHARTER_MD, 19)), ("DB351", Place(CHARTER_MD, 21)), ("DB351", Place(CHARTER_MD, 21)),
    ]  # fmt: skip
    assert all("did you mean" in p.hint for p in made.problems)
    assert made.document is None


def test_fault_in_prose_leaves_out_its_document_and_no_other() -> None:
    portfolio = portfolio_of(charter("Text of approach.", "{{ nonsense }}"))
    assert [one.job.name for one in portfolio.rendered if one.document is None] == ["charter"]


def test_reports_speak_as_of_their_own_day() -> None:
    prose = (
        "# Summary\n\n{{ figures.progress.complete | percent }}; {{ figures.risks.open }} open, "
        "{{ figures.risks.high }} high, {{ figures.risks.total }} in all; {{ figures.changes.pending }} pending; "
        "{{ figures.cost.actual | amount }}; "
        "{{ figures.acceptance.accepted }} accepted; {{ figures.schedule.slip }}; {{ risks | length }}; "
        "{{ period.title }}\n\n# Performed this period\n\nx\n\n# Planned next period\n\nx\n"
    )
    files: dict[str, str | bytes | None] = {"atlas/reports/2026-08.md": prose, "atlas/reports/2026-09.md": prose}
    assert "60\u00a0%; 1 open, 1 high, 1 in all; 1 pending; 50,000; 0 accepted; 10; 1; August 2026" in lines(
        files, "progress-report-2026-08"
    )
    assert "88\u00a0%; 2 open, 1 high, 2 in all; 0 pending; 121,000; 1 accepted; 10; 2; September 2026" in lines(
        files, "progress-report-2026-09"
    )


PRIVATE = ("stakeholders", "deliverables", "budget", "registers", "progress", "reports")


def sources(name: str, files: dict[str, str | bytes | None] | None = None) -> set[str]:
    return set(render(files or {}, name).sources)


def test_document_names_the_sources_that_it_shows_and_no_others() -> None:
    always = {"deedbox.yaml", "people.yaml", "atlas/project.yaml"}
    assert sources("documents/other") == {*always, "atlas/documents/other.md"}
    matrix = sources("stakeholder-matrix")
    assert {*always, "atlas/stakeholders.yaml", "atlas/stakeholder-matrix.md"} == matrix
    assert {*always, DATA, CHARTER_MD, "atlas/schedule.yaml", "atlas/deliverables.yaml"} <= sources("charter")
    assert "atlas/registers/changes.yaml" not in sources("charter")


def test_source_is_named_once_prose_asks_for_it() -> None:
    path = "atlas/stakeholder-matrix.md"
    asked = sources("stakeholder-matrix", swap(path, "We talk.", "{{ project.budget.total | money }}"))
    assert asked - sources("stakeholder-matrix") == {DATA}
    asked = sources("stakeholder-matrix", swap(path, "We talk.", "{{ figures.cost.actual | money }}"))
    assert asked - sources("stakeholder-matrix") == {DATA, "atlas/progress/2026-08.yaml", "atlas/progress/2026-09.yaml"}


def test_report_is_made_from_the_progress_up_to_its_day() -> None:
    assert "atlas/progress/2026-09.yaml" not in sources("progress-report-2026-08")
    assert {"atlas/progress/2026-08.yaml", "atlas/progress/2026-09.yaml"} <= sources("progress-report-2026-09")


def test_picture_is_a_source() -> None:
    from render_work import PNG

    files = {**charter("Text of approach.", "![P](images/p.png)"), "atlas/images/p.png": PNG}
    assert "atlas/images/p.png" in sources("charter", files)


def _commit(number: int, path: str) -> tuple[str, tuple[Commit, ...]]:
    return path, (Commit(f"{number:040d}", datetime(2026, 9, number, tzinfo=UTC), "Ann", "Change"),)


def test_revision_is_the_last_commit_that_touched_a_source() -> None:
    changes = History.of(
        dict([_commit(1, "deedbox.yaml"), _commit(5, CHARTER_MD), _commit(9, "atlas/registers/changes.yaml")])
    )
    made = {one.job.name: one for one in portfolio_of({}, changes=lambda: changes).rendered}
    assert made["charter"].commit == changes[CHARTER_MD][0]
    assert made["documents/other"].commit == changes["deedbox.yaml"][0]
    assert made["progress-report-2026-08"].commit == changes["atlas/registers/changes.yaml"][0]
    charter_document = made["charter"].document
    assert charter_document is not None
    assert charter_document.furniture.footer_left == "Version 0.1 · 0000000 · 5 September 2026"


@pytest.mark.parametrize("state", ["dirty", "shallow"])
def test_revision_is_not_guessed_where_it_cannot_be_known(state: str) -> None:
    changes = History.of(dict([_commit(1, "deedbox.yaml")]))
    for one in portfolio_of({}, changes=lambda: changes, **{state: True}).rendered:
        assert one.commit is None and one.document is not None
        assert one.document.furniture.draft == ("DRAFT" if state == "dirty" else "")
        assert ("not committed" in one.document.furniture.footer_left) is (state == "dirty")
        assert ("unknown" in one.document.furniture.footer_left) is (state == "shallow")


NOTE = "atlas/documents/note.md"
TITLES = {
    "one heading at the top": ("# My title\n\n## Part\n\nx", "My title", ["Part"]),
    "front matter": ("---\ntitle: Given\n---\n# Part\n\nx", "Given", ["Part"]),
    "front matter and the same heading": ("---\ntitle: Given\n---\n# Given\n\n## Part", "Given", ["Part"]),
    "several headings at the top": ("# One\n\n# Two", "Note", ["One", "Two"]),
    "text first": ("Hello.\n\n# One", "Note", ["One"]),
    "no heading": ("Hello.", "Note", []),
    "empty": ("", "Note", []),
    "only front matter": ("---\ntitle: Given\n---\n", "Given", []),
    "title that is a number": ("---\ntitle: 2026\n---\nx", "2026", []),
    "mark-up in the title": ("# A *b* `c`\n\nx", "A b c", []),
}


@pytest.mark.parametrize("name", TITLES)
def test_document_taken_as_it_is_has_one_title(name: str) -> None:
    text, title, headings = TITLES[name]
    made = render({NOTE: text}, "documents/note")
    assert made.document is not None and made.title == title
    assert [words_of(heading.children) for heading in find(made.document.sections, Heading)] == headings
    assert words_of(find(made.document.sections, Paragraph)[1].children) == title


def test_document_taken_as_it_is_runs_no_template() -> None:
    text = "{{ project.name }} {% if %} {# x #} {{ ''.class }}"
    made = render({NOTE: text}, "documents/note")
    assert made.problems == ()
    assert made.document is not None
    assert text in [words_of(p.children) for p in find(made.document.sections, Paragraph)]


def test_document_may_ask_for_values() -> None:
    made = document({NOTE: "---\nvalues: true\n---\nOf {{ project.name }} {#x}.\n"}, "documents/note")
    assert "Of Atlas {#x}." in [words_of(p.children) for p in find(made.sections, Paragraph)]
    bad = render({NOTE: "---\nvalues: true\n---\n\nOf {{ project.nme }}.\n"}, "documents/note")
    assert [(p.code, p.place) for p in bad.problems] == [("DB351", Place(NOTE, 5))]


STRANGE = (
    "---\nlang: [1]\nstandfirst: {a: 1}\nversion: 1.10\nauthor: 5\nlandscape: maybe\ntoc: yes\nother: ~\n---\nx",
    "---\n- a\n---\nx",
    "---\ntitle:\n---\nx",
    "---\nrevisions: none\n---\nx",
    "---\n---\nx",
)


@pytest.mark.parametrize("text", STRANGE)
def test_front_matter_of_any_kind_breaks_no_document(text: str) -> None:
    assert render({NOTE: text}, "documents/note").document is not None


def test_broken_front_matter_is_told_of() -> None:
    made = render({NOTE: "---\ntitle: [\n---\nx"}, "documents/note")
    assert made.document is None
    assert {problem.place.file for problem in made.problems} == {NOTE}


def test_language_that_nobody_speaks_is_told_of_where_it_is_set() -> None:
    assert [
        (p.code, p.place.file) for p in render({"deedbox.yaml": str(FILES["deedbox.yaml"]) + "language: xx\n"}).problems
    ] == [("DB309", "deedbox.yaml")]
    made = render(swap("atlas/project.yaml", "currency: EUR", "currency: EUR\nlanguage: zz"))
    assert [(p.code, p.place.file) for p in made.problems] == [("DB309", "atlas/project.yaml")]


def test_document_of_another_language_writes_its_figures_in_it() -> None:
    german = swap("atlas/project.yaml", "currency: EUR", "currency: EUR\nlanguage: de")
    german |= charter("Text of approach.", "{{ project.budget.total | money }} am {{ project.end | date }}")
    made = document(german)
    assert "160.000\u00a0EUR am 31. Dezember 2026" in [words_of(p.children) for p in find(made.sections, Paragraph)]
    assert made.properties.language == "de"


def test_data_that_looks_like_mark_up_stays_data_in_every_document() -> None:
    evil = "*a* | # <b>x</b> [y](z) {{ 1 }} `c`"
    files = {
        **swap("atlas/registers/risks.yaml", "Data are poor", f'"{evil}"'),
        **swap("atlas/stakeholders.yaml", "name: Readers", f'name: "{evil}"'),
        **swap("atlas/schedule.yaml", "title: Build", f'title: "{evil}"'),
        "atlas/project.yaml": PROJECT.replace("One place for all records.", f'"{evil}"'),
    }
    portfolio = portfolio_of(files)
    assert portfolio.problems == ()
    for one in portfolio.rendered:
        assert one.document is not None
        shown = [words_of(p.children) for p in find(spell_cells(one.document.sections), Paragraph)]
        assert one.job.file or any(evil in text for text in shown), one.job.name


def test_running_lines_and_properties_say_what_the_document_is() -> None:
    made = document({}, "progress-report-2026-09")
    assert made.furniture.header_left == "Atlas · Records platform"
    assert made.furniture.header_right == "Progress report, September 2026"
    assert made.furniture.footer_center == "Internal"
    assert made.properties.subject == "September 2026"
    assert made.properties.author == "Max Manager"
    assert made.properties.keywords == ("Atlas", "progress-report")
    assert date(2026, 10, 1) == (made.properties.modified or datetime.min).date()


def test_same_sources_give_the_same_trees() -> None:
    assert [one.document for one in portfolio_of({}).rendered] == [one.document for one in portfolio_of({}).rendered]


def test_lists_and_notes_of_a_narrative_arrive_in_the_document() -> None:
    made = document(charter("Text of approach.", "- [x] a\n- b[^n]\n\n[^n]: c"))
    assert "ul: x[p: a][p: bnote(1)]" in [sketch((node,))[0] for node in find(made.sections, List)]
    assert [ref.number for ref in find(made.sections, NoteRef)] == [1]
    assert [words_of(note.blocks) for note in made.notes] == ["c"]


def test_report_of_the_first_period_compares_with_nothing() -> None:
    assert not [line for line in lines({}, "progress-report-2026-08") if "None" in line]
    assert REPORT.count("#") == 3
