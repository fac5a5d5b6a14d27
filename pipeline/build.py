"""Take a request; run the line sources → model → controls → render → plan → write → archive; give the outcome.

Read this file first: each room is one call. Controls are called by render, figure by figure, as templates ask for them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from pipeline import __version__
from pipeline.archive.manifest import Change, FileEntry, Manifest, ProjectLine, make_entry
from pipeline.archive.names import check_output
from pipeline.archive.save import save_build
from pipeline.controls.catalogue import Computed, compute_all
from pipeline.controls.figure_table import FIGURES
from pipeline.controls.figures import Figures
from pipeline.controls.origins import Origins
from pipeline.controls.plan_checks import check_plan
from pipeline.model.load import list_projects, load_project, load_settings
from pipeline.model.project import Project
from pipeline.model.rules.severities import apply_severities
from pipeline.model.settings import Settings
from pipeline.plan import Plan, Selection, Step, make_plan, read_selectors
from pipeline.plan.select import check_documents
from pipeline.problems import (
    DONE,
    OUR_BUG,
    SOURCES_WRONG,
    USAGE,
    Place,
    Problem,
    Stop,
    did_you_mean,
    drop_echoes,
    has_errors,
    sort_problems,
)
from pipeline.render.document import Rendered
from pipeline.render.portfolio import Portfolio, render_portfolio
from pipeline.sources.commit import read_commit
from pipeline.sources.snapshot import Snapshot
from pipeline.sources.worktree import read_worktree
from pipeline.write import Written
from pipeline.write.checks import is_fault
from pipeline.write.pool import write_documents

Report = Callable[[int, int, str], None]


@dataclass(frozen=True, slots=True)
class Request:
    """What is asked for: `rev` empty means the work tree, no selectors mean all, no formats mean the settings'."""

    root: Path
    rev: str | None = None
    selectors: tuple[str, ...] = ()
    formats: tuple[str, ...] = ()
    output: Path | None = None
    jobs: int = 1
    force: bool = False
    dry_run: bool = False
    strict: bool = False


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a request; `written` are paths below `output` whose bytes changed."""

    problems: tuple[Problem, ...]
    steps: tuple[Step, ...]
    written: tuple[str, ...]
    output: Path
    revision: str
    dirty: bool
    exit_code: int


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


@dataclass(frozen=True)
class _Front:
    """What the rooms before the writers give."""

    snapshot: Snapshot
    settings: Settings
    projects: tuple[Project, ...]
    selection: Selection
    portfolio: Portfolio
    plan: Plan
    problems: tuple[Problem, ...]
    output: Path


def build(request: Request, report: Report = lambda done, total, words: None) -> Outcome:
    """Build what is asked for, or nothing: where anything is wrong, earlier outputs stay as they are."""
    front = _run_front(request)
    outcome = _outcome(front)
    if has_errors(front.problems, strict=request.strict):
        return replace(outcome, exit_code=SOURCES_WRONG)
    if request.dry_run:
        return outcome
    check_output(front.output, request.root)
    written = _write(front, request.jobs, report)
    problems = sort_problems((*front.problems, *(p for one in written for p in one.problems)))
    if has_errors(problems, strict=request.strict):
        code = OUR_BUG if any(map(is_fault, problems)) else SOURCES_WRONG
        return replace(outcome, problems=problems, exit_code=code)
    files, manifest = _collect(front, written)
    saved = save_build(
        front.output, files, manifest, whole=front.selection.whole and not request.formats, problems=problems,
        root=request.root, notify=lambda words: report(0, 0, words),
    )  # fmt: skip
    return replace(outcome, problems=problems, written=saved.written)


def check(request: Request) -> Outcome:
    """Read, check and render everything; write nothing."""
    front = _run_front(request)
    code = SOURCES_WRONG if has_errors(front.problems, strict=request.strict) else DONE
    return replace(_outcome(front), exit_code=code)


def figures(request: Request, project: str, period: str | None = None) -> FiguresOutcome:
    """Return every computed figure of a project, as of a period's status date; of the newest without a period."""
    snapshot = read_commit(request.root, request.rev) if request.rev else read_worktree(request.root)
    settings, problems = load_settings(snapshot)
    if settings is None:
        raise Stop(*snapshot.problems, *problems)
    known = list_projects(snapshot, settings)
    if project not in known:
        raise Stop(
            Problem("DB381", f"there is no project `{project}`", hint=did_you_mean(project, known)), exit_code=USAGE
        )
    loaded = load_project(snapshot, settings, project)
    found = sort_problems((*snapshot.problems, *problems, *loaded.problems))
    if loaded.project is None or has_errors(found):
        return FiguresOutcome(found, project, SOURCES_WRONG)
    day, period = _find_day(loaded.project, period)
    origins = Origins(loaded.project, loaded.where, day)
    computed = compute_all(Figures(loaded.project, day, settings.scales), origins, FIGURES)
    return FiguresOutcome(found, project, DONE, period, day, loaded.project.info.currency, computed)


def _find_day(project: Project, period: str | None) -> tuple[date, str]:
    """Return the day that a period means, and the period that is current on it ("" before the first)."""
    progress = project.progress_of(period) if period else project.progress_on(project.as_of)
    if period and progress is None:
        hint = did_you_mean(period, (one.period for one in project.progress))
        raise Stop(Problem("DB384", f"project {project.id} has no period `{period}`", hint=hint), exit_code=USAGE)
    return (progress.status_date if progress and period else project.as_of), progress.period if progress else ""


def _run_front(request: Request) -> _Front:
    snapshot = read_commit(request.root, request.rev) if request.rev else read_worktree(request.root)
    settings, problems = load_settings(snapshot)
    if settings is None:
        raise Stop(*snapshot.problems, *problems)
    names = list_projects(snapshot, settings)
    if not names:
        raise Stop(*snapshot.problems, *problems, _NO_PROJECT)
    selection = read_selectors(request.selectors, names)
    loaded = [load_project(snapshot, settings, name) for name in names if selection.wants_project(name)]
    projects = tuple(one.project for one in loaded if one.project is not None)
    portfolio = render_portfolio(projects, snapshot, selection.wants)
    broken = any(one.project is None for one in loaded)
    if not broken:
        check_documents(selection, portfolio.known)
    planned = (p for one in loaded if one.project is not None for p in check_plan(one.project, one.where))
    later = apply_severities((*planned, *portfolio.problems), settings)
    found = (*snapshot.problems, *problems, *(p for one in loaded for p in one.problems), *later)
    plan = make_plan(
        ((one.job.project, one.job.name) for one in portfolio.rendered),
        request.formats or settings.formats,
        whole=selection.whole,
    )
    output = request.output or request.root / settings.output
    return _Front(snapshot, settings, projects, selection, portfolio, plan, drop_echoes(sort_problems(found)), output)


_NO_PROJECT = Problem(
    "DB383",
    "there is no project here yet",
    Place("deedbox.yaml"),
    "make a folder with a project.yaml, or: deedbox init DIR",
)


def _outcome(front: _Front) -> Outcome:
    snapshot = front.snapshot
    return Outcome(front.problems, front.plan.steps, (), front.output, snapshot.revision, snapshot.dirty, DONE)


def _write(front: _Front, jobs: int, report: Report) -> tuple[Written, ...]:
    formats = tuple(dict.fromkeys(step.format for step in front.plan.steps))
    # A document with errors has stopped the build before.
    documents = [one.document for one in front.portfolio.rendered if one.document is not None]
    written: list[Written] = []
    for document, made in zip(documents, write_documents(documents, front.portfolio.theme, formats, jobs), strict=True):
        written.append(made)
        report(len(written), len(documents), document.id)
    return tuple(written)


def _collect(front: _Front, written: tuple[Written, ...]) -> tuple[dict[str, bytes], Manifest]:
    files: dict[str, bytes] = {}
    entries: list[FileEntry] = []
    for one, made in zip(front.portfolio.rendered, written, strict=True):
        for format, data in made.files.items():
            path = f"{one.job.project}/{one.job.name}.{format}"
            files[path] = data
            entries.append(_entry(front, one, made, path, format))
    lines = tuple(ProjectLine(p.id, p.info.name, p.info.title, p.info.phase) for p in front.projects)
    snapshot, settings = front.snapshot, front.settings
    manifest = Manifest(
        generator=f"Deedbox {__version__}",
        revision=snapshot.revision,
        dirty=snapshot.dirty,
        date=snapshot.time.date().isoformat(),
        name=settings.name,
        lang=settings.language,
        projects=lines,
        files=tuple(entries),
    )
    return files, manifest


def _entry(front: _Front, one: Rendered, made: Written, path: str, format: str) -> FileEntry:
    assert one.document is not None
    commit = one.commit
    return make_entry(
        path,
        made.files[format],
        project=one.job.project,
        document=one.job.name.removesuffix(f"-{one.job.period}"),
        format=format,
        title=one.title,
        period=one.job.period,
        lang=one.document.properties.language,
        pages=0 if format == "html" else made.pages,
        draft=front.snapshot.dirty,
        built=front.snapshot.revision,
        revision=Change(commit.id, commit.time.date().isoformat()) if commit else Change(),
        sources=one.sources,
    )
