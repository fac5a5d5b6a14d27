"""Take planned values over time and what is earned; find when it was due; give earned schedule figures in time.

Source: W. Lipke, "Schedule is Different" (2003) and later papers; PMI Practice Standard for Earned Value Management,
appendix on earned schedule. SPI comes back to 1 at the end of every project, SPI(t) only on one that ends in time.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from pipeline.controls.baseline import Baseline, make_baseline
from pipeline.controls.measure import (
    ALL_EARNED,
    NO_BUDGET,
    NOT_STARTED,
    NOTHING_EARNED,
    TIME_OVER,
    Measure,
    Number,
    measure,
    undefined,
)
from pipeline.controls.performance import Performance
from pipeline.model.progress import Progress
from pipeline.model.project import Project


@dataclass(frozen=True, slots=True)
class EarnedSchedule:
    """The schedule of a project in time instead of money, in months: earned schedule, actual time, planned duration.

    `es` is when what is earned was due, `at` how long the project has run, `pd` how long it was to run.
    """

    es: Measure
    at: Measure
    pd: Measure

    @property
    def sv_t(self) -> Measure:
        """Return the schedule variance in time: SV(t) = ES − AT; negative is late."""
        return self.es - self.at

    @property
    def spi_t(self) -> Measure:
        """Return the schedule performance index in time: SPI(t) = ES ÷ AT; below 1 is late."""
        return self.es.over(self.at, NOT_STARTED)

    @property
    def ieac_t(self) -> Measure:
        """Return the duration to be expected at this pace: IEAC(t) = PD ÷ SPI(t)."""
        return self.pd.over(self.spi_t, NOTHING_EARNED, "months")

    @property
    def vac_t(self) -> Measure:
        """Return the variance at completion in time: VAC(t) = PD − IEAC(t); negative is late."""
        return self.pd - self.ieac_t

    @property
    def tspi(self) -> Measure:
        """Return the pace that would end the project in time: TSPI = (PD − ES) ÷ (PD − AT); none once time is over."""
        left, time = self.pd - self.es, self.pd - self.at
        if left.exact is None or time.exact is None or time.exact > 0:
            return left.over(time, TIME_OVER)
        return undefined("ratio", TIME_OVER if left.exact else ALL_EARNED)


def find_earned_schedule(planned: Iterable[tuple[Number, Number]], earned: Number) -> Fraction:
    """Return the time at which the earned value was due: ES = C + (EV − PV_C) ÷ (PV_C+1 − PV_C).

    `planned` holds the time and the cumulative planned value at the end of each period, ascending; C is the last period
    whose planned value is earned in full, and the next one counts in the part that is earned of it. What is earned in
    full was due by the end of the last period.
    """
    before, value = Fraction(0), Fraction(0)
    for time, due in planned:
        if earned < due:
            part = (Fraction(earned) - value) / (Fraction(due) - value)
            return before + part * (Fraction(time) - before)
        before, value = Fraction(time), Fraction(due)
    return before


def earned_schedule(es: Number, at: Number, pd: Number) -> EarnedSchedule:
    """Return the earned schedule of three known times in months (or any other period)."""
    return EarnedSchedule(*(measure(time, "months") for time in (es, at, pd)))


def compute_earned_schedule(
    project: Project, progress: Progress | None, performance: Performance, baseline: Baseline | None = None
) -> EarnedSchedule:
    """Return the earned schedule at the status date; planned values are taken at the ends of the calendar months.

    The actual time of a project whose work is all earned stops on the day on which its last task was finished.
    """
    baseline = baseline or make_baseline(project)
    months, ev = baseline.months, performance.project.ev
    if not baseline.bac:
        missing = undefined("months", NO_BUDGET)
        return EarnedSchedule(missing, missing, missing)
    es = undefined("months", ev.reason)
    if ev.exact is not None:
        es = measure(find_earned_schedule(baseline.by_time, ev.exact), "months")
    return EarnedSchedule(
        es=es,
        at=measure(months.at(_last_day(progress, performance)), "months"),
        pd=measure(months.at(baseline.finish), "months"),
    )


def forecast_finish(figures: EarnedSchedule, baseline: Baseline) -> date | None:
    """Return the day on which the project would end at this pace: its start plus IEAC(t); None while undefined."""
    time = figures.ieac_t.exact
    # Beyond a century the pace tells nothing but that hardly anything was earned.
    return baseline.months.day(time) if time is not None and time < 1200 else None


def _last_day(progress: Progress | None, performance: Performance) -> date:
    value = performance.project
    finished = [task.finish for task in progress.tasks.values() if task.finish] if progress else []
    if finished and value.ev.exact is not None and value.ev == value.bac:
        return max(finished)
    return performance.day
