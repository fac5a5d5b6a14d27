"""Take a project and a day; find the period that was current; give its figures, each worked out when asked for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cached_property

from pipeline.controls.cost import Cost, compute_cost
from pipeline.controls.lights import Light, judge, worst
from pipeline.controls.risks import RiskView, compute_risks
from pipeline.controls.schedule import Timing, compute_timing
from pipeline.model.progress import Progress
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
        return compute_timing(self.project, self.progress)

    @cached_property
    def timing_before(self) -> Timing:
        """Return the schedule figures at the end of the period before."""
        return compute_timing(self.project, self.earlier)

    @cached_property
    def risks(self) -> RiskView:
        """Return the open risks of the day."""
        before = self.earlier.status_date if self.earlier else None
        return compute_risks(self.project.risks, self.day, before, self.scales)

    @property
    def pending_changes(self) -> tuple[Change, ...]:
        """Return the change requests that wait for a decision."""
        return tuple(change for change in self.project.changes if change.pending_on(self.day))

    @property
    def scope_light(self) -> Light:
        """Return the scope's light: amber while a change waits for a decision, red with more than three."""
        return judge(len(self.pending_changes), 0, 3)

    @property
    def overall(self) -> Light:
        """Return the project's light: the worse of schedule and cost; risk and scope are shown beside it."""
        return worst(self.timing.light, self.cost.light)
