"""Take a request; run the line sources → model → controls → render → plan → write → archive; give the outcome.

Read this file first. The rooms up to render are run by `front.py`, project by project, for those that moved; controls
are called by render, figure by figure, as templates ask for them. `work.py` holds what one build has in hand.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline import __version__
from pipeline.archive.inside import find_output
from pipeline.archive.manifest import Change, FileEntry, Manifest, ProjectLine
from pipeline.archive.names import check_output
from pipeline.archive.save import save_build
from pipeline.archive.stamp import make_call
from pipeline.archive.store import Store, check_cache, explain_absence, find_store
from pipeline.build.last_build import Past
from pipeline.build.projects import Passed, open_front
from pipeline.build.renderer import open_renderer
from pipeline.build.run import Lost, Report, Task, Work, list_reasons
from pipeline.build.up_to_date import Seal, close_seal, make_words, open_seal
from pipeline.document.formats import FORMATS
from pipeline.host.config import read_host
from pipeline.host.engine import read_line_engine
from pipeline.host.known_libraries import report_misfits
from pipeline.model.load import list_projects, load_settings
from pipeline.model.settings import Settings
from pipeline.plan import Step
from pipeline.plan.select import Selection, check_documents
from pipeline.problems import (
    DONE,
    OUR_BUG,
    SOURCES_WRONG,
    USAGE,
    Problem,
    Stop,
    did_you_mean,
    drop_echoes,
    has_errors,
    sort_problems,
)
from pipeline.sources.commit import read_commit
from pipeline.sources.history import remember
from pipeline.sources.snapshot import Snapshot
from pipeline.sources.worktree import read_worktree
from pipeline.write import is_fault

if TYPE_CHECKING:
    from pipeline.controls.catalogue import Computed


@dataclass(frozen=True, slots=True)
class Request:
    """What is asked for: `rev` empty means the work tree, no selectors mean all, no formats mean the settings'.

    `executor` is the address of machines that write the documents; empty means workers of this one.
    Without `seal` no stamp is left by which a later build would see that nothing has moved.
    `store` is the folder of what earlier builds made, if it is not the repository's own; no remote one is asked then.
    """

    root: Path
    rev: str | None = None
    selectors: tuple[str, ...] = ()
    formats: tuple[str, ...] = ()
    output: Path | None = None
    jobs: int = 1
    force: bool = False
    dry_run: bool = False
    strict: bool = False
    executor: str = ""
    seal: bool = True
    store: Path | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a request; `written` are paths below `output` whose bytes changed.

    `held` are the projects that kept what they had, since something is wrong with them, while others were saved.
    """

    problems: tuple[Problem, ...]
    steps: tuple[Step, ...]
    written: tuple[str, ...]
    output: Path
    revision: str
    dirty: bool
    exit_code: int
    held: tuple[str, ...] = ()


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


def begin_build(request: Request) -> Seal | None:
    """Return how all looked before a build of the work tree reads any of it; None where nothing is to be sealed."""
    return _open_seal(request) if request.seal and not (request.rev or request.dry_run) else None


def build(
    request: Request,
    report: Report = lambda done, total, words: None,
    *,
    begun: Seal | None = None,
    ready: Callable[[], None] = lambda: None,
) -> Outcome:
    """Build what is asked for. A project with which anything is wrong keeps its earlier outputs as they are.

    Where anything is wrong with what all projects share, or no project is without a fault, nothing is saved.

    `begun` is what `begin_build` gave just before. `ready` is called when all is made and nothing saved yet: where it
    raises, nothing is.
    """
    if not request.dry_run:
        check_cache(request.root)
    seal = begun or begin_build(request)
    snapshot = _read(request)
    folder = _find_store(request)
    for kept in (folder, folder, None):
        with _open_store(kept, request, writable=not request.dry_run) as store:
            try:
                outcome = _build(request, snapshot, store, report, seal if kept else None, ready)
                return outcome if request.dry_run else _tell_of_store(outcome, store, request)
            except Lost:
                # Bytes that were there when the build was planned are not there now, and have been struck off.
                continue
    raise AssertionError("a build without a store loses nothing")


def check(request: Request) -> Outcome:
    """Read, check and render everything; write nothing."""
    with plan_only(request) as work:
        return _outcome(work, request)


@contextmanager
def plan_only(request: Request) -> Iterator[Work]:
    """Give what a build would have in hand before it writes, for the time of a `with` block; nothing is written."""
    snapshot = _read(request)
    with _open_store(_find_store(request), request, writable=False) as store:
        work = _plan(replace(request, dry_run=True), snapshot, store, lambda done, total, words: None)
        yield work
        work.front.close()


def _build(
    request: Request,
    snapshot: Snapshot,
    store: Store,
    report: Report,
    seal: Seal | None,
    ready: Callable[[], None],
) -> Outcome:
    work = _plan(request, snapshot, store, report)
    work.front.close()
    outcome = _outcome(work, request)
    # About this machine, as what is wrong with the store: no error under `strict`, and not in the index of the papers.
    told = replace(outcome, problems=(*outcome.problems, *report_misfits(work.formats)))
    may_save = work.settle()
    if request.dry_run or outcome.exit_code not in (DONE, SOURCES_WRONG) or not may_save:
        return told
    ready()
    saved = save_build(
        work.outputs.folder, work.files(), _make_manifest(work), whole=_is_whole(request) and not work.held,
        problems=outcome.problems,
        root=request.root, notify=lambda words: report(0, 0, words), outputs=work.outputs,
    )  # fmt: skip
    if request.store is None:  # else the folder is for once: nobody will ask what was in it
        work.remember_documents()
        work.past.save_outputs(work.outputs, saved.digests)
    if seal and not outcome.exit_code:
        words = make_words(snapshot.revision, snapshot.dirty, work.outputs.folder, told.problems)
        close_seal(seal, snapshot, work.outputs, saved.digests, words)
    return replace(told, written=saved.written, held=tuple(sorted(work.held)))


def _plan(request: Request, snapshot: Snapshot, store: Store, report: Report) -> Work:
    """Run the rooms before the writers and plan what they give; write it meanwhile, unless it is a dry run."""
    snapshot = remember(snapshot, request.root, store.ledger)
    front = open_front(snapshot, request.selectors, read_line_engine().digest, store.ledger)
    output = request.output or find_output(request.root, front.settings.output)
    _connect(front.settings, store, request, report)
    past = Past(store.ledger, request.root, output, snapshot)
    work = Work(
        front, store, past, past.open_outputs(), request.formats or front.settings.formats,
        jobs=request.jobs, executor=request.executor, force=request.force, strict=request.strict,
    )  # fmt: skip
    if request.dry_run:
        work.plan(_pass_checked(work, request))
    else:
        check_output(output, request.root)
        work.plan_and_write(_pass_checked(work, request), report)
    return work


def _pass_checked(work: Work, request: Request) -> Iterator[Passed]:
    """Give the wanted projects one by one; Stop after the last of them if there is no such document."""
    yield from work.front.pass_projects(anew=request.force)
    if all(project.known or not has_errors(project.problems) for project in work.projects):
        known = ((project.id, name) for project in work.projects for name in project.known)
        check_documents(work.front.selection, known)


def _connect(settings: Settings, store: Store, request: Request, report: Report) -> None:
    """Bound the store as host and settings say, and give it the remote that the host names, where it is written to."""
    if request.dry_run or request.store is not None:
        return
    host = read_host(request.root)
    store.largest = min(settings.cache.megabytes, host.megabytes) * 1_000_000
    if host.remote:
        from pipeline.archive.store.remote import Remote

        store.connect(Remote(host.remote, lambda words: report(0, 0, words)), write=host.write)


def _outcome(work: Work, request: Request) -> Outcome:
    problems = drop_echoes(sort_problems(work.problems()))
    code = DONE
    if has_errors(problems, strict=request.strict):
        code = OUR_BUG if any(map(is_fault, problems)) else SOURCES_WRONG
    list_reasons(work.tasks)
    snapshot, steps = work.front.snapshot, tuple(step for task in work.tasks for step in task.steps)
    return Outcome(problems, steps, (), work.outputs.folder, snapshot.revision, snapshot.dirty, code)


def _open_seal(request: Request) -> Seal | None:
    root, output = request.root.resolve(), str(request.output.resolve()) if request.output else ""
    call = make_call(str(root), output, request.selectors, request.formats, strict=request.strict)
    store = find_store(request.root)
    return open_seal(call, root, store) if store else None


def _is_whole(request: Request) -> bool:
    return not request.selectors and not request.formats


def _read(request: Request) -> Snapshot:
    return read_commit(request.root, request.rev) if request.rev else read_worktree(request.root)


def _find_store(request: Request) -> Path | None:
    """Return the store's folder; None where somebody else could have put things there."""
    return request.store or find_store(request.root)


def _tell_of_store(outcome: Outcome, store: Store, request: Request) -> Outcome:
    """Add what is wrong with the store: that is about this machine, so it is no error even where warnings are."""
    absent = () if request.store else explain_absence(request.root)
    return replace(outcome, problems=(*outcome.problems, *absent, *store.find_trouble()))


@contextmanager
def _open_store(folder: Path | None, request: Request, *, writable: bool) -> Iterator[Store]:
    store = Store(folder, root=None if request.store else request.root, writable=writable)
    try:
        yield store
    finally:
        store.close()


def _make_manifest(work: Work) -> Manifest:
    snapshot, settings = work.front.snapshot, work.front.settings
    return Manifest(
        generator=f"Deedbox {__version__}",
        revision=snapshot.revision,
        dirty=snapshot.dirty,
        date=snapshot.time.date().isoformat(),
        name=settings.name,
        lang=settings.language,
        projects=tuple(ProjectLine(one.id, one.name, one.title, one.phase) for one in work.free_projects),
        files=tuple(entry for task in work.free_tasks for entry in _make_entries(work, task)),
    )


def _make_entries(work: Work, task: Task) -> Iterator[FileEntry]:
    facts, kept, snapshot = task.facts, work.kept[task.basis.key], work.front.snapshot
    sources = facts.digests
    for format in work.formats:
        yield FileEntry(
            path=f"{task.name}.{format}",
            project=task.project,
            document=facts.name.removesuffix(f"-{facts.period}"),
            format=format,
            sha256=kept.files[format].sha256,
            size=kept.files[format].size,
            title=facts.title,
            period=facts.period,
            lang=facts.language,
            pages=kept.pages if FORMATS[format].paged else 0,
            draft=facts.draft,
            built=snapshot.revision,
            revision=Change(facts.commit, facts.date),
            sources=sources,
        )


def figures(request: Request, project: str, period: str | None = None) -> FiguresOutcome:
    """Return every computed figure of a project, as of a period's status date; of the newest without a period."""
    snapshot = _read(request)
    settings, problems = load_settings(snapshot)
    if settings is None:
        raise Stop(*snapshot.problems, *problems)
    known = list_projects(snapshot, settings)
    if project not in known:
        raise Stop(
            Problem("DB381", f"there is no project `{project}`", hint=did_you_mean(project, known)), exit_code=USAGE
        )
    renderer = open_renderer(snapshot, settings, Selection())
    found = renderer.compute(project, period)
    renderer.close()
    every = sort_problems((*snapshot.problems, *problems, *found.problems))
    if found.day is None or has_errors(every):
        return FiguresOutcome(every, project, SOURCES_WRONG)
    return FiguresOutcome(every, project, DONE, found.period, found.day, found.currency, found.figures)
