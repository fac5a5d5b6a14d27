"""Take a task; try from inside a confined process what nobody there may do; answer with what came of each attempt."""

from __future__ import annotations

import ctypes
import fcntl
import os
import resource
import signal
import socket
import stat
import subprocess
import termios
from collections.abc import Callable
from pathlib import Path
from threading import Thread

import pipeline
from pipeline.processes.frames import join_frames
from pipeline.processes.tasks import ask

OUTSIDE = Path("/tmp")


def attempt(step: bytes) -> bytes:
    """Answer with the outcome of each attempt: the name of the error, or what it gave."""
    place = Path(step.decode())
    return join_frames({name: _name_outcome(one, place) for name, one in ATTEMPTS.items()})


def describe(step: bytes) -> bytes:
    """Answer with what this process has around it."""
    files = {}
    for number in range(32):
        try:
            mode = os.fstat(number).st_mode
        except OSError:
            continue
        files[number] = "terminal" if os.isatty(number) else stat.filemode(mode)[0]
    return join_frames({"files": files, "environment": dict(os.environ), "folder": str(Path.cwd())})


def ask_back(step: bytes) -> bytes:
    """Answer with what is answered to two questions."""
    return join_frames({"answers": [ask(b"one"), ask(b"two")]})


def work_in_threads(step: bytes) -> bytes:
    """Answer with what threads have done: they are no processes."""
    done: list[int] = []
    threads = [Thread(target=done.append, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return join_frames({"done": sorted(done)})


def _name_outcome(one: Callable[[Path], object], place: Path) -> str:
    try:
        return f"did: {str(one(place))[:60]}"
    except BaseException as error:
        return type(error).__name__


def _connect(place: Path) -> None:
    with socket.create_connection(("127.0.0.1", 9), 1):
        pass


def _trace(place: Path) -> None:
    if ctypes.CDLL(None, use_errno=True).ptrace(16, os.getppid(), 0, 0) == -1:
        raise OSError(ctypes.get_errno(), "ptrace")


ATTEMPTS: dict[str, Callable[[Path], object]] = {
    "read a file": lambda place: Path("/etc/passwd").read_text(),
    "read a file of the user": lambda place: (place / "secret").read_text(),
    "read a file beside our package": lambda place: (Path(pipeline.__file__).parents[1] / "README.md").read_text(),
    "list a folder": lambda place: list(place.iterdir()),
    "read what processes show": lambda place: Path(f"/proc/{os.getppid()}/environ").read_bytes(),
    "write a file": lambda place: (place / "new").write_text("x"),
    "write over a file": lambda place: (place / "secret").write_text("x"),
    "write a temporary file": lambda place: (OUTSIDE / "deedbox-escape").write_text("x"),
    "make a folder": lambda place: (place / "folder").mkdir(),
    "make a link": lambda place: (place / "link").symlink_to("/etc"),
    "remove a file": lambda place: (place / "secret").unlink(),
    "rename a file": lambda place: (place / "secret").rename(place / "other"),
    "cut a file": lambda place: os.truncate(place / "secret", 0),
    "change a mode": lambda place: (place / "secret").chmod(0o777),
    "change a time": lambda place: os.utime(place / "secret", (1, 1)),
    "connect": _connect,
    "open a local socket": lambda place: socket.socket(socket.AF_UNIX),
    "open a datagram socket": lambda place: socket.socket(socket.AF_INET, socket.SOCK_DGRAM),
    "look up a name": lambda place: socket.getaddrinfo("example.org", 80),
    "start a program": lambda place: subprocess.run(["/bin/true"], check=True),
    "become a program": lambda place: os.execv("/bin/true", ["true"]),
    "become a process": lambda place: os.fork(),
    "signal another process": lambda place: os.kill(os.getppid(), 0),
    "signal all processes": lambda place: os.kill(-1, 0),
    "trace another process": _trace,
    "type into a terminal": lambda place: fcntl.ioctl(2, termios.TIOCSTI, b"x"),
    "own a pipe for another process": lambda place: fcntl.fcntl(os.pipe()[0], fcntl.F_SETOWN, os.getppid()),
    "choose the signal of a pipe": lambda place: fcntl.fcntl(os.pipe()[0], 10, 9),
    "limit another process": lambda place: resource.prlimit(os.getppid(), resource.RLIMIT_CPU, (9999, 9999)),
    "slow down another process": lambda place: os.setpriority(os.PRIO_PROCESS, os.getppid(), 19),
    "move another process": lambda place: os.sched_setaffinity(os.getppid(), {0}),
    "leave its session": lambda place: os.setsid(),
    "keep memory that nobody counts": lambda place: os.memfd_create("x"),
    "raise its limit": lambda place: resource.setrlimit(resource.RLIMIT_DATA, (1 << 40, 1 << 40)),
    "signal its group": lambda place: os.killpg(os.getpgid(0), signal.SIGCONT),
}
