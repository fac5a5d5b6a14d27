"""Take documents, a theme and a number of workers; write several documents at a time; give each as it was asked for."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping
from concurrent.futures import Executor, Future
from functools import partial
from typing import TYPE_CHECKING

from pipeline.document.packing import Packed, pack, unpack
from pipeline.document.tree import Document
from pipeline.processes.limits import Limits, read_limits
from pipeline.write import Written, write_document
from pipeline.write.drawings import find_drawings, pack_document
from pipeline.write.executor import Elsewhere
from pipeline.write.step import Task, pack_step, run_step
from pipeline.write.workers import Workers

if TYPE_CHECKING:
    from pipeline.document.theme import Theme

__all__ = ["run_steps", "write_documents"]

# Gives pictures of a document, named by its id, that were drawn before, by key.
DocumentLookUp = Callable[[str, Iterable[str]], Mapping[str, bytes]]
_MOST_WAITING = 32_000_000  # bytes of steps under way; each has its pictures with it


def write_documents(
    documents: Iterable[Document | Packed],
    theme: Theme | bytes,
    formats: Iterable[str],
    jobs: int = 1,
    executor: Executor | None = None,
    look_up: DocumentLookUp = lambda document, keys: {},
) -> Generator[Written]:
    """Yield each document as files, in the order given, `jobs` of them written at a time.

    Documents and theme may be packed already. `look_up` gives pictures that were drawn before, by key.

    A document that takes more than the limits allow, or ends the process that writes it, has a problem and no files;
    the others are written. An `executor`, wherever it runs, takes the place of our own workers and of their limits.
    """
    wanted = tuple(formats)
    limits = read_limits()
    if executor is None and limits is None:
        yield from (_write_here(one, theme, wanted, look_up) for one in documents)
        return
    look = theme if isinstance(theme, bytes) else pack(theme)
    packed = (one if isinstance(one, Packed) else pack_document(one) for one in documents)
    if executor is not None:
        there = Elsewhere(executor)
        steps = ((one.id, there.pack(one.data, look, wanted, _find(one, look_up))) for one in packed)
        yield from _in_order(steps, there.start, there.finish, there.ahead)
    elif limits is not None:
        steps = ((one.id, pack_step(one.data, look, wanted, drawn=_find(one, look_up))) for one in packed)
        yield from run_steps(steps, jobs, limits)


def _find(document: Packed, look_up: DocumentLookUp) -> dict[str, bytes]:
    return find_drawings(document.charts, document.pngs, partial(look_up, document.id))


def _write_here(
    one: Document | Packed, theme: Theme | bytes, formats: tuple[str, ...], look_up: DocumentLookUp
) -> Written:
    """Return what was written in this process, for a debugger."""
    packed = one if isinstance(one, Packed) else pack_document(one)
    look = unpack(theme) if isinstance(theme, bytes) else theme
    return write_document(unpack(packed.data), look, formats, _find(packed, look_up))


def run_steps(
    steps: Iterable[tuple[str, bytes]], jobs: int, limits: Limits, task: Task = run_step
) -> Iterator[Written]:
    """Yield what came of each named step, in order; `task` is what a worker makes of a step."""
    workers = Workers(max(1, jobs), limits, task)
    yield from _in_order(steps, workers.start, workers.finish, workers.ahead)


def _in_order(
    steps: Iterable[tuple[str, bytes]],
    start: Callable[[bytes], Future[bytes]],
    finish: Callable[[str, Future[bytes]], Written],
    ahead: int,
) -> Iterator[Written]:
    """Start `ahead` steps before the first of them is waited for, fewer if they are large: they fill the memory."""
    waiting: deque[tuple[str, Future[bytes], int]] = deque()
    try:
        for name, step in steps:
            waiting.append((name, start(step), len(step)))
            while len(waiting) >= ahead or (len(waiting) > 1 and sum(size for _, _, size in waiting) > _MOST_WAITING):
                name, answer, _ = waiting.popleft()
                yield finish(name, answer)
        while waiting:
            name, answer, _ = waiting.popleft()
            yield finish(name, answer)
    finally:
        for _, answer, _ in waiting:
            answer.cancel()
