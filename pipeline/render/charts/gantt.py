"""Tasks and milestones with their dates come in; Gantt charts with bars over time go out, in parts if need be.

The critical path has outlined bars in the accent, other tasks grey ones; what is done is the darker part of a bar, the
baseline a thin bar below, a milestone a diamond. So each of them can be told in grey print too.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from pipeline.document.tree import Table
from pipeline.render.charts.axes import Times, draw_times, draw_today, make_times
from pipeline.render.charts.canvas import (
    Chart,
    Layer,
    Look,
    Note,
    draw,
    draw_lines,
    frame_plot,
    make_chart,
    pixel,
    write_notes,
)
from pipeline.render.charts.labels import Entry, draw_key, fill, room_for, shorten
from pipeline.render.charts.rows import make_data, part_lines, read_rows
from pipeline.render.words import Words


@dataclass(frozen=True, slots=True)
class GanttRow:
    """A task, summary task (`group`) or milestone; `complete` is percent, `level` how deep it stands below summaries.

    A milestone is at its `finish`; baselines are those of the approved plan.
    """

    title: str
    finish: date
    start: date | None = None
    baseline_start: date | None = None
    baseline_finish: date | None = None
    complete: Decimal = Decimal(0)
    critical: bool = False
    milestone: bool = False
    group: bool = False
    level: int = 0

    @property
    def begin(self) -> date:
        """Return the first day: that of a milestone is its date."""
        return self.finish if self.milestone or self.start is None else self.start

    @property
    def late(self) -> bool:
        """Return whether it ends after its baseline."""
        return self.baseline_finish is not None and self.finish > self.baseline_finish


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


_INDENT = 8.0
_WIDEST_NAMES = 0.37
_NAMED = 6  # late tasks in the alternative text
_WIDTHS = (0.24, 0.135, 0.135, 0.135, 0.135, 0.12, 0.1)  # of the columns of data


def make_gantt(rows: Iterable[Any], look: Look, words: Words, *, status_date: date | None = None) -> tuple[Chart, ...]:
    """Return the Gantt chart of tasks, parted where a page would be too short, all parts over the same time.

    ValueError where a task ends before it starts, TooLittle where there is none.
    """
    tasks = read_rows(rows, GanttRow)
    for task in tasks:
        if task.finish < task.begin:
            raise ValueError(f"`{task.title}` ends before it starts")
    top = look.row * 2 + 4 + look.size * 2.6
    parts = part_lines(tasks, LINE, look.tallest - top - 4)
    names = _names_room(tasks, look)
    days = [day for one in tasks for day in (one.begin, one.finish, one.baseline_start, one.baseline_finish) if day]
    days += [status_date] if status_date else []
    times = make_times(min(days), max(days), look.width - names, look.size, words)
    finding = _say_finding(tasks, words)
    charts = []
    for part in parts:
        frame = frame_plot(look, len(part) * LINE + 2, left=names, top=top, bottom=2)
        layers: list[Layer] = [
            *draw_times(times, look, frame.height, above=True),
            *_part_groups(part, frame.width, names, look),
            *draw_bars(part, times, look, words),
            *_write_names(part, names, look),
            *_draw_today(status_date, times, look, words, frame.height),
            *draw_key(make_key(tasks, look, words), look, -top + look.row / 2, -names),
        ]
        alt = _say_all(finding, part, status_date, words)
        charts.append(make_chart(frame, layers, look, finding, alt, _make_data(part, words)))
    return tuple(charts)


def _names_room(tasks: Sequence[GanttRow], look: Look) -> float:
    widest = max(room_for((task.title,), look.size, bold=task.group) + task.level * _INDENT for task in tasks)
    return round(min(widest + 8, look.width * _WIDEST_NAMES), 1)


def _part_groups(tasks: Sequence[GanttRow], width: float, names: float, look: Look) -> list[Layer]:
    """Return a line above each summary of the first level."""
    above = [at for at, task in enumerate(tasks) if task.group and task.level == 0 and at]
    return draw_lines([(-names, at * LINE, width, at * LINE) for at in above], look.line)


def _write_names(tasks: Sequence[GanttRow], names: float, look: Look) -> list[Layer]:
    notes = []
    for at, task in enumerate(tasks):
        indent = task.level * _INDENT
        title = shorten(task.title, look.size, names - 6 - indent, bold=task.group)
        notes.append(Note(-names + indent, (at + 0.5) * LINE, title, look.text, look.size, bold=task.group))
    return write_notes(notes)


def _draw_today(day: date | None, times: Times, look: Look, words: Words, height: float) -> list[Layer]:
    return draw_today(day, times, look, words, height, times.lines * look.row) if day else []


def _say_finding(tasks: Sequence[GanttRow], words: Words) -> str:
    real = [task for task in tasks if not task.milestone and not task.group]
    critical = sum(task.critical for task in real)
    last = max(tasks, key=lambda task: task.finish)
    planned = max((task.baseline_finish for task in tasks if task.baseline_finish), default=None)
    if planned and planned != last.finish:
        finding = words.say(
            "The plan ends on %(end)s against %(planned)s in the baseline",
            end=words.date(last.finish),
            planned=words.date(planned),
        )
    else:
        finding = words.say("The plan ends on %(end)s", end=words.date(last.finish))
    if critical:
        share = words.say(
            "on the critical path: %(critical)s of %(tasks)s", critical=critical, tasks=words.plural(len(real), "task")
        )
        return f"{finding}; {share}."
    return f"{finding}."


def _say_all(finding: str, tasks: Sequence[GanttRow], status_date: date | None, words: Words) -> str:
    late = [task.title for task in tasks if task.late]
    sentences = [words.say("Gantt chart."), finding]
    if late:
        titles = ", ".join(late[:_NAMED]) + ("…" if len(late) > _NAMED else "")
        sentences.append(words.say("Later than the baseline: %(titles)s.", titles=titles))
    if status_date:
        sentences.append(words.say("The line marks %(day)s.", day=words.date(status_date)))
    return " ".join(sentences)


def _make_data(tasks: Sequence[GanttRow], words: Words) -> Table:
    rows = [
        {
            "title": task.title,
            "start": None if task.milestone else task.start,
            "finish": task.finish,
            "baseline_start": task.baseline_start,
            "baseline_finish": task.baseline_finish,
            "complete": None if task.milestone or task.group else task.complete,
            "critical": None if task.group else task.critical,
        }
        for task in tasks
    ]
    columns = (
        ("Task", "title", ""), ("Start", "start", ""), ("Finish", "finish", ""),
        ("Baseline start", "baseline_start", ""), ("Baseline finish", "baseline_finish", ""),
        ("Complete, %", "complete", "number"), ("Critical", "critical", ""),
    )  # fmt: skip
    return make_data(rows, columns, words, _WIDTHS)
