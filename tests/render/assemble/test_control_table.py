"""Take documents with a history; read their control table, version and running lines; hold them to the history."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from render_project import FILES
from render_work import find, portfolio_of

from pipeline.document.tree import Paragraph, Table, content_of
from pipeline.render.assemble.document import Rendered
from pipeline.render.templates.islands import words_of
from pipeline.sources.snapshot import Commit, History
from tests.worlds.cells import spell_cells

CHARTER = "atlas/charter.md"
HEAD = ["Version", "Commit", "Date", "Author", "Change", "Approval"]


def commit(number: int, subject: str = "", approved: str = "", reviewed: str = "", by: str = "Max") -> Commit:
    sha, when = f"{number:07d}{number:033d}", datetime(2026, 8, number, tzinfo=UTC)
    subject = subject or f"Change {number}"
    return Commit(sha, when, by, subject, tuple(approved.split()), tuple(reviewed.split()))


def charter(*commits: Commit, path: str = CHARTER, whole: bool = True, **settings: object) -> Rendered:
    history = History.of({path: commits}, is_whole=whole)
    made = portfolio_of({}, changes=lambda: history, **settings).rendered
    return next(one for one in made if one.job.name == "charter")


def control(made: Rendered) -> list[list[str]]:
    """Return the words of the control table, row by row."""
    assert made.document is not None, made.problems
    tables = [[[words_of(content_of(cell)) for cell in row.cells] for row in (*one.head, *one.body)]
              for one in find(made.document.sections, Table)]  # fmt: skip
    return next((one for one in tables if one[0] == HEAD), [])


def lines(made: Rendered) -> list[str]:
    assert made.document is not None
    return [words_of(paragraph.children) for paragraph in find(spell_cells(made.document.sections), Paragraph)]


def test_control_table_tells_each_revision_newest_first() -> None:
    made = charter(commit(1), commit(2, "Answer", reviewed="Zoe"), commit(3, "Approve", "Ann Bo", "Zoe"), commit(4))
    assert control(made) == [
        HEAD,
        ["1.1", "0000004", "4 Aug 2026", "Max", "Change 4", "–"],
        ["1.0", "0000003", "3 Aug 2026", "Max", "Approve", "Approved by Ann, Bo; reviewed by Zoe"],
        ["0.2", "0000002", "2 Aug 2026", "Max", "Answer", "Reviewed by Zoe"],
        ["0.1", "0000001", "1 Aug 2026", "Max", "Change 1", "–"],
    ]


def test_version_stands_on_the_first_page_in_the_footer_and_in_the_properties() -> None:
    made = charter(commit(1), commit(2, approved="Ann"))
    assert made.document is not None
    assert made.document.furniture.footer_left == "Version 1.0 · 0000002 · 2 August 2026"
    assert made.document.properties.revision == "1.0"
    assert made.document.furniture.state == ""
    assert "1.0" in lines(made)


def test_change_since_approval_is_said_on_every_page() -> None:
    made = charter(commit(1, approved="Ann"), commit(2))
    assert made.document is not None
    assert made.document.furniture.state == "Changed since approval"
    assert "1.1, changed since approval" in lines(made)


def test_eight_revisions_are_shown_and_the_last_approval_in_any_case() -> None:
    rows = control(charter(commit(1), commit(2, approved="Ann"), *(commit(number) for number in range(3, 15))))
    assert [row[0] for row in rows[1:]] == ["1.12", "1.11", "1.10", "1.9", "1.8", "1.7", "1.6", "1.0"]
    made = charter(*(commit(number) for number in range(1, 12)))
    assert [row[0] for row in control(made)[1:]] == [f"0.{number}" for number in range(11, 3, -1)]
    assert "3 earlier revisions not shown here stand in the repository." in lines(made)


@pytest.mark.parametrize("settings", [{"shallow": True}, {"whole": False}])
def test_history_that_is_cut_off_is_unknown(settings: dict[str, bool]) -> None:
    made = charter(commit(1), commit(2), **settings)
    assert control(made) == []
    assert "The history of this document is unknown: this clone does not hold all of it." in lines(made)
    assert "unknown" in lines(made)
    assert not any("Aug 2026" in line for line in lines(made))
    assert made.document is not None and "Version" not in made.document.furniture.footer_left


def test_document_without_a_commit_says_so() -> None:
    made = charter()
    assert "This document is not committed yet." in lines(made)
    assert "not committed" in lines(made)


def test_draft_shows_the_committed_history_and_a_line_for_itself() -> None:
    made = charter(commit(1, approved="Ann"), dirty=True, dirty_paths=frozenset({CHARTER}))
    assert [row[:2] for row in control(made)[1:]] == [["draft", "–"], ["1.0", "0000001"]]
    assert made.document is not None
    assert made.document.furniture.footer_left == "Draft, not committed"


def test_draft_of_other_files_leaves_the_history_of_this_one_alone() -> None:
    made = charter(commit(1), dirty=True, dirty_paths=frozenset({"beacon/charter.md"}))
    assert [row[0] for row in control(made)[1:]] == ["0.1"]


def test_deleted_record_is_a_change_of_who_shows_the_register() -> None:
    gone = "atlas/registers/risks/R-99.yaml"
    made = charter(commit(5), path=gone)
    assert made.gone == (gone,)
    assert made.commit is not None and made.commit.id.startswith("0000005")
    assert charter(commit(5), path="atlas/documents/gone.md").commit is None


def test_hostile_words_of_a_commit_stay_words() -> None:
    evil = "*a* | # <b>x</b> [y](z) {{ 1 }} `c` \\x"
    assert [row[3:5] for row in control(charter(commit(1, evil, by=evil)))[1:]] == [[evil, evil]]


def test_long_subject_is_cut_and_the_rest_is_in_the_history() -> None:
    text = control(charter(commit(1, "word " * 60)))[1][4]
    assert len(text) <= 160 and text.endswith("…")


def test_stated_revisions_go_before_those_of_git() -> None:
    own = "{version: '2.0', date: 2026-08-01, by: max.manager, change: Own words, approved_by: ann.owner}"
    text = f"---\nrevisions:\n  - {own}\n---\n"
    history = History.of({CHARTER: (commit(1), commit(2))})
    made = portfolio_of({CHARTER: text + str(FILES[CHARTER])}, changes=lambda: history).rendered
    one = next(one for one in made if one.job.name == "charter")
    assert (one.control.version, one.control.state) == ("2.0", "approved")
    assert control(one) == [] and "Own words" in lines(one)
    assert one.document is not None and one.document.furniture.footer_left.startswith("Version 2.0 · 0000002")
