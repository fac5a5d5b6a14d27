"""Take specs that users write, good and hostile; run them through a template; check charts, problems and places."""

from __future__ import annotations

import json
from typing import Any

import pytest
from chart_rows import LOOK, cells_of
from render_work import FILE, find, run

from pipeline.document.chart_words import explain
from pipeline.document.tree import Figure
from pipeline.problems import Problem
from pipeline.processes.fork_server import WRITERS
from pipeline.render.charts import trial
from pipeline.render.charts.own import check_own
from pipeline.render.charts.trial import Trial, try_spec

PATH = "atlas/charts/own.yaml"
GOOD = """\
data:
  values:
    - {month: 2026-06-01, requests: 120}
    - {month: 2026-07-01, requests: 80.5}
mark: bar
encoding:
  x: {field: month, type: temporal, timeUnit: yearmonth}
  y: {field: requests, type: quantitative}
"""
ROWS: dict[str, Any] = {"values": [{"a": 1, "b": 2}]}


def show(spec: str, path: str = PATH, alt: str = "Requests fall") -> tuple[list[Figure], list[Problem]]:
    """Return the figures and problems of a chart whose spec is in a file."""
    blocks, problems = run(f'{{{{ chart("{path}", alt="{alt}", caption="Requests", id="fig-r") }}}}', {path: spec})
    return find(blocks, Figure), problems


def test_a_spec_in_a_file_becomes_a_figure_in_the_look_of_the_house_with_its_rows() -> None:
    figures, problems = show(GOOD)
    assert problems == []
    figure = figures[0]
    assert (figure.alt, figure.id, figure.asset, figure.annex) == ("Requests fall", "fig-r", "", True)
    assert (figure.width, figure.height) == (LOOK.width, 170)
    assert cells_of(figure.data) == [["month", "requests"], ["1 Jun 2026", "120"], ["1 Jul 2026", "80.5"]]
    spec = json.loads(figure.chart)
    assert spec["config"]["mark"]["color"] == LOOK.accent
    assert spec["data"]["values"][1] == {"month": "2026-07-01", "requests": 80.5}


def test_a_spec_may_be_json_and_set_its_own_look() -> None:
    spec = {"data": ROWS, "mark": "point", "config": {"mark": {"color": "#000000"}}, "width": 200, "height": 100}
    figures, problems = show(json.dumps(spec), "atlas/charts/own.json")
    assert problems == []
    assert json.loads(figures[0].chart)["config"]["mark"] == {"color": "#000000"}
    assert (figures[0].width, figures[0].height) == (200, 100)


def test_a_spec_in_prose_may_hold_values_of_the_project() -> None:
    prose = '{{ chart({"data": {"values": [{"day": project.end, "n": 3}]}, "mark": "tick"}, alt="One day") }}\n'
    blocks, problems = run(prose, prose=True)
    assert problems == []
    assert json.loads(find(blocks, Figure)[0].chart)["data"]["values"] == [{"day": "2026-10-01", "n": 3}]


HOSTILE: dict[str, tuple[dict[str, Any], str, str]] = {
    "remote data": ({"data": {"url": "https://example.org/a.csv"}, "mark": "bar"}, "DB373", "`url`"),
    "a file of the machine": ({"data": {"url": "file:///etc/passwd"}, "mark": "bar"}, "DB373", "`url`"),
    "data of a lookup": (
        {"data": ROWS, "mark": "bar", "transform": [{"lookup": "a", "from": {"data": {"url": "x.csv"}, "key": "a"}}]},
        "DB373",
        "`url`",
    ),
    "a remote picture": ({"data": ROWS, "mark": {"type": "bar", "url": "https://example.org/a.png"}}, "DB373", "`url`"),
    "a picture mark": ({"data": ROWS, "mark": "image"}, "DB372", "no mark `image`"),
    "a link": ({"data": ROWS, "mark": "bar", "encoding": {"href": {"field": "a"}}}, "DB373", "`href`"),
    "chance": ({"data": ROWS, "mark": "bar", "transform": [{"calculate": "random()", "as": "r"}]}, "DB374", "`random`"),
    "a clock": ({"data": ROWS, "mark": "bar", "transform": [{"filter": "datum.a < now()"}]}, "DB374", "`now`"),
    "today": ({"data": ROWS, "mark": {"type": "bar", "width": {"expr": "datetime()"}}}, "DB374", "`datetime`"),
    "chance in a composed filter": (
        {"data": ROWS, "mark": "bar", "transform": [{"filter": {"not": "random()<0.5"}}]}, "DB374", "`random`"
    ),
    "chance deep in a composed test": (
        {"data": ROWS, "mark": {"type": "bar", "color": {"condition": {"test": {"or": [{"not": "now()>1"}]}}}}},
        "DB374",
        "`now`",
    ),
    "chance with an escape": (
        {"data": ROWS, "mark": "bar", "transform": [{"filter": "r\\u0061ndom()<0.5"}]}, "DB374", "`random`"
    ),
    "chance with an odd blank": (
        {"data": ROWS, "mark": "bar", "transform": [{"filter": "random\ufeff ()<0.5"}]}, "DB374", "`random`"
    ),
    "chance behind a pattern with a quotation mark": (
        {"data": ROWS, "mark": "bar", "transform": [{"filter": "test(/\"/,'a') || random()<0.5 || '\"'==''"}]},
        "DB374",
        "`random`",
    ),
    "chance in a parameter": (
        {"data": ROWS, "mark": "bar", "params": [{"name": "p", "expr": "sampleNormal(0, 1)"}]},
        "DB374",
        "`sampleNormal`",
    ),
    "chance in a title": (
        {"data": ROWS, "mark": "bar", "title": {"text": {"signal": "'' + random()"}}}, "DB374", "`random`"
    ),
    "samples of a confidence interval": (
        {"data": ROWS, "mark": "bar", "encoding": {"y": {"field": "a", "aggregate": "ci0"}}}, "DB374", "`ci0`"
    ),
    "samples of an error bar": ({"data": ROWS, "mark": {"type": "errorbar", "extent": "ci"}}, "DB374", "`ci`"),
    "samples of a window": (
        {"data": ROWS, "mark": "bar", "transform": [{"window": [{"op": "ci1", "field": "a", "as": "z"}]}]},
        "DB374",
        "`ci1`",
    ),
    "a function of JavaScript": (
        {"data": ROWS, "mark": "bar", "transform": [{"calculate": "constructor('x')", "as": "c"}]},
        "DB357",
        "`constructor`",
    ),
    "an endless formula": (
        {"data": ROWS, "mark": "bar", "transform": [{"calculate": "1" + "+1" * 9999, "as": "c"}]}, "DB375", "2,000"
    ),
    "a sample": ({"data": ROWS, "mark": "bar", "transform": [{"sample": 10}]}, "DB374", "`sample`"),
    "made data": ({"data": {"sequence": {"start": 0, "stop": 9}}, "mark": "bar"}, "DB374", "`sequence`"),
    "too many rows": ({"data": {"values": [{"a": n} for n in range(2001)]}, "mark": "bar"}, "DB375", "2,001 rows"),
    "too wide": ({"data": ROWS, "mark": "bar", "width": 100_000}, "DB375", "`width`"),
    "a width of the window": ({"data": ROWS, "mark": "bar", "height": "container"}, "DB375", "`height`"),
    "no rows": ({"mark": "bar"}, "DB372", "no rows"),
    "rows as text": ({"data": {"values": "a,b\n1,2"}, "mark": "bar"}, "DB372", "are a list"),
    "no mark": ({"data": ROWS, "marks": "bar"}, "DB372", "says nowhere what it draws"),
    "an unknown type": (
        {"data": ROWS, "mark": "bar", "encoding": {"x": {"field": "a", "type": "number"}}},
        "DB372",
        "no type `number`",
    ),
    "Vega": ({"$schema": "https://vega.github.io/schema/vega/v5.json", "marks": []}, "DB372", "another kind"),
    "another font": ({"data": ROWS, "mark": "bar", "config": {"axis": {"labelFont": "Comic"}}}, "DB372", "`Comic`"),
    "a broken formula": (
        {"data": ROWS, "mark": "bar", "transform": [{"calculate": "datum.a + (", "as": "c"}]},
        "DB376",
        "cannot be drawn: Unexpected end",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE)
def test_a_spec_that_no_document_may_hold_is_refused_with_its_place(name: str) -> None:
    spec, code, words = HOSTILE[name]
    figures, problems = show(json.dumps(spec, indent=1))
    assert figures == []
    assert [problem.code for problem in problems] == [code], problems
    assert words in problems[0].message
    assert problems[0].place.file == PATH
    assert problems[0].place.line > 0


def test_chance_that_the_engine_alone_would_find_is_found_in_what_it_reads() -> None:
    spec = {"data": ROWS, "mark": "bar", "transform": [{"filter": {"not": "random()<0.5"}}]}
    assert try_spec(json.dumps(spec)).fault == "`random` gives another value at every build"
    sampled = {"data": ROWS, "mark": "bar", "encoding": {"y": {"field": "a", "aggregate": "ci1"}}}
    assert try_spec(json.dumps(sampled)).fault == "`ci1` gives another value at every build"


def test_ordinary_expressions_stay_allowed() -> None:
    spec = {
        "data": ROWS,
        "mark": "bar",
        "title": "Requests now (2026), random (sample)",
        "transform": [
            {"calculate": "round(datum.a / 3) + datetime(2026, 1, 1) * 0 + length('now ')", "as": "c"},
            {"filter": {"and": ["datum.a > 0", {"field": "b", "gt": 0}]}},
        ],
        "encoding": {"x": {"field": "c", "type": "quantitative", "axis": {"labelExpr": "format(datum.value, '.1f')"}}},
    }
    figures, problems = show(json.dumps(spec))
    assert ([problem for problem in problems], len(figures)) == ([], 1)


def test_the_place_of_a_fault_is_the_line_in_the_file() -> None:
    _, problems = show(GOOD.replace("mark: bar", "mark: bars"))
    assert [(problem.place.line, problem.hint) for problem in problems] == [(5, "did you mean `bar`?")]


def test_a_fault_of_a_spec_in_a_template_has_the_line_of_the_call() -> None:
    _, problems = run('Text.\n\n{{ chart({"mark": "bar"}, alt="x") }}\n')
    assert [(problem.code, problem.place.file, problem.place.line) for problem in problems] == [("DB372", FILE, 3)]


def test_a_chart_without_alternative_text_is_refused() -> None:
    figures, problems = show(GOOD, alt=" ")
    assert figures == []
    assert [problem.code for problem in problems] == ["DB377"]
    _, problems = run(f'{{{{ chart("{PATH}") }}}}', {PATH: GOOD})
    assert [(problem.code, problem.place.line) for problem in problems] == [("DB377", 1)]


@pytest.mark.parametrize("path", ["atlas/charts/none.yaml", "atlas/images/plan.png", "../secret.yaml"])
def test_a_file_that_is_no_chart_is_named(path: str) -> None:
    blocks, problems = run(f'{{{{ chart("{path}", alt="x") }}}}')
    assert find(blocks, Figure) == []
    assert [(problem.code, problem.place.line) for problem in problems] == [("DB371", 1)]


def test_a_file_that_is_no_yaml_says_what_yaml_says() -> None:
    figures, problems = show("mark: bar\nmark: line\n")
    assert figures == []
    assert problems[0].place == problems[0].place.__class__(PATH, 2, 1)


def test_values_that_json_cannot_hold_are_refused() -> None:
    _, problems = run('{{ chart({"data": {"values": [{"a": risks}]}, "mark": "bar"}, alt="x") }}')
    assert [problem.code for problem in problems] == ["DB372"]
    assert "`records` cannot stand in a chart" in problems[0].message


def test_a_spec_that_never_ends_is_given_up_and_the_next_is_drawn() -> None:
    endless = {"data": ROWS, "mark": "bar", "transform": [{"calculate": "length(sequence(1e9))", "as": "c"}]}
    said = {"it takes longer than 1 seconds", "it takes more memory than there is"}
    assert try_spec(json.dumps(endless), 1).fault in said
    good = {
        "data": ROWS,
        "mark": "bar",
        "width": 200,
        "height": 100,
        "autosize": {"type": "fit", "contains": "padding"},
    }
    assert try_spec(json.dumps(good)) == Trial(200, 100)


def test_a_failure_does_not_taint_the_next_chart() -> None:
    linked = {"data": ROWS, "mark": {"type": "point", "href": "javascript:alert(1)"}}
    assert try_spec(json.dumps(linked)).fault
    assert try_spec(json.dumps({"data": ROWS, "mark": "bar", "width": 111, "autosize": "none"})).fault == ""


@pytest.mark.parametrize("what", ["process", "server"])
def test_a_drawing_process_that_was_killed_while_nobody_needed_it_is_no_fault_of_the_chart(what: str) -> None:
    assert not try_spec(json.dumps({"mark": "bar", "title": f"before {what}"})).fault
    if what == "server":
        WRITERS.stop()
    trial._workers[0].kill()
    assert not try_spec(json.dumps({"mark": "bar", "title": f"after {what}"})).fault


def test_what_the_engine_says_is_shortened_to_its_message() -> None:
    said = (
        'Vega-Lite to SVG conversion failed:\nError: Invalid specification {"a":1}. Add a mark.\n    at Nc (https://x)'
    )
    assert explain(said) == "Invalid specification {…}. Add a mark."


def test_a_map_may_ask_where_the_middle_of_a_shape_is() -> None:
    ring = [[0, 0], [0, 2], [2, 2], [2, 0], [0, 0]]
    shape = {"type": "Feature", "geometry": {"type": "Polygon", "coordinates": [ring]}, "properties": {}}
    spec = {
        "data": {"values": [shape]},
        "mark": "geoshape",
        "transform": [{"calculate": "geoCentroid(null, datum)[0] + geoArea(null, datum)", "as": "middle"}],
    }
    assert check_own(spec, "Arimo") == ()
    assert try_spec(json.dumps(spec)).fault == ""
