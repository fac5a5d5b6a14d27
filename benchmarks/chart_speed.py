"""Take one S-curve; draw it warm with our engine and with matplotlib in one run; print the times and their ratio.

Run as `python benchmarks/chart_speed.py [ROUNDS]`. matplotlib is needed for this alone: `pip install matplotlib`. Both
write an SVG with real text, from the same figures, of the same size.
"""

from __future__ import annotations

import sys
from calendar import monthrange
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from statistics import median
from time import process_time
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))

from pipeline.render.charts.canvas import make_look
from pipeline.render.charts.s_curve import make_s_curve
from pipeline.render.theme_file import load_theme
from pipeline.render.words import Words
from pipeline.write.charts import draw_spec

PLANNED = (30, 75, 140, 230, 310, 400, 480, 566, 640, 700, 750, 780)
ACTUAL = (28, 70, 150, 245, 330, 430, 500)
EARNED = (28, 72, 130, 215, 290, 380, 450)


def main(rounds: int) -> int:
    """Print the median of warm rounds; return 2 where matplotlib is missing."""
    try:
        import matplotlib
    except ImportError:
        sys.stderr.write("matplotlib is missing: pip install matplotlib\n")
        return 2
    matplotlib.use("svg")
    days = [_month_end(month) for month in range(len(PLANNED))]
    ours, theirs = measure(lambda n: draw_ours(days, n), rounds), measure(lambda n: draw_theirs(days, n), rounds)
    sys.stdout.write(
        f"an S-curve as SVG, median CPU time of {rounds} warm rounds: "
        f"Vega-Lite {ours * 1000:.0f} ms, matplotlib {theirs * 1000:.0f} ms, ratio {ours / theirs:.2f}\n"
    )
    return 0


def measure(draw: Callable[[int], Any], rounds: int) -> float:
    """Return the median CPU time of a round in seconds, of all threads, without the first: it starts the engine."""
    draw(0)
    times = []
    for number in range(1, rounds + 1):
        start = process_time()
        draw(number)
        times.append(process_time() - start)
    return median(times)


def draw_ours(days: list[date], number: int) -> str:
    """Return the chart as our documents have it; `number` changes a figure, so that no cache answers."""
    look = make_look(load_theme())
    rows = [{"date": day, "pv": Decimal(value * 1000 + number)} for day, value in zip(days, PLANNED, strict=True)]
    for row, earned, actual in zip(rows, EARNED, ACTUAL, strict=False):
        row |= {"ev": Decimal(earned * 1000), "ac": Decimal(actual * 1000)}
    chart = make_s_curve(rows, look, Words("en"), status_date=days[len(ACTUAL) - 1])
    return draw_spec(chart.spec).svg


def draw_theirs(days: list[date], number: int) -> str:
    """Return the same curves drawn by matplotlib, text as text."""
    from matplotlib import dates, pyplot

    pyplot.rcParams["svg.fonttype"] = "none"
    figure, axes = pyplot.subplots(figsize=(482 / 72, 217 / 72))
    axes.plot(days, [value + number / 1000 for value in PLANNED], color="#8c94a0", linewidth=2.2)
    axes.plot(days[: len(ACTUAL)], ACTUAL, color="#1c2430", marker="s", markersize=3.5)
    axes.plot(days[: len(EARNED)], EARNED, color="#1b4f8a", marker="o", markersize=4)
    axes.axvline(days[len(ACTUAL) - 1], color="#b3261e", linewidth=1)
    axes.xaxis.set_major_locator(dates.MonthLocator())
    axes.xaxis.set_major_formatter(dates.DateFormatter("%b"))
    axes.set_ylabel("thousand EUR", fontsize=8)
    axes.grid(color="#d6dce5", linewidth=0.5)
    axes.text(days[6], 510, "Actual cost 500", ha="right", fontsize=8)
    axes.text(days[6], 430, "Earned value 450", fontsize=8)
    target = BytesIO()
    figure.savefig(target, format="svg")
    pyplot.close(figure)
    return target.getvalue().decode()


def _month_end(month: int) -> date:
    year, number = 2026 + (month + 2) // 12, (month + 2) % 12 + 1
    return date(year, number, monthrange(year, number)[1])


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 10))
