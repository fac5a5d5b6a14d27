"""The line: take a request; run sources → model, controls, render → plan, write → archive; give the outcome.

Read this file first: `build` opens what a build needs, `_run_line` calls one room after the other.

A project is read, rendered, planned and written before the next one is, and only where anything of it has moved:
`projects.py` has it rendered (in another process, `renderer.py`), `run.py` plans and writes it, `saving.py` puts all
into the output folder in one go. `context.py` holds what a build knows from its beginning, `last_build.py` why it does
what it does, `up_to_date.py` leaves the stamp by which `cli/fast.py` sees that nothing has moved.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace

from pipeline.archive.names import check_output
from pipeline.archive.store import Store, check_cache
from pipeline.build.context import find_folder, make_context, open_store, tell_of_store
from pipeline.build.projects import open_projects
from pipeline.build.request import Outcome, Report, Request
from pipeline.build.run import BuildRun
from pipeline.build.saving import Lost, save_run
from pipeline.build.up_to_date import BuildStart, note_start
from pipeline.host.known_libraries import report_misfits
from pipeline.problems import DONE, SOURCES_WRONG
from pipeline.sources.git.repository import Repository, open_git
from pipeline.sources.history import remember
from pipeline.sources.snapshot import Snapshot
from pipeline.sources.worktree import read_sources


def _say_nothing(done: int, total: int, words: str) -> None:
    """Report to nobody."""


def build(
    request: Request,
    report: Report = _say_nothing,
    *,
    begun: BuildStart | None = None,
    ready: Callable[[], None] = lambda: None,
) -> Outcome:
    """Build what is asked for. A project with which anything is wrong keeps its earlier outputs as they are.

    Where anything is wrong with what all projects share, or no project is without a fault, nothing is saved.

    `begun` is what `begin_build` gave just before. `ready` is called when all is made and nothing saved yet: where it
    raises, nothing is.
    """
    if not request.dry_run:
        check_cache(request.root)
    with open_git(request.root, request.inside) as repository:
        start = begun or note_start(request, repository)
        snapshot = read_sources(repository, request.rev)
        folder = find_folder(request)
        # Bytes that were in the store when the build was planned may be lost now: then all is planned again, and in the
        # end without any store.
        for kept in (folder, folder, None):
            with open_store(kept, request, writable=not request.dry_run) as store, suppress(Lost):
                outcome = _run_line(request, repository, snapshot, store, report, start if kept else None, ready)
                return outcome if request.dry_run else tell_of_store(outcome, store, request)
    raise AssertionError("a build without a store loses nothing")


def check(request: Request) -> Outcome:
    """Read, check and render everything; write nothing."""
    with plan_only(request) as run:
        return run.make_outcome()


@contextmanager
def plan_only(request: Request) -> Iterator[BuildRun]:
    """Give what a build would come to before it writes, for the time of a `with` block; nothing is written."""
    dry = replace(request, dry_run=True)
    with open_git(request.root, request.inside) as repository:
        snapshot = read_sources(repository, request.rev)
        with open_store(find_folder(request), request, writable=False) as store:
            run = _plan(dry, repository, snapshot, store, _say_nothing)
            yield run
            run.context.projects.close()


def _run_line(
    request: Request,
    repository: Repository,
    snapshot: Snapshot,
    store: Store,
    report: Report,
    start: BuildStart | None,
    ready: Callable[[], None],
) -> Outcome:
    run = _plan(request, repository, snapshot, store, report)
    run.context.projects.close()
    outcome = run.make_outcome()
    # About this machine, as what is wrong with the store: no error under `strict`, and not in the index of the papers.
    told = replace(outcome, problems=(*outcome.problems, *report_misfits(run.context.formats)))
    may_save = run.hold_back()
    if request.dry_run or outcome.exit_code not in (DONE, SOURCES_WRONG) or not may_save:
        return told
    ready()
    return save_run(run, outcome, told, start, report)


def _plan(request: Request, repository: Repository, snapshot: Snapshot, store: Store, report: Report) -> BuildRun:
    """Run the rooms before the writers and plan what they give; write it meanwhile, unless it is a dry run."""
    projects = open_projects(remember(snapshot, repository, store.records), request.selectors, store.records)
    run = BuildRun(make_context(request, repository, projects, store, report))
    if request.dry_run:
        run.plan()
    else:
        check_output(run.context.outputs.folder, request.root)
        run.plan_and_write(report)
    return run
