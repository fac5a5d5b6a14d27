"""Take a view of a project on one day; lay its figures out as rows for charts; give them by the name of the chart."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from pipeline.controls.history import ForecastLine
from pipeline.controls.monte_carlo import find_day
from pipeline.render.views.records import Record, Records
from pipeline.render.views.viewer import Viewer

Rows = Iterable[Mapping[str, Any]]


@dataclass(frozen=True)
class SeriesNames:
    """The series of a project: `series.gantt`, `series.s_curve` and so on, each worked out when it is asked for."""

    view: Viewer

    def names(self) -> Record:
        """Return the record `series`."""
        listed: Mapping[str, tuple[Callable[[], Rows], tuple[str, ...]]] = {
            "gantt": (self._gantt, ("schedule", "resources", "progress")),
            "roadmap": (self._roadmap, ("schedule", "resources", "progress")),
            "s_curve": (self._s_curve, ("schedule", "budget", "progress")),
            "milestones": (self._milestones, ("schedule", "progress")),
            "budget": (self._budget, ("budget", "progress")),
            "load": (self._load, ("schedule", "resources", "progress")),
            "overload": (self._overload, ("schedule", "resources", "progress")),
            "risks": (self._risks, ("risks", "progress")),
            "risk_trend": (self._risk_trend, ("risks", "progress")),
            "odds": (self._odds, ("schedule", "resources", "progress")),
        }
        return Record("series", {name: self._lazy(name, make, subjects) for name, (make, subjects) in listed.items()})

    def _lazy(self, name: str, make: Callable[[], Rows], subjects: tuple[str, ...]) -> Any:
        return self.view.lazy(lambda: Records(name, tuple(Record("row", row) for row in make())), *subjects)

    def _gantt(self) -> Iterator[Mapping[str, Any]]:
        """Yield the tasks in the order of the plan, then the milestones."""
        plan, around = self.view.figures.plan, self.view.figures.project.schedule.outline.around
        for row in plan.tasks:
            yield {
                "title": row.title,
                "start": row.start,
                "finish": row.finish,
                "baseline_start": row.baseline_start,
                "baseline_finish": row.baseline_finish,
                "complete": row.complete,
                "critical": row.critical,
                "group": row.summary,
                "level": len(around(row.id)),
            }
        yield from self._milestone_bars()

    def _roadmap(self) -> Iterator[Mapping[str, Any]]:
        """Yield the work packages as baselined, then the milestones."""
        for row in self.view.figures.timing.packages:
            if row.start and row.finish:
                yield {"title": row.title, "start": row.start, "finish": row.finish}
        for one in self.view.figures.plan.milestones:
            yield {"title": one.title, "finish": one.baseline, "milestone": True}

    def _milestone_bars(self) -> Iterator[Mapping[str, Any]]:
        for one in self.view.figures.plan.milestones:
            yield {"title": one.title, "finish": one.date, "baseline_finish": one.baseline, "milestone": True}

    def _s_curve(self) -> Iterator[Mapping[str, Any]]:
        """Yield one row a period, one a month of the plan without a period, and the forecast from here to the end."""
        curve = self.view.figures.curve
        known = {point.day.replace(day=1) for point in curve.periods}
        rows: dict[date, dict[str, Any]] = {
            point.day: {"pv": point.pv} for point in curve.plan if point.day.replace(day=1) not in known
        }
        for point in curve.periods:
            rows[point.day] = {"pv": point.pv, "ev": point.ev, "ac": point.ac}
        for day, cost in _lead(curve.forecast or curve.trend):
            rows.setdefault(day, {})["forecast"] = cost
        yield from ({"date": day, **row} for day, row in sorted(rows.items()))

    def _milestones(self) -> Iterator[Mapping[str, Any]]:
        for trend in self.view.figures.history.milestones:
            for point in trend.points:
                yield {
                    "title": trend.title,
                    "reported": point.status_date,
                    "forecast": point.date,
                    "reached": point.reached,
                }

    def _budget(self) -> Iterator[Mapping[str, Any]]:
        for row in self.view.figures.cost.lines:
            yield {"title": row.title, "budget": row.budget, "actual": row.actual, "forecast": row.forecast}

    def _load(self) -> Iterator[Mapping[str, Any]]:
        """Yield the load of all people together, week by week."""
        people = [load for load in self.view.figures.loads if load.resource.kind == "human"]
        for weeks in zip(*(load.weeks for load in people), strict=True):
            yield {
                "start": weeks[0].monday,
                "load": sum(week.needed for week in weeks),
                "capacity": sum(week.available for week in weeks),
            }

    def _overload(self) -> Iterator[Mapping[str, Any]]:
        """Yield the load, week by week, of each resource of which too much is asked in any week."""
        for load in self.view.figures.loads:
            for week in load.weeks if load.over else ():
                yield {
                    "start": week.monday,
                    "load": week.needed,
                    "capacity": week.available,
                    "resource": load.resource.title,
                }

    def _risks(self) -> Iterator[Mapping[str, Any]]:
        figures = self.view.figures
        before = figures.earlier.status_date if figures.earlier else None
        for row in figures.risks.open:
            earlier = row.risk.assessment_on(before) if before and row.before else None
            yield {
                "id": row.risk.id,
                "title": row.risk.title,
                "likelihood": row.likelihood,
                "impact": row.impact,
                "before_likelihood": earlier.likelihood if earlier else 0,
                "before_impact": earlier.impact if earlier else 0,
            }

    def _risk_trend(self) -> Iterator[Mapping[str, Any]]:
        for point in self.view.figures.history.risks:
            yield {"date": point.status_date, "open": point.open, "high": point.high, "exposure": point.exposure}

    def _odds(self) -> Iterator[Mapping[str, Any]]:
        """Yield the day that each share of the runs keeps; a day counts once, with the most runs that keep it."""
        figures = self.view.figures
        start, calendar = figures.project.info.start, figures.plan.axis.calendar
        days: dict[date, Any] = {}
        for point in figures.simulation.curve if figures.simulation else ():
            days[find_day(point.length, start, calendar)] = point.probability * 100
        yield from ({"value": day, "probability": share} for day, share in days.items())


def _lead(line: ForecastLine | None) -> tuple[tuple[date, Any], ...]:
    return ((line.start, line.spent), (line.finish, line.cost)) if line is not None else ()
