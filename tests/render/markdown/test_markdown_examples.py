"""Take every example of CommonMark and of GitHub's tables and tasks; write them; check that no word or link is lost."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator, Sequence

import pytest
from markdown_examples import DONE, FOLDER, OPEN, Example, load_examples
from render_work import find
from written_examples import Written, write_examples

from pipeline.document.tree import Figure, Link, Picture
from pipeline.problems import Problem

# Where our words are not a browser's, there is a warning at the line. Nobody writes these on purpose.
OTHERWISE = {
    "156": "a tag that never ends: a browser shows nothing, we show it as it is written",
    "157": "the same",
    "158": "the same",
    "173": "a style that never ends: a browser shows nothing below it, we show its words",
    "180": "an instruction: a browser ends it at the first `>`, we at `?>`",
    "182": "character data: a browser takes it for a comment, we show it",
    "484": "a link without words to nowhere: we show its target",
    "629": "character data: a browser ends it at the first `>`, we at `]]>`",
}
# Scripts that our fonts do not have: the PDF shows � and the build says so.
UNDRAWN = {"25", "27"}


@pytest.fixture(scope="module")
def examples() -> Sequence[Example]:
    loaded = load_examples()
    if not loaded and os.environ.get("CI"):
        pytest.fail(f"the examples are not in {FOLDER}: `make test` fetches them")
    if not loaded:
        pytest.skip(f"the examples are not in {FOLDER}: `make test` fetches them")
    return loaded


@pytest.fixture(scope="module")
def written(examples: Sequence[Example], pytestconfig: pytest.Config) -> Iterator[Written]:
    """Return all examples as one document; the fonts that its PDF needs stay in pytest's own cache."""
    with pytest.MonkeyPatch.context() as patch:
        if "DEEDBOX_CACHE" not in os.environ:
            patch.setenv("DEEDBOX_CACHE", str(pytestconfig.cache.mkdir("deedbox")))  # type: ignore[union-attr]
        yield write_examples(examples)


def test_all_examples_are_there(examples: Sequence[Example]) -> None:
    assert [one.name for one in examples[:652]] == [str(number) for number in range(1, 653)]
    assert sum(one.title.startswith("GFM 4.10 Tables") for one in examples) == 8
    assert sum(one.name.startswith("tables-") for one in examples) >= 40
    assert sum(one.name.startswith("tasklists-") for one in examples) >= 20
    assert sum(bool(one.words) for one in examples) > 600


def test_the_tree_holds_the_words_that_a_browser_shows(examples: Sequence[Example], written: Written) -> None:
    shown = written.read_tree()
    differ = {one.name: (words, one.words) for one, words in zip(examples, shown, strict=True) if words != one.words}
    assert {name: pair for name, pair in differ.items() if name not in OTHERWISE} == {}
    assert differ.keys() == OTHERWISE.keys()


def test_what_a_browser_shows_otherwise_is_told_of_at_its_line(examples: Sequence[Example], written: Written) -> None:
    for one in examples:
        if one.name in OTHERWISE:
            problems = _problems_of(one, written)
            assert problems, one.name
            assert all(1 <= problem.place.line <= one.text.count("\n") + 1 for problem in problems), one.name


def test_every_link_and_picture_is_in_the_tree_or_told_of(examples: Sequence[Example], written: Written) -> None:
    for one, blocks in zip(examples, written.blocks, strict=True):
        codes = [problem.code for problem in _problems_of(one, written)]
        links = len(find(blocks, Link)) + codes.count("DB322") + codes.count("DB323")
        pictures = sum(len(find(blocks, kind)) for kind in (Figure, Picture))
        pictures += sum(codes.count(code) for code in ("DB324", "DB331", "DB332"))
        # A tag is told of as a tag, and a browser may make two links of one that does not end.
        written_as_tag = "DB321" in codes and "<a" in one.text.lower()
        assert written_as_tag or links >= len({node.get("href") for node in one.page.iter("a")}), one.name
        assert pictures >= sum(1 for _ in one.page.iter("img")), one.name


@pytest.mark.parametrize("read", [Written.read_html, Written.read_docx], ids=["html", "docx"])
def test_html_and_word_hold_the_words_of_the_tree(
    read: Callable[[Written], list[str]], examples: Sequence[Example], written: Written
) -> None:
    assert _differences(examples, _without_boxes(written.read_tree()), read(written)) == {}


def test_pdf_holds_the_words_of_the_tree_or_the_build_says_which_it_cannot_draw(
    examples: Sequence[Example], written: Written
) -> None:
    if shutil.which("pdftotext") is None:
        pytest.skip("pdftotext is not installed (package poppler-utils)")
    differ = _differences(examples, _without_boxes(written.read_tree()), written.read_pdf())
    assert {name: pair for name, pair in differ.items() if name not in UNDRAWN} == {}
    told = {problem.place.file for problem in written.pdf.problems if problem.code == "DB404"}
    assert told == {one.file for one in examples if one.name in differ}
    assert differ.keys() == UNDRAWN


def _problems_of(example: Example, written: Written) -> list[Problem]:
    return [problem for problem in written.problems if problem.place.file == example.file]


def _differences(
    examples: Sequence[Example], expected: Sequence[str], actual: Sequence[str]
) -> dict[str, tuple[str, str]]:
    rows = zip(examples, expected, actual, strict=True)
    return {one.name: (before, after) for one, before, after in rows if before != after}


def _without_boxes(texts: Sequence[str]) -> list[str]:
    """Return the texts without the boxes of tasks, which are marks of list items in every format."""
    return [text.replace(OPEN, "").replace(DONE, "") for text in texts]
