"""Take a snapshot's list of files and the name of a project; render it in a confined process; send back the trees.

This is the far side of `pipeline.build.renderer`. Nothing is opened here: each file is asked for over the pipe.
"""

from __future__ import annotations

import json
import pickle
from collections.abc import Callable
from dataclasses import replace
from functools import cache, partial

from pipeline.build.rendering import ProjectRenderer
from pipeline.document.packing import pack
from pipeline.plan.records import pack_project
from pipeline.problems import Stop
from pipeline.processes.frames import join_frames
from pipeline.processes.tasks import describe_fault
from pipeline.render.questions import BASELINES, HISTORY, READ, TELL, ask_for
from pipeline.sources.snapshot import Blob, Snapshot

_renderers: list[ProjectRenderer] = []  # that of the repository which this process is at


def open_session(step: bytes) -> bytes:
    """Begin with a repository; the step is a pickle of what is known of it before anything of it is read."""
    bare, ids, settings, selection = pickle.loads(step)
    files = {path: Blob(partial(ask_for, READ, path), id) for path, id in ids.items()}
    history, baselines = (cache(partial(ask_for, what)) for what in (HISTORY, BASELINES))
    here: Snapshot = replace(bare, files=files, changes=history, baselines=baselines)
    _renderers[:] = [ProjectRenderer(here, settings, selection, partial(ask_for, TELL))]
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


def _look() -> bytes:
    facts, theme = _renderers[0].look
    return join_frames({"facts": facts}, (theme,))


def _render(name: str) -> bytes:
    facts, packed = _renderers[0].render(name)
    _renderers[0].snapshot.let_go()
    documents = [(name, one.id, one.charts, one.pngs) for name, one in packed.items()]
    return join_frames({"facts": pack_project(facts), "documents": documents}, (one.data for one in packed.values()))


def _compute(name: str, period: str | None) -> bytes:
    found = _renderers[0].compute(name, period)
    day = found.day.isoformat() if found.day else ""
    head = {"period": found.period, "day": day, "currency": found.currency}
    return join_frames({**head, "found": found.problems}, (pack(found.figures),))


def _answer(work: Callable[[], bytes]) -> bytes:
    """Return what the work gives; where it stops or fails, what is to be said of that."""
    try:
        return work()
    except Stop as stop:
        return join_frames({"problems": stop.problems, "exit_code": stop.exit_code})
    except MemoryError:
        raise
    except Exception as error:
        return join_frames({"failure": describe_fault(error)})
