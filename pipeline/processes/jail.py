"""Take a process that will read what contributors wrote; leave it memory, time and the files of its libraries.

Files are Landlock's part, programs and the network seccomp's. Both are the Linux kernel's and cannot be taken back.
Where a machine has neither, limits on memory and time still hold, and `deedbox doctor` says what does not.
"""

from __future__ import annotations

import ctypes
import errno
import os
import signal
import socket
import sys
import sysconfig
from collections.abc import Callable, Iterator
from pathlib import Path

from pipeline.processes.frames import join_frames
from pipeline.processes.landlock import restrict_files
from pipeline.processes.seccomp import can_refuse_calls

# Where systems keep shared libraries and what finds them, the same time zones for all, and chance for hash tables.
_SYSTEM = (
    "/lib", "/lib64", "/usr/lib", "/usr/lib64", "/usr/local/lib", "/usr/local/lib64",
    "/etc/ld.so.cache", "/etc/localtime", "/usr/share/zoneinfo", "/dev/urandom",
)  # fmt: skip
_PARENT_DEATH_SIGNAL = 1  # prctl
_PACKAGE = Path(__file__).resolve().parents[1]


def confine_files(*more: Path) -> None:
    """Let this process read its own libraries, ours, and what lies below `more`; no other file, and none to write.

    To be called when what it needs has been loaded, and before it has a second thread.
    """
    can_refuse_calls()  # what looks for the library may start a program, which nobody may after this
    installed = {Path(sysconfig.get_path(name)) for name in ("stdlib", "platstdlib", "purelib", "platlib")}
    restrict_files((_PACKAGE, *map(Path, _SYSTEM), *more, *sorted({*installed, *_find_loaded()})))


def _find_loaded() -> Iterator[Path]:
    """Give the folder of each package that is loaded, or the file of a module alone.

    The folders of the search path are not given: that of a checkout holds more than its package, a repository perhaps.
    """
    for name, module in tuple(sys.modules.items()):
        if "." not in name:
            file = getattr(module, "__file__", None)
            yield from map(Path, getattr(module, "__path__", (file,) if file else ()))


def die_with_parent() -> None:
    """Let the kernel end this process when the one that forked it has ended, whatever this one is at."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PARENT_DEATH_SIGNAL, signal.SIGKILL, 0, 0, 0)


def try_out(step: bytes) -> bytes:
    """Try what a confined process should not be able to do; answer with what was refused. For `deedbox doctor`."""
    return join_frames({name: _is_refused(attempt) for name, attempt in _ATTEMPTS.items()})


def _is_refused(attempt: Callable[[], object]) -> bool:
    try:
        attempt()
    except OSError as error:
        return error.errno in (errno.EPERM, errno.EACCES)
    return False


_ATTEMPTS: dict[str, Callable[[], object]] = {
    "files": lambda: os.close(os.open("/etc/passwd", os.O_RDONLY)),
    "writing": lambda: os.close(os.open("/tmp", getattr(os, "O_TMPFILE", 0) | os.O_WRONLY)),  # a file without a name
    "network": lambda: socket.socket().close(),
    "programs": lambda: os.execv("/nowhere", ["nowhere"]),
}
