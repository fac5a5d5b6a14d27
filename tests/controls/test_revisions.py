"""Take histories of a few commits; number their versions; hold versions, states and approvals to the rule."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from pipeline.controls.revisions import Revisions, compute_revisions, is_own
from pipeline.sources.snapshot import Commit, History

MAIN, OTHER, PEOPLE = "beacon/charter.md", "beacon/project.yaml", "people.yaml"
SOURCES = (MAIN, OTHER, PEOPLE, "deedbox.yaml", "theme/theme.yaml")


def revisions(*commits: tuple[str, str]) -> Revisions:
    """Return the revisions of commits given as (paths, trailers): `!` approves, `!beacon/*` approves by name."""
    made, changes = [], {path: [] for path in SOURCES}
    for number, (paths, trailers) in enumerate(commits):
        names = tuple(word[1:] for word in trailers.split() if word.startswith("!") and len(word) > 1)
        by = ("Ann Owner",) if "!" in trailers else ()
        made.append(Commit(f"{number:040d}", datetime(2026, 1, 1 + number, tzinfo=UTC), "Max", "x", by, (), names))
        for path in paths.split():
            changes[path].append(number)
    history = History(made, {path: found for path, found in changes.items() if found})
    return compute_revisions(history, SOURCES, MAIN, "beacon/charter")


def told(*commits: tuple[str, str]) -> list[str]:
    return [f"{row.version} {row.state}" for row in reversed(revisions(*commits).rows)]


def test_drafts_count_from_one_tenth() -> None:
    assert told((MAIN, ""), (OTHER, ""), (f"{MAIN} {OTHER}", "")) == ["0.1 draft", "0.2 draft", "0.3 draft"]


def test_eleventh_draft_is_no_second_first() -> None:
    assert told(*[(MAIN, "")] * 11)[-2:] == ["0.10 draft", "0.11 draft"]


def test_first_approval_makes_version_one_whether_or_not_it_changes_anything() -> None:
    assert told((MAIN, ""), (MAIN, "!")) == ["0.1 draft", "1.0 approved"]
    assert told((MAIN, ""), ("", "!beacon/charter")) == ["0.1 draft", "1.0 approved"]
    assert told((MAIN, "!")) == ["1.0 approved"]


def test_change_since_approval_says_so_until_approved_again() -> None:
    assert told((MAIN, "!"), (MAIN, ""), (OTHER, ""), ("", "!beacon/charter"), (MAIN, "!")) == [
        "1.0 approved", "1.1 changed", "1.2 changed", "1.2 approved", "1.3 approved",
    ]  # fmt: skip


def test_approved_change_of_other_sources_keeps_approved_what_is_approved() -> None:
    assert told((MAIN, "!"), (OTHER, "!")) == ["1.0 approved", "1.1 approved"]


def test_approved_change_of_other_sources_approves_no_draft_and_nothing_changed_meanwhile() -> None:
    assert told((MAIN, ""), (OTHER, "!")) == ["0.1 draft", "0.2 draft"]
    assert told((MAIN, "!"), (MAIN, ""), (OTHER, "!")) == ["1.0 approved", "1.1 changed", "1.2 changed"]


def test_approval_by_name_is_of_those_named_alone() -> None:
    assert told((MAIN, ""), (MAIN, "!beacon/work-plan")) == ["0.1 draft", "0.2 draft"]
    assert told((MAIN, "!"), (MAIN, "!beacon/work-plan")) == ["1.0 approved", "1.1 changed"]
    assert told((MAIN, ""), (MAIN, "!beacon/*")) == ["0.1 draft", "1.0 approved"]
    assert told((MAIN, ""), ("", "!atlas/*")) == ["0.1 draft"]


@pytest.mark.parametrize("path", [PEOPLE, "deedbox.yaml", "theme/theme.yaml"])
def test_change_of_look_and_people_is_a_revision_but_no_version(path: str) -> None:
    assert not is_own(path)
    assert told((path, ""), (OTHER, ""), (MAIN, "!"), (path, ""), (path, "!")) == ["1.0 approved"] * 3


def test_document_begins_with_its_own_words() -> None:
    assert told((OTHER, ""), (OTHER, "!"), (MAIN, ""), (OTHER, "")) == ["0.1 draft", "0.2 draft"]
    history = revisions((OTHER, ""), (OTHER, ""))
    assert history.rows == ()


def test_document_without_words_of_its_own_begins_with_its_first_source() -> None:
    commits = [Commit(str(number), datetime(2026, 1, 1 + number, tzinfo=UTC), "Max", "x") for number in range(3)]
    history = History.of({PEOPLE: commits[:1], OTHER: commits[1:]})
    found = compute_revisions(history, (PEOPLE, OTHER), "", "beacon/configuration-register")
    assert [row.version for row in found.rows] == ["0.2", "0.1"]


def test_approval_before_there_is_anything_is_none() -> None:
    assert told(("", "!beacon/charter"), (MAIN, "")) == ["0.1 draft"]


def test_revisions_tell_the_last_approval_and_since_when_it_is_so() -> None:
    found = revisions((MAIN, ""), (MAIN, "!"), (MAIN, ""), (OTHER, ""))
    assert (found.version, found.state) == ("1.2", "changed")
    assert found.approval is not None and found.approval.version == "1.0"
    assert found.since is not None and found.since.version == "1.1"


def test_what_no_commit_holds_has_neither_version_nor_state() -> None:
    found = revisions()
    assert (found.version, found.state, found.approval, found.since) == ("", "", None, None)
