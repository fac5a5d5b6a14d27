"""Take steps and limits; have several worker processes do them; give files, or the problem that a step has become.

Workers come from a fork server that has loaded the layout engine once, so that a document costs no import. They stay
for the life of the process that asked for them, warm for its next build, and end with it.
"""

from __future__ import annotations

import errno
import signal
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import dataclass, field
from queue import SimpleQueue
from threading import Lock, Thread

from pipeline.problems import Problem
from pipeline.processes.limits import SETTING, Limits
from pipeline.processes.worker import Worker, WorkerDied
from pipeline.write import Written
from pipeline.write.step import Task, read_answer

# Steps under way: so many that each worker always has one, and that a small build is planned before it is written.
_AHEAD_A_WORKER = 8
_LEAST_AHEAD = 32
_STEPS_A_WORKER = 200  # then it is replaced, so that what libraries in C keep cannot add up
_TRIES = 3  # to start a worker for a step

_Asked = tuple[Future[bytes], Task, bytes]
_pools: dict[tuple[int, Limits], _Pool] = {}
_opening = Lock()


def stop_workers() -> None:
    """End the workers of this process at once; what they are at is lost."""
    with _opening:
        while _pools:
            _, pool = _pools.popitem()
            pool.stop()


@dataclass(frozen=True, slots=True)
class Workers:
    """The workers of a build: how many, what each may use for a document, and what they make of a step."""

    jobs: int
    limits: Limits
    task: Task

    @property
    def ahead(self) -> int:
        """Return how many steps to have under way."""
        return max(_LEAST_AHEAD, self.jobs * _AHEAD_A_WORKER)

    def start(self, step: bytes) -> Future[bytes]:
        """Return the answer to come."""
        return _open_pool(self.jobs, self.limits).ask(self.task, step)

    def finish(self, name: str, answer: Future[bytes]) -> Written:
        """Return what came of a step, or the problem that it has become."""
        try:
            return read_answer(answer.result())
        except TimeoutError:
            return _lose("DB432", f"{name} is not written after {self.limits.time} s", _MORE_TIME)
        except WorkerDied as died:
            return self._report_death(name, died.code)
        except ValueError:
            return _lose("DB431", f"the process that wrote {name} gave no answer", _DIED)

    def _report_death(self, name: str, code: int | None) -> Written:
        if code is None:
            return _lose("DB439", f"no process could be started that would write {name}", _MORE_PROCESSES)
        if -code == getattr(signal, "SIGXCPU", 0):
            seconds = self.limits.processor
            return _lose("DB432", f"{name} is not written after {seconds} s of computing", _MORE_COMPUTING)
        if code == errno.ENOMEM:
            return _lose("DB433", f"{name} needs more than {self.limits.memory} MB", _MORE_MEMORY)
        how = f"signal {signal.Signals(-code).name}" if code < 0 else f"exit code {code}"
        return _lose("DB431", f"the process that wrote {name} died ({how})", _DIED)


@dataclass
class _Pool:
    """So many threads, each of which takes a step, has a worker do it, and waits for that."""

    jobs: int
    limits: Limits
    _asked: SimpleQueue[_Asked | None] = field(default_factory=SimpleQueue)
    _idle: list[Worker] = field(default_factory=list)  # the last one first: it is the warmest
    _living: set[Worker] = field(default_factory=set)
    _is_stopped: bool = False
    _threads: int = 0

    def ask(self, task: Task, step: bytes) -> Future[bytes]:
        answer: Future[bytes] = Future()
        self._start_threads()
        if self._threads:
            self._asked.put((answer, task, step))
        else:
            answer.set_exception(WorkerDied(None, had_begun=False))
        return answer

    def _start_threads(self) -> None:
        """Start the threads that are missing; fewer do, if the machine allows no more."""
        with suppress(RuntimeError):
            while self._threads < self.jobs:
                Thread(target=self._go_on, daemon=True).start()
                self._threads += 1

    def stop(self) -> None:
        self._is_stopped = True
        for _ in range(self.jobs):
            self._asked.put(None)
        for worker in tuple(self._living):
            worker.kill()

    def _go_on(self) -> None:
        while (asked := self._asked.get()) and not self._is_stopped:
            answer, task, step = asked
            if answer.set_running_or_notify_cancel():
                try:
                    answer.set_result(self._do(task, step))
                except BaseException as error:  # whoever waits for the answer shall know
                    answer.set_exception(error)

    def _do(self, task: Task, step: bytes) -> bytes:
        """Return the answer of a worker; where one dies before it has begun the step, another one does it."""
        fresh = 0
        while True:
            worker = self._take_idle()
            fresh += worker is None
            try:
                return self._have_done(worker or Worker(self.limits), task, step)
            except WorkerDied as died:
                if died.had_begun or fresh >= _TRIES or self._is_stopped:
                    raise

    def _take_idle(self) -> Worker | None:
        try:
            return self._idle.pop()
        except IndexError:
            return None

    def _have_done(self, worker: Worker, task: Task, step: bytes) -> bytes:
        self._living.add(worker)
        if self._is_stopped:
            worker.kill()
        try:
            answer = worker.do(task, step)
        except BaseException:
            self._living.discard(worker)
            raise
        if worker.done < _STEPS_A_WORKER:
            self._idle.append(worker)
        else:
            self._living.discard(worker)
            worker.end()
        return answer


def _open_pool(jobs: int, limits: Limits) -> _Pool:
    """Return the workers of this process that are so many and so limited."""
    with _opening:
        pool = _pools.get((jobs, limits))
        if pool is None:
            pool = _pools[jobs, limits] = _Pool(jobs, limits)
        return pool


def _lose(code: str, message: str, hint: str) -> Written:
    return Written({}, problems=(Problem(code, message, hint=hint),))


_MORE_TIME = f"make the document smaller, or allow more: {SETTING}=time=SECONDS"
_MORE_COMPUTING = f"make the document smaller, or allow more: {SETTING}=processor=SECONDS"
_MORE_MEMORY = f"make the document or its pictures smaller, or allow more: {SETTING}=memory=MB"
_MORE_PROCESSES = "is there memory left, and may there be more processes and open files (ulimit -a)? Then build again"
_DIED = (
    f"no other document is touched by it; if this one is large, allow more: {SETTING}=memory=MB; else please report it"
)
