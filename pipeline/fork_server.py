"""Take nothing; start the process that has loaded all writers; give the context in which workers are forked from it.

It stands outside the rooms and imports nothing heavy, so that a command can start it before it loads its own rooms.
"""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing import get_all_start_methods, get_context
from typing import Any

_PRELOAD = ["pipeline.write.preload"]


def make_context() -> Any:
    """Return how workers are started: never by a fork of the process that asks for them, which has threads."""
    if "forkserver" not in get_all_start_methods():
        return get_context("spawn")
    context = get_context("forkserver")
    context.set_forkserver_preload(_PRELOAD)
    return context


def start_server() -> None:
    """Start the fork server now, so that its imports go on beside our own; to call it again costs nothing."""
    if make_context().get_start_method() == "forkserver":
        from multiprocessing.forkserver import ensure_running
        from multiprocessing.resource_tracker import ensure_running as start_tracker

        start_tracker()  # the server starts it else, and it makes whoever does so hear interrupts
        with _deaf_to_interrupts():
            ensure_running()


@contextmanager
def _deaf_to_interrupts() -> Iterator[None]:
    """Let processes that start within the block never hear Ctrl-C: whoever started them ends them.

    The fork server ignores it only when it has loaded all, and would tell of an interrupt before that. Ours waits.
    """
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
