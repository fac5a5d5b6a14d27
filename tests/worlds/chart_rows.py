"""Take nothing; hold rows for every chart of the house, and draw a chart of a name; give them to the tests."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from pipeline.document.tree import Table, content_of
from pipeline.render.charts.bars import make_bars
from pipeline.render.charts.baseline_timeline import make_baseline_timeline
from pipeline.render.charts.budget_bars import make_budget_bars
from pipeline.render.charts.canvas import Chart, Look, make_look
from pipeline.render.charts.cash_flow import make_cash_flow
from pipeline.render.charts.engagement import make_engagement
from pipeline.render.charts.gantt import make_gantt
from pipeline.render.charts.line import make_line
from pipeline.render.charts.milestone_trend import make_milestone_trend
from pipeline.render.charts.monte_carlo import make_monte_carlo
from pipeline.render.charts.power_interest import make_power_interest
from pipeline.render.charts.rasci import make_rasci
from pipeline.render.charts.resource_histogram import make_resource_histogram
from pipeline.render.charts.risk_heat_map import make_risk_heat_map
from pipeline.render.charts.s_curve import make_s_curve
from pipeline.render.charts.tornado import make_tornado
from pipeline.render.templates.islands import words_of
from pipeline.render.theme_file import load_theme
from pipeline.render.words import Words

THEME = load_theme()
LOOK = make_look(THEME)
STATUS = date(2026, 9, 30)
ROLES = ("Project owner", "Business manager", "Project manager")


def day(text: str) -> date:
    return date.fromisoformat(text)


def level(figure: int) -> str:
    return "high" if figure >= 15 else "medium" if figure >= 6 else "low"


GANTT: list[dict[str, Any]] = [
    {"title": "Mast", "start": day("2026-03-02"), "finish": day("2026-06-10"), "group": True},
    {
        "title": "Survey", "start": day("2026-03-02"), "finish": day("2026-05-08"), "complete": 100, "level": 1,
        "baseline_start": day("2026-03-02"), "baseline_finish": day("2026-05-05"),
    },
    {
        "title": "Stairs", "start": day("2026-04-13"), "finish": day("2026-06-05"), "complete": Decimal("33.5"),
        "critical": True, "level": 1,
    },
    {"title": "Mast stands", "finish": day("2026-06-10"), "baseline_finish": day("2026-06-05"), "milestone": True},
]  # fmt: skip
TREND = [
    {"title": "Mast stands", "reported": day("2026-04-30"), "forecast": day("2026-06-05")},
    {"title": "Mast stands", "reported": day("2026-05-29"), "forecast": day("2026-06-10"), "reached": True},
    {"title": "First night", "reported": day("2026-04-30"), "forecast": day("2026-10-16")},
    {"title": "First night", "reported": day("2026-05-29"), "forecast": day("2026-10-16")},
]
EARNED = [
    {"date": day("2026-07-31"), "pv": 200_000, "ev": 190_000, "ac": 205_000},
    {"date": day("2026-08-31"), "pv": 300_000, "ev": 282_000, "ac": Decimal("310000.50")},
    {"date": day("2026-09-30"), "pv": 438_000, "ev": 412_000, "ac": 450_000},
    {"date": day("2026-12-31"), "pv": 780_000, "forecast": 850_000},
]
BUDGET = [
    {"title": "Mast", "budget": 248_000, "actual": 251_500, "forecast": 251_500},
    {"title": "Lamp", "budget": Decimal("154000.25"), "actual": 128_500, "forecast": 140_000},
    {"title": "Training", "budget": 66_000},
]
LOAD = [
    {"resource": name, "start": date(2026, month, 1), "load": load, "capacity": 20}
    for name, loads in {"Smiths": (10, 24, 18), "Divers": (5, 8, 30)}.items()
    for month, load in enumerate(loads, start=3)
]
RISKS = [
    {"id": "R-07", "title": "Storm", "likelihood": 5, "impact": 4, "before_likelihood": 3, "before_impact": 4},
    {"id": "R-03", "title": "Permit", "likelihood": 4, "impact": 4, "before_likelihood": 4, "before_impact": 4},
    {"id": "R-01", "title": "Ground", "likelihood": 2, "impact": 4, "before_likelihood": 4, "before_impact": 4},
    {"id": "R-16", "title": "Gulls", "likelihood": 4, "impact": 3},
]
PEOPLE = [
    {"id": "S1", "name": "Board", "power": 5, "interest": 5, "gap": 2, "current": "neutral", "desired": "leading"},
    {"id": "S2", "name": "Pilots", "power": 2, "interest": 5, "gap": 0, "current": "neutral", "desired": "neutral"},
    {"id": "S3", "name": "Press", "power": 1, "interest": 1, "gap": -1, "current": "leading", "desired": "neutral"},
]
RASCI = [
    {"title": "Approve", "roles": dict(zip(ROLES, ("A", "C", "R"), strict=True))},
    {"title": "Train pilots", "roles": dict(zip(ROLES, ("I", "R", "–"), strict=True))},
]
OUTCOMES = [
    {"value": day("2027-01-10"), "probability": 0},
    {"value": day("2027-01-20"), "probability": 50},
    {"value": day("2027-01-25"), "probability": 85},
    {"value": day("2027-01-30"), "probability": 100},
]
SWINGS = [
    {"title": "Price", "low": 220_000, "high": 90_000},
    {"title": "Ships", "low": -120_000, "high": 410_000, "low_label": "−20 %", "high_label": "+20 %"},
]
FLOWS = [
    {"option": name, "year": 2026 + at, "amount": amount, "chosen": name == "New lamp"}
    for name, amounts in {"Do nothing": (0, -20, -25), "New lamp": (-300, 100, 400)}.items()
    for at, amount in enumerate(amounts)
]
COUNTS = [{"title": "Open", "value": 12}, {"title": "Closed", "value": Decimal("30.5")}]
TRENDS = [{"date": day(f"2026-0{month}-28"), "open": month * 2, "high": month} for month in range(3, 8)]
BASELINES = [
    {"name": "plan", "date": day("2026-07-02"), "documents": 12, "moved": 3},
    {"name": "charter", "date": day("2026-04-02"), "documents": 9},
    {"name": "same-again", "date": day("2027-03-20"), "documents": 12, "moved": 0},
]

Maker = Callable[[Look, Words], Any]
SAMPLES: Mapping[str, Maker] = {
    "gantt": lambda look, words: make_gantt(GANTT, look, words, status_date=day("2026-05-15")),
    "milestone_trend": lambda look, words: make_milestone_trend(TREND, look, words),
    "s_curve": lambda look, words: make_s_curve(EARNED, look, words, status_date=STATUS),
    "budget_bars": lambda look, words: make_budget_bars(BUDGET, look, words),
    "resource_histogram": lambda look, words: make_resource_histogram(LOAD, look, words),
    "risk_heat_map": lambda look, words: make_risk_heat_map(RISKS, look, words, levels=level),
    "power_interest": lambda look, words: make_power_interest(PEOPLE, look, words),
    "engagement": lambda look, words: make_engagement(PEOPLE, look, words),
    "rasci": lambda look, words: make_rasci(RASCI, look, words),
    "monte_carlo": lambda look, words: make_monte_carlo(OUTCOMES, look, words, plan=day("2027-01-15")),
    "tornado": lambda look, words: make_tornado(SWINGS, look, words, base=160_000, outcome="NPV"),
    "cash_flow": lambda look, words: make_cash_flow(FLOWS, look, words),
    "baseline_timeline": lambda look, words: make_baseline_timeline(BASELINES, look, words),
    "bars": lambda look, words: make_bars(COUNTS, look, words, title="Requests"),
    "line": lambda look, words: make_line(TRENDS, look, words, y=["open", "high"], names=["Open", "High"]),
}


def make(name: str, language: str = "en", look: Look = LOOK) -> Chart:
    """Return the chart of a name, its first part if it has several."""
    made = SAMPLES[name](look, Words(language))
    return made[0] if isinstance(made, tuple) else made  # type: ignore[no-any-return]


def spec_of(chart: Chart) -> dict[str, Any]:
    return json.loads(chart.spec)  # type: ignore[no-any-return]


def layers_of(chart: Chart, mark: str) -> list[dict[str, Any]]:
    """Return the layers of one kind of mark."""
    return [layer for layer in spec_of(chart)["layer"] if layer["mark"]["type"] == mark]


def labels_of(chart: Chart) -> list[str]:
    """Return the words that are written into a chart."""
    return [row["text"] for layer in layers_of(chart, "text") for row in layer["data"]["values"]]


def cells_of(table: Table | None) -> list[list[str]]:
    """Return the words of a table, its head first."""
    assert table is not None
    return [[words_of(content_of(cell)) for cell in row.cells] for row in (*table.head, *table.body)]
