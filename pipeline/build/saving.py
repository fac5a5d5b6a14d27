"""Take a build that has written what it needs; put its files into the output folder; note what they were made from."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from msgspec import structs

from pipeline import __version__
from pipeline.archive.manifest import Change, FileEntry, Manifest, ProjectLine
from pipeline.archive.save import save_build
from pipeline.archive.store import Store
from pipeline.build.request import Outcome, Report
from pipeline.build.run import BuildRun
from pipeline.build.tasks import Task
from pipeline.build.up_to_date import BuildStart, leave_stamp, make_words
from pipeline.document.formats import FORMATS
from pipeline.plan.records import Basis


class Lost(Exception):
    """Raised where finished bytes are not in the store any more: somebody has emptied or damaged it."""


class _Finished(Mapping[str, bytes]):
    """Finished files by path, each read when it is asked for; Lost is raised for one that the store has lost."""

    def __init__(self, store: Store, digests: Mapping[str, str]) -> None:
        self._store = store
        self._digests = digests

    def __getitem__(self, path: str) -> bytes:
        data = self._store.read(self._digests[path])
        if data is None:
            raise Lost(path)
        return data

    def __iter__(self) -> Iterator[str]:
        return iter(self._digests)

    def __len__(self) -> int:
        return len(self._digests)


def save_run(run: BuildRun, outcome: Outcome, told: Outcome, start: BuildStart | None, report: Report) -> Outcome:
    """Save the files of all projects that nothing holds back; return what was written, and leave a stamp.

    `told` is the outcome with what is to be said of this machine, which no paper shows.
    """
    context, request = run.context, run.context.request
    kept = ((task, run.kept[task.basis.key]) for task in run.free_tasks)
    digests = {step.path: one.files[step.format].sha256 for task, one in kept for step in task.steps}
    saved = save_build(
        context.outputs.folder,
        _Finished(context.store, digests),
        _make_manifest(run),
        whole=not (request.selectors or request.formats or run.held),
        problems=outcome.problems,
        root=request.root,
        notify=lambda words: report(0, 0, words),
        outputs=context.outputs,
    )
    if request.store is None:  # else the folder is for once: nobody will ask what was in it
        known = context.last.list_documents()
        moved = (task for task in run.free_tasks if task.rendered or task.stale or task.name not in known)
        context.last.save({task.name: _explain(run, task) for task in moved})
        context.last.save_outputs(context.outputs, saved.digests)
    if start and not outcome.exit_code:
        snapshot = context.snapshot
        words = make_words(snapshot.revision, snapshot.dirty, context.outputs.folder, told.problems)
        leave_stamp(start, snapshot, context.outputs, saved.digests, words)
    return replace(told, written=saved.written, held=tuple(sorted(run.held)))


def _explain(run: BuildRun, task: Task) -> Basis:
    """Return the basis with the reason of this writing, or with that of the last one if nothing was written."""
    reasons = tuple(dict.fromkeys(step.reason for step in task.stale))
    before = None if reasons else run.context.last.read(task.name)
    return structs.replace(task.basis, reasons=before.reasons if before else reasons)


def _make_manifest(run: BuildRun) -> Manifest:
    snapshot, settings = run.context.snapshot, run.context.projects.settings
    projects = (one for one in run.projects if one.id not in run.held)
    return Manifest(
        generator=f"Deedbox {__version__}",
        revision=snapshot.revision,
        dirty=snapshot.dirty,
        date=snapshot.time.date().isoformat(),
        name=settings.name,
        lang=settings.language,
        projects=tuple(ProjectLine(one.id, one.name, one.title, one.phase) for one in projects),
        files=tuple(entry for task in run.free_tasks for entry in _make_entries(run, task)),
    )


def _make_entries(run: BuildRun, task: Task) -> Iterator[FileEntry]:
    facts, kept = task.facts, run.kept[task.basis.key]
    sources = facts.digests
    for format in run.context.formats:
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
            built=run.context.snapshot.revision,
            revision=Change(facts.commit, facts.date),
            sources=sources,
        )
