"""Take a view of a project on one day; name its computed figures for templates; give records worked out on demand."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from pipeline.controls.figures import Figures
from pipeline.model.progress import LightName
from pipeline.render.views.records import Record, Records
from pipeline.render.views.viewer import Viewer

EARNED_VALUE = (
    "bac", "pv", "ev", "ac", "cv", "sv", "cv_percent", "sv_percent", "cpi", "spi", "eac", "eac_2", "eac_3", "etc",
    "vac", "tcpi", "tcpi_eac", "complete", "spent",
)  # fmt: skip
EARNED_SCHEDULE = ("es", "at", "pd", "sv_t", "spi_t", "ieac_t", "vac_t", "tspi")
_LAMPS = ("schedule", "budget", "progress")
_OVERRIDE = ("reason", "author", "expires")


@dataclass(frozen=True)
class FigureNames:
    """The computed figures of a project by the names that templates use."""

    view: Viewer

    @property
    def figures(self) -> Figures:
        """Return the figures of the day."""
        return self.view.figures

    def names(self) -> Record:
        """Return the record `figures`."""
        figures, project, day = self.figures, self.figures.project, self.view.day
        return Record(
            "figures",
            {
                "cost": self.view.lazy(self._cost, "budget", "progress"),
                "evm": self.view.lazy(self._earned_value, "budget", "schedule", "progress"),
                "since": self.view.lazy(self._since, "budget", "schedule", "risks", "progress"),
                "reserves": self.view.lazy(lambda: self.view.show(figures.reserves), "budget", "changes"),
                "funding": self.view.lazy(lambda: self.view.show(figures.funding), "budget", "progress"),
                "resources": self.view.lazy(self._resources, "resources", "schedule"),
                "burn": self.view.lazy(lambda: self.view.show(figures.burn), "budget", "progress"),
                "progress": self.view.lazy(self._progress, "schedule", "progress"),
                "schedule": self.view.lazy(self._schedule, "schedule", "progress"),
                "risks": self.view.lazy(self._risk_figures, "risks", "progress"),
                "issues": self.view.lazy(lambda: _count_open("issues", project.issues, day), "issues"),
                "changes": self.view.lazy(self._change_figures, "changes"),
                "actions": self.view.lazy(lambda: _count_open("actions", project.actions, day), "actions"),
                "acceptance": self.view.lazy(self._acceptance, "deliverables"),
                "status": self.view.lazy(lambda: self.view.light(figures.overall), "schedule", "budget", "progress"),
                "overall": self.view.lazy(lambda: _record("overall", **self._lamp("overall")), *_LAMPS),
                "overrides": self.view.lazy(self._overrides, "progress"),
            },
        )  # fmt: skip

    def _lamp(self, name: LightName) -> dict[str, Any]:
        """Return a light as shown and as computed, and who states another one than the computed (None if nobody)."""
        lamp, show = self.figures.lamps[name], self.view.light
        return {"light": show(lamp.shown), "computed": show(lamp.computed), "override": self.view.show(lamp.override)}

    def _overrides(self) -> Records:
        """Return the lights that somebody states by hand, each beside the computed one."""
        stated = ((name, lamp) for name, lamp in self.figures.lamps.items() if lamp.override)
        words, show = self.view.words, self.view.light
        rows = (
            Record(
                "override",
                {
                    "subject": words.term(name),
                    "computed": show(lamp.computed),
                    "stated": show(lamp.shown),
                    **{field: self.view.field(lamp.override, field) for field in _OVERRIDE},
                },
            )
            for name, lamp in stated
        )
        return Records("overrides", tuple(rows))

    def _cost(self) -> Record:
        cost = self.figures.cost
        row = cost.project
        return _record(
            "cost",
            total=cost.total,
            budget=row.budget,
            actual=row.actual,
            committed=row.committed,
            forecast=row.forecast,
            variance=cost.variance,
            overrun=-cost.variance,
            contingency=cost.contingency,
            spent=row.actual / cost.total * 100 if cost.total else None,
            **self._lamp("cost"),
        )

    def _resources(self) -> Record:
        figures = self.figures
        over = {week.week for load in figures.loads for week in load.over}
        return _record("resources", cost=figures.resource_costs.total, overloaded_weeks=len(over))

    def _earned_value(self) -> Record:
        """Return earned value and earned schedule of the project under their standard names."""
        value, schedule = self.figures.performance.project, self.figures.earned_schedule
        names = {name: getattr(value, name) for name in EARNED_VALUE}
        names |= {name: getattr(schedule, name) for name in EARNED_SCHEDULE}
        return Record("evm", {name: self.view.show(found) for name, found in names.items()})

    def _since(self) -> Record:
        """Return what moved since the report before, by the name of the figure."""
        deltas = self.figures.history.deltas
        return Record("since", {delta.name: self.view.show(delta) for delta in deltas})

    def _progress(self) -> Record:
        timing, before = self.figures.timing, self.figures.timing_before
        return _record(
            "progress",
            complete=timing.complete,
            before=before.complete,
            gained=timing.complete - before.complete,
            effort=timing.spent,
            planned=timing.planned,
        )

    def _schedule(self) -> Record:
        timing, before = self.figures.timing, self.figures.timing_before
        return _record(
            "schedule",
            slip=timing.slip,
            slip_before=before.slip,
            finish=timing.finish,
            final_slip=timing.final_slip,
            reached=sum(row.reached for row in timing.milestones),
            total=len(timing.milestones),
            **self._lamp("schedule"),
        )

    def _risk_figures(self) -> Record:
        risks = self.figures.risks
        return _record(
            "risks",
            open=len(risks.open),
            high=len(risks.high),
            above=len(risks.above),
            stale=len(risks.stale),
            ownerless=len(risks.ownerless),
            exposure=risks.exposure,
            chances=risks.chances,
            contingency=risks.contingency,
            **self._lamp("risk"),
            total=sum(risk.raised <= self.view.day for risk in self.figures.project.risks),
            occurred=sum(bool(risk.occurred) and risk.raised <= self.view.day for risk in self.figures.project.risks),
        )

    def _change_figures(self) -> Record:
        figures, day = self.figures, self.view.day
        agreed = [c for c in figures.project.changes if c.status_on(day) in ("approved", "implemented", "merged")]
        return _record(
            "changes",
            pending=len(figures.pending_changes),
            total=sum(c.submitted <= day for c in figures.project.changes),
            approved=len(agreed),
            cost=sum((c.cost for c in agreed), 0),
            days=sum(c.schedule_days for c in agreed),
            **self._lamp("scope"),
        )

    def _acceptance(self) -> Record:
        deliverables = self.figures.project.deliverables
        accepted = sum(one.accepted_on(self.view.day) for one in deliverables)
        return _record("acceptance", accepted=accepted, total=len(deliverables), open=len(deliverables) - accepted)


def _record(name: str, **values: Any) -> Record:
    return Record(name, values)


def _count_open(name: str, items: Iterable[Any], day: date) -> Record:
    return Record(name, {"open": sum(item.open_on(day) for item in items)})
