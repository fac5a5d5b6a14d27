"""Take a project; write its plan in the words of TaskJuggler; let that program schedule it; give each task's days.

TaskJuggler lets the start of a task depend on the start or the end of others, with a gap in working time that is not
negative. A task that is bound by its finish alone (FF, SF) is scheduled backward there, from a milestone that depends
on the others. Leads, and links of both sorts in one task, are written as the equal distance from start to start; one
that is negative is left out, so that the days would differ if it mattered.
"""

from __future__ import annotations

import csv
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

from pipeline.model.calendar import WEEKDAYS
from pipeline.model.project import Project
from pipeline.model.public_holidays import list_public_holidays
from pipeline.model.schedule import Link, Task

HEAD = """\
project p "P" {start}-00:00 - {end}-00:00 {{
  timezone "UTC"
  timingresolution 60min
  dailyworkinghours 8
  workinghours mon, tue, wed, thu, fri, sat, sun off
  workinghours {weekdays} 9:00 - 17:00
}}
"""
FOOT = """\
taskreport "out" {
  formats csv
  columns id, start, end
  timeformat "%Y-%m-%d-%H:%M"
}
"""
FIRST_HOUR, LAST_HOUR = 9, 17


@dataclass(frozen=True, slots=True)
class Days:
    """The first and the last day of a task."""

    start: date
    finish: date


def write_forward(project: Project, years: int = 2) -> str:
    """Return a plan in which every task starts as early as it can, within so many calendar years."""
    tasks = project.schedule.tasks
    days = {task.id: task.days for task in tasks}
    inside = {task.id: "".join(f"{id}." for id in reversed(project.schedule.outline.around(task.id))) for task in tasks}
    lines = []
    for task in tasks:
        if task.parent is None:
            lines += _write_task(task, project, days, inside)
    return "\n".join((_head(project, years), *lines, FOOT))


def _write_task(task: Task, project: Project, days: dict[str, Decimal], inside: dict[str, str]) -> Iterator[str]:
    links, parts = task.links, [part for part in project.schedule.tasks if part.parent == task.id]
    backward = bool(links) and all(link.kind in ("FF", "SF") for link in links)
    depends = _write_links(task, backward, days, inside)
    if backward:
        yield f'task {task.id}end "end" {{ milestone depends {depends} }}'
    yield f'task {task.id} "{task.id}" {{'
    if backward:
        yield f"  scheduling alap precedes {task.id}end"
    elif depends:
        yield f"  depends {depends}"
    elif not project.schedule.outline.around(task.id):
        yield f"  start {task.constraint.not_before or project.info.start}-00:00"
    for part in parts:
        yield from _write_task(part, project, days, inside)
    if not parts:
        yield f"  length {task.days * 8:f}h" if task.days else "  milestone"
    yield "}"


def _write_links(task: Task, backward: bool, days: dict[str, Decimal], inside: dict[str, str]) -> str:
    """Return all links of a task, one for each predecessor: TaskJuggler takes no two."""
    found = []
    for before in dict.fromkeys(link.task for link in task.links):
        links = [link for link in task.links if link.task == before]
        (first, *others) = links
        if not others and first.lag >= 0 and (backward or first.kind in ("FS", "SS")):
            found.append(
                inside[before] + before + _options("onstart" if first.kind[0] == "S" else "", Decimal(first.lag))
            )
        elif (gap := max(_distance(task, link, days) for link in links)) >= 0:
            found.append(inside[before] + before + _options("onstart", gap))
    return ", ".join(found)


def _distance(task: Task, link: Link, days: dict[str, Decimal]) -> Decimal:
    """Return the least distance from start to start: what the definition of a link says, solved for the successor."""
    return (
        link.lag
        + {
            "FS": days[link.task],
            "SS": Decimal(0),
            "FF": days[link.task] - days[task.id],
            "SF": -days[task.id],
        }[link.kind]
    )


def _options(end: str, gap: Decimal) -> str:
    """Return what is said of a link: which end, and a gap, which may not be 0 if it is said."""
    words = [word for word in (end, f"gaplength {gap * 8:f}h" if gap else "") if word]
    return f" {{ {' '.join(words)} }}" if words else ""


def write_backward(project: Project, finish: date) -> str:
    """Return a plan of FS and FF links in which every task finishes as late as it can, the last ones on a day."""
    after: dict[str, list[str]] = {task.id: [] for task in project.schedule.tasks}
    for task in project.schedule.tasks:
        for link in task.links:
            assert link.kind in ("FS", "FF")
            assert link.lag >= 0
            after[link.task].append(task.id + _options("onend" if link.kind == "FF" else "", Decimal(link.lag)))
    lines = []
    for task in project.schedule.tasks:
        bound = f"precedes {', '.join(after[task.id])}" if after[task.id] else f"end {finish + timedelta(days=1)}-00:00"
        lines.append(f'task {task.id} "{task.id}" {{ scheduling alap {bound} length {task.days * 8:f}h }}')
    return "\n".join((_head(project, 2), *lines, FOOT))


def _head(project: Project, years: int) -> str:
    start, calendar = project.info.start, project.schedule.calendar
    end = date(start.year + years, 1, 1)
    off = set(calendar.days_off)
    for year in range(start.year, end.year) if calendar.country else ():
        off |= list_public_holidays(str(calendar.country), calendar.subdivision, year)
    assert not calendar.working_days, "TaskJuggler has no days that are worked against its calendar"
    weekdays = ", ".join(day for day in WEEKDAYS if day in calendar.weekdays)
    head = HEAD.format(start=start, end=end, weekdays=weekdays)
    return head + "".join(f'leaves holiday "off" {day}\n' for day in sorted(off) if start <= day < end)


def run_taskjuggler(program: str, text: str, folder: Path) -> None:
    """Let TaskJuggler schedule a plan; its report lands in the folder as out.csv."""
    (folder / "plan.tjp").write_text(text, encoding="utf-8")
    command = [program, "--silent", "--no-color", "--output-dir", str(folder), "plan.tjp"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def read_days(folder: Path) -> dict[str, Days]:
    """Return the days of each task in a report; they may be days off, where nothing is done before or after them."""
    with (folder / "out.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter=";"))
    return {row["Id"].rpartition(".")[2]: Days(_first(row["Start"]), _last(row["End"])) for row in rows}


def _first(text: str) -> date:
    moment = _moment(text)
    return moment.date() + timedelta(days=moment.hour >= LAST_HOUR)


def _last(text: str) -> date:
    moment = _moment(text)
    return moment.date() - timedelta(days=(moment.hour, moment.minute) <= (FIRST_HOUR, 0))


def _moment(text: str) -> datetime:
    return datetime.strptime(f"{text}+0000", "%Y-%m-%d-%H:%M%z")
