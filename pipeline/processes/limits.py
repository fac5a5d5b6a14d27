"""Take the setting of whoever runs the build; read how much one document may use; give limits that a worker obeys.

They are no setting of the repository: whoever may write there is who the limits are for.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
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
