"""Take a document to write as bytes; write it; give its files as bytes.

A step holds all that it needs and its answer all that came of it, so that any process on any machine can take it. Both
are pickles: they travel between processes of one user who trust each other, and are never kept.
"""

from __future__ import annotations

import gc
import pickle
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from threading import Lock
from traceback import extract_tb

from pipeline.problems import MACHINE_LACKS, Problem, Stop
from pipeline.render.theme import Theme
from pipeline.render.tree import Document
from pipeline.write import Written, write_document

Task = Callable[[bytes], bytes]


@dataclass(frozen=True, slots=True)
class _Step:
    document: Document
    theme: Theme
    formats: tuple[str, ...]
    engine: str
    drawn: Mapping[str, bytes]


@dataclass(frozen=True, slots=True)
class _Stopped:
    problems: tuple[Problem, ...]
    exit_code: int


# The layout engine, its log and the garbage collector are one for the whole process.
_ALONE = Lock()


def pack_step(
    document: Document,
    theme: Theme,
    formats: Iterable[str],
    engine: str = "",
    drawn: Mapping[str, bytes] | None = None,
) -> bytes:
    """Return a step; one that names an `engine` is written by no other: equal trees are to give equal bytes.

    `drawn` are pictures of the document that are known, by key.
    """
    return pickle.dumps(_Step(document, theme, tuple(formats), engine, drawn or {}), pickle.HIGHEST_PROTOCOL)


def run_step(step: bytes) -> bytes:
    """Return the answer to a step.

    An exception of ours becomes a problem of this document. Only a MemoryError passes: who set the limit knows what it
    means.
    """
    with _ALONE, _no_collections():
        return pickle.dumps(_write(pickle.loads(step)), pickle.HIGHEST_PROTOCOL)


def read_answer(answer: bytes) -> Written:
    """Return what was written; Stop where the writers stopped."""
    read = pickle.loads(answer)
    if isinstance(read, _Stopped):
        raise Stop(*read.problems, exit_code=read.exit_code)
    written: Written = read
    return written


def _write(step: _Step) -> Written | _Stopped:
    if step.engine and step.engine != _name_engine():
        return _Stopped((_OTHER_ENGINE,), MACHINE_LACKS)
    try:
        return write_document(step.document, step.theme, step.formats, step.drawn)
    except Stop as stop:
        return _Stopped(stop.problems, stop.exit_code)
    except MemoryError:
        raise
    except Exception as error:
        return Written({}, problems=(_failure(step.document.id, error),))


def _name_engine() -> str:
    from pipeline.plan.engine import read_writer_engine

    return read_writer_engine().digest


def _failure(name: str, error: Exception) -> Problem:
    """Return a problem that names the exception and the line that raised it."""
    last = extract_tb(error.__traceback__)[-1]
    file = last.filename.replace("\\", "/").rpartition("/")[2]
    message = f"{name} could not be written: {type(error).__name__}: {error} ({file}:{last.lineno})"
    return Problem(
        "DB434", message, hint="a fault of Deedbox; DEEDBOX_LIMITS=off shows the whole of it; please report it"
    )


@contextmanager
def _no_collections() -> Iterator[None]:
    """Keep the garbage collector out while a document is written: it would look at all boxes of all pages, often.

    What the document before has left is collected first, not afterwards, when somebody waits for the answer.
    """
    was_on = gc.isenabled()
    gc.collect()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


_OTHER_ENGINE = Problem(
    "DB436",
    "a worker has other versions of Deedbox, its libraries or its fonts: its files would differ from ours",
    hint="install the same on all machines: pip install --require-hashes -r requirements.txt",
)
