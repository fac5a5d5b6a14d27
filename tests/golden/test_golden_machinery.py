"""Take made-up results; hold them against made-up expected files; check that each kind of difference is found."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image, ImageDraw

from . import cases, compare
from .cases import Case
from .compare import find_differences


@pytest.fixture
def case(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Case:
    """Return a case whose expected files are one text and one picture."""
    monkeypatch.setattr(cases, "HERE", tmp_path)
    monkeypatch.setattr(compare, "RESULTS", tmp_path / "results")
    made = Case("made", "a case for this test alone")
    (made.expected / "mill").mkdir(parents=True)
    (made.expected / "mill" / "charter.tree.txt").write_bytes(b"one\ntwo\n")
    (made.expected / "mill" / "charter.page-1.png").write_bytes(draw_page(40))
    return made


def draw_page(at: int) -> bytes:
    """Return a page with one line of text at a height."""
    picture = Image.new("RGB", (200, 280), "white")
    ImageDraw.Draw(picture).rectangle((20, at, 120, at + 5), fill="black")
    target = BytesIO()
    picture.save(target, "PNG")
    return target.getvalue()


def results(text: bytes = b"one\ntwo\n", at: int = 40) -> dict[str, bytes]:
    return {"mill/charter.tree.txt": text, "mill/charter.page-1.png": draw_page(at)}


def test_equal_files_make_no_difference(case: Case) -> None:
    assert find_differences(case, results()) == []


def test_a_missing_expected_file_is_found(case: Case) -> None:
    assert find_differences(case, {**results(), "plan.txt": b""}) == ["plan.txt: expected file is missing"]


def test_an_unused_expected_file_is_found(case: Case) -> None:
    (case.expected / "mill" / "old.tree.txt").write_bytes(b"")
    assert find_differences(case, results()) == ["mill/old.tree.txt: nothing makes this expected file"]


def test_a_changed_line_is_found_and_both_texts_are_kept(case: Case) -> None:
    (message,) = find_differences(case, results(b"one\nthree\n"))
    assert message.splitlines()[-2:] == ["-two", "+three"]
    kept = compare.RESULTS / "made"
    assert (kept / "actual" / "mill" / "charter.tree.txt").read_bytes() == b"one\nthree\n"
    assert (kept / "expected" / "mill" / "charter.tree.txt").read_bytes() == b"one\ntwo\n"


def test_a_line_of_text_that_moved_is_found_and_the_difference_is_drawn(case: Case) -> None:
    assert find_differences(case, results(at=50)) == ["mill/charter.page-1.png: the page looks different"]
    with Image.open(compare.RESULTS / "made" / "difference" / "mill" / "charter.page-1.png") as picture:
        assert picture.convert("L").getextrema() == (0, 255)
