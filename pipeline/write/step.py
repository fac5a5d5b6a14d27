"""Take a document to write as bytes; write it; give its files as bytes.

A step holds all that it needs and its answer all that came of it, so that any process on any machine can take it. A
step is read as a tree and nothing else, its answer as JSON and plain bytes: neither can run anything where it is read.
"""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from threading import Lock
from typing import TYPE_CHECKING

from msgspec import convert
from msgspec.structs import asdict

from pipeline.document.packing import pack, unpack
from pipeline.document.tree import Document
from pipeline.problems import MACHINE_LACKS, Problem, Stop
from pipeline.processes.frames import join_frames, part_frames
from pipeline.processes.tasks import describe_fault
from pipeline.stored import Stored
from pipeline.write import Written, write_document

if TYPE_CHECKING:
    from pipeline.document.theme import Theme

Task = Callable[[bytes], bytes]

# The layout engine, its log and the garbage collector are one for the whole process.
_ALONE = Lock()


class _Answer(Stored, frozen=True):
    """What an answer says: an exit code where the writers stopped, else the names of its blocks, files first."""

    problems: tuple[Problem, ...]
    pages: int = 0
    files: tuple[str, ...] = ()
    drawn: tuple[str, ...] = ()
    exit_code: int | None = None


def pack_step(
    document: Document | bytes,
    theme: Theme | bytes,
    formats: Iterable[str],
    engine: str = "",
    drawn: Mapping[str, bytes] | None = None,
) -> bytes:
    """Return a step; one that names an `engine` is written by no other: equal trees are to give equal bytes.

    Document and theme may be packed already. `drawn` are pictures of the document that are known, by key.
    """
    packed, look = (one if isinstance(one, bytes) else pack(one) for one in (document, theme))
    return pack((packed, look, tuple(formats), engine, dict(drawn or {})))


def run_step(step: bytes) -> bytes:
    """Return the answer to a step.

    An exception of ours becomes a problem of this document. Only a MemoryError passes: who set the limit knows what it
    means.
    """
    with _ALONE, _no_collections():
        return _write(*unpack(step))


def read_answer(answer: bytes) -> Written:
    """Return what was written; Stop where the writers stopped; ValueError where this is no answer."""
    head, blocks = part_frames(answer)
    said = convert(head, _Answer)
    if said.exit_code is not None:
        raise Stop(*said.problems, exit_code=said.exit_code)
    parts = dict(zip((*said.files, *said.drawn), blocks, strict=True))
    files, drawn = ({name: parts[name] for name in names} for names in (said.files, said.drawn))
    return Written(files, said.pages, said.problems, drawn)


def dump_answer(written: Written) -> bytes:
    """Return what was written as an answer."""
    said = _Answer(written.problems, written.pages, tuple(written.files), tuple(written.drawn))
    return join_frames(asdict(said), (*written.files.values(), *written.drawn.values()))


def _write(packed: bytes, theme: bytes, formats: tuple[str, ...], engine: str, drawn: Mapping[str, bytes]) -> bytes:
    if engine and engine != _name_engine():
        return _dump_stop(Stop(_OTHER_ENGINE, exit_code=MACHINE_LACKS))
    document: Document = unpack(packed)
    try:
        return dump_answer(write_document(document, unpack(theme), formats, drawn))
    except Stop as stop:
        return _dump_stop(stop)
    except MemoryError:
        raise
    except Exception as error:
        return dump_answer(Written({}, problems=(_failure(document.id, error),)))


def _dump_stop(stop: Stop) -> bytes:
    return join_frames(asdict(_Answer(stop.problems, exit_code=stop.exit_code)))


def _name_engine() -> str:
    from pipeline.host.engine import read_writer_engine

    return read_writer_engine().digest


def _failure(name: str, error: Exception) -> Problem:
    """Return a problem that names the exception and the line that raised it."""
    message = f"{name} could not be written: {describe_fault(error)}"
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
