"""Take made-up results; hold them against made-up expected files; check that each kind of difference is found."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image, ImageDraw

from . import cases, compare
from . import results as made_results
from .builds import Built
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


@pytest.fixture
def word_case(case: Case) -> Case:
    """Return the case with a picture of a Word page beside its other files."""
    (case.expected / "mill" / "charter.docx.page-1.png").write_bytes(draw_lines())
    return case


def draw_lines(aside: int = 0, gone: int = -1, lower: int = -1) -> bytes:
    """Return a page of text, all a point aside, one line missing, or all from one line on lower by half a line."""
    picture = Image.new("RGB", (413, 585), "white")
    for line in range(30):
        at = 40 + 14 * line + (6 if 0 <= lower <= line else 0)
        if line != gone:
            words = "Words that fill a line of the page from its left margin to its right one"
            ImageDraw.Draw(picture).text((40 + aside, at + aside), words, fill="black", font_size=9)
    target = BytesIO()
    picture.save(target, "PNG")
    return target.getvalue()


def test_pictures_of_word_pages_are_compared_by_themselves(word_case: Case) -> None:
    assert find_differences(word_case, results()) == []
    assert find_differences(word_case, {}, word=True) == [
        "mill/charter.docx.page-1.png: nothing makes this expected file"
    ]


@pytest.mark.parametrize(
    ("page", "differs"),
    [
        (draw_lines(), False),
        (draw_lines(aside=1), False),
        (draw_lines(gone=12), True),
        (draw_lines(lower=25), True),
        (draw_page(40), True),
    ],
    ids=["the same", "letters aside", "a line gone", "some lines lower", "another size"],
)
def test_word_page_may_have_its_letters_aside_but_not_its_lines(word_case: Case, page: bytes, differs: bool) -> None:
    found = find_differences(word_case, {"mill/charter.docx.page-1.png": page}, word=True)
    assert found == (["mill/charter.docx.page-1.png: the page looks different"] if differs else [])


def test_case_may_name_one_page_of_a_document(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(made_results, "draw_pages", lambda data: (b"1", b"2", b"3"))
    built = Built(0, (), (), {"a/b.pdf": b"", "a/c.pdf": b""})
    named = Case("made", "for this test alone", pages=("a/b#2", "a/c"))
    assert dict(made_results._pictures(named, built)) == {
        "a/b.page-2.png": b"2",
        "a/c.page-1.png": b"1",
        "a/c.page-2.png": b"2",
        "a/c.page-3.png": b"3",
    }
