"""Take the plan of a project as it stands; compare it with its baseline; give the indices of schedule health."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from pipeline.controls.measure import ALL_FINISHED, NO_TASKS, NOTHING_DUE, Measure, measure, undefined
from pipeline.controls.plan import Plan


@dataclass(frozen=True, slots=True)
class Drift:
    """How far a plan has moved from its baseline; tasks that have parts are not counted themselves.

    `finished` tasks are complete, `due` ones had to be by their baseline. `to_go` are the working days from the status
    date to the forecast end, `margin` those from there to the baselined end (negative: late).
    """

    finished: int
    due: int
    to_go: Measure
    margin: Measure
    bei: Measure
    cpli: Measure


def compute_drift(plan: Plan) -> Drift:
    """Return the baseline execution index and the critical path length index (DCMA 14-point assessment).

    BEI = tasks finished / baseline tasks due. CPLI = (critical path length + total float) / critical path length, where
    the length is what is left of it and the float is counted against the baselined end. Both are 1 on plan.
    """
    tasks = [task for task in plan.tasks if not task.summary]
    status = plan.status
    finished = sum(task.done for task in tasks)
    due = sum(status is not None and task.baseline_finish <= status for task in tasks)
    now = plan.axis.end_of(status) if status else 0
    if not tasks or all(task.done for task in tasks) or plan.baseline_finish is None:
        to_go = margin = undefined("days", ALL_FINISHED if tasks else NO_TASKS)
    else:
        to_go = measure(plan.length - now, "days")
        margin = measure(Fraction(plan.axis.end_of(plan.baseline_finish)) - Fraction(plan.length), "days")
    return Drift(
        finished=finished,
        due=due,
        to_go=to_go,
        margin=margin,
        bei=measure(Fraction(finished, due), "ratio") if due else undefined("ratio", NOTHING_DUE),
        cpli=(to_go + margin).over(to_go, ALL_FINISHED),
    )
