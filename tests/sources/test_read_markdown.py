"""Take Markdown files with front matter, without, and with rules that look like it; part them; hold body and lines."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.problems import Place
from pipeline.sources.frontmatter import MarkdownFile, read_markdown
from pipeline.sources.yaml.file import read_yaml


def read(text: str) -> MarkdownFile:
    return read_markdown("a.md", text.encode())


def test_front_matter_and_body_are_parted() -> None:
    file = read("---\ntitle: Charter\ndate: 2026-01-05\n---\n\n# Scope\n")
    assert file.meta.value == {"title": "Charter", "date": date(2026, 1, 5)}
    assert (file.body, file.body_line, file.problems) == ("\n# Scope\n", 5, ())


def test_file_without_front_matter_is_all_body() -> None:
    file = read("# Scope\n\n---\ntitle: no\n---\n")
    assert (file.meta.value, file.body, file.body_line) == ({}, "# Scope\n\n---\ntitle: no\n---\n", 1)


@pytest.mark.parametrize("text", ["---\n---\nBody\n", "---\n# a comment\n...\nBody\n", "\ufeff--- \t\n\n---  \nBody\n"])
def test_empty_front_matter_is_an_empty_mapping(text: str) -> None:
    file = read(text)
    assert (file.meta.value, file.body, file.problems) == ({}, "Body\n", ())


def test_windows_line_ends_become_line_feeds() -> None:
    file = read("---\r\ntitle: A\r\n---\r\nOne\r\nTwo\rThree\r\n")
    assert (file.meta.value, file.body, file.body_line) == ({"title": "A"}, "One\nTwo\nThree\n", 4)


def test_places_in_front_matter_are_lines_of_the_file() -> None:
    file = read("---\ntitle: A\nrevisions:\n  - version: '1.0'\n---\nBody\n")
    assert file.meta.place(("revisions", 0, "version")) == Place("a.md", 4, 14)
    assert file.meta.place(("title",), key=True) == Place("a.md", 2, 1)


def test_problems_in_front_matter_are_lines_of_the_file() -> None:
    file = read("---\ntitle: A\ntitle: B\n---\nBody\n")
    assert [(found.code, str(found.place)) for found in file.problems] == [("DB132", "a.md:3:1")]
    assert "line 2" in file.problems[0].hint
    file = read("---\nowner: x\ntitle: Records: all\n---\nBody\n")
    assert [(found.code, str(found.place)) for found in file.problems] == [("DB131", "a.md:3:15")]
    assert (file.body, file.meta.value) == ("Body\n", {})


@pytest.mark.parametrize(
    "text",
    [
        "---\n\nA text that begins with a rule.\n",
        "---\nA text\n\n---\n\nand another rule\n",
        "---\n\n- a list\n- of two\n\n---\n",
        "---\nNobody: closes this\nand it is prose\n",
        "---\n12\n---\n",
        "--- not a fence\ntitle: A\n---\n",
        "----\ntitle: A\n----\n",
        " ---\ntitle: A\n---\n",
        "---",
        "",
        "---\n" + "word\n" * 250 + "---\n",
        "---\n*bold* and [link](x): more\n\n---\n",
    ],
)
def test_text_that_begins_with_a_rule_stays_whole(text: str) -> None:
    file = read(text)
    assert (file.body, file.body_line, file.meta.value, file.problems) == (text, 1, {}, ())


def test_front_matter_that_is_never_closed_is_reported_and_the_text_kept() -> None:
    file = read("---\ntitle: Charter\n\n# Scope\n")
    assert [(found.code, str(found.place)) for found in file.problems] == [("DB143", "a.md:1:1")]
    assert file.body == "---\ntitle: Charter\n\n# Scope\n"


def test_rule_far_below_does_not_close_front_matter() -> None:
    assert read("---\ntitle: A\n" + "\n" * 300 + "---\nBody\n").problems[0].code == "DB143"


def test_byte_that_is_not_utf_8_is_reported_with_its_line() -> None:
    file = read_markdown("a.md", b"---\ntitle: A\n---\nOne\ncaf\xe9\n")
    assert [(found.code, str(found.place)) for found in file.problems] == [("DB130", "a.md:5:4")]
    assert file.body == "One\ncaf\ufffd\n"


def test_nul_becomes_a_replacement_character_with_a_warning() -> None:
    file = read("One\nt\0o\n")
    assert file.body == "One\nt\ufffdo\n"
    assert [(found.code, found.severity, str(found.place)) for found in file.problems] == [
        ("DB144", "warning", "a.md:2:2")
    ]


@settings(deadline=None)
@given(st.binary(max_size=200) | st.text(max_size=200).map(lambda text: text.encode("utf-8", "surrogatepass")))
def test_any_bytes_give_a_body_and_never_raise(data: bytes) -> None:
    file = read_markdown("a.md", data)
    assert isinstance(file.meta.value, dict)
    assert "\r" not in file.body
    assert "\0" not in file.body


LINES = st.lists(
    st.sampled_from(
        ["---", "...", "--- ", "title: A", "title: A: B", "- x", "prose", "", "# h", "\ta: 1", "a: [", "x\0", "\u2028"]
    ),
    max_size=12,
)


@settings(max_examples=300, deadline=None)
@given(LINES, st.sampled_from(["\n", "\r\n", "\r"]))
def test_body_is_the_end_of_the_file_from_its_line_on(lines: list[str], line_end: str) -> None:
    file = read(line_end.join(lines))
    kept = "\n".join(lines).replace("\0", "\ufffd").split("\n")
    assert file.body.split("\n") == (kept[file.body_line - 1 :] or [""])
    assert all(1 <= found.place.line <= max(1, len(lines)) for found in file.problems)


CONFLICT = "Some words.\n<<<<<<< HEAD\nOne.\n=======\nTwo.\n>>>>>>> main\n"


def test_versions_between_which_nobody_has_chosen_are_an_error_at_their_line() -> None:
    (problem,) = read_markdown("a.md", CONFLICT.encode()).problems
    assert (problem.code, problem.place) == ("DB125", Place("a.md", 2))
    (problem,) = read_markdown("a.md", f"---\ntitle: x\n{CONFLICT}---\nText\n".encode()).problems[:1]
    assert (problem.code, problem.place) == ("DB125", Place("a.md", 4))
    (problem,) = read_yaml("a.yaml", b"a: 1\n<<<<<<< HEAD\nb: 1\n=======\nb: 2\n>>>>>>> main\n").problems
    assert (problem.code, problem.place) == ("DB125", Place("a.yaml", 2))


@pytest.mark.parametrize(
    "text",
    [
        f"How it looks:\n\n```\n{CONFLICT}```\n",
        "Heading\n=======\n\n>>>>>>> deep quote\n",
        "<<<<<<< only this\n" * 50_000 + ">>>>>>> end\n",
    ],
)
def test_marks_that_are_part_of_a_text_are_none(text: str) -> None:
    assert read_markdown("a.md", text.encode()).problems == ()
