"""Take what came of each build; hold the last; wake every page that waits for the next."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from threading import Lock

from pipeline.problems import Problem


@dataclass(frozen=True, slots=True)
class Last:
    """What came of the last build: whether it was good, and its problems."""

    is_good: bool = True
    problems: tuple[Problem, ...] = ()


class State:
    """The last build; any thread may set it, pages wait for it in the server's own."""

    def __init__(self) -> None:
        self.last = Last()
        self.is_closed = False
        self._lock = Lock()
        self._waiting: set[tuple[asyncio.AbstractEventLoop, asyncio.Event]] = set()

    def publish(self, last: Last) -> None:
        """Set what came of a build, and wake who waits for it."""
        self.last = last
        self._wake()

    def close(self) -> None:
        """Let every page go."""
        self.is_closed = True
        self._wake()

    async def follow(self, patience: float) -> AsyncIterator[bool]:
        """Yield at once and after each build; every so many seconds, with False, where there was none."""
        event = asyncio.Event()
        place = (asyncio.get_running_loop(), event)
        with self._lock:
            self._waiting.add(place)
        try:
            is_new = True
            while not self.is_closed:
                event.clear()
                yield is_new
                try:
                    await asyncio.wait_for(event.wait(), patience)
                    is_new = True
                except TimeoutError:
                    is_new = False
        finally:
            with self._lock:
                self._waiting.discard(place)

    def _wake(self) -> None:
        with self._lock:
            waiting = tuple(self._waiting)
        for loop, event in waiting:
            if not loop.is_closed():
                loop.call_soon_threadsafe(event.set)
