"""Take values that look like mark-up; print them in every place of a text; check that they stay words."""

from __future__ import annotations

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from render_sketch import sketch
from render_work import codes, find, read, run, settle_all

from pipeline.document.tree import Callout, CodeSpan, Heading, Link, ListItem, Paragraph, Table, Text
from pipeline.render.templates.islands import disarm, words_of

HOSTILE = (
    "*a* **b** _c_",
    "| a | b |",
    "# heading",
    "- item",
    "1. item",
    "> quote",
    "[x] done",
    "[!NOTE]",
    "<b>bold</b> <!-- comment -->",
    "[x](https://y.org) ![i](z.png)",
    "[^1] [@tbl-x] {#id .class}",
    "`code` ~~gone~~ \\* &amp; &#42;",
    "{{ project.name }} {% if %} {# no #}",
    "``` fence",
    "::: note",
    "https://x.org",
    "\ue0000\ue001",
    "a\u00a0b",
)
PLACES = {
    "paragraph": "{{ v }}",
    "line": "before {{ v }} after",
    "strong": "**{{ v }}**",
    "emphasis": "a _{{ v }}_",
    "heading": "## {{ v }}",
    "heading with id": "## {{ v }} {#here}",
    "list": "- {{ v }}",
    "numbered list": "3. {{ v }}",
    "quotation": "> {{ v }}",
    "table": "| {{ v }} | b |\n|---|---|\n| c | {{ v }} |",
    "definition": "{{ v }}\n: {{ v }}",
    "link words": "[{{ v }}](https://x.org)",
    "callout": "::: note\n{{ v }}\n:::",
    "span": "[{{ v }}]{.grey}",
    "joined": "{{ [v, ref('a')] | join(', ') }}",
    "put together": "{{ v ~ ref('a') }}",
    "added": "{{ v + ref('a') }}",
    "captured": "{% set x %}{{ v }}{% endset %}{{ x }}",
    "macro": "{% macro f(a) %}{{ a }}{% endmacro %}{{ f(v) }}",
    "filtered": "{{ v | trim }}",
}


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("value", HOSTILE)
def test_value_is_never_read_as_markdown(value: str, place: str) -> None:
    blocks, problems = run(PLACES[place], prose=True, v=value)
    assert any(value in node.text for node in find(blocks, Text)), sketch(blocks)
    assert problems == []
    kinds = {type(node).__name__ for node in find(blocks, object)}
    assert not kinds & {"CodeSpan", "Strike", "Rule", "Code", "Picture"}


def test_value_in_a_footnote_is_words() -> None:
    _, notes, _ = settle_all("a[^1]\n\n[^1]: {{ '*b* | [c](d)' }}")
    assert sketch(notes[0].blocks) == ["p: *b* | [c](d)"]


def test_task_and_heading_marks_are_taken_from_the_text_and_not_from_values() -> None:
    blocks, _ = run("- {{ v }}\n- [x] {{ v }}\n\n# {{ w }}\n", v="[ ] a", w="b {#c}")
    assert [item.checked for item in find(blocks, ListItem)] == [None, True]
    assert [(h.id, words_of(h.children)) for h in find(blocks, Heading)] == [("", "b {#c}")]


def test_line_breaks_of_a_value_become_spaces_and_its_no_break_spaces_stay() -> None:
    blocks, _ = run("{{ v }}", v="  a\n\n# b\r\n\tc\u2028d\u00a0e")
    assert sketch(blocks) == ["p:  a # b c d\u00a0e"]


def test_amount_and_currency_stay_on_one_line() -> None:
    blocks, _ = run("It costs {{ 1234 | money }}.")
    assert sketch(blocks) == ["p: It costs 1,234\u00a0EUR."]


def test_value_in_code_is_written_as_it_is() -> None:
    blocks, problems = run("`{{ v }}`\n\n```{{ w }}\n{{ v }}\n```\n\n    {{ v }}", v="a * ` b", w="sh")
    assert sketch(blocks) == ["p: code(a * ` b)", "code sh: a * ` b", "code : a * ` b"]
    assert find(blocks, CodeSpan) == [CodeSpan("a * ` b")]
    assert problems == []


def test_value_may_be_the_target_or_the_title_of_a_link() -> None:
    text = '[a]({{ u }} "{{ t }}") [b](https://x.org/{{ p }}?q={{ p }})'
    blocks, problems = run(text, u="https://y.org/#a(b)", t="T *", p="é")
    first, second = find(blocks, Link)
    assert (first.target, first.title) == ("https://y.org/#a(b)", "T *")
    assert second.target in ("https://x.org/é?q=é", "https://x.org/%C3%A9?q=%C3%A9")
    assert problems == []


def test_value_with_a_dangerous_target_gives_words_and_a_warning() -> None:
    blocks, problems = run("[a]({{ u }})", u="javascript:alert(1)")
    assert sketch(blocks) == ["p: a"]
    assert codes(problems) == ["DB323"]


def test_value_in_the_title_of_a_callout_is_words() -> None:
    blocks, _ = run("::: decision {{ v }}\na\n:::", v="{x} *y* :::")
    assert [words_of(node.title) for node in find(blocks, Callout)] == ["{x} *y* :::"]


def test_value_in_a_caption_is_words() -> None:
    blocks, _ = run('![P](../images/plan.png "{{ v }}")', v="*The* plan")
    assert sketch(blocks) == ["figure 0 (*The* plan): P"]


def test_cells_of_a_table_that_is_called_are_words() -> None:
    blocks, _ = run('{{ table(risks, [col("Title", "title")], caption="*C*") }}')
    assert sketch(blocks) == ["table l (*C*): Title; Data are poor; *Late* | [x](y) <b>"]
    assert len(find(blocks, Table)) == 1


@pytest.mark.parametrize(
    "text", ["\ufdd00\ufdd1", "&#xFDD0;0&#xFDD1;", "&#64976;0&#64977;", "<p>&#xFDD0;0&#xFDD1;</p>"]
)
def test_nobody_can_write_a_token(text: str) -> None:
    for blocks, _ in (run("{{ project.name }}\n\n" + text), run("{{ project.name }}\n\n{{ v }}", v=text)):
        assert [words_of(p.children) for p in find(blocks, Paragraph)].count("Atlas") == 1
        assert "\ufdd0" not in words_of(blocks)
    blocks, _ = read(text)
    assert "\ufdd0" not in words_of(blocks)


def test_token_made_of_slices_shows_nothing_that_was_not_printed_anyway() -> None:
    blocks, _ = run("{% set a = ref('x') %}{{ a[0] ~ '0' ~ a[-1] }}")
    assert "\ufdd0" not in words_of(blocks)


def test_block_within_a_line_or_in_code_is_told_of() -> None:
    for text in ("a {{ table(risks, [col('Title')]) | trim }} b", "```\n{{ table(risks, [col('Title')]) }}\n```"):
        _, problems = run(text)
        assert codes(problems) == ["DB305"]


def test_block_in_raw_html_is_told_of() -> None:
    made = "{{ table(risks, [col('Title')]) }}"
    for text in (f"<div>{made}</div>", f"<pre>\n{made}\n</pre>", f"a <b>{made}</b>"):
        _, problems = run(text)
        assert [code for code in codes(problems) if code != "DB321"] == ["DB305"], text


def test_value_in_raw_html_is_a_value_and_no_reference() -> None:
    blocks, problems = run("<div>{{ said }}</div>\n\nb <i>{{ said }}</i>", said="[@x] <b>")
    assert sketch(blocks) == ["p: [@x] <b>", "p: b [@x] <b>"]
    assert set(codes(problems)) == {"DB321"}


def test_blocks_between_paragraphs_stay_in_order() -> None:
    blocks, problems = run("a\n{{ label('b') }}\nc\n\n{{ page_break() }}{{ callout('note', 'e') }}\nd")
    assert sketch(blocks) == ["p: a", "p.label: b", "p: c", "page break", "note: [p: e]", "p: d"]
    assert problems == []


def test_block_within_a_line_is_told_of_and_not_torn_out() -> None:
    for text in ("a {{ page_break() }} b", "| a |\n|---|\n| {{ toc() }} |", "`{{ toc() }}`", "# {{ toc() }}"):
        _, problems = run(text)
        assert set(codes(problems)) == {"DB305"}, text


def test_block_alone_in_a_list_item_stays_in_it() -> None:
    blocks, problems = run("- one\n\n  {{ label('b') }}\n\n- two")
    assert (len(blocks), problems) == (1, [])


def test_value_alone_on_a_line_stays_in_its_paragraph() -> None:
    blocks, _ = run("a\n{{ 7 }}\nb")
    assert sketch(blocks) == ["p: a 7 b"]


@settings(max_examples=150, deadline=None)
@given(st.text(min_size=1, max_size=60))
@example("a\u0000b")
@example("\u2028")
def test_any_value_arrives_as_its_own_words(value: str) -> None:
    blocks, problems = run("**{{ v }}** x", v=value)
    assert problems == []
    assert "".join(words_of(blocks).split()) == "".join(disarm(value).split()) + "x"


def test_reference_or_captured_text_given_to_a_block_is_shown_in_it() -> None:
    text = (
        "{% set x %}a {{ v }}{% endset %}{{ label(x) }}\n\n{{ callout('note', ref('t')) }}\n\n"
        "{{ facts({'F': ref('t')}) }}\n\n"
        "{{ table([{'c': ref('t')}], [col('C', 'c')], caption='see ' ~ ref('t')) }}"
    )
    blocks, problems = run(text, v="*b*")
    assert problems == []
    assert sketch(blocks) == [
        "p.label: a *b*", "note: [p: ref(t)]", "table l: F; ref(t)", "table l (see ref(t)): C; ref(t)",
    ]  # fmt: skip
