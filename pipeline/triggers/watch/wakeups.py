"""Take words from any thread that something may have moved; hold when the first and the last came; wake who waits.

A hint says no more than "look": what has moved, and whether anything has, the look decides.
"""

from __future__ import annotations

from threading import Condition
from time import monotonic


class Wakeups:
    """Whether to look, since when, and how long it has been quiet. Times are seconds of the steady clock."""

    def __init__(self) -> None:
        self._changed = Condition()
        self._first: float | None = None
        self._last = 0.0
        self._heard = 0

    @property
    def is_set(self) -> bool:
        """Return whether somebody has said to look since the last `take`."""
        return self._first is not None

    @property
    def heard(self) -> int:
        """Return how many events have come at all, those that are of no interest among them."""
        return self._heard

    def hear(self) -> None:
        """Note that an event has come, whatever it was about."""
        self._heard += 1

    def give(self) -> None:
        """Say that something may have moved."""
        with self._changed:
            self._last = monotonic()
            self._first = self._last if self._first is None else self._first
            self._changed.notify_all()

    def wait(self, seconds: float) -> bool:
        """Wait for a hint, no longer than so many seconds; return whether there is one."""
        with self._changed:
            return self._changed.wait_for(lambda: self.is_set, max(0.0, seconds))

    def wait_for_next(self, seconds: float) -> None:
        """Wait for one more hint than there are now, no longer than so many seconds."""
        with self._changed:
            self._changed.wait(max(0.0, seconds))

    def read_silence(self) -> float:
        """Return for how many seconds no hint has come."""
        return monotonic() - self._last

    def read_age(self) -> float:
        """Return how many seconds ago the first hint came that nobody has taken, 0 if there is none."""
        with self._changed:
            return 0.0 if self._first is None else monotonic() - self._first

    def take(self) -> None:
        """Take all wakeups: what comes from now on is about something new."""
        with self._changed:
            self._first = None
