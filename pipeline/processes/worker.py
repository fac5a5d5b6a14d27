"""Take tasks, one at a time; have a process do each under limits; give the answer, or say how the process ended.

Nothing is shared between two of these processes: each has a pipe of its own, and there is no lock. So one that dies, in
the middle of a message too, can neither hold up another one nor take a task with it that nobody then asks for.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Event, Timer
from typing import Any

from pipeline.processes.fork_server import WRITERS, ForkServer
from pipeline.processes.limits import Limits
from pipeline.processes.tasks import ANSWER, BEGUN, Task


class WorkerDied(Exception):
    """Raised where a worker ended before it gave an answer.

    `code` is as in `multiprocessing`: an exit code, or a signal's number below zero; None if it could not be started.
    `had_begun` tells whether it was at a task: if not, its end has nothing to do with that.
    """

    def __init__(self, code: int | None, *, had_begun: bool) -> None:
        super().__init__(code, had_begun)
        self.code = code
        self.had_begun = had_begun


def _answer_nothing(question: bytes) -> Any:
    raise OSError("nobody answers questions here")


class Worker:
    """A process that does tasks. Only one thread may ask it at a time; any may kill it."""

    def __init__(self, limits: Limits, server: ForkServer = WRITERS) -> None:
        """Start the process; raise WorkerDied where that fails."""
        self._limits = limits
        self.done = 0
        try:
            self._child = server.fork(limits.memory)
        except (OSError, EOFError) as error:  # it was killed, or its server; or there are as many files as may be
            raise WorkerDied(None, had_begun=False) from error

    def do(self, task: Task, step: bytes, answer: Callable[[bytes], Any] = _answer_nothing) -> bytes:
        """Return what a task comes to; raise WorkerDied or TimeoutError, after which the worker is gone.

        `answer` gives what is told to the task when it asks; what it raises ends the worker, and passes on.
        """
        had_begun = False
        pipe = self._child.pipe
        with self._killed_in_time() as was_killed:
            try:
                pipe.send((task, self._limits.processor))
                pipe.send_bytes(step)
                had_begun = self._receive() == BEGUN
                while not (said := self._receive()).startswith(ANSWER):
                    pipe.send(self._ask(answer, said[1:]))
            except (OSError, EOFError) as error:
                code = self._child.read_end()
                raise TimeoutError if was_killed.is_set() else WorkerDied(code, had_begun=had_begun) from error
        self.done += 1
        return said[1:]

    def _receive(self) -> bytes:
        """Return a message of no more bytes than the process itself may use."""
        return self._child.pipe.recv_bytes(self._limits.memory << 20)

    def _ask(self, answer: Callable[[bytes], Any], question: bytes) -> Any:
        try:
            return answer(question)
        except BaseException:
            self.kill()
            self._child.read_end()
            raise

    def end(self) -> None:
        """Let the process end by itself."""
        self._child.pipe.close()

    def kill(self) -> None:
        """End the process at once, whatever it is at."""
        self._child.kill()

    @contextmanager
    def _killed_in_time(self) -> Iterator[Event]:
        """Kill the process when a task's time is over, and set the event that is given."""
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
            self._child.read_end()
            raise WorkerDied(None, had_begun=False) from error
        try:
            yield was_killed
        finally:
            clock.cancel()
