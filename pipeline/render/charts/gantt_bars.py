"""Take the tasks of a plan and its time axis; draw bars, baselines, summaries and milestones; give their layers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from pipeline.render.charts.canvas import Layer, Note, draw, pixel, write_notes
from pipeline.render.charts.gantt_row import GanttRow
from pipeline.render.charts.key import Entry, fill
from pipeline.render.charts.labels import room_for
from pipeline.render.charts.look import Look
from pipeline.render.charts.times import Times
from pipeline.render.words import Words

LINE = 14.5  # points a task
DAY = timedelta(1)
_DIAMOND = 62.0
_HUNDRED = Decimal(100)

Placed = Sequence[tuple[int, GanttRow]]


def draw_bars(tasks: Sequence[GanttRow], times: Times, look: Look, words: Words) -> list[Layer]:
    """Return the layers of a plan's rows, baselines below the bars, milestones on top."""
    placed = tuple(enumerate(tasks))
    plain = [(at, task) for at, task in placed if not task.milestone and not task.group]
    rest = [(at, task) for at, task in plain if not task.critical]
    critical = [(at, task) for at, task in plain if task.critical]
    layers: list[Layer] = [
        _draw_spans(_baselines(plain), (0.76, 0.9), times, **fill(look.grey)),
        _draw_spans(_wholes(rest), (0.18, 0.68), times, **fill(look.pale_grey)),
        _draw_spans(_done(rest), (0.18, 0.68), times, **fill(look.mid_grey)),
        _draw_spans(_wholes(critical), (0.18, 0.68), times, **fill(look.pale, look.accent, 0.75)),
        _draw_spans(_done(critical), (0.18, 0.68), times, **fill(look.accent, look.accent, 0.75)),
        _draw_spans(_wholes([one for one in placed if one[1].group]), (0.38, 0.55), times, **fill(look.title)),
        *_draw_milestones([one for one in placed if one[1].milestone], times, look, words),
    ]
    return [layer for layer in layers if not isinstance(layer, Mapping) or layer["data"]["values"]]


Span = tuple[int, str, date, date]


def _wholes(some: Placed) -> list[Span]:
    return [(at, task.title, task.begin, task.finish + DAY) for at, task in some]


def _done(some: Placed) -> list[Span]:
    """Return the parts of the bars that are done, in whole days."""
    shares = [(at, task, min(task.complete, _HUNDRED) / _HUNDRED) for at, task in some if task.complete]
    return [
        (at, task.title, task.begin, task.begin + timedelta(round((task.finish + DAY - task.begin).days * share)))
        for at, task, share in shares
    ]


def _baselines(some: Placed) -> list[Span]:
    return [
        (at, task.title, task.baseline_start, task.baseline_finish + DAY)
        for at, task in some
        if task.baseline_start and task.baseline_finish
    ]


def _draw_spans(spans: Sequence[Span], heights: tuple[float, float], times: Times, **style: Any) -> Mapping[str, Any]:
    """Return the layer of bars between two heights of their rows, as shares of a row."""
    upper, lower = heights
    rows = [
        {
            "task": title,
            "x": start,
            "end": end,
            "y": round((at + upper) * LINE, 2),
            "y2": round((at + lower) * LINE, 2),
        }
        for at, title, start, end in spans
    ]
    encoding = {"x": times.scale.channel("x"), "x2": {"field": "end"}, "y": pixel("y"), "y2": {"field": "y2"}}
    return draw("rect", rows, encoding, **style)


def _draw_milestones(some: Placed, times: Times, look: Look, words: Words) -> list[Layer]:
    """Return a diamond for each milestone with its date, and a hollow one where the baseline had it."""
    encoding = {"x": times.scale.channel("x"), "y": pixel("y")}
    moved = [(at, task, day) for at, task in some if (day := task.baseline_finish) and day != task.finish]
    before = [{"task": task.title, "x": day + DAY, "y": round((at + 0.5) * LINE, 2)} for at, task, day in moved]
    now = [{"task": task.title, "x": task.finish + DAY, "y": round((at + 0.5) * LINE, 2)} for at, task in some]
    shape: dict[str, Any] = {"shape": "diamond", "size": _DIAMOND}
    hollow = draw("point", before, encoding, **shape, **fill(look.paper, look.grey, 0.75))
    solid = draw("point", now, encoding, **shape, **fill(look.title))
    return [hollow, solid, *write_notes(_date_milestone(at, task, times, look, words) for at, task in some)]


def _date_milestone(at: int, task: GanttRow, times: Times, look: Look, words: Words) -> Note:
    """Return the date of a milestone right of its diamonds, or left of them where there is no room."""
    days = [task.finish, *([task.baseline_finish] if task.baseline_finish else [])]
    first, last = (times.scale.at(choose(days) + DAY) for choose in (min, max))
    label = words.short_date(task.finish)
    fits = last + 8 + room_for((label,), look.small) <= times.scale.length
    x = last + 7 if fits else first - 7
    return Note(x, (at + 0.5) * LINE, label, look.grey, look.small, "left" if fits else "right")


def make_key(tasks: Sequence[GanttRow], look: Look, words: Words) -> list[Entry]:
    """Return the key of what the whole plan shows."""
    plain = [task for task in tasks if not task.milestone and not task.group]
    entries = (
        (any(task.critical for task in plain), Entry("bar", words.say("Critical"), look.pale, look.accent, thick=6)),
        (any(not task.critical for task in plain), Entry("bar", words.say("Not critical"), look.pale_grey, thick=6)),
        (any(task.complete for task in plain), Entry("bar", words.say("Done (darker)"), look.accent, thick=6)),
        (any(task.baseline_finish for task in plain), Entry("bar", words.say("Baseline"), look.grey, thick=2)),
        (any(task.milestone for task in tasks), Entry("diamond", words.say("Milestone"), look.title, thick=8)),
        (_any_moved(tasks), Entry("diamond", words.say("Its baseline"), look.paper, look.grey, thick=7)),
    )
    return [entry for shown, entry in entries if shown]


def _any_moved(tasks: Sequence[GanttRow]) -> bool:
    return any(task.milestone and task.baseline_finish not in (None, task.finish) for task in tasks)
