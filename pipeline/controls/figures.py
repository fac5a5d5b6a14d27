"""Take a project and a day; find the period that was current; give its figures, each worked out when asked for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from pipeline.controls.appraisal import Appraisal, compute_appraisal
from pipeline.controls.baseline import Baseline, make_baseline
from pipeline.controls.cost import (
    Burn,
    Cost,
    FundingView,
    Reserves,
    compute_burn,
    compute_cost,
    compute_funding,
    compute_reserves,
)
from pipeline.controls.history import History, SCurve, compute_curve, compute_history
from pipeline.controls.measure import Lamp, Light, judge, worst
from pipeline.controls.monte_carlo import Simulation, compute_simulation, list_estimates
from pipeline.controls.performance import EarnedSchedule, Performance, compute_earned_schedule, compute_performance
from pipeline.controls.plan import Drift, Plan, compute_drift
from pipeline.controls.planning import compute_plan, find_standings
from pipeline.controls.resources import ResourceCosts, ResourceLoad, Use, compute_load, compute_resource_cost, list_uses
from pipeline.controls.risks import RiskView, compute_risks
from pipeline.controls.schedule import Timing, compute_timing
from pipeline.model.progress import LightName, LightOverride, Progress
from pipeline.model.project import Project
from pipeline.model.registers.changes import Change
from pipeline.model.settings import Scales


@dataclass(frozen=True)
class Figures:
    """What the records of a project say on one day.

    `progress` is the newest progress file of that day or before, `earlier` the one before it.
    """

    project: Project
    day: date
    scales: Scales

    @cached_property
    def _periods(self) -> tuple[Progress, ...]:
        return tuple(one for one in self.project.progress if one.status_date <= self.day)

    @property
    def progress(self) -> Progress | None:
        """Return the newest progress up to the day; None before the first period."""
        return self._periods[-1] if self._periods else None

    @property
    def earlier(self) -> Progress | None:
        """Return the progress of the period before; None in the first."""
        return self._periods[-2] if len(self._periods) > 1 else None

    @cached_property
    def cost(self) -> Cost:
        """Return the cost figures of the day."""
        return compute_cost(self.project, self.progress)

    @cached_property
    def timing(self) -> Timing:
        """Return the schedule figures of the day."""
        return compute_timing(self.project, self.progress, self.plan)

    @cached_property
    def plan(self) -> Plan:
        """Return the dated plan of the day: what happened, and the forecast beyond."""
        return compute_plan(self.project, self.progress)

    @cached_property
    def drift(self) -> Drift:
        """Return how far the plan of the day has moved from its baseline."""
        return compute_drift(self.plan)

    @cached_property
    def simulation(self) -> Simulation | None:
        """Return the Monte Carlo simulation of what is still to be done; None where no task has an estimate."""
        estimates = list_estimates(find_standings(self.project.schedule, self.progress))
        return compute_simulation(self.plan.network.graph.activities, estimates) if estimates else None

    @cached_property
    def loads(self) -> tuple[ResourceLoad, ...]:
        """Return the load of each resource by week, on the dates of the plan of the day."""
        return compute_load(self.project.resources.resources, self._uses, self.plan.axis.calendar)

    @cached_property
    def resource_costs(self) -> ResourceCosts:
        """Return the cost of the resources as planned, on the dates of the baseline."""
        uses = list_uses(self.project.schedule.tasks)
        return compute_resource_cost(self.project.resources.resources, uses, self.plan.axis.calendar)

    @cached_property
    def _uses(self) -> tuple[Use, ...]:
        dates = {row.id: (row.start, row.finish) for row in self.plan.tasks}
        return list_uses(self.project.schedule.tasks, dates)

    @cached_property
    def appraisal(self) -> Appraisal | None:
        """Return the appraisal of the business case; None where there is none."""
        case = self.project.business_case
        return compute_appraisal(case) if case else None

    @cached_property
    def timing_before(self) -> Timing:
        """Return the schedule figures at the end of the period before."""
        return compute_timing(self.project, self.earlier)

    @cached_property
    def performance(self) -> Performance:
        """Return the earned value of the day, as a whole, by work package and by task."""
        return compute_performance(self.project, self.progress, self.day, self._baseline)

    @cached_property
    def earned_schedule(self) -> EarnedSchedule:
        """Return the earned schedule of the day."""
        return compute_earned_schedule(self.project, self.progress, self.performance, self._baseline)

    @cached_property
    def _baseline(self) -> Baseline:
        return make_baseline(self.project)

    @cached_property
    def reserves(self) -> Reserves:
        """Return contingency and management reserve with what was drawn from them by the day."""
        return compute_reserves(self.project, self.day)

    @cached_property
    def funding(self) -> FundingView:
        """Return the funding against the budget and the forecast of the day."""
        return compute_funding(self.project, self.cost)

    @cached_property
    def burn(self) -> Burn:
        """Return the burn rate of the day."""
        return compute_burn(self.project, self.progress)

    @cached_property
    def history(self) -> History:
        """Return the figures of every period up to the day, each from its own progress file."""
        return compute_history(self.project, self.day, self.scales)

    @cached_property
    def curve(self) -> SCurve:
        """Return the series of the S-curve."""
        return compute_curve(self.project, self.history)

    @cached_property
    def risks(self) -> RiskView:
        """Return the open risks of the day."""
        before = self.earlier.status_date if self.earlier else None
        return compute_risks(self.project, self.day, before, self.scales)

    @property
    def pending_changes(self) -> tuple[Change, ...]:
        """Return the change requests that wait for a decision."""
        return tuple(change for change in self.project.changes if change.pending_on(self.day))

    @property
    def scope_light(self) -> Light:
        """Return the scope's light: amber while a change waits for a decision, red beyond the tolerance."""
        return judge(len(self.pending_changes), 0, self.project.info.tolerances.pending_changes)

    @cached_property
    def lamps(self) -> Mapping[LightName, Lamp]:
        """Return the lights by name, each as computed and as stated by hand for this period, if so.

        Overall is the worse of schedule and cost as shown; risk and scope are shown beside it.
        """
        computed: dict[LightName, Light] = {
            "schedule": self.timing.light,
            "cost": self.cost.light,
            "scope": self.scope_light,
            "risk": self.risks.light,
        }
        lamps = {name: Lamp(light, self._stated(name)) for name, light in computed.items()}
        overall = worst(lamps["schedule"].shown, lamps["cost"].shown)
        return {**lamps, "overall": Lamp(overall, self._stated("overall"))}

    def _stated(self, name: LightName) -> LightOverride | None:
        return self.progress.light(name) if self.progress else None

    @property
    def overall(self) -> Light:
        """Return the project's light as shown."""
        return self.lamps["overall"].shown
