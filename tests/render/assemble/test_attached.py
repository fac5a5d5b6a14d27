"""Take a small project with `attach` said here and there; render it; check what its documents carry, what is wrong."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from render_project import FILES
from render_work import PNG, TIME, codes, portfolio_of, render

from pipeline.document.tree import Document
from pipeline.model.load import load_narrative, load_settings
from pipeline.problems import Place, Problem
from pipeline.sources.snapshot import Snapshot

Files = dict[str, str | bytes | None]
SETTINGS, CHARTER, NOTE = "deedbox.yaml", "atlas/charter.md", "atlas/documents/other.md"
BOTH = {SETTINGS: f"{FILES[SETTINGS]}attach: [sources, docx]\n"}


def document(files: Mapping[str, str | bytes | None], name: str = "charter") -> Document:
    made = render(files, name)
    assert made.document is not None, [str(problem) for problem in made.problems]
    return made.document


def carried(files: Mapping[str, str | bytes | None], name: str = "charter") -> list[str]:
    return [source.path for source in document(files, name).attached]


def with_front(path: str, front: str) -> Files:
    return {path: f"---\n{front}\n---\n{FILES[path]}"}


def test_by_default_no_document_carries_anything() -> None:
    for one in portfolio_of({}).rendered:
        assert one.document is not None
        assert (one.document.attached, one.document.attach_docx) == ((), False)


def test_a_document_carries_the_sources_that_the_manifest_names_but_people() -> None:
    made = render(BOTH)
    assert made.document is not None and made.document.attach_docx
    assert "people.yaml" in made.sources
    assert [one.path for one in made.document.attached] == sorted(made.sources.keys() - {"people.yaml"})
    assert {one.path: one.data for one in made.document.attached}[CHARTER] == str(FILES[CHARTER]).encode()


@pytest.mark.parametrize(
    ("words", "paths", "docx"), [("sources", True, False), ("docx", False, True), ("", False, False)]
)
def test_each_word_stands_for_itself(words: str, paths: bool, docx: bool) -> None:
    made = document({SETTINGS: f"{FILES[SETTINGS]}attach: [{words}]\n"})
    assert (bool(made.attached), made.attach_docx) == (paths, docx)


@pytest.mark.parametrize(("path", "name"), [(CHARTER, "charter"), (NOTE, "documents/other")])
def test_a_document_can_ask_for_more_or_less_than_the_settings(path: str, name: str) -> None:
    more = document(with_front(path, "attach: [sources]"), name)
    assert path in [one.path for one in more.attached] and not more.attach_docx
    less = document({**BOTH, **with_front(path, "attach: []")}, name)
    assert (less.attached, less.attach_docx) == ((), False)
    other = document({**BOTH, **with_front(path, "attach: []")}, "stakeholder-matrix")
    assert other.attached and other.attach_docx


def test_later_progress_does_not_travel_with_an_earlier_report() -> None:
    assert "atlas/progress/2026-09.yaml" in carried(BOTH, "progress-report-2026-09")
    august = carried(BOTH, "progress-report-2026-08")
    assert "atlas/progress/2026-08.yaml" in august
    assert not {"atlas/progress/2026-09.yaml", "atlas/reports/2026-09.md"} & set(august)


def test_the_files_of_the_look_stay_at_home_but_the_theme_itself() -> None:
    look: Files = {"theme/theme.yaml": "logo: theme/logo.png\n", "theme/logo.png": PNG}
    made = render({**BOTH, **look})
    assert made.document is not None
    assert {"theme/logo.png", "theme/theme.yaml"} <= made.sources.keys()
    assert [one.path for one in made.document.attached if one.path.startswith("theme/")] == ["theme/theme.yaml"]


def test_pictures_and_templates_of_all_travel_and_those_of_another_project_do_not() -> None:
    files: Files = {
        **BOTH,
        "beacon/project.yaml": "id: beacon\n",
        "beacon/images/secret.png": PNG,
        "images/shared.png": PNG + b"1",
        "templates/document.md.j2": "---\nid: document\ntitle: D\neach: document\n---\n{{ document_body() }}\n",
        NOTE: "# The other note\n\n![A](../../beacon/images/secret.png)\n\n![B](../../images/shared.png)\n",
    }
    made = render(files, "documents/other")
    assert made.document is not None, made.problems
    assert {"beacon/images/secret.png", "images/shared.png"} <= made.sources.keys()
    assert [one.path for one in made.document.attached] == [
        NOTE, "atlas/project.yaml", SETTINGS, "images/shared.png", "templates/document.md.j2",
    ]  # fmt: skip


FAULTS = (
    ("[source]", "DB205", '`attach` of {} cannot be "source"', "did you mean `sources`?"),
    ("[people]", "DB205", '`attach` of {} cannot be "people"', "known here: docx, sources"),
    ("[docx, sources, docx]", "DB208", "`attach` of {} names `docx` twice", ""),
    ("sources", "DB201", '`attach` of {} wants a list, has "sources"', ""),
    ("", "DB201", "`attach` of {} wants a list, has nothing", ""),
    ("{sources: true}", "DB201", "`attach` of {} wants a list, has a mapping", ""),
)


@pytest.mark.parametrize(("value", "code", "message", "hint"), FAULTS)
def test_a_wrong_word_is_told_with_its_place_wherever_it_stands(value: str, code: str, message: str, hint: str) -> None:
    def check(path: str, line: int, problems: tuple[Problem, ...]) -> None:
        (problem,) = problems
        assert (problem.code, problem.hint) == (code, hint)
        assert problem.message.startswith(message.format(path)), problem.message
        assert (problem.place.file, problem.place.line) == (path, line)

    settings = Snapshot.of({SETTINGS: f"{FILES[SETTINGS]}attach: {value}\n"}, TIME)
    check(SETTINGS, 4, load_settings(settings)[1])
    narrative = Snapshot.of({CHARTER: str(with_front(CHARTER, f"attach: {value}")[CHARTER])}, TIME)
    check(CHARTER, 2, load_narrative(narrative, CHARTER)[1])
    made = render(with_front(NOTE, f"attach: {value}"), "documents/other")
    assert made.document is None
    check(NOTE, 2, made.problems)


def test_other_keys_of_a_document_taken_as_it_is_are_let_be() -> None:
    made = render(with_front(NOTE, "tags: [a]\nattach: [docx]"), "documents/other")
    assert codes(made.problems) == [] and made.document is not None and made.document.attach_docx
    assert Place(NOTE, 2) not in [problem.place for problem in made.problems]
