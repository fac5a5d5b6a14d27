"""Take the setting of whoever runs the build; read how much one document may use; give limits that a worker obeys.

They are no setting of the repository: whoever may write there is who the limits are for.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, fields

from pipeline.problems import USAGE, Problem, Stop

SETTING = "DEEDBOX_LIMITS"
OFF = "off"


@dataclass(frozen=True, slots=True)
class Limits:
    """What writing one document may take: `memory` in MB, `processor` and `time` in seconds.

    Rendering a whole project may take the same, but `rendering` seconds of the processor.
    """

    memory: int = 2048
    processor: int = 600
    time: int = 1800
    rendering: int = 180


def read_limits(setting: str | None = None) -> Limits | None:
    """Return the limits, such as `memory=4096 time=60` changes them; None for `off`, which means: without workers.

    Without a `setting` it is that of the environment. Stop where it says anything else.
    """
    words = (os.environ.get(SETTING, "") if setting is None else setting).split()
    if words == [OFF]:
        return None
    known = {field.name for field in fields(Limits)}
    pairs = [word.partition("=") for word in words]
    for word, (name, _, number) in zip(words, pairs, strict=True):
        if name not in known or not number.isascii() or not number.isdigit() or not int(number):
            hint = f"such as `memory=2048 processor=600 time=1800 rendering=180` (MB, seconds), or `{OFF}`"
            raise Stop(Problem("DB435", f"{SETTING}: `{word}` is no limit", hint=hint), exit_code=USAGE)
    return Limits(**{name: int(number) for name, _, number in pairs})


def at_most(wanted: int, *limits: int) -> int:
    """Return the smallest of some limits; those below zero are the kernel's word for none."""
    return min(one for one in (wanted, *limits) if one >= 0)


def limit_command(megabytes: int, seconds: int = 0) -> None:
    """Bound what this process may write to in memory and, unless 0, how long it may compute.

    The bound holds whatever the setting grants a document, unless that says that there be no limits at all.
    """
    if os.environ.get(SETTING, "").strip() == OFF:
        return
    try:
        import resource
    except ImportError:  # Windows has no such limits
        return
    for kind, wanted in ((resource.RLIMIT_DATA, megabytes << 20), (resource.RLIMIT_CPU, seconds)):
        if wanted:
            most = resource.getrlimit(kind)[1]
            resource.setrlimit(kind, (at_most(wanted, most), most))


def limit_builder(megabytes: int, seconds: int = 0) -> None:
    """Bound a process like that which reads contributors' files outside of a worker.

    Where the setting grants a document less memory than that, the process gets no more either.
    """
    said = re.search(r"\bmemory=([1-9][0-9]{0,8})\b", os.environ.get(SETTING, ""))
    limit_command(at_most(megabytes, int(said[1])) if said else megabytes, seconds)


def limit_memory(megabytes: int) -> None:
    """Let this process write to so much memory of its own, from now on.

    The limit is on data, not on address space: the engine that draws charts reserves 64 GB of it and uses little.
    """
    try:
        import resource
    except ImportError:  # Windows has no such limits; that on time still holds
        return
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    least = at_most(megabytes << 20, resource.getrlimit(resource.RLIMIT_DATA)[1])
    resource.setrlimit(resource.RLIMIT_DATA, (least, least))


def limit_child(pid: int, megabytes: int) -> None:
    """Bound the memory of a process that was just started, and of what it starts: only Linux lets one limit another."""
    with suppress(ImportError, ProcessLookupError, PermissionError):
        from resource import RLIMIT_DATA, prlimit

        least = at_most(megabytes << 20, *prlimit(pid, RLIMIT_DATA))
        prlimit(pid, RLIMIT_DATA, (least, least))


def free_memory(pid: int) -> None:
    """Take from a process that was just started the limit on memory that is meant for us alone."""
    with suppress(ImportError, OSError):
        from resource import RLIMIT_DATA, prlimit

        most = prlimit(pid, RLIMIT_DATA)[1]
        prlimit(pid, RLIMIT_DATA, (most, most))


@contextmanager
def limit_programs(megabytes: int, largest: int) -> Iterator[None]:
    """Hold programs that are started in the block to limits; they may write files of at most `largest` bytes.

    A limit is handed on when a program starts. Ours is lowered for that while: only the soft one, so that it can be
    raised again. It is on data, not on address space: the engine that draws charts reserves 64 GB of that here.
    """
    import resource

    wanted = ((resource.RLIMIT_DATA, megabytes << 20), (resource.RLIMIT_FSIZE, largest))
    before = {name: resource.getrlimit(name) for name, _ in wanted}
    try:
        for name, most in wanted:
            resource.setrlimit(name, (at_most(most, *before[name]), before[name][1]))
        yield
    finally:
        for name, limits in before.items():
            resource.setrlimit(name, limits)


@contextmanager
def limit_processor(seconds: int) -> Iterator[None]:
    """Let this process compute for so long from now on; the kernel ends it where it goes on.

    Only for the time of one document: what comes after it is the pool's own work and must not be cut off.
    """
    try:
        import resource
    except ImportError:
        yield
        return
    before = resource.getrlimit(resource.RLIMIT_CPU)
    used = resource.getrusage(resource.RUSAGE_SELF)
    end = int(used.ru_utime + used.ru_stime) + 1 + seconds
    most = before[1]
    resource.setrlimit(resource.RLIMIT_CPU, (at_most(end, most), most))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_CPU, before)
