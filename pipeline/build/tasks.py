"""Take the documents of a project as they are now; find what is kept of each and what is stale; give tasks.

A document's tree, theme, formats and engine make a key. Under it the store keeps the finished files, and under keys of
their own the drawings of its charts.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from pipeline.build.context import BuildContext
from pipeline.build.projects import ReadyProject
from pipeline.host.engine import read_line_engine, read_writer_engine
from pipeline.plan import Folder, Step, make_steps
from pipeline.plan.keys import make_drawing_key, make_key
from pipeline.plan.records import Basis, DocumentFacts, FileFacts, Kept
from pipeline.write import Written

_PICTURE = "picture"


@dataclass(frozen=True, slots=True)
class Task:
    """One document of the build: what is known of it, what it is made from, what is to be done, whether it was read."""

    project: str
    facts: DocumentFacts
    basis: Basis
    steps: tuple[Step, ...]
    rendered: bool = False

    @property
    def name(self) -> str:
        """Return what the document is called in the output folder, without an ending."""
        return f"{self.project}/{self.facts.name}"

    @property
    def stale(self) -> tuple[Step, ...]:
        """Return the steps for files that are not as they should be."""
        return tuple(step for step in self.steps if not step.fresh)


def list_reasons(tasks: Iterable[Task]) -> list[str]:
    """Return why each file is written or not; the steps know it from then on, also when the store is closed."""
    return [step.reason for task in tasks for step in task.steps]


def plan_tasks(
    context: BuildContext, ready: ReadyProject, wanted: Iterable[DocumentFacts], kept: dict[str, Kept]
) -> list[Task]:
    """Return a task for each wanted document that could be rendered; what is kept of them is put into `kept`."""
    project, formats = ready.facts.id, set(context.formats)
    bases = [(one, make_basis(context, project, one)) for one in wanted if one.tree]
    found = context.store.find([basis.key for _, basis in bases])
    # A record without the wanted formats is none.
    kept.update((key, one) for key, one in found.items() if one.files.keys() == formats)
    folder, force = Folder(context.outputs.digest, context.last.read), context.request.force
    return [
        Task(
            project,
            one,
            basis,
            make_steps(project, one.name, basis, kept.get(basis.key), folder, context.last.reasons, force=force),
            rendered=bool(ready.trees),
        )
        for one, basis in bases
    ]


def make_basis(context: BuildContext, project: str, facts: DocumentFacts) -> Basis:
    """Return what a document is made from."""
    theme = context.projects.look_facts.theme
    return Basis(
        key=make_key(project, facts.tree, theme, context.formats, read_writer_engine().digest),
        formats=context.formats,
        theme=theme,
        draft=facts.draft,
        commit=facts.commit,
        revision=context.snapshot.revision,
        tree=facts.tree,
        engine=read_line_engine().digest,
        sources=facts.ids,
    )


def list_needed(context: BuildContext, tasks: Iterable[Task], kept: Mapping[str, Kept]) -> list[Task]:
    """Return the documents that have to be written: a file of them is neither in place nor in the store."""
    stale = [task for task in tasks if task.stale]
    if context.request.force:
        return stale
    files = [(task, _list_stale(task, kept.get(task.basis.key))) for task in stale]
    context.store.fetch(file for _, wanted in files for file in wanted or ())
    return [task for task, wanted in files if wanted is None or not all(map(context.store.has, wanted))]


def _list_stale(task: Task, kept: Kept | None) -> Sequence[FileFacts] | None:
    """Return the files that have to be put in place; None where nobody knows what they will be."""
    return [kept.files[step.format] for step in task.stale] if kept else None


def keep_written(context: BuildContext, key: str, document: str, written: Written) -> Kept:
    """Return the record of a written document after keeping its files and drawings."""
    lasting, store = read_line_engine().is_steady(), context.store
    kept = store.keep(key, written.files, written.pages, written.problems, lasting=lasting)
    for name, data in (written.drawn if lasting else {}).items():
        store.keep(_name_drawing(document, name), {_PICTURE: data}, 0, ())
    return kept


def find_drawings(context: BuildContext, document: str, keys: Iterable[str]) -> dict[str, bytes]:
    """Return the drawings of a document that are kept under these keys."""
    if context.request.force:
        return {}
    store = context.store
    own = {_name_drawing(document, key): key for key in keys}
    kept = {own[key]: one.files[_PICTURE] for key, one in store.find(list(own)).items()}
    store.fetch(kept.values())
    found = {key: store.read(file.sha256) for key, file in kept.items()}
    return {key: data for key, data in found.items() if data is not None}


def _name_drawing(document: str, key: str) -> str:
    return make_drawing_key(document.partition("/")[0], key, read_writer_engine().digest)
