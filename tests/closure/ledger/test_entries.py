"""Take a ledger of a few entries; alter, drop, move and erase them; read which one is named."""

from __future__ import annotations

import json
from hashlib import sha256
from pathlib import Path

import pytest

from pipeline.closure.ledger.check import check_grown, check_ledger
from pipeline.closure.ledger.entries import Issue, Line, add_issues, holds, make_salt, read_lines, write_lines

ISSUES = [
    Issue(
        f"atlas/report-{number}.pdf",
        f"{number:040x}",
        f"2026-0{number}-05T09:00:00Z",
        sha256(b"%d" % number).hexdigest(),
    )
    for number in range(1, 7)
]
LINES = add_issues((), ISSUES, lambda issue: make_salt(b"seed", issue))
DATA = write_lines(LINES)


def rows() -> list[str]:
    return DATA.decode().splitlines()


def findings(changed: list[str]) -> str:
    return "\n".join(check_ledger(("\n".join(changed) + "\n").encode()).findings)


def test_a_ledger_reads_as_it_was_written() -> None:
    checked = check_ledger(DATA)
    assert (checked.lines, checked.findings) == (LINES, ())
    assert write_lines(checked.lines) == DATA


def test_a_ledger_of_an_earlier_deedbox_is_read_and_written_with_the_same_bytes() -> None:
    data = (Path(__file__).parent / "written/ledger.jsonl").read_bytes()
    checked = check_ledger(data)
    assert (checked.findings, [line.entry is None for line in checked.lines]) == ((), [False, True, False, False])
    assert write_lines(checked.lines) == data


HOSTILE = {
    "[" * 10_000: "is no JSON",
    '{"leaf": ' + "9" * 10_000 + "}": "is no JSON",
    "x" * 30_000: "is too long",
    "[]": "has no leaf",
    '{"leaf": 1}': "has no leaf",
    f'{{"leaf": "{"A" * 64}"}}': "has no leaf",
    f'{{"leaf": "{"a" * 64}\\n"}}': "has no leaf",
    f'{{"leaf": "{"a" * 64}"}}': "is no entry",
    f'{{"leaf": "{"a" * 64}", "erased": false}}': "is no entry",
    f'{{"leaf": "{"a" * 64}", "erased": 1}}': "is no entry",
    f'{{"leaf": "{"a" * 64}", "erased": true, "more": 1}}': "is no entry",
    f'{{"leaf": "{"a" * 64}", "entry": null, "salt": "{"a" * 64}"}}': "is no entry",
}


@pytest.mark.parametrize(("text", "words"), HOSTILE.items(), ids=[str(at) for at in range(len(HOSTILE))])
def test_a_line_that_somebody_made_up_is_told(text: str, words: str) -> None:
    assert list(read_lines(f"{text}\n".encode())) == [words]


@pytest.mark.parametrize("change", [{"number": True}, {"number": 1.0}, {"path": 1}, {"hash": ""}, {"more": ""}])
def test_an_entry_with_another_kind_of_value_is_none(change: dict[str, object]) -> None:
    raw = json.loads(rows()[0])
    raw["entry"] |= change
    assert list(read_lines(json.dumps(raw).encode())) == ["is no entry"]


def test_a_line_holds_its_file_and_no_other() -> None:
    assert holds(LINES[2], ISSUES[2].sha256)
    assert not holds(LINES[2], ISSUES[3].sha256)


def test_equal_files_have_unequal_hashes() -> None:
    twice = add_issues(
        (), (ISSUES[0], ISSUES[0].__class__("b.pdf", *("", "", ISSUES[0].sha256))), lambda i: make_salt(b"s", i)
    )
    assert twice[0].entry and twice[1].entry and twice[0].entry.hash != twice[1].entry.hash


@pytest.mark.parametrize("key", ["path", "revision", "time", "hash", "previous"])
def test_an_altered_entry_is_named(key: str) -> None:
    changed = rows()
    value = json.loads(changed[3])
    value["entry"][key] = "f" * 64
    changed[3] = json.dumps(value)
    assert "entry 4" in findings(changed)


@pytest.mark.parametrize("at", range(5))
def test_a_dropped_entry_is_named(at: int) -> None:
    changed = rows()
    del changed[at]
    assert f"entry {at + 1} was dropped" in findings(changed)


@pytest.mark.parametrize("at", range(5))
def test_moved_entries_are_named(at: int) -> None:
    changed = rows()
    changed[at], changed[at + 1] = changed[at + 1], changed[at]
    assert f"entry {at + 1} (atlas/report-{at + 1}.pdf) stands after entry {at + 2}" in findings(changed)


def test_a_renumbered_chain_breaks_at_the_entry_after() -> None:
    forged = add_issues((), [*ISSUES[:2], *ISSUES[3:]], lambda issue: make_salt(b"seed", issue))
    assert list(check_grown(LINES, forged)) != []
    mixed = [*write_lines(forged[:3]).decode().splitlines(), *rows()[3:]]
    assert "entry 4" in findings(mixed)


def test_the_last_entry_is_missed_by_what_was_known_before() -> None:
    assert findings(rows()[:-1]) == ""
    assert list(check_grown(LINES, LINES[:-1])) == ["entry 6 (atlas/report-6.pdf) was dropped"]


def test_what_changed_since_before_is_named() -> None:
    altered = add_issues(LINES[:3], [ISSUES[5], *ISSUES[4:]], lambda issue: make_salt(b"x", issue))
    assert "entry 4 (atlas/report-4.pdf) was altered" in list(check_grown(LINES, altered))
    moved = (LINES[1], LINES[0], *LINES[2:])
    assert "entry 1 (atlas/report-1.pdf) was moved to place 2" in list(check_grown(LINES, moved))


def test_a_ledger_may_grow_and_forget() -> None:
    grown = add_issues((LINES[0], Line(LINES[1].leaf), *LINES[2:]), ISSUES[:1], lambda issue: b"\1" * 32)
    assert list(check_grown(LINES, grown)) == []
    checked = check_ledger(write_lines(grown))
    assert checked.findings == ()
    assert checked.root == check_ledger(write_lines(add_issues(LINES, ISSUES[:1], lambda issue: b"\1" * 32))).root
    assert "report-2" not in write_lines(grown).decode()


def test_what_was_erased_does_not_come_back() -> None:
    assert list(check_grown((Line(LINES[0].leaf),), LINES)) == ["entry 1 (atlas/report-1.pdf) was erased and is back"]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "no",
        "[]",
        "{}",
        '{"leaf": 1}',
        '{"leaf": "ab"}',
        "[" * 9999,
        '{"entry": {}, "leaf": "%s", "salt": ""}' % ("0" * 64),
    ],
)
def test_lines_that_are_none_are_told(text: str) -> None:
    found = list(read_lines(f"{text}\n".encode()))
    assert all(isinstance(one, str) for one in found)
    assert check_ledger(f"{text}\n".encode()).findings
