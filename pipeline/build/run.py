"""Take projects as they come ready for writing; plan each document, write what is stale; hold what came of it."""

from __future__ import annotations

import gc
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Executor
from contextlib import ExitStack, closing, contextmanager, suppress
from dataclasses import dataclass, field, replace
from itertools import chain

from pipeline.build.context import BuildContext
from pipeline.build.projects import ReadyProject
from pipeline.build.request import Outcome, Report
from pipeline.build.tasks import Task, find_drawings, keep_written, list_needed, list_reasons, plan_tasks
from pipeline.document.packing import Packed
from pipeline.host.engine import read_line_engine
from pipeline.plan.records import Kept, ProjectFacts
from pipeline.plan.select import check_documents
from pipeline.problems import DONE, OUR_BUG, SOURCES_WRONG, Problem, Stop, drop_echoes, has_errors, sort_problems
from pipeline.write import is_fault
from pipeline.write.executor import open_executor
from pipeline.write.pool import write_documents

# Documents that are rendered until what nobody needs any more is let go; that may fail before no more are begun.
_BATCH = 32
_FEW = 3  # projects from which the number of documents in all can be guessed


class _Wrong(Exception):
    """Raised where something is wrong: nothing will be saved, so what is being written is given up."""


@dataclass
class BuildRun:
    """How far a build has come: its projects, what is found wrong with them, its tasks, what is kept of their files.

    `held` are the projects of which something is wrong: they keep what they had.
    """

    context: BuildContext
    projects: list[ProjectFacts] = field(default_factory=list)
    found: list[Problem] = field(default_factory=list)
    tasks: list[Task] = field(default_factory=list)
    kept: dict[str, Kept] = field(default_factory=dict)
    held: set[str] = field(default_factory=set)
    _news: list[ReadyProject] = field(default_factory=list)  # which the next build has not been told of yet
    _needed: list[int] = field(default_factory=list)  # how many documents each project has written, if any
    _is_wrong: bool = False

    def plan(self) -> None:
        """Plan all wanted documents."""
        for ready in self._take_projects():
            self._plan_project(ready)

    def plan_and_write(self, report: Report) -> None:
        """Plan all wanted documents, and meanwhile write those that need it, here or by the executor.

        A project of which something is wrong is not written. Where anything is wrong with what all projects share, or
        much with the writing, all are planned still, and no more written.
        """
        self._is_wrong = self.context.has_errors(self.context.shared_problems)
        needed = self._plan_needed()
        with suppress(_Wrong):
            first = next(needed, None)
            if first is not None:
                self._write(chain((first,), needed), report)

    def _take_projects(self) -> Iterator[ReadyProject]:
        """Give the wanted projects one by one; Stop after the last of them if there is no such document."""
        projects = self.context.projects
        yield from projects.render_wanted(anew=self.context.request.force)
        if all(project.known or not has_errors(project.problems) for project in self.projects):
            known = ((project.id, name) for project in self.projects for name in project.known)
            check_documents(projects.selection, known)

    def _plan_needed(self) -> Iterator[tuple[str, Packed]]:
        """Plan one project after the other; give those documents that have to be written, with their keys."""
        rendered = 0
        for ready in self._take_projects():
            tasks = self._plan_project(ready)
            trees = ready.trees
            is_held = self._is_wrong or ready.facts.id in self.held
            needed = [] if is_held else list_needed(self.context, tasks, self.kept)
            if needed:
                self._needed.append(len(needed))
                trees = trees or self.context.projects.render(ready.facts.id).trees
                yield from ((task.basis.key, trees[task.facts.name]) for task in needed)
            # While the sources are at hand, and others write already.
            list_reasons(tasks)
            rendered += len(trees)
            if rendered >= _BATCH:
                # What projects leave behind would fill the memory.
                self._remember_projects()
                self.context.snapshot.let_go()
                gc.collect()
                rendered = 0
        self._remember_projects()
        if self._is_wrong:
            raise _Wrong

    def _plan_project(self, ready: ReadyProject) -> list[Task]:
        """Plan the wanted documents of a project; return them."""
        facts, selection = ready.facts, self.context.projects.selection
        self.projects.append(facts)
        self._news.append(replace(ready, trees={}))
        wanted = [one for one in facts.documents if selection.wants(facts.id, one.name)]
        found = [*facts.problems, *(problem for one in wanted for problem in one.problems)]
        self.found += found
        if self.context.has_errors(found):
            self.held.add(facts.id)
        tasks = plan_tasks(self.context, ready, wanted, self.kept)
        self.tasks += tasks
        return tasks

    def _write(self, needed: Iterable[tuple[str, Packed]], report: Report) -> None:
        """Write documents and keep their files, each under its key."""
        context = self.context
        begun: deque[tuple[str, str]] = deque()

        def begin() -> Iterator[Packed]:
            for key, document in needed:
                begun.append((key, document.id))
                yield document

        def look_up(document: str, keys: Iterable[str]) -> dict[str, bytes]:
            return find_drawings(context, document, keys)

        theme, failed = context.projects.renderer.look[1], 0
        with self._open_executor(needed) as executor:
            made = write_documents(begin(), theme, context.formats, context.request.jobs, executor, look_up)
            with closing(made):
                for done, written in enumerate(made, start=1):
                    key, name = begun.popleft()
                    self.kept[key] = keep_written(context, key, name, written)
                    report(done, self._estimate(), name)
                    failed += context.has_errors(written.problems)
                    # So many do not fail each for a reason of its own.
                    self._is_wrong = self._is_wrong or failed >= _BATCH

    @contextmanager
    def _open_executor(self, needed: Iterable[tuple[str, Packed]]) -> Iterator[Executor | None]:
        """Give the executor, None for our own workers; where it cannot be had, what else is wrong is told first."""
        address = self.context.request.executor
        with ExitStack() as stack:
            try:
                executor = stack.enter_context(open_executor(address)) if address else None
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
        planned, wanted = len(self.projects), len(self.context.projects.wanted)
        if planned < wanted and not _FEW <= planned == len(self._needed):
            return 0
        return sum(self._needed) * wanted // planned

    def _remember_projects(self) -> None:
        """Note what this build learned of projects, for the next one: it holds whatever becomes of this one."""
        if read_line_engine().is_steady():
            projects, records, revision = (
                self.context.projects,
                self.context.store.records,
                self.context.snapshot.revision,
            )
            records.save_look(projects.look_key, projects.look_facts)
            records.save_projects(((one.key, one.facts) for one in self._news if one.fresh), revision)
            records.mark_projects((one.key for one in self._news if one.known_since not in (None, revision)), revision)
        self._news.clear()

    def hold_back(self) -> bool:
        """Hold back the projects of documents that could not be written; return whether any other may be saved."""
        context = self.context
        written = ((task, self.kept.get(task.basis.key)) for task in self.tasks)
        self.held |= {task.project for task, kept in written if kept and context.has_errors(kept.problems)}
        is_wrong = self._is_wrong or context.has_errors(context.shared_problems)
        return not is_wrong and bool(self.free_tasks or not self.held)

    @property
    def free_tasks(self) -> tuple[Task, ...]:
        """Return the documents that nothing holds back."""
        return tuple(task for task in self.tasks if task.project not in self.held)

    def list_problems(self) -> tuple[Problem, ...]:
        """Return all that was found so far, in the sources and while writing, as it is told: sorted, each once."""
        written = (self.kept[task.basis.key] for task in self.tasks if task.basis.key in self.kept)
        found = (problem for kept in written for problem in kept.problems)
        return drop_echoes(sort_problems((*self.context.shared_problems, *self.found, *found)))

    def make_outcome(self) -> Outcome:
        """Return what came of the request so far; nothing is saved yet."""
        problems = self.list_problems()
        code = DONE
        if self.context.has_errors(problems):
            code = OUR_BUG if any(map(is_fault, problems)) else SOURCES_WRONG
        list_reasons(self.tasks)
        snapshot, steps = self.context.snapshot, tuple(step for task in self.tasks for step in task.steps)
        folder = self.context.outputs.folder
        return Outcome(problems, steps, (), folder, snapshot.revision, snapshot.dirty, code)
