"""Take a limit on memory and files; hold programs to it that read what strangers packed; lift it afterwards."""

from __future__ import annotations

import resource
from collections.abc import Iterator
from contextlib import contextmanager

from pipeline.processes.limits import at_most

MEMORY = 4 << 30  # bytes of data: a small pack can hold a delta that makes a huge object


@contextmanager
def limit_programs(largest: int) -> Iterator[None]:
    """Hold programs that are started in the block to limits; they may write files of at most `largest` bytes.

    A limit is handed on when a program starts. Ours is lowered for that while: only the soft one, so that it can be
    raised again. It is on data, not on address space: the engine that draws charts reserves 64 GB of that here.
    """
    wanted = ((resource.RLIMIT_DATA, MEMORY), (resource.RLIMIT_FSIZE, largest))
    before = {name: resource.getrlimit(name) for name, _ in wanted}
    try:
        for name, most in wanted:
            resource.setrlimit(name, (at_most(most, *before[name]), before[name][1]))
        yield
    finally:
        for name, limits in before.items():
            resource.setrlimit(name, limits)
