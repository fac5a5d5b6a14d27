"""Take two contents of a source file; find what differs; check that keys, records and lines are named as people do."""

from __future__ import annotations

import pytest

from pipeline.plan.changes import Difference, find_differences, name_differences

BUDGET = b"""\
# What it costs.
total: 1200
lines:
  - {id: B01, title: Staff, years: {2026: 100}}
  - {id: B02, title: Licences, years: {2026: 20}}
words: [a, b]
"""

CHANGES = {
    "value": (b"total: 1200", b"total: 1300", "total"),
    "value of a record": (b"{2026: 20}", b"{2026: 25}", "lines[B02].years.2026"),
    "new key of a record": (b"title: Staff,", b"title: Staff, note: x,", "lines[B01].note"),
    "record gone": (b"  - {id: B01, title: Staff, years: {2026: 100}}\n", b"", "lines[B01]"),
    "entry of a plain list": (b"[a, b]", b"[a, c]", "words[2]"),
    "longer plain list": (b"[a, b]", b"[a, b, c]", "words[3]"),
    "kind of value": (b"total: 1200", b'total: "1200"', "total"),
    "remark": (b"# What it costs.", b"# What it all costs.", "line 1"),
    "layout": (b"total: 1200", b"total:   1200", "line 2"),
    "broken file": (b"total: 1200", b"total: [1200", "line 2"),
}


@pytest.mark.parametrize("name", CHANGES)
def test_change_in_yaml_is_named_by_its_way(name: str) -> None:
    old, new, way = CHANGES[name]
    assert BUDGET.count(old) == 1
    assert name_differences(find_differences("atlas/budget.yaml", BUDGET, BUDGET.replace(old, new))) == way


def test_records_that_changed_their_order_are_one_difference() -> None:
    lines = BUDGET.splitlines(keepends=True)
    moved = b"".join([*lines[:3], lines[4], lines[3], *lines[5:]])
    assert find_differences("a.yaml", BUDGET, moved) == (Difference("lines", "in another order"),)


def test_old_and_new_value_are_told() -> None:
    after = BUDGET.replace(b"1200", b"1300").replace(b"title: Staff, ", b"")
    assert find_differences("a.yaml", BUDGET, after) == (
        Difference("total", "1200", "1300"),
        Difference("lines[B01].title", "Staff", ""),
    )


def test_long_value_is_cut() -> None:
    found = find_differences("a.yaml", b"a: x\n", b"a: " + b"word " * 100)
    assert len(found[0].new) == 60 and found[0].new.endswith("…")


def test_many_differences_are_counted() -> None:
    before, after = (b"".join(b"k%d: %d\n" % (key, value) for key in range(9)) for value in (1, 2))
    assert name_differences(find_differences("a.yaml", before, after)) == "k0, k1, k2 and 6 more"


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        (b"one\ntwo\nthree\n", b"one\n2\nthree\n", "line 2"),
        (b"one\ntwo\nthree\n", b"one\n2\n3\n", "lines 2–3"),
        (b"one\ntwo\n", b"one\nand\ntwo\n", "line 2"),
        (b"one\ntwo\nthree\n", b"one\nthree\n", "line 2"),
        (b"one\ntwo\nthree\nfour\n", b"1\ntwo\nthree\n4\n", "line 1, line 4"),
        (b"one\ntwo\n", b"one\ntwo\n\nthree\n", "lines 3–4"),
        (b"one\0", b"two\0", ""),
        (b"one\n", b"one\n", ""),
    ],
)
def test_change_in_a_text_is_named_by_the_lines_that_are_new(before: bytes, after: bytes, expected: str) -> None:
    assert name_differences(find_differences("atlas/charter.md", before, after)) == expected


def test_text_too_long_to_compare_has_no_named_lines() -> None:
    assert find_differences("a.md", b"x\n" * 6000, b"y\n" * 6000) == ()
