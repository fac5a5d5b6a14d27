"""Take prose with values, conditions and loops; run and read it; hold that problems name the line of the source."""

from __future__ import annotations

from render_work import run

from pipeline.render.lines import LineMap, drop_marks, unmark


def test_line_after_a_swallowed_condition_and_a_loop_is_the_lines_own() -> None:
    text = "{% if false %}\na\nb\n{% endif %}\n{% for i in range(3) %}\nline {{ i }}\n{% endfor %}\n\n[d](gone.md)\n"
    _, problems = run(text, prose=True)
    assert [(problem.code, problem.place.line) for problem in problems] == [("DB322", 9)]


def test_line_after_a_table_is_the_lines_own() -> None:
    _, problems = run("one\n\n{{ table([], []) }}\n\n[d](gone.md)\n", prose=True)
    assert [problem.place.line for problem in problems] == [5]


def test_marks_never_reach_the_words() -> None:
    blocks, problems = run("{% set a %}x {{ 1 }}{% endset %}\n\n{{ a }}", prose=True)
    assert problems == []
    assert "\ue002" not in repr(blocks)


def test_unmark_gives_the_text_and_its_lines() -> None:
    text, lines = unmark("\ue0023\ue003one\ntwo\n\ue0029\ue003three")
    assert text == "one\ntwo\nthree" == drop_marks("\ue0023\ue003one\ntwo\n\ue0029\ue003three")
    assert [lines.source(line) for line in (1, 2, 3, 4)] == [3, 4, 9, 10]


def test_text_without_marks_keeps_its_lines() -> None:
    assert LineMap().source(7) == 7
