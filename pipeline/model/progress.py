"""Take a project's progress files, one a period; carry values over from period to period; give what was true when."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import Annotated, Any, Literal, TypeVar, get_args

from pydantic import BeforeValidator, Field, GetJsonSchemaHandler, model_validator
from pydantic_core import CoreSchema, PydanticCustomError

from pipeline.model.base import Day, Money, Percent, Quantity, Record, Reference, Text, natural
from pipeline.model.facts import Names, fields_with

Entry = TypeVar("Entry", bound=Record)
Value = TypeVar("Value")

PERIOD = r"[12][0-9]{3}-(0[1-9]|1[0-2])"
LightName = Literal["schedule", "cost", "scope", "risk", "overall"]
StatedLight = Literal["on_track", "at_risk", "off_track"]


class TaskNews(Record):
    """How far a task is, to date."""

    complete: Percent | None = Field(
        None, description="Work done so far, in percent; may be left out where `units` are given"
    )
    start: Day | None = Field(None, description="Day on which it really started")
    finish: Day | None = Field(None, description="Day on which it was really finished")
    remaining: Quantity | None = Field(None, description="Working days still to go from the status date")
    units: Quantity | None = Field(None, description="Units done so far, for a task whose `rule` is units")

    @model_validator(mode="after")
    def _check_any(self) -> TaskNews:
        if self.complete is None and self.units is None:
            raise PydanticCustomError("contradiction", "wants `complete` or `units`")
        return self


class CostProgress(Record):
    """What a budget line has cost, to date."""

    actual: Money = Field(description="Spent so far, in the project's currency")
    committed: Money | None = Field(None, description="Ordered or contracted so far, spent or not")
    forecast: Money | None = Field(None, description="Expected at completion")


class MilestoneProgress(Record):
    """When a milestone is expected or was reached."""

    forecast: Day | None = Field(None, description="Day on which it is expected")
    actual: Day | None = Field(None, description="Day on which it was reached")


class MilestoneEntry(MilestoneProgress):
    """News about a milestone: a forecast or an actual date."""

    @model_validator(mode="after")
    def _check_any(self) -> MilestoneEntry:
        if self.forecast is None and self.actual is None:
            raise PydanticCustomError("contradiction", "wants `forecast` or `actual`")
        return self


class LightOverride(Record):
    """A light stated by hand: printed beside the computed one, with its reason, in this period's report alone."""

    light: StatedLight = Field(description="The light that is stated")
    reason: Text = Field(description="Why the computed light does not tell the truth")
    author: Annotated[Reference, Names("people", on="status_date")] = Field(
        description="Person who states it (id of people.yaml)"
    )
    expires: Day = Field(description="Last day on which it holds")


def _widen(value: Any) -> Any:
    return value if isinstance(value, dict | TaskNews) or value is None else {"complete": value}


class _OrNumber:
    """Tells the JSON Schema that a plain percentage may stand for the whole entry."""

    def __get_pydantic_json_schema__(self, core: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        return {"anyOf": [{"type": "number", "minimum": 0, "maximum": 100}, handler(core)]}


# A plain number stands for the whole entry: T01: 60.
TaskEntry = Annotated[TaskNews, BeforeValidator(_widen), _OrNumber()]


class ProgressFile(Record):
    """Progress at the end of one period (YYYY-MM.yaml); all values are cumulative, unnamed ones stay as they were."""

    status_date: Day = Field(description="Day on which the figures stand, within the period")
    tasks: Annotated[Mapping[Reference, TaskEntry], Names("tasks")] = Field(
        {}, description="Work done, by task: T01: 60 (percent)"
    )
    costs: Annotated[Mapping[Reference, CostProgress], Names("lines")] = Field(
        {}, description="Money spent to date, by budget line"
    )
    effort: Annotated[Mapping[Reference, Quantity], Names("work_packages")] = Field(
        {}, description="Person-days spent to date, by work package"
    )
    milestones: Annotated[Mapping[Reference, MilestoneEntry], Names("milestones")] = Field(
        {}, description="News about milestones"
    )
    lights: Mapping[LightName, LightOverride] = Field(
        {},
        description="Lights stated by hand, for this period alone: `schedule`, `cost`, `scope`, `risk` or `overall`",
        json_schema_extra={"propertyNames": {"enum": list(get_args(LightName))}},
    )


# The parts of a progress file, and the kind of record that each is about.
PARTS: Mapping[str, str] = {name: names.kind for name, names in fields_with(ProgressFile, Names).items()}


@dataclass(frozen=True, slots=True)
class TaskProgress:
    """How far a task is at the end of a period; `remaining` (working days) only where it was stated last."""

    complete: Decimal = Decimal(0)
    start: date | None = None
    finish: date | None = None
    remaining: Decimal | None = None
    units: Decimal | None = None

    @property
    def done(self) -> bool:
        """Return whether the task is complete."""
        return self.complete == 100

    @property
    def begun(self) -> bool:
        """Return whether anything of the task was done."""
        return self.start is not None or self.complete > 0 or bool(self.units)


@dataclass(frozen=True, slots=True)
class Progress:
    """All values at the end of one period, those of earlier periods carried over.

    Every task, budget line, work package and milestone is there: untouched ones with nothing done and nothing spent.
    `named` holds what the period's own file says, as ("tasks", "T01"). `lights` are those of the period's own file.
    """

    period: str
    status_date: date
    tasks: Mapping[str, TaskProgress]
    costs: Mapping[str, CostProgress]
    effort: Mapping[str, Decimal]
    milestones: Mapping[str, MilestoneProgress]
    named: frozenset[tuple[str, str]] = frozenset()
    lights: Mapping[LightName, LightOverride] = field(default_factory=dict)

    def light(self, name: LightName) -> LightOverride | None:
        """Return the light that somebody states for this period, or None; one that has expired does not count."""
        stated = self.lights.get(name)
        return stated if stated is not None and stated.expires >= self.status_date else None

    def task(self, id: str) -> TaskProgress:
        """Return how far a task is; nothing done if it is unknown."""
        return self.tasks.get(id, NO_WORK)

    def cost(self, id: str) -> CostProgress:
        """Return what a budget line has cost; nothing spent if it is unknown."""
        return self.costs.get(id, NO_COST)

    def milestone(self, id: str) -> MilestoneProgress:
        """Return what is known of a milestone; no dates if it is unknown."""
        return self.milestones.get(id, NO_NEWS)


NO_WORK = TaskProgress()
NO_COST = CostProgress(actual=Decimal(0))
NO_NEWS = MilestoneProgress()


@dataclass(frozen=True, slots=True)
class Known:
    """The ids that a project plans with: what every resolved Progress has to know.

    `quantities` holds the units of each task that is measured in units.
    """

    tasks: tuple[str, ...] = ()
    lines: tuple[str, ...] = ()
    work_packages: tuple[str, ...] = ()
    milestones: tuple[str, ...] = ()
    quantities: Mapping[str, Decimal] = field(default_factory=dict)


def resolve_progress(files: Mapping[str, ProgressFile], known: Known) -> tuple[Progress, ...]:
    """Return one Progress a period, ascending, with the values of earlier periods carried over field by field."""
    tasks = dict.fromkeys(known.tasks, NO_WORK)
    costs = dict.fromkeys(known.lines, NO_COST)
    effort = dict.fromkeys(known.work_packages, Decimal(0))
    milestones = dict.fromkeys(known.milestones, NO_NEWS)
    resolved = []
    for period, file in sorted(files.items()):
        tasks = _carry_tasks(tasks, file.tasks, known.quantities)
        costs = _carry(costs, file.costs, NO_COST)
        effort = _sorted(effort | dict(file.effort))
        milestones = _carry(milestones, file.milestones, NO_NEWS)
        named = frozenset(_named(file))
        resolved.append(Progress(period, file.status_date, tasks, costs, effort, milestones, named, file.lights))
    return tuple(resolved)


def _carry_tasks(
    before: Mapping[str, TaskProgress], news: Mapping[str, TaskNews], quantities: Mapping[str, Decimal]
) -> dict[str, TaskProgress]:
    merged = {id: _carry_task(before.get(id, NO_WORK), entry, quantities.get(id)) for id, entry in news.items()}
    return _sorted({**before, **merged})


def _carry_task(before: TaskProgress, news: TaskNews, quantity: Decimal | None) -> TaskProgress:
    # Days to go that were stated before the task moved on say nothing any more.
    after = replace(before, **{**_said(news), "remaining": news.remaining})
    if news.complete is None and news.units is not None and quantity:
        return replace(after, complete=min(news.units / quantity * 100, Decimal(100)))
    return after


def _carry(before: Mapping[str, Entry], news: Mapping[str, Record], blank: Entry) -> dict[str, Entry]:
    merged = {id: before.get(id, blank).model_copy(update=_said(entry)) for id, entry in news.items()}
    return _sorted({**before, **merged})


def _said(entry: Record) -> dict[str, Any]:
    return {name: value for name, value in entry if value is not None}


def _sorted(values: Mapping[str, Value]) -> dict[str, Value]:
    return dict(sorted(values.items(), key=lambda item: natural(item[0])))


def _named(file: ProgressFile) -> Iterable[tuple[str, str]]:
    parts: dict[str, Mapping[str, object]] = {
        "tasks": file.tasks,
        "costs": file.costs,
        "effort": file.effort,
        "milestones": file.milestones,
    }
    return ((part, id) for part, entries in parts.items() for id in entries)
