"""Take a request; plan it without writing; tell of each document whether it is stale, why, and why it was built."""

from __future__ import annotations

from dataclasses import dataclass, replace

from pipeline.build.build import Request, plan_only
from pipeline.build.run import Task, Work
from pipeline.plan import Step
from pipeline.plan.reasons import Change
from pipeline.plan.records import Basis
from pipeline.problems import DONE, SOURCES_WRONG, Problem, drop_echoes, has_errors, sort_problems


@dataclass(frozen=True, slots=True)
class Explanation:
    """One document: its files with their reasons, the sources that changed since its last build, and that build.

    `last` is None where nothing is known of a last build; `sources` are the paths that it is made from now.
    """

    document: str
    steps: tuple[Step, ...]
    sources: tuple[str, ...]
    changes: tuple[Change, ...]
    last: Basis | None

    @property
    def is_fresh(self) -> bool:
        """Return whether all its files are up to date."""
        return all(step.fresh for step in self.steps)


@dataclass(frozen=True, slots=True)
class WhyOutcome:
    """The explanations of the documents that were asked for; none where the sources are wrong."""

    problems: tuple[Problem, ...]
    documents: tuple[Explanation, ...]
    revision: str
    exit_code: int


def why(request: Request) -> WhyOutcome:
    """Return what makes each document stale, or that nothing does; Stop where none of this name is there."""
    with plan_only(request) as work:
        problems = drop_echoes(sort_problems(work.problems()))
        snapshot = work.front.snapshot
        outcome = WhyOutcome(problems, (), snapshot.revision, SOURCES_WRONG)
        if has_errors(problems):
            return outcome
        return replace(outcome, documents=tuple(_explain(work, task) for task in work.tasks), exit_code=DONE)


def _explain(work: Work, task: Task) -> Explanation:
    last = work.past.read(task.name)
    changes = work.past.reasons.find_changes(last, task.basis) if last else ()
    return Explanation(task.name, task.steps, tuple(task.basis.sources), changes, last)
