"""Take a snapshot, the settings and what is wanted; have projects rendered in a confined process; give facts and trees.

What contributors write is read, parsed and run there, not here: templates, Markdown, YAML, pictures, corporate files.
A project that takes more time or memory than a document may, or ends the process, becomes a problem of that project.
"""

from __future__ import annotations

import errno
import json
import pickle
import signal
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from typing import Any, Protocol

from msgspec import convert

from pipeline.document.packing import Packed, unpack
from pipeline.model.settings import Settings
from pipeline.plan.records import FigureSet, LookFacts, PackedProject, ProjectFacts, unpack_project
from pipeline.plan.select import Selection
from pipeline.problems import Place, Problem, Stop
from pipeline.processes.fork_server import RENDERERS
from pipeline.processes.frames import part_frames
from pipeline.processes.limits import SETTING, Limits, read_limits
from pipeline.processes.worker import Worker, WorkerDied
from pipeline.render.questions import BASELINES, HISTORY, READ, TELL, TRIAL, read_question
from pipeline.sources.snapshot import Snapshot
from pipeline.stored import BROKEN

Papers = tuple[ProjectFacts, Mapping[str, Packed]]

_TASKS_A_WORKER = 500  # then it is replaced, so that what it keeps cannot add up
_idle: list[Worker] = []


class Renderer(Protocol):
    """What renders the projects of one snapshot."""

    @property
    def look(self) -> tuple[LookFacts, bytes]:
        """Return what is known of the look, and the theme packed; Stop where the theme cannot be used."""

    def render(self, name: str) -> Papers:
        """Return the facts of a project, and the trees of its wanted documents that have no errors, by name."""

    def compute(self, name: str, period: str | None) -> FigureSet:
        """Return the computed figures of a project; Stop (exit 2) where it has no such period."""

    def close(self) -> None:
        """Let go of what was needed for rendering."""


def open_renderer(snapshot: Snapshot, settings: Settings, selection: Selection) -> Renderer:
    """Return what renders here: a confined process, or this one where `DEEDBOX_LIMITS` is off."""
    if limits := read_limits():
        return ConfinedRenderer(snapshot, settings, selection, limits)
    from pipeline.build.rendering import DirectRenderer

    return DirectRenderer(snapshot, settings, selection)


@dataclass
class ConfinedRenderer:
    """Renders in a process that can open, reach and start nothing; what it asks for is answered here."""

    snapshot: Snapshot
    settings: Settings
    selection: Selection
    limits: Limits
    _worker: Worker | None = None
    _done: int = 0  # tasks that this process has done for this snapshot
    _at: str = ""  # the file whose document is being rendered
    _answers: Mapping[str, Callable[[str], Any]] = field(init=False)

    def __post_init__(self) -> None:
        self._answers = {
            READ: lambda path: self.snapshot.files[path].load(),
            HISTORY: lambda _: self.snapshot.changes(),
            BASELINES: lambda _: self.snapshot.baselines(),
            TELL: self._note,
            TRIAL: _try,
        }

    @cached_property
    def look(self) -> tuple[LookFacts, bytes]:
        """Return the look."""
        self._at = "theme/theme.yaml"
        try:
            head, (theme,) = self._do("give_look", b"", "the look of the documents")
            return convert(head["facts"], LookFacts), theme
        except _Failed as failed:
            raise Stop(*failed.problems) from failed
        except BROKEN as error:
            raise Stop(_say("DB425", "the look of the documents", "gave no answer", self._at)) from error

    def render(self, name: str) -> Papers:
        """Return a project, rendered, or with the problem that it has become."""
        self._at = f"{name}/project.yaml"
        try:
            head, blocks = self._do("render", name.encode("utf-8", "surrogateescape"), name)
            documents = zip(head["documents"], blocks, strict=True)
            trees = {one: Packed(id, data, tuple(charts), tuple(pngs)) for (one, id, charts, pngs), data in documents}
            facts = unpack_project(convert(head["facts"], PackedProject))
            if facts.id != name or not trees.keys() <= {one.name for one in facts.documents}:
                raise ValueError("this is another project")
        except _Failed as failed:
            return ProjectFacts(name, problems=failed.problems), {}
        except BROKEN:
            return ProjectFacts(name, problems=(_say("DB425", name, "gave no answer", self._at),)), {}
        return facts, trees

    def compute(self, name: str, period: str | None) -> FigureSet:
        """Return the figures of a project, or the problem that it has become."""
        from pipeline.controls import catalogue  # noqa: F401 -- what the answer holds is of its classes

        self._at = f"{name}/project.yaml"
        try:
            head, (figures,) = self._do("compute", json.dumps([name, period]).encode(), name)
            day = date.fromisoformat(head["day"]) if head["day"] else None
            problems = convert(head["found"], tuple[Problem, ...])
            return FigureSet(problems, str(head["period"]), day, str(head["currency"]), unpack(figures))
        except _Failed as failed:
            return FigureSet(failed.problems)
        except (*BROKEN, pickle.UnpicklingError, EOFError):
            return FigureSet((_say("DB425", name, "gave no answer", self._at),))

    def close(self) -> None:
        """Let the next renderer of this process have the worker, warm as it is, unless it is an old one."""
        worker, self._worker = self._worker, None
        if worker and worker.done < _TASKS_A_WORKER:
            _idle.append(worker)
        elif worker:
            worker.end()

    def _do(self, task: str, step: bytes, what: str) -> tuple[dict[str, Any], tuple[bytes, ...]]:
        """Return the answer to a task; Stop where it stopped, _Failed where the process did not live to answer.

        A process that has rendered before may have been full of that: a fresh one tries once more.
        """
        while True:
            is_fresh = self._done == 0
            try:
                head, blocks = part_frames(self._open().do(f"{_TASKS}.{task}", step, self._answer))
                self._done += 1
                break
            except TimeoutError:
                self._worker = None
                raise _Failed(self._too_long(what, f"{self.limits.time} s")) from None
            except WorkerDied as died:
                self._worker, self._done = None, 0
                if is_fresh:
                    raise _Failed(self._report(what, died.code)) from died
            except BaseException:
                self._worker = None  # it was in the middle of something, or is gone
                raise
        if "failure" in head:
            raise _Failed(_say("DB427", what, f"could not be rendered: {head['failure']}", self._at, _REPORT))
        if "problems" in head:
            raise Stop(*convert(head["problems"], tuple[Problem, ...]), exit_code=int(head["exit_code"]))
        return head, blocks

    def _open(self) -> Worker:
        """Return the process, which knows the snapshot: one that waited for work, unless it has died of that."""
        if self._worker is None:
            session = self._describe_session()
            with suppress(IndexError, WorkerDied):
                self._worker = _begin(_idle.pop(), session)
            if self._worker is None:
                limits = replace(self.limits, processor=self.limits.rendering)
                self._worker = _begin(Worker(limits, RENDERERS), session)
            self._done = 0
        return self._worker

    def _describe_session(self) -> bytes:
        """Return what the process is to know before it reads anything."""
        nothing = {"files": {}, "changes": _none, "baselines": _none, "touched": _none, "problems": ()}
        bare = replace(self.snapshot, **nothing, _read={}, _digests={})  # type: ignore[arg-type]
        files = {path: blob.id for path, blob in self.snapshot.files.items()}
        return pickle.dumps((bare, files, self.settings, self.selection), pickle.HIGHEST_PROTOCOL)

    def _answer(self, question: bytes) -> Any:
        what, words = read_question(question)
        if what not in self._answers:
            raise Stop(_say("DB425", "the process that renders", "asked for what it may not have", self._at))
        return self._answers[what](words)

    def _note(self, path: str) -> None:
        self._at = path

    def _report(self, what: str, code: int | None) -> Problem:
        if code is None:
            return _say("DB426", what, "could not be rendered: no process could be started", "", _MORE_PROCESSES)
        if -code == getattr(signal, "SIGXCPU", 0):
            return self._too_long(what, f"{self.limits.rendering} s of computing")
        if code == errno.ENOMEM:
            words = f"needs more than {self.limits.memory} MB to be rendered"
            return _say("DB424", what, words, self._at, f"make it smaller, or allow more: {SETTING}=memory=MB")
        how = f"signal {signal.Signals(-code).name}" if code < 0 else f"exit code {code}"
        return _say("DB425", what, f"could not be rendered: the process that did it died ({how})", self._at, _REPORT)

    def _too_long(self, what: str, time: str) -> Problem:
        hint = f"a template or a chart without end? Else allow more: {SETTING}=rendering=SECONDS"
        return _say("DB423", what, f"is not rendered after {time}", self._at, hint)


def stop_renderers() -> None:
    """End the processes that wait for something to render."""
    while _idle:
        _idle.pop().kill()


def _begin(worker: Worker, session: bytes) -> Worker:
    worker.do(f"{_TASKS}.open_session", session)
    return worker


class _Failed(Exception):
    """Raised where a project could not be rendered to its end."""

    def __init__(self, *problems: Problem) -> None:
        super().__init__(*problems)
        self.problems = problems


def _none(*asked: Any) -> Any:
    """Stand in for what a snapshot can tell, where it is asked for over the pipe instead."""


def _try(spec: str) -> Any:
    from pipeline.render.charts.trial import try_spec

    return try_spec(spec)


def _say(code: str, what: str, words: str, file: str, hint: str = "") -> Problem:
    return Problem(code, f"{what} {words}", Place(file), hint)


_TASKS = "pipeline.build.rendering"  # named, not imported: what it loads is for the other process
_MORE_PROCESSES = "is there memory left, and may there be more processes and open files (ulimit -a)? Then build again"
_REPORT = "the file named here was being rendered; please report it"
