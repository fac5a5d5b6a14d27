"""Take the spec of a user's own chart; draw it once in a process of its own; give its size, or why it cannot be drawn.

A spec can make the engine run for ever or use up its memory, and then the engine takes its process with it. So the
trial runs in a child that may die, before the spec goes anywhere else.
"""

from __future__ import annotations

import atexit
import json
import os
import re
import sys
from contextlib import suppress
from dataclasses import asdict, dataclass
from functools import lru_cache
from subprocess import DEVNULL, PIPE, Popen
from threading import Thread
from typing import Any

from pipeline.render.charts.expressions import find_chance_within

_KEPT = 512  # trials that a process remembers
_PATIENCE = 20.0  # seconds, the start of the engine included
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


class _Child:
    """The process that draws; there is one until a spec fails in it, since a failure taints the engine.

    It is no worker of `multiprocessing`, which would run the main module anew or start the fork server of the writers.
    """

    def __init__(self) -> None:
        # The engine asks for its time zone once, and writes its own last words, which mean nothing to our reader.
        environment = os.environ | {"TZ": "UTC", "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
        self.process = Popen(
            [sys.executable, "-c", f"from {__name__} import serve; serve()"],
            stdin=PIPE,
            stdout=PIPE,
            stderr=DEVNULL,
            encoding="utf-8",
            env=environment,
        )
        atexit.register(self.end)

    def ask(self, spec: str, patience: float) -> Trial:
        """Return what drawing gave; the child is ended where it fails, dies or does not answer."""
        answers: list[str] = []
        asking = Thread(target=lambda: answers.append(self._send(spec)), daemon=True)
        asking.start()
        asking.join(patience)
        if not answers:
            self.end()
            return Trial(fault=f"it takes longer than {patience:.0f} seconds")
        made = Trial(**json.loads(answers[0])) if answers[0] else Trial(fault="it takes more memory than there is")
        if made.fault:
            self.end()
        return made

    def _send(self, spec: str) -> str:
        """Return the line that the child answers, nothing where it has died."""
        assert self.process.stdin
        assert self.process.stdout
        try:
            self.process.stdin.write(f"{spec}\n")
            self.process.stdin.flush()
            return self.process.stdout.readline()
        except OSError:
            return ""

    def end(self) -> None:
        """End the process."""
        atexit.unregister(self.end)
        _children.clear()
        self.process.kill()
        self.process.wait()
        for stream in (self.process.stdin, self.process.stdout):
            with suppress(OSError):
                stream.close()  # type: ignore[union-attr]


_children: list[_Child] = []


@lru_cache(maxsize=_KEPT)
def try_spec(spec: str, patience: float = _PATIENCE) -> Trial:
    """Return what drawing a spec gives within `patience` seconds, tried once a process."""
    if not _children:
        _children.append(_Child())
    return _children[0].ask(spec, patience)


def serve() -> None:
    """Draw each spec that comes as a line, until nobody asks any more; this is the child's whole life."""
    _limit()
    import fontpkg_arimo
    import vl_convert

    # Whatever a library prints must not pass for an answer.
    answers, sys.stdout = sys.stdout, sys.stderr
    vl_convert.register_font_directory(str(fontpkg_arimo.ROOT / "files"))
    for spec in sys.stdin:
        answers.write(f"{json.dumps(asdict(_draw(vl_convert, spec)))}\n")
        answers.flush()


def _limit() -> None:
    """Write no core file where the engine aborts."""
    try:
        import resource
    except ImportError:  # no such thing on Windows
        return
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


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


def explain(message: str) -> str:
    """Return what the engine says of a failure, without its stack and long repeats of the spec."""
    lines = [line.strip() for line in message.splitlines() if line.strip() and not line.strip().startswith("at ")]
    said = lines[1] if len(lines) > 1 else lines[0] if lines else ""
    said = re.sub(r"^(?:Type|Reference|Range)?Error: ", "", said)
    said = re.sub(r"\{.*\}", "{…}", said)
    return said if len(said) <= 160 else f"{said[:159]}…"
