"""Take a line to the process that began us; load what children need; fork a child for each request, say how it ends.

This is the fork server's process. It has no threads, which is what makes a fork safe, and is confined before the first
child is forked, so that all of them are.
"""

from __future__ import annotations

import array
import errno
import os
import selectors
import signal
import socket
import struct
import sys
from contextlib import suppress
from importlib import import_module
from multiprocessing.connection import Connection
from pathlib import Path
from threading import Thread
from types import TracebackType

from pipeline.problems import INTERRUPTED
from pipeline.processes.jail import confine_files, die_with_parent
from pipeline.processes.seccomp import refuse_calls
from pipeline.processes.tasks import describe_fault, serve
from pipeline.streams import guarded_errors
from pipeline.visible import show

_NUMBER = struct.Struct("=q")
_BROKEN = 1  # how a child ends in which something went wrong that nobody expected


def main(preload: str, line: int, gone: int, *search: str) -> None:
    """Be the fork server until the other end of the line is closed.

    `gone` is a pipe into which nobody writes, and which ends when the process ends that began us. `search` are further
    folders to import from.
    """
    sys.path.extend(search)
    sys.excepthook = _tell_fault
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})
    folders = import_module(preload).FOLDERS
    confine_files(*folders, *map(Path, search))
    with guarded_errors():
        _serve(socket.socket(fileno=line), gone)


def _serve(line: socket.socket, gone: int) -> None:
    ended, wake = os.pipe()
    for one in (ended, wake):
        os.set_blocking(one, False)
    signal.signal(signal.SIGCHLD, lambda number, frame: None)
    signal.set_wakeup_fd(wake, warn_on_full_buffer=False)
    reports: dict[int, int] = {}  # where to say how a child has ended, by its number
    with selectors.DefaultSelector() as selector:
        selector.register(line, selectors.EVENT_READ)
        selector.register(ended, selectors.EVENT_READ)
        while True:
            ready = [key.fd for key, _ in selector.select()]
            if ended in ready:
                with suppress(BlockingIOError):
                    os.read(ended, 4096)
                _reap(reports)
            if line.fileno() in ready and not _answer(line, gone, reports):
                return


def _answer(line: socket.socket, gone: int, reports: dict[int, int]) -> bool:
    """Fork the child that is asked for; return whether anybody is still there to ask."""
    size = array.array("i").itemsize
    data, passed, _, _ = line.recvmsg(_NUMBER.size, socket.CMSG_SPACE(2 * size))
    if not data:
        return False
    files = array.array("i")
    for _, _, content in passed:
        files.frombytes(content[: len(content) - len(content) % size])
    pipe, report = files
    try:
        pid = os.fork()
    except OSError:
        pid = -1
    if pid == 0:
        _be_child(line, gone, pipe, (report, *reports.values()), int(_NUMBER.unpack(data)[0]))
    os.close(pipe)
    if pid < 0:
        os.close(report)
        return True
    reports[pid] = report
    _tell(report, pid)
    return True


def _reap(reports: dict[int, int]) -> None:
    """Say of each child that has ended how it did."""
    while True:
        try:
            pid, status = os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:
            return
        if not pid:
            return
        report = reports.pop(pid)
        _tell(report, os.waitstatus_to_exitcode(status))
        os.close(report)


def _tell(report: int, number: int) -> None:
    with suppress(OSError):  # nobody is there to hear it
        os.write(report, _NUMBER.pack(number))


def _be_child(line: socket.socket, gone: int, pipe: int, reports: tuple[int, ...], memory: int) -> None:
    """Live a child's life and end the process."""
    code = _BROKEN
    try:
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        # Who has the line or a report of another child could answer for it.
        line.close()
        for report in reports:
            os.close(report)
        # A child whose parents were killed in the middle of a task would go on with it.
        die_with_parent()
        refuse_calls()
        Thread(target=_end_with, args=(gone,), daemon=True).start()
        serve(Connection(pipe), memory)
        code = 0
    except MemoryError:
        code = errno.ENOMEM
    except BaseException as error:
        _tell_fault(type(error), error, error.__traceback__)
    finally:
        os._exit(code)


def _tell_fault(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    """Say in one line what went wrong that nobody expected; where memory is missing, whoever asked for us says so."""
    if isinstance(error, MemoryError) or "start new thread" in str(error):
        return
    with suppress(OSError):
        os.write(2, f"{show(f'deedbox: a process ended: {describe_fault(error)}')}\n".encode(errors="replace"))


def _end_with(gone: int) -> None:
    """Wait for the end of the process that began us all; end then."""
    os.read(gone, 1)
    os._exit(INTERRUPTED)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), *sys.argv[4:])
