"""Take a process that will read what contributors wrote; leave it memory, time and the files of its libraries.

Files are Landlock's part, programs and the network seccomp's. Both are the Linux kernel's and cannot be taken back.
Where a machine has neither, limits on memory and time still hold, and `deedbox doctor` says what does not.
"""

from __future__ import annotations

import sys
import sysconfig
from dataclasses import dataclass
from pathlib import Path

from pipeline.processes.landlock import read_version, restrict_files
from pipeline.processes.seccomp import can_refuse_calls, refuse_calls

# Where systems keep shared libraries and what finds them, the same time zones for all, and chance for hash tables.
_SYSTEM = (
    "/lib", "/lib64", "/usr/lib", "/usr/lib64", "/usr/local/lib", "/usr/local/lib64",
    "/etc/ld.so.cache", "/etc/localtime", "/usr/share/zoneinfo", "/dev/urandom",
)  # fmt: skip
_PACKAGE = Path(__file__).resolve().parents[1]


@dataclass(frozen=True, slots=True)
class Confinement:
    """What this machine lets us refuse a process: files and TCP (Landlock), programs and all network (seccomp)."""

    files: bool
    calls: bool


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


def read_confinement() -> Confinement:
    """Return what holds on this machine."""
    return Confinement(bool(read_version()), can_refuse_calls())
