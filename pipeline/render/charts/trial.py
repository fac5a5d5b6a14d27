"""Take the spec of a user's own chart; draw it once in a process that may die; give its size, or what is wrong.

A spec can make the engine run for ever or use up its memory, and then the engine takes its process with it. So each is
tried in a confined process of its own kind, before the spec goes anywhere else.
"""

from __future__ import annotations

import re
import signal
from dataclasses import asdict, dataclass, replace
from functools import lru_cache
from typing import Any

from msgspec import convert

from pipeline.document.chart_words import explain
from pipeline.processes.frames import join_frames, part_frames
from pipeline.processes.limits import Limits, read_limits
from pipeline.processes.tasks import is_at_task
from pipeline.processes.worker import Worker, WorkerDied
from pipeline.render.charts.expressions import find_chance_within
from pipeline.render.questions import TRIAL, ask_for

_KEPT = 512  # trials that a process remembers
_PATIENCE = 20  # seconds of the processor, the start of the engine included
_SLACK = 4  # times as many by the clock
_LARGEST = 4_000_000  # characters of a drawing: a page with more takes too long to open
_OUTSIDE = re.compile(r"<(?:script|foreignObject|image|a)\b|(?:href|src)\s*=|url\((?!#)", re.IGNORECASE)
_TAG = re.compile(r"<[^>]*>")
_SIDE = r'<svg\b[^>]*\b{}="([\d.]+)"'


@dataclass(frozen=True, slots=True)
class Trial:
    """What drawing a spec gave: its size in points, or the fault in words."""

    width: float = 0.0
    height: float = 0.0
    fault: str = ""


# The process that draws; there is one until a spec fails in it, since a failure taints the engine.
_workers: list[Worker] = []


def try_spec(spec: str, patience: int = _PATIENCE) -> Trial:
    """Return what drawing a spec gives within `patience` seconds, tried once a process.

    A process that is itself at a task may start no other: it asks the one that gave it the task.
    """
    if is_at_task():
        answer: Trial = ask_for(TRIAL, spec)
        return answer
    for _ in range(2):  # the process may have been killed while nobody needed it, alone or with its server
        try:
            return _try(spec, patience)
        except WorkerDied:
            end_trials()
    return Trial(fault="no process could be started that would draw it")


def end_trials() -> None:
    """End the process that draws, if there is one."""
    while _workers:
        _workers.pop().kill()


@lru_cache(maxsize=_KEPT)
def _try(spec: str, patience: int) -> Trial:
    """Return what drawing gives; WorkerDied, which nobody remembers, where no process began to draw."""
    trial = _draw_apart(spec, patience)
    if trial.fault:
        end_trials()
    return trial


def _draw_apart(spec: str, patience: int) -> Trial:
    # By the clock it may take longer: other work of the machine is no fault of the spec.
    limits = replace(read_limits() or Limits(), processor=patience, time=patience * _SLACK)
    try:
        if not _workers:
            _workers.append(Worker(limits))
        head, _ = part_frames(_workers[0].do(do_trial, spec.encode()))
        return convert(head, Trial)
    except TimeoutError:
        return Trial(fault=f"it takes longer than {patience} seconds")
    except WorkerDied as died:
        if not died.had_begun:
            raise
        if died.code == -getattr(signal, "SIGXCPU", 0):
            return Trial(fault=f"it takes longer than {patience} seconds")
        return Trial(fault="it takes more memory than there is")
    except ValueError:
        return Trial(fault="it could not be drawn")


def do_trial(step: bytes) -> bytes:
    """Return the answer of a trial: this is what the process does that draws."""
    import fontpkg_arimo
    import vl_convert

    vl_convert.register_font_directory(str(fontpkg_arimo.ROOT / "files"))
    return join_frames(asdict(_draw(vl_convert, step.decode())))


def _draw(engine: Any, spec: str) -> Trial:
    try:
        if chance := find_chance_within(engine.vegalite_to_vega(spec)):
            return Trial(fault=f"`{chance}` gives another value at every build")
        svg = str(engine.vegalite_to_svg(spec, allowed_base_urls=[]))
    except ValueError as error:
        return Trial(fault=explain(str(error)))
    if len(svg) > _LARGEST:
        return Trial(fault="its picture is too large")
    if found := _OUTSIDE.search(" ".join(_TAG.findall(svg))):
        return Trial(fault=f"its picture refers to something outside itself (`{found.group().strip('<= (')}`)")
    sides = [re.search(_SIDE.format(side), svg) for side in ("width", "height")]
    width, height = (float(side.group(1)) if side else 0.0 for side in sides)
    return Trial(width, height) if width and height else Trial(fault="its picture is empty")
