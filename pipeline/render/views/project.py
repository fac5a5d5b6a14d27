"""Take a project's records and figures on one day; lay them out as names for templates; give a context."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, fields, is_dataclass
from datetime import date
from decimal import Decimal
from functools import cache, partial
from typing import Any

from pydantic import BaseModel

from pipeline.controls.figures import Figures
from pipeline.controls.measure import Measure
from pipeline.document.tree import Status
from pipeline.model.base import Record as ModelRecord
from pipeline.model.facts import Names, Since, fields_with
from pipeline.model.people import Person
from pipeline.model.subjects import REGISTERS, Subject
from pipeline.render.views.business_case import name_business_case
from pipeline.render.views.figures import FigureNames
from pipeline.render.views.indicators import list_indicators
from pipeline.render.views.plan import PlanNames
from pipeline.render.views.records import Lazy, Measured, Record, Records
from pipeline.render.views.series import SeriesNames
from pipeline.render.words import Words

_PLAIN = frozenset((str, int, bool, Decimal, date, type(None)))
_RISK_FIGURES = (
    "likelihood", "impact", "level", "band", "before", "inherent_level", "residual_level", "above", "stale",
    "ownerless", "expected",
)  # fmt: skip
# The subjects that a list is made from, and what makes it.
Listing = tuple[tuple[str, ...], Callable[[], Iterable[Any]]]
LIGHT_WORDS = {
    "on_track": "On track",
    "at_risk": "At risk",
    "off_track": "Off track",
    "not_yet": "Not yet",
    "done": "Done",
}


@dataclass(frozen=True)
class View:
    """What one document may see: figures as of a day, in its language; `touch` is told each subject asked for."""

    figures: Figures
    words: Words
    touch: Callable[[str], None]
    _persons: dict[str, Record] = field(default_factory=dict, init=False, repr=False, compare=False)

    @property
    def day(self) -> date:
        """Return the day as of which the document speaks."""
        return self.figures.day

    def names(self) -> dict[str, Any]:
        """Return the names of the context; a `Lazy` is worked out, its subject noted, when a template asks for it."""
        project = self.figures.project
        return {
            "project": self._project(),
            "figures": FigureNames(self).names(),
            "series": SeriesNames(self).names(),
            "plan": self.lazy(PlanNames(self).plan, "schedule", "resources", "progress"),
            "odds": self.lazy(PlanNames(self).odds, "schedule", "resources", "progress"),
            "status_date": self.day,
            "people": self.lazy(
                lambda: Records("people", tuple(self.show(p) for p in project.people.values())), "people"
            ),
            **{name: self._list(name, subject, make) for name, (subject, make) in self._lists().items()},
            **name_business_case(self),
        }

    def _lists(self) -> Mapping[str, Listing]:
        project, figures = self.figures.project, self.figures
        plan = PlanNames(self)
        return {
            **{one.name: self._register(one) for one in REGISTERS},
            **{f"open_{one.name}": self._open(one) for one in REGISTERS if hasattr(one.record, "open_on")},
            "stakeholders": (("stakeholders",), lambda: project.stakeholders),
            "deliverables": (("deliverables",), lambda: map(self._deliverable, project.deliverables)),
            "open_risks": (("risks", "progress"), lambda: map(self._risk_row, figures.risks.open)),
            "pending_changes": (("changes",), lambda: map(self._change, figures.pending_changes)),
            "checklist": (("closure",), lambda: map(self._check, project.checklist)),
            "tasks": (("schedule", "resources", "progress"), plan.tasks),
            "critical_tasks": (("schedule", "resources", "progress"), plan.critical),
            "resources": (("resources", "schedule"), plan.resources),
            "overloads": (("resources", "schedule", "progress"), plan.overloads),
            "milestones": (("schedule", "progress"), lambda: map(self._milestone, figures.timing.milestones)),
            "work_packages": (("schedule", "progress"), lambda: map(self._package, figures.timing.packages)),
            "cost_lines": (("budget", "progress"), lambda: figures.cost.lines),
            "package_values": (("budget", "schedule", "progress"), lambda: figures.performance.packages),
            "indicators": (("budget", "schedule", "progress"), lambda: list_indicators(self)),
            "task_values": (("budget", "schedule", "progress"), lambda: figures.performance.tasks),
            "draws": (("budget", "changes"), lambda: figures.reserves.draws),
            "cost_packages": (("budget", "schedule", "progress"), lambda: figures.cost.packages),
        }

    def _register(self, register: Subject) -> Listing:
        """Return the records of a register that were known on the day."""
        show: Mapping[str, Callable[[Any], Record]] = {"risks": self._risk, "changes": self._change}
        records = self.figures.project.registers[register.name]
        since = next(iter(fields_with(register.record, Since)), "")
        known = (one for one in records if not since or getattr(one, since) <= self.day)
        return (register.name,), lambda: map(show.get(register.name, self._entry), known)

    def _open(self, register: Subject) -> Listing:
        records = self.figures.project.registers[register.name]
        return (register.name,), lambda: (self._entry(one) for one in records if one.open_on(self.day))

    def _list(self, name: str, subjects: tuple[str, ...], make: Callable[[], Iterable[Any]]) -> Lazy:
        return self.lazy(lambda: Records(name, tuple(self.show(item) for item in make())), *subjects)

    def lazy(self, make: Callable[[], Any], *subjects: str) -> Lazy:
        """Return a value worked out when a template asks for it; the subjects it is made from are noted then."""

        def ask() -> None:
            for subject in subjects:
                self.touch(subject)

        return Lazy(make, ask)

    def light(self, light: str) -> Status:
        """Return a traffic light with its word."""
        return Status(light, self.words.say(LIGHT_WORDS[light]))  # type: ignore[arg-type]

    def show(self, value: Any) -> Any:
        """Return a value as templates may see it: records by field."""
        if type(value) in _PLAIN:  # as most values of a register are
            return value
        if isinstance(value, Record):
            return value
        if isinstance(value, Measure):
            return Measured(value.value, value.unit, value.reason)
        if isinstance(value, tuple):
            return tuple(self.show(item) for item in value)
        if isinstance(value, Mapping):
            return {key: self.show(item) for key, item in value.items()}
        if isinstance(value, ModelRecord) or (is_dataclass(value) and not isinstance(value, Status)):
            return self.fields(value)
        return value

    def _person(self, id: str) -> Any:
        self.touch("people")
        person = self.figures.project.people.get(id)
        if isinstance(person, Person):
            if id not in self._persons:
                self._persons[id] = self.fields(person)
            return self._persons[id]
        # The rules have reported the unknown id already: no template need fail on it too.
        return Record("person", {name: id if name in ("id", "name") else None for name in _shown(Person)})

    def fields(self, value: Any, **more: Any) -> Record:
        """Return a record by its fields and properties, each shown when it is asked for, and by further values."""
        kind: Any = type(value)
        shown = {name: Lazy(partial(self.field, value, name)) for name in _shown(kind)}
        name = type(value).__name__.lower().removesuffix("info").removesuffix("row")
        return Record(name, shown | more)

    def field(self, record: Any, name: str) -> Any:
        """Return a field of a record as templates may see it: a person, or several, in place of their ids."""
        kind: Any = type(record)
        value, names = getattr(record, name), fields_with(kind, Names).get(name)
        if names is None or names.kind != "people" or value is None:
            return self.show(value)
        return self._person(value) if isinstance(value, str) else tuple(map(self._person, value))

    def _project(self) -> Record:
        project = self.figures.project
        budget = self.lazy(lambda: self.show(project.budget) if project.budget else Record("budget", {}), "budget")
        return self.fields(project.info, budget=budget)

    def _entry(self, one: Any) -> Record:
        """Return a record of a register, with its state on the day and the light for it where it knows them."""
        if not hasattr(one, "state_on"):
            return self.fields(one)
        state = one.state_on(self.day)
        return self.fields(one, state=state, light=Status(one.light_on(self.day), self.words.term(state)))

    def _risk(self, risk: Any) -> Record:
        day, scales = self.day, self.figures.scales
        level = risk.level_on(day)
        return self.fields(risk, level=level, band=scales.level_name(level) if level else "", open=risk.open_on(day))

    def _risk_row(self, row: Any) -> Record:
        computed = {name: getattr(row, name) for name in _RISK_FIGURES}
        return self.fields(row.risk, trend=self._trend(row), **computed)

    def _trend(self, row: Any) -> str:
        """Return how a risk moved since the period before, in words and signs: `↑ 12 → 20`."""
        if not row.before:
            return self.words.say("new")
        if row.before == row.level:
            return f"= {row.level}"
        return f"{'↑' if row.level > row.before else '↓'} {row.before} → {row.level}"

    def _change(self, change: Any) -> Record:
        return self.fields(change, state=change.status_on(self.day), pending=change.pending_on(self.day))

    def _deliverable(self, one: Any) -> Record:
        state = one.acceptance_on(self.day)
        light = {"accepted": "done", "provisional": "at_risk", "rejected": "off_track"}.get(state)
        late = one.due < self.day and not one.delivered_on(self.day)
        shown = Status(light or ("at_risk" if late else "not_yet"), self.words.term(state))  # type: ignore[arg-type]
        return self.fields(one, state=state, status=shown)

    def _check(self, item: Any) -> Record:
        state = item.status_on(self.day)
        light = {"done": "done", "not_applicable": "done"}.get(state, "at_risk")
        return self.fields(item, state=state, light=Status(light, self.words.term(state)))  # type: ignore[arg-type]

    def _milestone(self, row: Any) -> Record:
        word = "Done" if row.reached else LIGHT_WORDS[row.light]
        return self.fields(row, status=Status(row.light, self.words.say(word)))

    def _package(self, row: Any) -> Record:
        return self.fields(row)


@cache
def _shown(kind: Any) -> tuple[str, ...]:
    """Return the names of a record class's fields and computed properties."""
    own = tuple(kind.model_fields) if issubclass(kind, BaseModel) else tuple(field.name for field in fields(kind))
    computed = tuple(
        name
        for owner in kind.__mro__
        if owner not in BaseModel.__mro__
        for name, value in vars(owner).items()
        if isinstance(value, property) and not name.startswith("_")
    )
    return tuple(dict.fromkeys((*own, *computed)))
