"""Take docs/performance.md and what `make bench` kept; write the page's tables anew; fail where a figure differs."""

from __future__ import annotations

import pytest

from benchmarks.results import PAGE, Record, read_results, write_page
from benchmarks.rows import ROWS

KEPT = read_results(quick=False)


def test_tables_are_what_was_measured() -> None:
    text = PAGE.read_text("utf-8")
    assert text.count("<!-- made: ") == 2
    assert write_page(text) == text


@pytest.mark.parametrize("name", [row.name for row in ROWS])
def test_every_row_was_measured_in_full_on_a_commit(name: str) -> None:
    record: Record = KEPT[name]
    assert record["row"] == name and not record["quick"]
    assert record["state"] and not record["state"].endswith("+")
    assert record["versions"]["Python"] and record["machine"]["cores"] >= 1


def test_a_figure_that_nobody_measured_is_found() -> None:
    text = PAGE.read_text("utf-8")
    value = f"{KEPT['one-figure']['value']:.2f} ×"
    assert value in text and write_page(text.replace(value, "0.01 ×")) == text
