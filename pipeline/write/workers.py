"""Take steps and limits; have worker processes do them, ending one that runs away; give files, or the problem of one.

Workers come from a fork server that has loaded the layout engine once, so that a document costs no import. They stay
for the life of the process that asked for them, warm for its next build, and end with it.
"""

from __future__ import annotations

import errno
import os
import signal
from concurrent.futures import Future
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from multiprocessing import parent_process
from multiprocessing.connection import wait
from threading import Lock, Thread
from typing import TYPE_CHECKING

from pipeline.fork_server import make_context
from pipeline.problems import INTERRUPTED, Problem
from pipeline.write import Written
from pipeline.write.limits import SETTING, Limits, limit_memory, limit_processor
from pipeline.write.step import Task, read_answer

if TYPE_CHECKING:
    from pebble import ProcessPool

_AHEAD = 4  # steps a worker
_STEPS_A_WORKER = 200  # then it is replaced, so that what libraries in C keep cannot add up
_TRIES = 3
_LONGEST_END = 1.0  # seconds to wait for the end of a pool
_LAST_WORDS = 0.1  # seconds until a worker that was asked to end is killed: it holds nothing that could be torn

_pools: dict[tuple[int, Limits], ProcessPool] = {}
_opening = Lock()


def stop_workers() -> None:
    """End the workers of this process at once; what they are at is lost.

    A worker that is only now being started is not waited for: whoever ends a whole group of processes ends the fork
    server too, and the pool would start another one, which loads for seconds, for workers that nobody needs.
    """
    with _opening:
        while _pools:
            _, pool = _pools.popitem()
            pool.stop()  # type: ignore[no-untyped-call]
            ending = Thread(target=pool.join, daemon=True)
            ending.start()
            ending.join(_LONGEST_END)


@dataclass(frozen=True, slots=True)
class Workers:
    """The workers of a build: how many, what each may use for a document, and what they make of a step."""

    jobs: int
    limits: Limits
    task: Task

    @property
    def ahead(self) -> int:
        """Return how many steps to have under way."""
        return self.jobs * _AHEAD

    def start(self, step: bytes) -> Future[bytes]:
        """Return the answer to come; a pool that broke between two documents is replaced."""
        for _ in range(_TRIES):
            pool = _open_pool(self.jobs, self.limits)
            try:
                answer: Future[bytes] = pool.schedule(
                    work, (self.task, step, self.limits.processor), timeout=self.limits.time
                )
            except RuntimeError:
                continue
            return answer
        raise BrokenProcessPool("no worker can be started")

    def finish(self, name: str, step: bytes, answer: Future[bytes]) -> Written:
        """Return what came of a step, or the problem that it has become."""
        from pebble import ProcessExpired

        for _ in range(_TRIES):
            try:
                return read_answer(answer.result())
            except BrokenProcessPool:
                # With a pool all its steps are lost, whoever broke it: each gets another chance.
                answer = self.start(step)
            except TimeoutError:
                return _lose("DB432", f"{name} is not written after {self.limits.time} s", _MORE_TIME)
            except ProcessExpired as error:
                return self._report_death(name, int(error.exitcode or 0))
        return self._report_death(name, 0)

    def _report_death(self, name: str, code: int) -> Written:
        if -code == getattr(signal, "SIGXCPU", 0):
            seconds = self.limits.processor
            return _lose("DB432", f"{name} is not written after {seconds} s of computing", _MORE_COMPUTING)
        if code == errno.ENOMEM:
            return _lose("DB433", f"{name} needs more than {self.limits.memory} MB", _MORE_MEMORY)
        how = f"signal {signal.Signals(-code).name}" if code < 0 else f"exit code {code}"
        return _lose("DB431", f"the process that wrote {name} died ({how})", _DIED)


def work(task: Task, step: bytes, processor: int) -> bytes:
    """Do a step within a worker, in no more than so many seconds of the processor.

    A worker that ran out of memory ends: what the step left behind would fail the next one.
    """
    try:
        with limit_processor(processor):
            return task(step)
    except MemoryError:
        os._exit(errno.ENOMEM)


def start_worker(memory: int) -> None:
    """Make this process a worker: of limited memory, and gone when the process that asked for it is gone."""
    limit_memory(memory)
    parent = parent_process()
    if parent is not None:
        # A worker whose parent was killed would wait for its next step for ever.
        Thread(target=_end_with, args=(parent.sentinel,), daemon=True).start()


def _end_with(sentinel: int) -> None:
    wait([sentinel])
    os._exit(INTERRUPTED)


def _open_pool(jobs: int, limits: Limits) -> ProcessPool:
    """Return the pool of this process for so many workers, a new one where there is none that works."""
    with _opening:
        pool = _pools.get((jobs, limits))
        if pool is None or not pool.active:
            from pebble import CONSTS, ProcessPool

            CONSTS.term_timeout = _LAST_WORDS
            pool = _pools[jobs, limits] = ProcessPool(
                jobs, _STEPS_A_WORKER, start_worker, (limits.memory,), make_context()
            )
        return pool


def _lose(code: str, message: str, hint: str) -> Written:
    return Written({}, problems=(Problem(code, message, hint=hint),))


_MORE_TIME = f"make the document smaller, or allow more: {SETTING}=time=SECONDS"
_MORE_COMPUTING = f"make the document smaller, or allow more: {SETTING}=processor=SECONDS"
_MORE_MEMORY = f"make the document or its pictures smaller, or allow more: {SETTING}=memory=MB"
_DIED = (
    f"no other document is touched by it; if this one is large, allow more: {SETTING}=memory=MB; else please report it"
)
