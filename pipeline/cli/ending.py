"""Take the function in which a watch works; let SIGINT, SIGTERM and SIGHUP end it, wherever it is; give the exit code.

A signal is heard at any moment: while a lock is taken, an object is cleared away, an interrupt before it is handled.
So nothing here relies on where the one who works is, and nothing takes a lock that he may hold.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Event, Thread
from time import sleep
from types import FrameType
from typing import Any

from pipeline.problems import DONE, INTERRUPTED

_LONGEST_END = 5.0  # seconds
_AGAIN = 0.2  # seconds between two interrupts
_ASKS = ("SIGINT", "SIGTERM", "SIGHUP")


@dataclass
class Ending:
    """Whether somebody has asked this process to end: `asked` are the signals that came."""

    asked: list[int] = field(default_factory=list)
    heard: Event = field(default_factory=Event)

    @property
    def code(self) -> int:
        """Return the exit code: 130 after Ctrl-C, 0 where a supervisor ends us or a terminal goes away."""
        return INTERRUPTED if self.asked[:1] == [signal.SIGINT] else DONE


@contextmanager
def ended_by_signals(work: Callable[..., Any]) -> Iterator[Ending]:
    """Let signals interrupt `work` for the time of a `with` block; a second one ends the process on the spot.

    Python drops an exception that is raised while it clears an object away, so the interrupt is repeated until `work`
    is left, and what Python would say of it is not said. What comes out may be another error than KeyboardInterrupt:
    one that the interrupt has led to.
    """
    ending, tell_dropped = Ending(), sys.unraisablehook
    # It waits from now on: a thread that is started by a signal would wait for locks of whoever starts threads.
    Thread(target=_end_in_time, args=(ending,), daemon=True).start()

    def end(number: int, frame: FrameType | None) -> None:
        ending.asked.append(number)
        if len(ending.asked) > 1:
            os._exit(ending.code)
        ending.heard.set()
        interrupt(number, frame)

    def interrupt(number: int, frame: FrameType | None) -> None:
        _interrupt_in(_AGAIN)
        if _is_within(frame, work):
            raise KeyboardInterrupt

    def drop(dropped: sys.UnraisableHookArgs) -> None:
        if not issubclass(dropped.exc_type, KeyboardInterrupt):
            tell_dropped(dropped)

    before = _listen(end, interrupt)
    sys.unraisablehook = drop
    try:
        yield ending
    finally:
        sys.unraisablehook = tell_dropped
        _interrupt_in(0)
        # Whoever was asked to end goes on to hear a second signal, and none of before.
        for number, handler in before.items() if not ending.asked else ():
            signal.signal(number, handler)


def _listen(end: Callable[..., None], interrupt: Callable[..., None]) -> dict[int, Any]:
    """Have signals heard, and return who heard them before.

    What was ignored when we were started, as under nohup, shall not end us.
    """
    numbers = [getattr(signal, name) for name in _ASKS if hasattr(signal, name)]
    heard: dict[int, Callable[..., None]] = {
        number: end for number in numbers if signal.getsignal(number) != signal.SIG_IGN
    }
    if hasattr(signal, "SIGALRM"):
        heard = {signal.SIGALRM: interrupt, **heard}
    return {number: signal.signal(number, handler) for number, handler in heard.items()}


def _is_within(frame: FrameType | None, work: Callable[..., Any]) -> bool:
    while frame is not None and frame.f_code is not work.__code__:
        frame = frame.f_back
    return frame is not None


def _interrupt_in(seconds: float) -> None:
    if hasattr(signal, "setitimer"):
        signal.setitimer(signal.ITIMER_REAL, seconds)


def _end_in_time(ending: Ending) -> None:
    """See that this process ends: whoever has asked for it shall not wait for what does not answer."""
    ending.heard.wait()
    sleep(_LONGEST_END)
    os._exit(ending.code)
