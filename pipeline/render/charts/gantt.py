"""Take tasks and milestones with their dates; draw them as bars over time; give Gantt charts, in parts if need be.

The critical path has outlined bars in the accent, other tasks grey ones; what is done is the darker part of a bar, the
baseline a thin bar below, a milestone a diamond. So each of them can be told in grey print too.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from pipeline.document.tree import Table
from pipeline.render.charts.canvas import Layer, Note, draw_lines, frame_plot, make_chart, write_notes
from pipeline.render.charts.chart import Chart
from pipeline.render.charts.data import make_data
from pipeline.render.charts.gantt_bars import LINE, draw_bars, make_key
from pipeline.render.charts.gantt_row import GanttRow
from pipeline.render.charts.key import draw_key
from pipeline.render.charts.labels import room_for, shorten
from pipeline.render.charts.lines import part_lines
from pipeline.render.charts.look import Look
from pipeline.render.charts.rows import read_rows
from pipeline.render.charts.times import Times, draw_times, draw_today, make_times
from pipeline.render.words import Words

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
