"""Take a project, the places of its records and a day; list where figures come from; give places by group.

A group is a set of values that figures are computed from: the budget's lines, the actual costs as of the day. Values
carried over from an earlier period are named where they were written, in that period's file.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from pipeline.model.kinds import kind_records
from pipeline.model.progress import PARTS
from pipeline.model.project import Project
from pipeline.model.where import Where
from pipeline.problems import Place


@dataclass(frozen=True)
class Origins:
    """What is asked for its origins: a project as of a day, and the places of all its records.

    `package` narrows them to the records of one work package; "" is the whole project.
    """

    project: Project
    where: Where
    day: date
    package: str = ""

    def places(self, groups: Iterable[str]) -> tuple[Place, ...]:
        """Return the places of some groups, by file and line; KeyError for an unknown group."""
        found = {place for group in groups for place in GROUPS[group](self) if place.file}
        return tuple(sorted(found))

    def fields(self, kind: str, *fields: str) -> Iterator[Place]:
        """Yield the place of each field that is written in the records of a kind."""
        for record in kind_records(self.project, kind):
            for field in fields:
                if self._within(kind, record.id) and self.where.states(kind, record.id, field):
                    yield self.where.place(kind, record.id, field)

    def _within(self, kind: str, id: str) -> bool:
        return not self.package or self._packages.get((kind, id), self.package) == self.package

    @cached_property
    def _packages(self) -> Mapping[tuple[str, str], str]:
        """Return the work package of each record that belongs to one, by kind and id."""
        lines = self.project.budget.lines if self.project.budget else ()
        found = {("lines", line.id): line.work_package or "" for line in lines}
        return found | {("tasks", task.id): task.work_package for task in self.project.schedule.tasks}

    def whole(self, subject: str, *fields: str) -> Iterator[Place]:
        """Yield the place of each field of a file that is no list of records, such as the contingency."""
        return (self.where.place(subject, "", field) for field in fields if self.where.states(subject, "", field))

    def status_date(self) -> Iterator[Place]:
        """Yield the place of the day itself: in the newest progress file, else in project.yaml."""
        progress = self.project.progress_on(self.day)
        kind, id = ("progress", progress.period) if progress else ("project", "")
        yield self.where.place(kind, id, "status_date")

    def news(self, part: str, field: str = "") -> Iterator[Place]:
        """Yield where progress, up to the day, last stated each entry of a part (or a field of the entry)."""
        periods = [one for one in self.project.progress if one.status_date <= self.day]
        ids = {id for one in periods for kind, id in one.named if kind == part}
        for id in (id for id in ids if self._within(PARTS[part], id)):
            steps = (part, id, field) if field else (part, id)
            for one in reversed(periods):
                if self.where.states("progress", one.period, *steps):
                    yield self.where.place("progress", one.period, *steps)
                    break


GROUPS: Mapping[str, Callable[[Origins], Iterable[Place]]] = {
    "project dates": lambda of: of.whole("project", "start", "end"),
    "status date": lambda of: of.status_date(),
    "tolerances": lambda of: of.whole("project", "tolerances"),
    "budget lines": lambda of: of.fields("lines", "years"),
    "packages of lines": lambda of: of.fields("lines", "work_package"),
    "contingency": lambda of: of.whole("budget", "contingency"),
    "reserve": lambda of: of.whole("budget", "reserve"),
    "funding": lambda of: of.whole("budget", "funding"),
    "actual costs": lambda of: of.news("costs", "actual"),
    "commitments": lambda of: of.news("costs", "committed"),
    "forecast costs": lambda of: of.news("costs", "forecast"),
    "calendar": lambda of: of.whole("schedule", "calendar"),
    "assignments": lambda of: of.fields("tasks", "assignments"),
    "durations": lambda of: of.fields("tasks", "duration", "estimate", "assignments"),
    "estimates": lambda of: of.fields("tasks", "estimate"),
    "predecessors": lambda of: of.fields("tasks", "predecessors", "constraint"),
    "baselines": lambda of: of.fields("tasks", "baseline"),
    "weights": lambda of: of.fields("tasks", "weight", "effort"),
    "rules of value": lambda of: of.fields("tasks", "rule", "quantity"),
    "completion": lambda of: of.news("tasks"),
    "effort spent": lambda of: of.news("effort"),
    "milestones": lambda of: of.fields("milestones", "baseline"),
    "news of milestones": lambda of: of.news("milestones"),
    "resources": lambda of: of.whole("resources", "resources"),
    "assessments": lambda of: of.fields("risks", "assessments"),
    "sums at stake": lambda of: of.fields("risks", "probability", "exposure"),
    "issues": lambda of: of.fields("issues", "status", "closed"),
    "changes": lambda of: of.fields("changes", "status", "cost", "schedule_days"),
    "actions": lambda of: of.fields("actions", "status", "closed"),
    "acceptance": lambda of: of.fields("deliverables", "acceptance", "accepted"),
    "cash flows": lambda of: of.whole("business_case", "options"),
    "discount rate": lambda of: of.whole("business_case", "discount_rate", "inflation", "horizon"),
}
