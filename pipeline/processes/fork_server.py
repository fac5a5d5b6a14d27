"""Take the name of a module; start one process that has loaded it; have it fork a child for each worker.

The fork server of `multiprocessing` would start in the current folder, with our environment and search path, and run
the main program anew in each child. Ours is a fresh, isolated Python in a neutral folder (see `children`); the
reasons are in decision 20. Nothing heavy is imported here, so a command can start it first of all.
"""

from __future__ import annotations

import array
import atexit
import errno
import os
import signal
import socket
import struct
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from multiprocessing.connection import Connection, wait
from threading import Lock, Thread
from typing import IO, TYPE_CHECKING

from pipeline.processes.children import NEUTRAL, make_environment, make_python_command
from pipeline.visible import show

if TYPE_CHECKING:
    from subprocess import Popen

_NUMBER = struct.Struct("=q")
_MOST_WORDS, _LONGEST_WORDS = 200, 1000  # lines of a server that are passed on, bytes of each
_GOODBYE = 0.1  # seconds to wait for the last of them
_LAST_WORDS = 5.0  # seconds until a process that was told to end, or has closed its pipe, has to be gone


class Child:
    """A forked process: its pipe, and how it ends. Any thread may kill it; one reads its pipe."""

    def __init__(self, pipe: Connection, status: Connection, pid: int) -> None:
        self.pipe = pipe
        self.pid = pid
        self._status = status  # says how the process has ended, by the fork server, which may wait for it
        self._code: int | None = None
        self._ending = Lock()

    def kill(self) -> None:
        """End the process at once, whatever it is at; nothing where it has ended."""
        with self._ending:
            if self._code is None and not self._status.poll():  # else its number may be another's by now
                with suppress(ProcessLookupError, PermissionError):
                    os.kill(self.pid, signal.SIGKILL)

    def read_end(self) -> int:
        """Return how the process has ended, as in `multiprocessing`; one that goes on without its pipe is killed.

        Where the server has gone too, which would have told, the kernel has killed what it had forked.
        """
        self.pipe.close()
        if self._code is None:
            if not wait([self._status], _LAST_WORDS):
                self.kill()
            wait([self._status], _LAST_WORDS)
            with self._ending:
                try:
                    self._code = _read_number(self._status.fileno())
                except EOFError:
                    self._code = -signal.SIGKILL
                self._status.close()
        return self._code


@dataclass
class ForkServer:
    """A process that has loaded a module and forks a child for whoever asks. It ends with the process that began it.

    `preload` is a module that loads what the children need; its `FOLDERS` are what they may read besides libraries.
    """

    preload: str
    search: tuple[str, ...] = ()  # folders to import from besides the installation's
    _process: Popen[bytes] | None = None
    _line: socket.socket | None = None
    _alive: int = -1
    _words: Thread = field(default_factory=Thread)
    _lock: Lock = field(default_factory=Lock)

    @property
    def pid(self) -> int:
        """Return the id of the server's process, 0 if there is none."""
        return self._process.pid if self._process else 0

    def start(self) -> None:
        """Start the server now, so that its imports go on beside our own; to call it again costs nothing.

        Where that fails, whoever asks for a child is told so.
        """
        with self._lock, suppress(OSError):
            self._ensure_running()

    def stop(self) -> None:
        """End the server, and with it its children, at once; whoever waits for a child just now gets an EOFError."""
        line, process = self._line, self._process
        self._line, self._process = None, None
        if line is not None and process is not None:
            line.close()
            os.close(self._alive)
            process.kill()
            process.wait()
            if self._words.is_alive():
                self._words.join(_GOODBYE)

    def fork(self, memory: int) -> Child:
        """Return a fresh child that may use so many MB; OSError or EOFError where none can be had."""
        with self._lock:
            line = self._ensure_running()
            with _open_pipes() as (ours, theirs, status, report):
                _send(line, memory, (theirs, report))
                os.close(theirs)
                os.close(report)
                pid = _read_number(status)
                return Child(Connection(ours), Connection(status, writable=False), pid)

    def _ensure_running(self) -> socket.socket:
        if self._line is not None and self._process is not None and self._process.poll() is None:
            return self._line
        if self._line is not None:
            self._line.close()
            os.close(self._alive)
        else:
            atexit.register(self.stop)
        self._line, self._process = None, None
        from subprocess import DEVNULL, PIPE, Popen

        ours, theirs = socket.socketpair()
        gone, self._alive = os.pipe()  # ends when this process does, and nobody ever writes into it
        ends = (theirs.fileno(), gone)
        command = make_python_command("pipeline.processes.forked", self.preload, *map(str, ends), *self.search)
        try:
            with theirs, _deaf_to_interrupts():
                # None of its files is a terminal: whoever holds one could type into it.
                self._process = Popen(
                    command,
                    stdin=DEVNULL,
                    stdout=DEVNULL,
                    stderr=PIPE,
                    cwd=NEUTRAL,
                    env=make_environment(),
                    pass_fds=ends,
                )
        finally:
            os.close(gone)
        self._words = Thread(target=_pass_on, args=(self._process.stderr,), daemon=True)
        self._line = ours
        try:
            self._words.start()
        except RuntimeError as error:  # as many threads run as may
            self.stop()
            raise OSError(errno.EAGAIN, "no thread could be started") from error
        return ours


def _pass_on(words: IO[bytes]) -> None:
    """Say what the server and its children say, line by line, made visible, and no more than somebody reads."""
    with words, suppress(OSError, ValueError):
        for _ in range(_MOST_WORDS):
            line = words.readline(_LONGEST_WORDS)
            if not line:
                return
            sys.stderr.write(f"{show(line.decode('utf-8', 'replace').rstrip())}\n")
        while words.read(1 << 16):
            pass


def _send(line: socket.socket, memory: int, files: tuple[int, int]) -> None:
    """Ask for a child that gets these two files."""
    passed = [(socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array("i", files))]
    line.sendmsg([_NUMBER.pack(memory)], passed)


@contextmanager
def _open_pipes() -> Iterator[tuple[int, int, int, int]]:
    """Give both ends of a child's two-way pipe, and of the pipe that tells of it; close all where anything fails."""
    ours, theirs = socket.socketpair()
    opened = [ours.detach(), theirs.detach()]
    try:
        opened += os.pipe()
        yield (opened[0], opened[1], opened[2], opened[3])
    except BaseException:
        for one in opened:
            with suppress(OSError):
                os.close(one)
        raise


def _read_number(file: int) -> int:
    """Return the next number that the server wrote; EOFError where it has gone."""
    data = b""
    while len(data) < _NUMBER.size:
        part = os.read(file, _NUMBER.size - len(data))
        if not part:
            raise EOFError
        data += part
    return int(_NUMBER.unpack(data)[0])


@contextmanager
def _deaf_to_interrupts() -> Iterator[None]:
    """Let processes that start within the block never hear Ctrl-C: whoever started them ends them."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


# One of each a process: that of the writers has the layout engine loaded, that of the rooms before them has not.
WRITERS = ForkServer("pipeline.write.preload")
RENDERERS = ForkServer("pipeline.build.render_preload")
