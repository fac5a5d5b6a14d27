"""Take projects as they come from the front rooms; plan each document, write what is stale; hold what came of it."""

from __future__ import annotations

import gc
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import Executor
from contextlib import ExitStack, closing, contextmanager, suppress
from dataclasses import dataclass, field, replace
from itertools import chain

from pipeline.archive.outputs import Outputs
from pipeline.archive.store import Store
from pipeline.build.last_build import Past
from pipeline.build.projects import Front, Passed
from pipeline.document.packing import Packed
from pipeline.host.engine import read_line_engine, read_writer_engine
from pipeline.plan import Folder, Step, make_steps
from pipeline.plan.keys import make_drawing_key, make_key
from pipeline.plan.records import Basis, DocumentFacts, FileFacts, Kept, ProjectFacts
from pipeline.problems import Problem, Stop, has_errors
from pipeline.write import Written
from pipeline.write.executor import open_executor
from pipeline.write.pool import write_documents

# Documents that are rendered until what nobody needs any more is let go; that may fail before no more are begun.
_BATCH = 32
_FEW = 3  # projects from which the number of documents in all can be guessed
_PICTURE = "picture"
Report = Callable[[int, int, str], None]  # how many are done, of how many (0: unknown), and words; 0, 0: words alone


class Lost(Exception):
    """Raised where finished bytes are not in the store any more: somebody has emptied or damaged it."""


class _Wrong(Exception):
    """Raised where something is wrong: nothing will be saved, so what is being written is given up."""


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


@dataclass
class Work:
    """What one build has in hand, and how far it has come.

    `jobs` is how many documents are written at a time; `executor` is the address of other machines, empty for this one;
    `strict` takes warnings as errors.
    """

    front: Front
    store: Store
    past: Past
    outputs: Outputs
    formats: tuple[str, ...]
    jobs: int = 1
    executor: str = ""
    force: bool = False
    strict: bool = False
    tasks: list[Task] = field(default_factory=list)
    projects: list[ProjectFacts] = field(default_factory=list)
    found: list[Problem] = field(default_factory=list)
    kept: dict[str, Kept] = field(default_factory=dict)
    held: set[str] = field(default_factory=set)  # projects of which something is wrong: they keep what they had
    _rendered: dict[str, ProjectFacts] = field(default_factory=dict)
    _remembered: list[str] = field(default_factory=list)
    _is_wrong: bool = False
    _needed: list[int] = field(default_factory=list)

    def plan(self, projects: Iterable[Passed]) -> None:
        """Plan all wanted documents of projects."""
        for passed in projects:
            self._plan_project(passed)

    def plan_and_write(self, projects: Iterable[Passed], report: Report) -> None:
        """Plan all wanted documents of projects, and meanwhile write those that need it, here or by the executor.

        A project of which something is wrong is not written. Where anything is wrong with what all projects share, or
        much with the writing, all are planned still, and no more written.
        """
        self._is_wrong = self._has_errors((*self.front.problems, *self.front.look_facts.problems))
        needed = self._plan_needed(projects)
        with suppress(_Wrong):
            first = next(needed, None)
            if first is not None:
                self._write(chain((first,), needed), report)

    def _plan_needed(self, projects: Iterable[Passed]) -> Iterator[tuple[str, Packed]]:
        """Plan one project after the other; give those documents that have to be written, with their keys."""
        rendered = 0
        for passed in projects:
            tasks = self._plan_project(passed)
            trees = passed.trees
            needed = [] if self._is_wrong or passed.facts.id in self.held else self._list_needed(tasks)
            if needed:
                self._needed.append(len(needed))
                trees = trees or self.front.render(passed.facts.id).trees
                yield from ((task.basis.key, trees[task.facts.name]) for task in needed)
            # While the sources are at hand, and others write already.
            list_reasons(tasks)
            rendered += len(trees)
            if rendered >= _BATCH:
                self._let_go()
                rendered = 0
        self._remember_projects()
        if self._is_wrong:
            raise _Wrong

    def _write(self, needed: Iterable[tuple[str, Packed]], report: Report) -> None:
        """Write documents and keep their files, each under its key."""
        begun: deque[tuple[str, str]] = deque()

        def begin() -> Iterator[Packed]:
            for key, document in needed:
                begun.append((key, document.id))
                yield document

        failed = 0
        with self._open_executor(needed) as executor:
            made = write_documents(
                begin(), self.front.renderer.look[1], self.formats, self.jobs, executor, self._look_up
            )
            with closing(made):
                for done, written in enumerate(made, start=1):
                    key, name = begun.popleft()
                    self._keep(key, name, written)
                    report(done, self._estimate(), name)
                    failed += self._has_errors(written.problems)
                    # So many do not fail each for a reason of its own.
                    self._is_wrong = self._is_wrong or failed >= _BATCH

    @contextmanager
    def _open_executor(self, needed: Iterable[tuple[str, Packed]]) -> Iterator[Executor | None]:
        """Give the executor, None for our own workers; where it cannot be had, what else is wrong is told first."""
        with ExitStack() as stack:
            try:
                executor = stack.enter_context(open_executor(self.executor)) if self.executor else None
            except Stop:
                deque(needed, maxlen=0)
                if self.held:
                    self._is_wrong = True
                    raise _Wrong from None
                raise
            yield executor

    def _estimate(self) -> int:
        """Return how many documents will be written, 0 as long as nobody can tell.

        That is certain when all projects are planned. Before, it is in proportion, if all of the first few needed any.
        """
        planned, wanted = len(self.projects), len(self.front.wanted)
        if planned < wanted and not _FEW <= planned == len(self._needed):
            return 0
        return sum(self._needed) * wanted // planned

    def _let_go(self) -> None:
        """Keep what was learned of projects, and let go of what they leave behind: it would fill the memory."""
        self._remember_projects()
        self.front.snapshot.let_go()
        gc.collect()

    def _keep(self, key: str, name: str, written: Written) -> None:
        lasting = read_line_engine().is_steady()
        self.kept[key] = self.store.keep(key, written.files, written.pages, written.problems, lasting=lasting)
        self._keep_drawings(name, written.drawn if lasting else {})

    def _plan_project(self, passed: Passed) -> list[Task]:
        """Plan the wanted documents of a project; return them."""
        facts = passed.facts
        self.projects.append(facts)
        if passed.fresh:
            self._rendered[passed.key] = facts
        if passed.known_since not in (None, self.front.snapshot.revision):
            self._remembered.append(passed.key)
        wanted = [one for one in facts.documents if self.front.selection.wants(facts.id, one.name)]
        found = [*facts.problems, *(problem for one in wanted for problem in one.problems)]
        self.found += found
        if self._has_errors(found):
            self.held.add(facts.id)
        bases = [(one, self._make_basis(facts.id, one)) for one in wanted if one.tree]
        self.kept.update(self._find([basis.key for _, basis in bases]))
        tasks = [self._plan(passed, one, basis) for one, basis in bases]
        self.tasks += tasks
        return tasks

    def problems(self) -> tuple[Problem, ...]:
        """Return all that was found so far, in the sources and while writing."""
        written = (self.kept[task.basis.key] for task in self.tasks if task.basis.key in self.kept)
        return (
            *self.front.problems,
            *self.front.look_facts.problems,
            *self.found,
            *(problem for kept in written for problem in kept.problems),
        )

    def files(self) -> Mapping[str, bytes]:
        """Return the finished files by their path in the output folder, each read when it is asked for."""
        kept = ((task, self.kept[task.basis.key]) for task in self.free_tasks)
        return _Finished(self.store, {s.path: one.files[s.format].sha256 for task, one in kept for s in task.steps})

    def remember_documents(self) -> None:
        """Note what documents were made from, after they have been saved."""
        known = self.past.list_documents()
        moved = (task for task in self.free_tasks if task.rendered or task.stale or task.name not in known)
        self.past.save({task.name: self._explain(task) for task in moved})

    def _remember_projects(self) -> None:
        """Note what this build learned of projects, for the next one: it holds whatever becomes of this one."""
        if read_line_engine().is_steady():
            ledger, revision = self.store.ledger, self.front.snapshot.revision
            ledger.save_look(self.front.look_key, self.front.look_facts)
            ledger.save_projects(self._rendered.items(), revision)
            ledger.mark_projects(self._remembered, revision)
        self._rendered.clear()
        self._remembered.clear()

    def settle(self) -> bool:
        """Hold back the projects of documents that could not be written; return whether any other may be saved."""
        written = ((task, self.kept.get(task.basis.key)) for task in self.tasks)
        self.held |= {task.project for task, kept in written if kept and self._has_errors(kept.problems)}
        shared = (*self.front.problems, *self.front.look_facts.problems)
        return not self._is_wrong and not self._has_errors(shared) and bool(self.free_tasks or not self.held)

    @property
    def free_tasks(self) -> tuple[Task, ...]:
        """Return the documents that nothing holds back."""
        return tuple(task for task in self.tasks if task.project not in self.held)

    @property
    def free_projects(self) -> tuple[ProjectFacts, ...]:
        """Return the projects that nothing holds back."""
        return tuple(one for one in self.projects if one.id not in self.held)

    def _has_errors(self, problems: Iterable[Problem]) -> bool:
        return has_errors(problems, strict=self.strict)

    def _look_up(self, document: str, keys: Iterable[str]) -> dict[str, bytes]:
        """Return the pictures of a document that are kept under these keys."""
        if self.force:
            return {}
        own = {_make_drawing_key(document, key): key for key in keys}
        kept = {own[key]: one.files[_PICTURE] for key, one in self.store.find(list(own)).items()}
        self.store.fetch(kept.values())
        found = {key: self.store.read(file.sha256) for key, file in kept.items()}
        return {key: data for key, data in found.items() if data is not None}

    def _keep_drawings(self, document: str, drawn: Mapping[str, bytes]) -> None:
        for key, data in drawn.items():
            self.store.keep(_make_drawing_key(document, key), {_PICTURE: data}, 0, ())

    def _explain(self, task: Task) -> Basis:
        """Return the basis with the reason of this writing, or with that of the last one if nothing was written."""
        reasons = tuple(dict.fromkeys(step.reason for step in task.stale))
        before = None if reasons else self.past.read(task.name)
        return replace(task.basis, reasons=before.reasons if before else reasons)

    def _plan(self, passed: Passed, facts: DocumentFacts, basis: Basis) -> Task:
        project, kept = passed.facts.id, self.kept.get(basis.key)
        folder = Folder(self.outputs.digest, self.past.read)
        steps = make_steps(project, facts.name, basis, kept, folder, self.past.reasons, force=self.force)
        return Task(project, facts, basis, steps, rendered=bool(passed.trees))

    def _find(self, keys: list[str]) -> dict[str, Kept]:
        """Return what these keys stand for; a record without the wanted formats is none."""
        return {key: kept for key, kept in self.store.find(keys).items() if kept.files.keys() == set(self.formats)}

    def _list_needed(self, tasks: list[Task]) -> list[Task]:
        """Return the documents that have to be written: a file of them is neither in place nor in the store."""
        stale = [task for task in tasks if task.stale]
        if self.force:
            return stale
        self.store.fetch(file for task in stale for file in self._list_stale(task) or ())
        files = ((task, self._list_stale(task)) for task in stale)
        return [task for task, wanted in files if wanted is None or not all(map(self.store.has, wanted))]

    def _list_stale(self, task: Task) -> tuple[FileFacts, ...] | None:
        """Return the files that have to be put in place; None where nobody knows what they will be."""
        kept = self.kept.get(task.basis.key)
        return tuple(kept.files[step.format] for step in task.stale) if kept else None

    def _make_basis(self, project: str, facts: DocumentFacts) -> Basis:
        snapshot, theme = self.front.snapshot, self.front.look_facts.theme
        return Basis(
            key=make_key(project, facts.tree, theme, self.formats, read_writer_engine().digest),
            formats=self.formats,
            theme=theme,
            draft=facts.draft,
            commit=facts.commit,
            revision=snapshot.revision,
            tree=facts.tree,
            engine=read_line_engine().digest,
            sources=facts.ids,
        )


def list_reasons(tasks: Iterable[Task]) -> list[str]:
    """Return why each file is written or not; the steps know it from then on, also when the store is closed."""
    return [step.reason for task in tasks for step in task.steps]


def _make_drawing_key(document: str, key: str) -> str:
    return make_drawing_key(document.partition("/")[0], key, read_writer_engine().digest)


class _Finished(Mapping[str, bytes]):
    """Finished files by path; Lost is raised for one that the store has lost."""

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
