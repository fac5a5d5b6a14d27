"""Take a view of a project on one day; name its plan, its odds and its resources for templates; give records."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from pipeline.controls.monte_carlo import Simulation, compute_odds, find_day
from pipeline.controls.plan import TaskPlan
from pipeline.controls.resources import ResourceLoad, WeekLoad
from pipeline.model.schedule import Task
from pipeline.render.views.records import Record
from pipeline.render.views.viewer import Viewer

# What a task of a plan has beyond what is written in schedule.yaml.
TASK_FIGURES = (
    "start", "finish", "began", "ended", "late_start", "late_finish", "left", "complete", "done", "summary",
    "total_float", "free_float", "critical", "slip",
)  # fmt: skip


@dataclass(frozen=True)
class PlanNames:
    """The plan of a project by the names that templates use."""

    view: Viewer

    def tasks(self) -> Iterator[Record]:
        """Yield the tasks with their dates and floats on the day; those that the plan cannot date are left out."""
        written = {task.id: task for task in self.view.figures.project.schedule.tasks}
        for row in self.view.figures.plan.tasks:
            yield self._task(written[row.id], row)

    def critical(self) -> Iterator[Record]:
        """Yield the tasks of the critical path, first to last."""
        found = {task.id: task for task in self.tasks()}
        return (found[id] for id in self.view.figures.plan.critical_path)

    def _task(self, task: Task, row: TaskPlan) -> Record:
        computed = {name: self.view.show(getattr(row, name)) for name in TASK_FIGURES}
        depth = len(self.view.figures.project.schedule.outline.around(task.id))
        return self.view.fields(task, **computed, working_days=row.duration, depth=depth)

    def plan(self) -> Record:
        """Return the plan as a whole: its ends, its length in working days, its critical path and its health."""
        figures = self.view.figures
        plan, drift = figures.plan, figures.drift
        values = {
            "start": plan.start,
            "finish": plan.finish,
            "baseline_finish": plan.baseline_finish,
            "slip": plan.slip,
            "length": plan.length,
            "critical_path": plan.critical_path,
            "bei": drift.bei,
            "cpli": drift.cpli,
            "margin": drift.margin,
            "to_go": drift.to_go,
        }
        return Record("plan", {name: self.view.show(value) for name, value in values.items()})

    def odds(self) -> Record:
        """Return the Monte Carlo simulation of what is left; `known` is false where no task left has an estimate."""
        simulation = self.view.figures.simulation
        values = self._odds(simulation) if simulation else {}
        return Record("odds", {"known": bool(simulation), **values})

    def _odds(self, simulation: Simulation) -> Mapping[str, Any]:
        plan, project = self.view.figures.plan, self.view.figures.project
        calendar, start = plan.axis.calendar, project.info.start
        days = {name: find_day(getattr(simulation, name), start, calendar) for name in ("p10", "p50", "p80", "p90")}
        end = plan.baseline_finish or project.info.end
        return {
            **days,
            "runs": simulation.runs,
            "distribution": DISTRIBUTIONS[simulation.distribution],
            "baseline": end,
            "in_time": compute_odds(simulation, end, start, calendar) * 100,
            "criticality": {id: share * 100 for id, share in simulation.criticality.items()},
        }

    def resources(self) -> Iterator[Record]:
        """Yield the resources with what they are to do, what they are there for, and what they cost."""
        figures = self.view.figures
        loads = {load.resource.id: load for load in figures.loads}
        for cost in figures.resource_costs.resources:
            load = loads.get(cost.resource.id)
            yield self.view.fields(
                cost.resource,
                units=cost.quantity,
                amount=cost.amount,
                needed=load.needed if load else None,
                available=load.available if load else None,
                over=len(load.over) if load else 0,
            )

    def overloads(self) -> Iterator[Record]:
        """Yield the weeks in which more is needed of a resource than there is, with the tasks that need it."""
        for load in self.view.figures.loads:
            for week in load.over:
                yield self._overload(load, week)

    def _overload(self, load: ResourceLoad, week: WeekLoad) -> Record:
        return Record(
            "overload",
            {
                "id": f"{load.resource.id} {week.week}",
                "resource": self.view.show(load.resource),
                "week": week.week,
                "monday": week.monday,
                "needed": week.needed,
                "available": week.available,
                "excess": week.excess,
                "percent": week.percent,
                "tasks": week.tasks,
            },
        )


DISTRIBUTIONS: Mapping[str, str] = {"beta_pert": "Beta-PERT", "triangular": "triangular", "uniform": "uniform"}
