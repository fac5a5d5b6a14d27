"""Take a snapshot's list of files and the name of a project; render it in a confined process; send back the trees.

This is the far side of `pipeline.renderer`. Nothing is opened here: each file is asked for, and comes over the pipe.
"""

from __future__ import annotations

import json
import pickle
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache, cached_property, partial
from traceback import extract_tb
from typing import Any

from pipeline.model.settings import Settings
from pipeline.plan.records import LookFacts, dump_look, dump_project
from pipeline.plan.select import Selection
from pipeline.problems import Stop, list_problems
from pipeline.processes.frames import join_frames
from pipeline.processes.tasks import ask
from pipeline.render.packing import pack
from pipeline.render.portfolio import Look, load_look
from pipeline.render.tree.canonical import make_digest
from pipeline.rendering import compute_figures, render_facts
from pipeline.sources.snapshot import Blob, Snapshot
from pipeline.write.packed import pack_document

# What a question asks for: the first word of it.
READ, HISTORY, BASELINES, TELL = b"read", b"history", b"baselines", b"tell"


@dataclass(frozen=True)
class Session:
    """All that is known of a repository before anything of it is read; `files` are Git's ids of contents, by path."""

    snapshot: Snapshot
    files: Mapping[str, str]
    settings: Settings
    selection: Selection

    @cached_property
    def here(self) -> Snapshot:
        """Return the snapshot as this process sees it: everything in it is asked for when it is needed."""
        files = {path: Blob(partial(_read, path), id) for path, id in self.files.items()}
        history, baselines = (cache(partial(ask, question)) for question in (HISTORY, BASELINES))
        return replace(self.snapshot, files=files, changes=history, baselines=baselines)

    @cached_property
    def look(self) -> Look:
        """Return the look of all documents; Stop where the theme cannot be used."""
        return load_look(self.here)


_sessions: list[Session] = []


def open_session(step: bytes) -> bytes:
    """Begin with a repository; the step is a pickle of what a Session holds."""
    _sessions[:] = [Session(*pickle.loads(step))]
    return join_frames({})


def give_look(step: bytes) -> bytes:
    """Answer with the facts of the look and the theme."""
    return _answer(_look)


def render(step: bytes) -> bytes:
    """Answer with the facts and the trees of the project that the step names."""
    return _answer(partial(_render, step.decode("utf-8", "surrogateescape")))


def compute(step: bytes) -> bytes:
    """Answer with the computed figures of a project and period: the step is both, as JSON."""
    return _answer(partial(_compute, *json.loads(step)))


def _compute(name: str, period: str | None) -> bytes:
    session = _sessions[0]
    found = compute_figures(session.here, session.settings, name, period)
    day = found.day.isoformat() if found.day else ""
    head = {"period": found.period, "day": day, "currency": found.currency}
    return join_frames({**head, "found": list_problems(found.problems)}, (pack(found.figures),))


def _look() -> bytes:
    look = _sessions[0].look
    facts = LookFacts(make_digest(look.theme), look.problems)
    return join_frames({"facts": dump_look(facts)}, (pack(look.theme),))


def _render(name: str) -> bytes:
    session = _sessions[0]
    facts, trees = render_facts(session.here, session.settings, session.look, session.selection, name, _tell)
    packed = {name: pack_document(tree) for name, tree in trees.items()}
    session.here.let_go()
    documents = [(name, one.id, one.charts, one.pngs) for name, one in packed.items()]
    return join_frames({"facts": dump_project(facts), "documents": documents}, (one.data for one in packed.values()))


def _answer(work: Any) -> bytes:
    """Return what the work gives; where it stops or fails, what is to be said of that."""
    try:
        answer: bytes = work()
    except Stop as stop:
        return join_frames({"problems": list_problems(stop.problems), "exit_code": stop.exit_code})
    except MemoryError:
        raise
    except Exception as error:
        return join_frames({"failure": _describe(error)})
    return answer


def _describe(error: Exception) -> str:
    """Return an exception's name, words and line."""
    last = extract_tb(error.__traceback__)[-1]
    file = last.filename.replace("\\", "/").rpartition("/")[2]
    return f"{type(error).__name__}: {str(error)[:200]} ({file}:{last.lineno})"


def _read(path: str) -> bytes:
    data: bytes = ask(READ + path.encode("utf-8", "surrogateescape"))
    return data


def _tell(path: str) -> None:
    ask(TELL + path.encode("utf-8", "surrogateescape"))


__all__ = ["BASELINES", "HISTORY", "READ", "TELL", "Session", "compute", "give_look", "open_session", "render"]
