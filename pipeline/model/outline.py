"""Take tasks of which some are parts of others; follow the parents; give the parts, and the summaries filled from them.

A task that another one names as its parent is a summary: it has no work of its own. Unknown parents and circles of
parents are reported by a rule; here they are passed over, so that the rest of a plan can be looked at.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from pipeline.model.base import FIRST_DAY


@dataclass(frozen=True)
class Outline:
    """Which task is a part of which: ids of tasks with those of their parents, in the order of the tasks."""

    parents: Mapping[str, str]
    ids: tuple[str, ...]

    @cached_property
    def inside_out(self) -> tuple[str, ...]:
        """Return the ids, parts before what they are a part of, without those in a circle."""
        waiting = dict.fromkeys(self.ids, 0)
        for parent in self.parents.values():
            waiting[parent] += 1
        order = [id for id in self.ids if not waiting[id]]
        # The list grows while it is walked: a summary follows when the last of its parts has been seen.
        for id in order:
            parent = self.parents.get(id, "")
            if parent:
                waiting[parent] -= 1
                if not waiting[parent]:
                    order.append(parent)
        return tuple(order)

    @cached_property
    def leaves(self) -> Mapping[str, tuple[str, ...]]:
        """Return for each task the tasks with work that it consists of: itself, unless it is a summary."""
        found: dict[str, list[str]] = {id: [] for id in self.ids}
        for leaf in self.ids:
            if leaf not in self.summaries:
                for id in (leaf, *self.around(leaf)):
                    found[id].append(leaf)
        return {id: tuple(leaves) for id, leaves in found.items()}

    @cached_property
    def summaries(self) -> frozenset[str]:
        """Return the tasks that have parts."""
        return frozenset(self.parents.values())

    def around(self, id: str) -> tuple[str, ...]:
        """Return the summaries that a task lies in, innermost first."""
        found: dict[str, None] = {}
        while (parent := self.parents.get(id)) is not None and parent not in found:
            found[parent] = None
            id = parent
        return tuple(found)


def make_outline(parents: Mapping[str, str | None]) -> Outline:
    """Return which task is a part of which, from the ids of all tasks with those of their parents."""
    known = {id: parent for id, parent in parents.items() if parent is not None and parent in parents}
    return Outline(known, (*parents,))


def fill_summaries(tasks: list[Any]) -> list[Any]:
    """Return tasks as YAML gives them; summaries get what they do not state: no effort, the baseline of their parts."""
    listed = {task["id"]: task for task in tasks if isinstance(task, dict) and isinstance(task.get("id"), str)}
    outline = make_outline({id: _text(task.get("parent")) for id, task in listed.items()})
    if not outline.summaries:
        return tasks
    spans: dict[str, list[tuple[date, date]]] = {id: [] for id in listed}
    for id in outline.inside_out:
        span = _join(spans[id]) if id in outline.summaries else _span(listed[id])
        if span and id in outline.parents:
            spans[outline.parents[id]].append(span)
    return [
        _fill(task, spans[task["id"]]) if isinstance(task, dict) and task.get("id") in outline.summaries else task
        for task in tasks
    ]


def _text(value: Any) -> str | None:
    return value.strip() if isinstance(value, str) else None


def _span(task: dict[str, Any]) -> tuple[date, date] | None:
    baseline = task.get("baseline")
    days = [baseline.get(key) for key in ("start", "finish")] if isinstance(baseline, dict) else []
    first, last = days or (None, None)
    return (first, last) if isinstance(first, date) and isinstance(last, date) else None


def _join(spans: list[tuple[date, date]]) -> tuple[date, date] | None:
    return (min(first for first, _ in spans), max(last for _, last in spans)) if spans else None


def _fill(task: dict[str, Any], spans: list[tuple[date, date]]) -> dict[str, Any]:
    # Without one readable part the file is wrong anyway: the parts are reported, and not the summary besides.
    first, last = _join(spans) or (FIRST_DAY, FIRST_DAY)
    return {"effort": 0, "baseline": {"start": first, "finish": last}, **task}
