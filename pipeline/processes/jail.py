"""Take a process that will read what contributors wrote; leave it memory, time and the files of its libraries.

Files are Landlock's part, programs and the network seccomp's. Both are the Linux kernel's and cannot be taken back.
Where a machine has neither, limits on memory and time still hold, and `deedbox doctor` says what does not.
"""

from __future__ import annotations

import errno
import os
import socket
import sys
import sysconfig
from collections.abc import Callable
from pathlib import Path

from pipeline.processes.frames import join_frames
from pipeline.processes.landlock import restrict_files
from pipeline.processes.seccomp import can_refuse_calls, refuse_calls

# Where systems keep shared libraries and what finds them, the same time zones for all, and chance for hash tables.
_SYSTEM = (
    "/lib", "/lib64", "/usr/lib", "/usr/lib64", "/usr/local/lib", "/usr/local/lib64",
    "/etc/ld.so.cache", "/etc/localtime", "/usr/share/zoneinfo", "/dev/urandom",
)  # fmt: skip
_PACKAGE = Path(__file__).resolve().parents[1]


def confine_files(*more: Path) -> None:
    """Let this process read its own libraries, ours, and what lies below `more`; no other file, and none to write.

    To be called before the process has a second thread.
    """
    can_refuse_calls()  # what looks for the library may start a program, which nobody may after this
    own = (_PACKAGE, *map(Path, _SYSTEM), *more)
    libraries = {Path(sysconfig.get_path(name)) for name in ("stdlib", "platstdlib", "purelib", "platlib")}
    # The folder of a checkout is in the search path, but holds more than our package: a repository, for instance.
    searched = {Path(entry) for entry in sys.path} - {_PACKAGE.parent}
    restrict_files((*own, *sorted(libraries | searched)))


def confine_calls() -> None:
    """Let this process start no program and no process, and reach no network. Threads that come later are bound too."""
    refuse_calls()


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
