"""Take steps, one at a time; have a process do each under limits; give the answer, or say how the process ended.

Nothing is shared between two of these processes: each has a pipe of its own, and there is no lock. So one that dies, in
the middle of a message too, can neither hold up another one nor take a step with it that nobody then asks for.
"""

from __future__ import annotations

import errno
import gc
import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing import parent_process
from multiprocessing.connection import Connection, wait
from threading import Event, Lock, Thread, Timer
from typing import Any

from pipeline.fork_server import make_context
from pipeline.limits import Limits, limit_memory, limit_processor
from pipeline.problems import INTERRUPTED
from pipeline.write.step import Task

_LAST_WORDS = 5.0  # seconds until a process whose pipe is closed has to be gone
_BEGUN = b"begun"
# Whoever starts a process looks after those that have ended, and only one may read how a process has ended.
_starting = Lock()


class WorkerDied(Exception):
    """Raised where a worker ended before it gave an answer.

    `code` is as in `multiprocessing`: an exit code, or a signal's number below zero; None if it could not be started.
    `had_begun` tells whether it was at a step: if not, its end has nothing to do with that.
    """

    def __init__(self, code: int | None, *, had_begun: bool) -> None:
        super().__init__(code, had_begun)
        self.code = code
        self.had_begun = had_begun


class Worker:
    """A process that does steps. Only one thread may ask it at a time; any may kill it."""

    def __init__(self, limits: Limits) -> None:
        """Start the process; raise WorkerDied where that fails."""
        self._limits = limits
        self.done = 0
        context = make_context()
        self._pipe: Connection
        try:
            self._pipe, theirs = context.Pipe()
        except OSError as error:  # so many files are open that this one may not be
            raise WorkerDied(None, had_begun=False) from error
        self._process = context.Process(target=_serve, args=(theirs, limits.memory), daemon=True)
        try:
            with _starting:
                self._process.start()
        except (OSError, EOFError) as error:  # it was killed, or the server that it was to be forked from
            self._pipe.close()
            raise WorkerDied(None, had_begun=False) from error
        finally:
            theirs.close()  # else the end of the process would not be the end of the pipe

    def do(self, task: Task, step: bytes) -> bytes:
        """Return the answer to a step; raise WorkerDied or TimeoutError, after which the worker is gone."""
        had_begun = False
        with self._killed_in_time() as was_killed:
            try:
                self._pipe.send((task, self._limits.processor))
                self._pipe.send_bytes(step)
                had_begun = self._pipe.recv_bytes() == _BEGUN
                answer = self._pipe.recv_bytes()
            except (OSError, EOFError) as error:
                code = self._read_end()
                raise TimeoutError if was_killed.is_set() else WorkerDied(code, had_begun=had_begun) from error
        self.done += 1
        return answer

    def end(self) -> None:
        """Let the process end by itself."""
        self._pipe.close()

    def kill(self) -> None:
        """End the process at once, whatever it is at."""
        self._process.kill()

    @contextmanager
    def _killed_in_time(self) -> Iterator[Event]:
        """Kill the process when a step's time is over, and set the event that is given."""
        was_killed = Event()

        def end() -> None:
            was_killed.set()
            self.kill()

        clock = Timer(self._limits.time, end)
        clock.daemon = True
        try:
            clock.start()
        except RuntimeError as error:  # as many threads run as may
            self.kill()
            self._read_end()
            raise WorkerDied(None, had_begun=False) from error
        try:
            yield was_killed
        finally:
            clock.cancel()

    def _read_end(self) -> int:
        """Return how the process has ended; one that closed its pipe and goes on is killed."""
        self._pipe.close()
        if not wait([self._process.sentinel], _LAST_WORDS):
            self.kill()
        with _starting:
            self._process.join(_LAST_WORDS)
        return int(self._process.exitcode or 0)


def _serve(pipe: Connection, memory: int) -> None:
    """Be a worker: of limited memory, deaf to Ctrl-C, gone when the process that asked for it is gone."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    limit_memory(memory)
    parent: Any = parent_process()
    # A worker whose parent was killed in the middle of a step would go on with it.
    Thread(target=_end_with, args=(parent.sentinel,), daemon=True).start()
    while True:
        try:
            task, processor = pipe.recv()
            step = pipe.recv_bytes()
        except (OSError, EOFError):
            return
        try:
            pipe.send_bytes(_BEGUN)
            pipe.send_bytes(_work(task, step, processor))
        except OSError:
            return
        gc.collect()  # now nobody waits


def _work(task: Task, step: bytes, processor: int) -> bytes:
    """Do a step in no more than so many seconds of the processor.

    A worker that ran out of memory ends: what the step left behind would fail the next one.
    """
    try:
        with limit_processor(processor):
            return task(step)
    except MemoryError:
        os._exit(errno.ENOMEM)


def _end_with(sentinel: int) -> None:
    wait([sentinel])
    os._exit(INTERRUPTED)
