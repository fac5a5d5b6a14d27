"""Take a request; plan it without writing; tell of each document whether it is stale, why, and why it was built."""

from __future__ import annotations

from dataclasses import dataclass, replace

from pipeline.build.build import plan_only
from pipeline.build.request import Request
from pipeline.build.run import BuildRun
from pipeline.build.tasks import Task
from pipeline.plan import Step
from pipeline.plan.reasons import Change
from pipeline.plan.records import Basis
from pipeline.problems import DONE, SOURCES_WRONG, Problem, has_errors


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
    with plan_only(request) as run:
        problems = run.list_problems()
        snapshot = run.context.snapshot
        outcome = WhyOutcome(problems, (), snapshot.revision, SOURCES_WRONG)
        if has_errors(problems):
            return outcome
        return replace(outcome, documents=tuple(_explain(run, task) for task in run.tasks), exit_code=DONE)


def _explain(run: BuildRun, task: Task) -> Explanation:
    last = run.context.last.read(task.name)
    changes = run.context.last.reasons.find_changes(last, task.basis) if last else ()
    return Explanation(task.name, task.steps, tuple(task.basis.sources), changes, last)
