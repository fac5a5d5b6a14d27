"""Take any text, and plain words in every construct; read and settle them; check that nothing breaks or is lost."""

from __future__ import annotations

import re
from typing import get_args

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from render_work import FILE, THEME, make_page, read

from pipeline.document.tree import Code, CodeSpan, Figure, Heading, Inline, Note, Picture, Section, Text
from pipeline.document.walk import walk
from pipeline.problems import Problem
from pipeline.render.assemble.resolve import resolve
from pipeline.render.markdown import read_blocks
from pipeline.render.words import Words
from tests.worlds.cells import spell_cells

PIECES = (
    "# ", "## ", "- ", "1. ", "> ", "> [!NOTE]\n", "::: note\n", ":::\n", "```\n", "    ", "\n", "\n\n",
    "| a | b |\n", "|---|:-:|\n", "| c |\n", "*", "**", "_", "~~", "`", "[", "]", "(", ")", "](x.md)", "![",
    "](../images/plan.png)", '"cap"', "{#id}", '{width="50%"}', "{.a}", "[^1]", "[^1]: ", "^[", "[@tbl-1]", "<b>",
    "</b>", "<div>", "</div>\n", "<!--", "-->", "<br>", "<img src=x>", "<![", "<![CDATA[", "]]>", "&amp;", "&#0;",
    "&#x110000;", "\\", "  \n", "---\n", "T\n: d\n", "<https://a.org>", "http://[", "word", "é", "\u2028", "\xa0",
    "\t", "\x00", "\ufdd0", "0", "\ufdd1", "[x] ", "|", "$", "%",
)  # fmt: skip
TEXTS = st.one_of(st.lists(st.sampled_from(PIECES), max_size=40).map("".join), st.text(max_size=200))


def settle(text: str) -> tuple[tuple[Section, ...], tuple[Note, ...], list[Problem]]:
    page = make_page()
    sections, notes = resolve(read_blocks(text, page, FILE), page, Words("en"), THEME)
    return sections, notes, page.problems


@settings(max_examples=400, deadline=None)
@given(TEXTS)
@example("<div><![x")
@example("*" * 200 + "a" + "*" * 200)
@example("[x]: <\n[x]")
@example("![a](<b>)")
@example("> [!NOTE]\n[!NOTE]: /x")
@example("[^1]: - [^1]: ")
def test_any_text_gives_a_tree_and_problems_and_nothing_else(text: str) -> None:
    sections, notes, problems = settle(text)
    assert all(isinstance(problem, Problem) and problem.place.file == FILE for problem in problems)
    assert all(1 <= problem.place.line <= text.count("\n") + 2 for problem in problems)
    ids = [node.id for node in walk(sections) if getattr(node, "id", "")]
    assert len(ids) == len(set(ids))
    assert all(node.children for node in walk((sections, notes)) if isinstance(node, Heading))


WORD = st.from_regex(r"[A-Za-z]{1,8}", fullmatch=True)
LINE = st.lists(WORD, min_size=1, max_size=6).map(" ".join)
INLINE = st.one_of(
    LINE,
    LINE.map(lambda t: f"*{t}*"),
    LINE.map(lambda t: f"**{t}**"),
    LINE.map(lambda t: f"`{t}`"),
    LINE.map(lambda t: f"[{t}](https://example.org)"),
    LINE.map(lambda t: f"[{t}](gone.md)"),
    LINE.map(lambda t: f"![{t}](https://example.org)"),
    LINE.map(lambda t: f"<b>{t}</b>"),
    LINE.map(lambda t: f"~~{t}~~"),
)
PARAGRAPH = st.lists(INLINE, min_size=1, max_size=4).map(" ".join)


def _prefix(first: str, rest: str) -> st.SearchStrategy[str]:
    return st.lists(PARAGRAPH, min_size=1, max_size=3).map(lambda ts: "\n".join(first + t for t in ts) + rest)


BLOCK = st.one_of(
    PARAGRAPH,
    PARAGRAPH.map(lambda t: f"## {t}"),
    _prefix("- ", ""),
    _prefix("3. ", ""),
    _prefix("- [ ] ", ""),
    _prefix("> ", ""),
    PARAGRAPH.map(lambda t: f"> [!TIP]\n> {t}"),
    st.tuples(LINE, PARAGRAPH).map(lambda p: f"::: note {p[0]}\n{p[1]}\n:::"),
    st.tuples(LINE, PARAGRAPH).map(lambda p: f"{p[0]}\n: {p[1]}"),
    st.tuples(LINE, LINE, PARAGRAPH).map(lambda p: f"| {p[0]} | {p[1]} |\n|---|---|\n| {p[2]} | x |"),
    LINE.map(lambda t: f"```\n{t}\n```"),
    LINE.map(lambda t: f"<div>\n<p>{t}</p>\n</div>"),
    st.tuples(LINE, LINE).map(lambda p: f"{p[0]}^[{p[1]}]"),
    st.tuples(LINE, PARAGRAPH).map(lambda p: f"::: landscape\n{p[0]}\n\n- {p[1]}\n:::"),
)


@settings(max_examples=150, deadline=None)
@given(st.lists(BLOCK, min_size=1, max_size=5))
def test_every_plain_word_arrives(blocks: list[str]) -> None:
    text = "\n\n".join(blocks)
    sections, notes, problems = settle(text)
    assert [problem for problem in problems if problem.severity == "error"] == []
    shown = re.findall(r"[A-Za-z]+", words_of_all((sections, notes)))
    assert sorted(shown) == sorted(re.findall(r"[A-Za-z]+", plain(text)))


def plain(text: str) -> str:
    """Return the words of the Markdown that this file makes, without its mark-up."""
    marks = r"\]\([^)]*\)|</?(?:b|p|div)>|^::: (?:note|landscape)|^- \[ \]"
    return re.sub(marks, " ", text.replace("[!TIP]", " Tip "), flags=re.MULTILINE)


def words_of_all(nodes: object) -> str:
    out = []
    for node in walk(spell_cells(nodes)):
        if isinstance(node, (Text, CodeSpan)):
            out.append(node.text)
        elif isinstance(node, (Picture, Figure)):
            out.append(node.alt)
        elif isinstance(node, Code):
            out.append(f" {node.text} ")
        elif not isinstance(node, get_args(Inline)):
            out.append(" ")
    return "".join(out)


SLOW = {
    "open brackets": "[" * 4000,
    "open images": "![" * 1000 + "x" + "](y)" * 1000,
    "stars": "a**b" * 4000,
    "backticks": "".join("`" * n + " " for n in range(1, 200)),
    "angle brackets": "<" * 10000,
    "tags": "<a " * 2000,
    "styles": "<style>" * 20000,
    "scripts and comments": "<div>" + "<script><!--" * 10000,
    "quotes in tags": "<div>" + "<a '\"" * 10000,
    "attributes": "<div " + "a=' " * 20000,
    "instructions": "<div><?" + "<![CDATA[" * 10000,
    "notes": "[^1]" * 800 + "\n\n[^1]: x",
    "notes in notes": "^[" * 500 + "x" + "]" * 500,
    "columns": "|a" * 800 + "|\n" + "|-" * 800 + "|\n",
    "definitions": "a\n: b\n" * 400,
    "braces": "[x]{" * 1500,
    "comments": "<!--" * 3000,
}


@pytest.mark.parametrize("name", SLOW)
def test_text_made_to_be_slow_is_read(name: str) -> None:
    blocks, _ = read(SLOW[name])
    assert isinstance(blocks, tuple)
