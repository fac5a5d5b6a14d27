"""Take charts of every kind; read their specs; check places, inks, shapes, and that nothing else is in them."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal

import pytest
from chart_rows import LOOK, SAMPLES, THEME, labels_of, layers_of, make, spec_of

from pipeline.document.contrast import contrast
from pipeline.render.chart_files import make_locale
from pipeline.render.charts.axes import MOST_LINES, dash_of, make_times, make_values, name_upright, shape_of
from pipeline.render.charts.bars import make_bars
from pipeline.render.charts.canvas import make_look, mix, write_spec
from pipeline.render.charts.labels import shorten, spread, wrap
from pipeline.render.metrics import measure
from pipeline.render.words import Words

EN = Words("en")


def test_a_chart_of_two_bars_has_this_spec_and_no_other() -> None:
    rows = [{"title": "Open", "value": 2}, {"title": "Shut", "value": 1}]
    spec = json.loads(make_bars(rows, LOOK, EN)[0].spec)
    assert spec["layer"][0] == {
        "data": {
            "values": [
                {"title": "Open", "x": 0, "end": 2, "y": 3.06, "y2": 13.94},
                {"title": "Shut", "x": 0, "end": 1, "y": 20.06, "y2": 30.94},
            ]
        },
        "mark": {"type": "rect", "fill": "#1b4f8a", "opacity": 1, "strokeWidth": 0},
        "encoding": {
            "x": {
                "field": "x",
                "type": "quantitative",
                "axis": None,
                "scale": {"domain": [0, 2], "nice": False, "zero": False},
            },
            "x2": {"field": "end"},
            "y": {"field": "y", "type": "quantitative", "axis": None, "scale": None},
            "y2": {"field": "y2"},
        },
    }
    assert [layer["mark"]["type"] for layer in spec["layer"]] == ["rect", "rule", "text"]
    assert [row["text"] for row in spec["layer"][2]["data"]["values"]] == ["Open", "2", "Shut", "1"]
    assert (spec["width"] + spec["padding"]["left"] + spec["padding"]["right"]) == LOOK.width


@pytest.mark.parametrize("name", SAMPLES)
def test_a_spec_is_canonical_json_with_its_own_size_and_rows(name: str) -> None:
    chart = make(name)
    spec = spec_of(chart)
    assert write_spec(spec) == chart.spec
    assert make(name).spec == chart.spec
    sides = spec["padding"]
    assert spec["autosize"] == "none"
    assert spec["width"] + sides["left"] + sides["right"] == pytest.approx(chart.width)
    assert spec["height"] + sides["top"] + sides["bottom"] == pytest.approx(chart.height)
    assert all(layer["data"]["values"] for layer in spec["layer"])
    assert '"url"' not in chart.spec


@pytest.mark.parametrize("landscape", [False, True])
@pytest.mark.parametrize("language", ["en", "de", "fr"])
@pytest.mark.parametrize("name", SAMPLES)
def test_no_label_runs_out_of_the_picture(name: str, language: str, landscape: bool) -> None:
    look = make_look(THEME, landscape=landscape)
    chart = make(name, language, look)
    spec = spec_of(chart)
    left, right = -spec["padding"]["left"], spec["width"] + spec["padding"]["right"]
    upper, lower = -spec["padding"]["top"], spec["height"] + spec["padding"]["bottom"]
    assert chart.width == look.width
    assert chart.height <= look.tallest
    for row in layers_of(chart, "text")[0]["data"]["values"]:
        width = measure(row["text"], row["size"], bold=row["weight"] == "bold")
        start = row["x"] - {"left": 0.0, "center": width / 2, "right": width}[row["side"]]
        assert left - 0.5 <= start, row
        assert start + width <= right + 0.5, row
        assert upper <= row["y"] <= lower, row


@pytest.mark.parametrize("name", SAMPLES)
def test_words_are_dark_enough_to_be_read(name: str) -> None:
    chart = make(name)
    dark = {LOOK.accent, LOOK.title, LOOK.grey}
    for row in layers_of(chart, "text")[0]["data"]["values"]:
        grounds = dark if row["ink"] == LOOK.paper else {LOOK.paper, LOOK.wash, LOOK.tint}
        if name == "risk_heat_map" and (row["text"] in ("Low", "Medium", "High") or row["ink"] == LOOK.text):
            grounds = {LOOK.paper, *LOOK.levels.values()}
        for ground in grounds:
            assert contrast(row["ink"], ground) >= 4.5 or row["ink"] == LOOK.alarm, row


def test_lines_differ_by_dash_or_marks_not_by_colour_alone() -> None:
    assert len({(dash_of(rank), shape_of(rank)) for rank in range(MOST_LINES)}) == MOST_LINES
    marks = [layer["mark"] for layer in spec_of(make("s_curve"))["layer"] if layer["mark"]["type"] in ("line", "point")]
    lines = [mark for mark in marks if mark["type"] == "line"]
    assert len({(str(mark.get("strokeDash")), mark["strokeWidth"]) for mark in lines}) == len(lines)
    assert {mark["shape"] for mark in marks if mark["type"] == "point"} == {"circle", "square"}


def test_levels_of_the_risk_map_have_their_words_in_every_cell() -> None:
    labels = labels_of(make("risk_heat_map"))
    assert sum(labels.count(word) for word in ("Low", "Medium", "High")) == 25


def test_critical_bars_have_an_outline_and_others_none() -> None:
    bars = [layer for layer in layers_of(make("gantt"), "rect") if layer["encoding"]["x"]["type"] == "temporal"]
    rects = [layer["mark"] for layer in bars]
    assert {mark.get("stroke") for mark in rects if mark["fill"] in (LOOK.accent, LOOK.pale)} == {LOOK.accent}
    assert {mark.get("stroke") for mark in rects if mark["fill"] in (LOOK.mid_grey, LOOK.pale_grey)} == {None}
    greys = [int(colour[1:3], 16) for colour in (LOOK.pale, LOOK.accent)]
    assert greys[0] - greys[1] > 100


def test_months_stand_in_the_language_whatever_was_asked_before() -> None:
    first, last = date(2026, 3, 2), date(2026, 5, 20)
    asked = {"zh": ["3月", "4月", "5月"], "pt-BR": ["mar.", "abr.", "mai."], "de": ["März", "Apr.", "Mai"]}
    for language, months in asked.items():
        times = make_times(first, last, 120, 8, Words(language))
        assert [name for _, name in times.periods[:-1]] == months
        assert make_locale(Words(language))["time"]["shortMonths"][2] == months[0]


@pytest.mark.parametrize(
    ("first", "last", "names"),
    [
        (date(2026, 9, 7), date(2026, 9, 20), ["7 Sep", "14 Sep"]),
        (date(2026, 11, 15), date(2027, 1, 2), ["Nov", "Dec", "Jan"]),
        (date(2026, 1, 1), date(2027, 6, 30), ["Q1", "Q2", "Q3", "Q4", "Q1", "Q2"]),
        (date(2024, 5, 1), date(2028, 2, 1), ["2024", "2025", "2026", "2027", "2028"]),
        (date(1900, 1, 1), date(2199, 12, 31), ["1900", "2000", "2100"]),
    ],
)
def test_time_is_parted_as_finely_as_its_names_have_room(first: date, last: date, names: list[str]) -> None:
    times = make_times(first, last, 130, 8, EN)
    assert [name for _, name in times.periods[:-1]] == names
    assert times.scale.low <= first
    assert times.scale.high > last


def test_an_upright_axis_names_the_year_where_it_begins() -> None:
    times = make_times(date(2026, 11, 1), date(2027, 2, 1), 130, 8, EN, upright=True)
    assert name_upright(times) == ("Nov 2026", "Dec", "Jan 2027", "Feb")


@pytest.mark.parametrize(
    ("figures", "labels", "unit"),
    [
        ((0, 849_000), ["0", "200", "400", "600", "800", "1,000"], "thousand EUR"),
        ((-780_000, 440_000), ["−1,000", "−750", "−500", "−250", "0", "250", "500"], "thousand EUR"),
        ((12_000_000,), ["0.0", "2.5", "5.0", "7.5", "10.0", "12.5"], "million EUR"),
        ((0, 0), ["0.0", "0.2"], "EUR"),
        ((7,), ["0", "2", "4", "6", "8"], "EUR"),
    ],
)
def test_ticks_are_round_and_hold_all_figures(figures: tuple[int, ...], labels: list[str], unit: str) -> None:
    values = make_values(map(Decimal, figures), "EUR", EN)
    assert list(values.labels(EN))[: len(labels)] == labels
    assert values.unit == unit
    assert values.ticks[0] <= min(figures)
    assert values.ticks[-1] >= max(figures)


def test_labels_are_cut_broken_and_moved_apart() -> None:
    assert shorten("Short", 8, 100) == "Short"
    assert shorten("A name that is far too long", 8, 50) == "A name th…"
    assert wrap("User representative of the harbour", 8, 60, 2) == ("User", "representativ…")
    assert spread([10, 11, 12], 10, 0, 100) == (10, 20, 30)
    assert spread([95, 96], 10, 0, 100) == (90, 100)


def test_colours_are_mixed_by_share() -> None:
    assert mix("#000000", "#ffffff", 0.5) == "#808080"
    assert mix("#1b4f8a", "#ffffff", 0.0) == "#1b4f8a"


def test_text_from_the_data_stays_text() -> None:
    name = '"}]}; datum.x <script> {{ 1 }} %(a)s'
    chart = make_bars([{"title": name, "value": 1}], LOOK, EN)[0]
    assert spec_of(chart)["layer"][0]["data"]["values"][0]["title"] == name
    assert name in chart.alt
