"""Take Markdown of every kind; read it; check each construct against a sketch of its blocks, and where it stands."""

from __future__ import annotations

import pytest
from render_sketch import sketch
from render_work import FILE, codes, find, read

from pipeline.document.tree import (
    Callout,
    Code,
    Definition,
    DefinitionList,
    Figure,
    Heading,
    List,
    NoteRef,
    Paragraph,
    Quote,
    Table,
)
from pipeline.problems import Place

BLOCKS = {
    "headings": ("# One\n\n### Three\n\nSetext\n===", ["h1: One", "h3: Three", "h1: Setext"]),
    "heading with id": ("## The title {#my-id}", ["h2#my-id: The title"]),
    "heading with id and class": ("# T {.wide #ab}", ["h1#ab: T"]),
    "heading with escaped braces": ("# T \\{#id}", ["h1: T {#id}"]),
    "heading with braces that are no id": ("# f {x}", ["h1: f {x}"]),
    "heading of emphasis with id": ("# **T**{#id}", ["h1#id: strong(T)"]),
    "empty heading": ("#\n\nx", ["p: x"]),
    "paragraph over two lines": ("a\nb", ["p: a b"]),
    "tight list": ("- a\n- b", ["ul: [p: a][p: b]"]),
    "loose list": ("- a\n\n- b", ["ul.loose: [p: a][p: b]"]),
    "nested lists": ("- a\n  1. b\n     - c\n- d", ["ul: [p: a | ol: [p: b | ul: [p: c]]][p: d]"]),
    "list with start number": ("4. a\n5. b", ["ol4: [p: a][p: b]"]),
    "list from zero": ("0. a", ["ol0: [p: a]"]),
    "list with parenthesis": ("7) a", ["ol7: [p: a]"]),
    "list item with two paragraphs": ("- a\n\n  b", ["ul.loose: [p: a | p: b]"]),
    "list item with code": ("- a\n\n      x", ["ul.loose: [p: a | code : x]"]),
    "empty list item": ("-\n- a", ["ul: [][p: a]"]),
    "task list": ("- [ ] a\n- [x] b\n- [X] **c**\n- d", ["ul: o[p: a]x[p: b]x[p: strong(c)][p: d]"]),
    "task list with emphasis behind": ("- [x] a *b*", ["ul: x[p: a em(b)]"]),
    "no task without a space": ("- [x]a", ["ul: [p: [x]a]"]),
    "quote": ("> a\n> b\n>\n> - c", ["quote: [p: a b | ul: [p: c]]"]),
    "quote in quote": ("> a\n> > b", ["quote: [p: a | quote: [p: b]]"]),
    "alert": ("> [!NOTE]\n> a *b*", ["note: [p: a em(b)]"]),
    "alert in small letters": ("> [!warning]\n> a", ["warning: [p: a]"]),
    "alert with text apart": ("> [!TIP]\n>\n> a\n>\n> b", ["tip: [p: a | p: b]"]),
    "alert with a hard break": ("> [!NOTE]  \n> a", ["note: [p: a]"]),
    "decision alert": ("> [!DECISION]\n> a", ["decision: [p: a]"]),
    "alert of no known kind": ("> [!HURRAY]\n> a", ["quote: [p: [!HURRAY] a]"]),
    "alert with words beside": ("> [!NOTE] a", ["quote: [p: [!NOTE] a]"]),
    "callout": ("::: note\na\n:::", ["note: [p: a]"]),
    "callout with title": ("::: important Read *this*\na\n:::", ["important (Read *this*): [p: a]"]),
    "callout with attributes": ("::: tip {.wide}\na\n:::", ["tip: [p: a]"]),
    "callouts nested": (":::: note\n::: tip\na\n:::\nb\n::::", ["note: [tip: [p: a] | p: b]"]),
    "callout never closed": ("::: note\na", ["note: [p: a]"]),
    "landscape": ("::: landscape\n# T\n:::", ["group.landscape: [h1: T]"]),
    "own container": ("::: my-box\na\n:::", ["group.my-box: [p: a]"]),
    "code with language": ("```python\nx = 1\n\ny\n```", ["code python: x = 1\n\ny"]),
    "code with pandoc's class": ("```{.sh}\nls\n```", ["code sh: ls"]),
    "code with tildes": ("~~~\n```\n~~~", ["code : ```"]),
    "indented code": ("    *a*\n      b", ["code : *a*\n  b"]),
    "code never closed": ("```\na", ["code : a"]),
    "rules": ("a\n\n---\n\n***", ["p: a", "rule", "rule"]),
    "table": ("| a | b |\n|---|---|\n| c | d |", ["table ll: a & b; c & d"]),
    "table with alignment": ("|a|b|c|\n|:--|:-:|--:|\n|1|2|3|", ["table lcr: a & b & c; 1 & 2 & 3"]),
    "table without body": ("|a|\n|-|", ["table l: a"]),
    "table with inline content": (
        "|a *b*|`c`|\n|-|-|\n|[x](https://a.org)|[^1]|\n\n[^1]: n",
        ["table ll: a em(b) & code(c); link(x -> https://a.org) & note(1)"],
    ),
    "table with escaped bar": ("|a\\|b|\n|-|\n|`c\\|d`|", ["table l: a|b; code(c|d)"]),
    "table with short and long rows": ("|a|b|\n|-|-|\n|1|\n|1|2|3|", ["table ll: a & b; 1 & ; 1 & 2"]),
    "definitions": ("T *x*\n: a\n: b\n\nU\n: c\n\n  d", ["dl: (T em(x))[p: a | p: b](U)[p: c | p: d]"]),
    "figure": ("![Plan](../images/plan.png)", ["figure 0: Plan"]),
    "figure with caption": ('![Plan](../images/plan.png "The plan")', ["figure 0 (The plan): Plan"]),
    "figure with width": ('![P](../images/plan.png){width="50%"}', ["figure -0.5: P"]),
    "figure with bare width": ("![P](../images/plan.png){#fig-x width=50%}", ["figure#fig-x -0.5: P"]),
    "figure with id": ("![P](../images/plan.png){#fig-x}", ["figure#fig-x 0: P"]),
    "figure wider than the page": ('![P](../images/plan.png){width="250%"}', ["figure -1: P"]),
    "figure from the root": ("![P](/atlas/images/plan.png)", ["figure 0: P"]),
    "figure by reference": ("![P][p]\n\n[p]: ../images/plan.png", ["figure 0: P"]),
    "figures in a list": ("- ![P](../images/plan.png)", ["ul: [figure 0: P]"]),
    "picture in a line": ("see ![P](../images/plan.png) here", ["p: see picture(P) here"]),
    "two pictures in a line": ("![P](../images/plan.png) ![Q](../images/plan.png)", ["p: picture(P) picture(Q)"]),
    "comment": ("a\n\n<!-- not\n\nshown -->\n\nb", ["p: a", "p: b"]),
    "reference definition": ("[a]: https://a.org\n\n[a]", ["p: link(a -> https://a.org)"]),
    "nothing": ("", []),
    "blank": (" \n\n\t\n", []),
}  # fmt: skip

LINES = {
    "emphasis": ("*a* _b_ **c** __d__ ***e***", "em(a) em(b) strong(c) strong(d) em(strong(e))"),
    "no emphasis within words": ("snake_case_name 2*3*4", "snake_case_name 2em(3)4"),
    "strike": ("~~a~~", "del(a)"),
    "code": ("`a * b` ``c ` d``", "code(a * b) code(c ` d)"),
    "span with a class": ("[a]{.grey}", "span.grey(a)"),
    "hard breaks": ("a  \nb\\\nc<br>d", "a/b/c/d"),
    "entities": ("&amp; &copy; &#8364; &#x20AC; &nosuch;", "& © € € &nosuch;"),
    "escapes": (r"\*a\* \[b\] \{ \| \#", "*a* [b] { | #"),
    "link": ('[a *b*](https://x.org/?q=1&r=2 "T")', "link(a em(b) -> https://x.org/?q=1&r=2)"),
    "link with spaces": ("[a](<https://x.org/a b>)", "link(a -> https://x.org/a%20b)"),
    "http link": ("[a](http://x.org)", "link(a -> http://x.org)"),
    "mail link": ("[a](mailto:a@x.org) <b@x.org>", "link(a -> mailto:a@x.org) link(b@x.org -> mailto:b@x.org)"),
    "autolink": ("<https://x.org/a>", "link(https://x.org/a -> https://x.org/a)"),
    "link without words": ("[](https://x.org)", "link(https://x.org -> https://x.org)"),
    "anchor": ("[a](#scope)", "link(a -> #scope)"),
    "anchor with an accent": ("[a](#%C3%A9t%C3%A9)", "link(a -> #été)"),
    "link to a file that is there": ("[a](other.md) [b](./other.md#x) [c](/root.md) [d](../images/)", "a b c d"),
    "link to itself": ("[a](note.md)", "a"),
    "reference": ("see [@tbl-x] and [@fig.a:b-c].", "see ref(tbl-x) and ref(fig.a:b-c)."),
    "no reference": ("[@ x] [@1]", "[@ x] [@1]"),
    "inline note": ("a^[b *c*]", "anote(1)"),
    "comment in a line": ("a <!-- b -->c", "a c"),
}  # fmt: skip


@pytest.mark.parametrize("name", BLOCKS)
def test_block_is_read_as_what_it_is(name: str) -> None:
    text, expected = BLOCKS[name]
    blocks, problems = read(text)
    assert sketch(blocks) == expected
    assert [str(problem) for problem in problems] == []


@pytest.mark.parametrize("name", LINES)
def test_line_is_read_as_what_it_is(name: str) -> None:
    text, expected = LINES[name]
    blocks, problems = read(text)
    assert sketch(blocks) == [f"p: {expected}"]
    assert [problem for problem in problems if problem.code != "DB321"] == []


def test_every_block_says_on_which_line_it_stands() -> None:
    text = (
        "# A\n\nb\n\n- c\n\n> d\n\n> [!NOTE]\n> e\n\n```\nf\n```\n\n"
        "|g|\n|-|\n|h|\n\nT\n: i\n\n![P](../images/plan.png)\n\n::: tip\nj\n:::\n"
    )
    blocks, _ = read(text, first=11)
    kinds = (Heading, List, Quote, Code, Table, DefinitionList, Figure, Callout)
    lines = {type(node).__name__: node.place.line for node in find(blocks, kinds)}  # type: ignore[arg-type]
    expected = {"Heading": 11, "List": 15, "Quote": 17, "Code": 22, "Table": 26, "DefinitionList": 30, "Figure": 33}
    assert expected.items() <= lines.items()
    assert [node.place.line for node in find(blocks, Callout)] == [19, 35]
    assert [p.place.line for p in find(blocks, Paragraph) if p.place.file] == [13, 15, 17, 19, 31, 36]
    assert {node.place.file for node in find(blocks, Heading)} == {FILE}


def test_problem_within_a_paragraph_stands_on_its_own_line() -> None:
    _, problems = read("a\nb [c](gone.md)\nd  \ne [f](away.md)", first=5)
    assert [(p.code, p.place) for p in problems] == [("DB322", Place(FILE, 6)), ("DB322", Place(FILE, 8))]


def test_footnotes_are_kept_whether_reused_nested_or_beside_each_other() -> None:
    blocks, problems = read("a[^x] b[^y] c[^x]\n\n[^x]: one[^z]\n[^y]: two\n\n    more\n[^z]: *three*\n")
    assert sketch(blocks) == ["p: anote(1) bnote(2) cnote(1)"]
    assert problems == []


def test_footnote_that_is_defined_within_another_one_is_a_note_like_any_other() -> None:
    blocks, problems = read("a[^x] b[^y]\n\n[^x]: - one\n    - [^y]: two\n\n    three\n\nc\n")
    assert problems == []
    assert sketch(blocks) == ["p: anote(1) bnote(2)", "p: c"]


def test_footnote_that_nothing_refers_to_is_told_of() -> None:
    blocks, problems = read("a\n\n[^x]: one\n")
    assert sketch(blocks) == ["p: a"]
    assert [(p.code, p.severity) for p in problems] == [("DB325", "warning")]
    assert "[^x]" in problems[0].message


def test_reference_to_a_footnote_that_is_missing_stays_as_it_is_written() -> None:
    blocks, _ = read("a[^x]")
    assert sketch(blocks) == ["p: a[^x]"]
    assert find(blocks, NoteRef) == []


WARNED = {
    "script link": ("[a](javascript:alert(1))", "p: a", "DB323"),
    "data link": ("[a](data:text/html,x)", "p: a", "DB323"),
    "file link": ("[a](file:///etc/passwd)", "p: a", "DB323"),
    "phone link": ("[a](tel:+123)", "p: a", "DB323"),
    "link without a scheme": ("[a](//x.org/b)", "p: a", "DB323"),
    "link to nowhere": ("[a *b*](gone.md)", "p: a em(b)", "DB322"),
    "link out of the repository": ("[a](../../../etc/passwd)", "p: a", "DB322"),
    "broken address": ("[a](http:///b)", "p: a", "DB323"),
    "address with a space in its host": ("[a](<https://x y.org>)", "p: a", "DB323"),
    "address that is too long for Word": (f"[a](https://x.org/{'y' * 2000})", "p: a", "DB323"),
    "remote image": ("![A](https://x.org/a.png)", "p: link(A -> https://x.org/a.png)", "DB324"),
    "remote image without words": ("![](https://x.org/a)", "p: link(https://x.org/a -> https://x.org/a)", "DB324"),
    "file image": ("![A](file:///etc/passwd)", "p: A", "DB324"),
    "data image": ("![A](data:image/png;base64,AAAA)", "p: A", "DB324"),
    "inline tag": ("a <b>c</b>", "p: a c", "DB321"),
    "html block": ("<div>a <em>b</em></div>", "p: a b", "DB321"),
    "html link": ('<p>a <a href="https://x.org">b</a></p>', "p: a link(b -> https://x.org)", "DB321"),
    "html picture": ('<p><img src="../images/plan.png" alt="P"></p>', "p: picture(P)", "DB321"),
    "html script": ("<script>alert(1)</script>", "", "DB321"),
    "html style": ("a\n\n<style>p {color: red}</style>", "p: a", "DB321"),
    "html with a strange declaration": ("<div>\n<![foo[a]]>\n</div>", "p: <![foo[a]]>", "DB321"),
    "html with character data": ("<![CDATA[a < b]]>", "p: a < b", "DB321"),
    "html never closed": ("<div>a", "p: a", "DB321"),
    "html tag that never ends": ("<div a\nb", "p: <div a b", "DB321"),
    "html style that never ends": ("<style>\n\nfoo <b>c</b>", "p: foo c", "DB321"),
    "html script after a style": ("<style>a</style><script>b</script> c", "p: c", "DB321"),
    "html comment that never ends": ("a\n\n<!-- b\n\nc", "p: a", "DB321"),
    "html comment that ends at once": ("<!--> a", "p: a", "DB321"),
    "html instruction": ("<?php a ?> b", "p: b", "DB321"),
    "html declaration": ("<!X a> b", "p: b", "DB321"),
    "html attribute with a bracket": ('<p title="a > b">c</p>', "p: c", "DB321"),
    "character data in a line": ("a <![CDATA[b <c> &amp;]]> d", "p: a b <c> &amp; d", "DB321"),
    "link to nothing": ("[a]()", "p: a", "DB322"),
    "link without words to nothing": ("a []()", "p: a ", "DB322"),
}  # fmt: skip


@pytest.mark.parametrize("name", WARNED)
def test_what_paper_cannot_carry_is_a_warning_and_leaves_its_words(name: str) -> None:
    text, expected, code = WARNED[name]
    blocks, problems = read(text, first=3)
    assert sketch(blocks) == ([expected] if expected else [])
    assert set(codes(problems)) == {code}
    assert all(p.severity == "warning" and p.place.file == FILE and p.place.line >= 3 for p in problems)


def test_warning_about_html_says_what_becomes_of_its_words() -> None:
    _, problems = read("<style>a</style>\n\n<script>\n\n<style>\n\n</script>\n\n<b>\n\n<!--\n")
    said = [(problem.place.line, problem.message.partition(">")[2].strip() or problem.message) for problem in problems]
    assert said == [
        (1, "is not carried into the document, nor is what it holds"),
        (3, "is not carried into the document, nor is what it holds"),
        (9, "is not carried into the document, its text is"),
        (11, "the HTML comment never ends, so nothing that follows it is shown"),
    ]
    _, problems = read("<div>\n<style>\na\n<style>")
    assert [problem.message.partition(">")[0] for problem in problems] == ["the HTML tag <style", "the HTML tag <div"]
    assert "does not end" in problems[0].message


def test_html_block_of_several_lines_gives_one_paragraph_a_line() -> None:
    blocks, _ = read(
        "<details>\n<summary>More</summary>\n<p>a<br>b</p>\n<table><tr><td>c</td><td>d</td></tr></table>\n</details>"
    )
    assert sketch(blocks) == ["p: More", "p: a", "p: b", "p: c d"]


FAILED = {
    "missing image": ("![A](../images/gone.png)", "DB332"),
    "image outside": ("![A](../../../secret.png)", "DB331"),
    "image by a climbing path": ("![A](/../../etc/passwd)", "DB331"),
    "image of nothing": ("![A]()", "DB331"),
    "image that is none": ("![A](other.md)", "DB333"),
}


@pytest.mark.parametrize("name", FAILED)
def test_image_that_cannot_be_shown_is_an_error_with_a_hint_and_leaves_its_words(name: str) -> None:
    text, code = FAILED[name]
    blocks, problems = read(f"x\n\n{text}")
    assert sketch(blocks) == ["p: x", "p: A"]
    assert set(codes(problems)) == {code}
    assert all(p.severity == "error" and p.hint and p.place == Place(FILE, 3) for p in problems)


def test_misspelt_image_and_link_come_with_the_nearest_file() -> None:
    _, problems = read("[a](othr.md)\n\n![b](../images/plann.png)")
    assert {p.hint for p in problems} == {"did you mean `other.md`?", "did you mean `plan.png`?"}


@pytest.mark.parametrize(
    "text", ["> " * 200 + "a", "- " * 120 + "a", "*" * 3000 + "a" + "*" * 3000, "::: x\n" * 150 + "a"]
)
def test_endless_nesting_is_a_problem(text: str) -> None:
    _, problems = read(text)
    assert codes(problems) == ["DB326"]


def test_deep_nesting_that_people_write_is_none() -> None:
    blocks, problems = read("".join(f"{'  ' * level}- level {level}\n" for level in range(20)))
    assert problems == []
    assert "level 19" in "".join(sketch(blocks))


def test_definition_without_a_term_loses_nothing() -> None:
    blocks, _ = read(": a")
    assert sketch(blocks) == ["p: : a"]
    assert find(blocks, Definition) == []
