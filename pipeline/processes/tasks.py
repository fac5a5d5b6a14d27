"""Take a pipe and a limit; do the tasks that come over the pipe, one after the other; send back what each comes to.

This is the life of a forked process. What it is sent are pickles, since whoever sends them has made the process. What
it answers are bytes that nobody unpickles: a process that reads what contributors wrote is trusted no more than they.
"""

from __future__ import annotations

import errno
import gc
import os
from collections.abc import Callable
from importlib import import_module
from multiprocessing.connection import Connection
from pathlib import Path
from traceback import extract_tb
from typing import Any

from pipeline.processes.limits import limit_memory, limit_processor

# A function, or the full name of one: so whoever asks for it need not load what it needs.
Task = Callable[[bytes], bytes] | str

# The first byte of each message tells what it is.
BEGUN, ANSWER, QUESTION = b"!", b"=", b"?"
_LONGEST_WORDS = 200  # characters of an exception
_pipes: list[Connection] = []  # that of this process, once it is one that does tasks


def serve(pipe: Connection, memory: int) -> None:
    """Do tasks until the pipe is closed, in so many MB of memory."""
    limit_memory(memory)
    _pipes.append(pipe)
    while True:
        try:
            task, processor = pipe.recv()
            step = pipe.recv_bytes()
        except (OSError, EOFError):
            return
        try:
            pipe.send_bytes(BEGUN)
            pipe.send_bytes(ANSWER + _work(task, step, processor))
        except OSError:
            return
        gc.collect()  # now nobody waits


def is_at_task() -> bool:
    """Return whether this process is one that does tasks."""
    return bool(_pipes)


def ask(question: bytes) -> Any:
    """Return what the process that gave us a task answers to a question, while we are at that task."""
    (pipe,) = _pipes
    pipe.send_bytes(QUESTION + question)
    return pipe.recv()


def describe_fault(error: BaseException) -> str:
    """Return an exception's name, its words, and the file and line of ours that raised it."""
    last = extract_tb(error.__traceback__)[-1:]
    where = f" ({Path(last[0].filename).name}:{last[0].lineno})" if last else ""
    return f"{type(error).__name__}: {str(error)[:_LONGEST_WORDS]}{where}"


def _work(task: Task, step: bytes, processor: int) -> bytes:
    """Do a task in no more than so many seconds of the processor.

    A process that ran out of memory ends: what the task left behind would fail the next one.
    """
    try:
        with limit_processor(processor):
            return (_find(task) if isinstance(task, str) else task)(step)
    except MemoryError:
        os._exit(errno.ENOMEM)


def _find(name: str) -> Callable[[bytes], bytes]:
    module, _, function = name.rpartition(".")
    found: Callable[[bytes], bytes] = getattr(import_module(module), function)
    return found
