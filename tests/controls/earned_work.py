"""Take a few jobs and amounts; write them as schedule, budget and progress; give them to the tests of earned value."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from fractions import Fraction

from controls_work import OWNER, load

from pipeline.controls.baseline import make_baseline
from pipeline.controls.measure import Measure
from pipeline.controls.performance import EarnedSchedule, Performance, compute_earned_schedule, compute_performance
from pipeline.model.project import Project

FEBRUARY = {"start": "2026-02-02", "finish": "2026-02-27"}


def job(id: str, package: str = "WP1", effort: float = 1, **more: object) -> str:
    """Return a task; a baseline of February unless `start` and `finish` say otherwise, and further fields as given."""
    start, finish = str(more.pop("start", FEBRUARY["start"])), str(more.pop("finish", FEBRUARY["finish"]))
    fields = "".join(f", {name}: {value}" for name, value in more.items())
    return (
        f"  - {{id: {id}, work_package: {package}, title: Job {id}, duration: 5, {OWNER}, effort: {effort}, "
        f"baseline: {{start: {start}, finish: {finish}}}{fields}}}\n"
    )


def plan(*jobs: str, packages: Iterable[str] = ("WP1", "WP2"), calendar: str = "") -> str:
    """Return a schedule."""
    listed = ", ".join(f"{{id: {id}, title: Package {id}, {OWNER}}}" for id in packages)
    return f"{calendar}work_packages: [{listed}]\ntasks:\n{''.join(jobs) or '  []'}\nmilestones: []\n"


def money(*lines: tuple[object, str], more: str = "") -> str:
    """Return a budget of lines of an amount in 2026 and the work package that it is for, if any."""
    texts = (
        f"  - {{id: B{number:02}, title: L, category: staff, years: {{2026: {amount}}}"
        f"{f', work_package: {package}' if package else ''}}}\n"
        for number, (amount, package) in enumerate(lines, start=1)
    )
    return f"lines:\n{''.join(texts)}{more}"


def report(day: str, *, tasks: str = "", costs: str = "", more: str = "") -> str:
    """Return a progress file."""
    return f"status_date: {day}\ntasks: {{{tasks}}}\ncosts: {{{costs}}}\n{more}"


def performance_of(project: Project) -> Performance:
    """Return the earned value at the newest status date, that of the plan on the project's own without one."""
    progress = project.progress[-1] if project.progress else None
    return compute_performance(project, progress, project.info.status_date)


def time_of(project: Project) -> EarnedSchedule:
    """Return the earned schedule at the newest status date."""
    progress = project.progress[-1] if project.progress else None
    return compute_earned_schedule(project, progress, performance_of(project), make_baseline(project))


def near(measure: Measure, wanted: str) -> bool:
    """Return whether a measure, rounded to the digits that are wanted, is what is wanted."""
    assert measure.value is not None, measure.reason
    return round(measure.value, -int(Decimal(wanted).as_tuple().exponent)) == Decimal(wanted)


def exact(measure: Measure) -> Fraction:
    """Return the number of a measure that has one."""
    assert measure.exact is not None, measure.reason
    return measure.exact


__all__ = ["exact", "job", "load", "money", "near", "performance_of", "plan", "report", "time_of"]
