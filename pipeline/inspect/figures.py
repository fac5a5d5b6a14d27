"""Take a request, a project and a period; compute every figure in the process that renders; give them to be printed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from pipeline.build.renderer import open_renderer
from pipeline.build.request import Request
from pipeline.model.load import list_projects, load_settings
from pipeline.plan.select import Selection
from pipeline.problems import DONE, SOURCES_WRONG, USAGE, Problem, Stop, did_you_mean, has_errors, sort_problems
from pipeline.sources.git.repository import open_git
from pipeline.sources.worktree import read_sources

if TYPE_CHECKING:
    from pipeline.controls.catalogue import Computed


@dataclass(frozen=True, slots=True)
class FiguresOutcome:
    """The computed figures of a project on a day; none where its sources are wrong."""

    problems: tuple[Problem, ...]
    project: str
    exit_code: int
    period: str = ""
    day: date | None = None
    currency: str = ""
    figures: tuple[Computed, ...] = ()


def figures(request: Request, project: str, period: str | None = None) -> FiguresOutcome:
    """Return every computed figure of a project, as of a period's status date; of the newest without a period."""
    with open_git(request.root, request.inside) as repository:
        snapshot = read_sources(repository, request.rev)
    settings, problems = load_settings(snapshot)
    if settings is None:
        raise Stop(*snapshot.problems, *problems)
    known = list_projects(snapshot, settings)
    if project not in known:
        hint = did_you_mean(project, known)
        raise Stop(Problem("DB381", f"there is no project `{project}`", hint=hint), exit_code=USAGE)
    renderer = open_renderer(snapshot, settings, Selection())
    found = renderer.compute(project, period)
    renderer.close()
    every = sort_problems((*snapshot.problems, *problems, *found.problems))
    if found.day is None or has_errors(every):
        return FiguresOutcome(every, project, SOURCES_WRONG)
    return FiguresOutcome(every, project, DONE, found.period, found.day, found.currency, found.figures)
