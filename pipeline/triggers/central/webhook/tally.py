"""Take words that strangers can cause; log each kind now and then with how often it came; no stranger fills the log."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from time import monotonic

EVERY = 30.0  # seconds between two lines of one kind


class Tally:
    """Counts what is the same, and says it at once the first time."""

    def __init__(self, log: Callable[[str], None], clock: Callable[[], float] = monotonic) -> None:
        self._log = log
        self._clock = clock
        self._said: dict[str, float] = {}
        self._waiting: Counter[str] = Counter()

    def count(self, words: str) -> None:
        """Say these words, or count them for the next line of their kind; there are few kinds, all of them ours."""
        now = self._clock()
        if now - self._said.get(words, now - EVERY) < EVERY:
            self._waiting[words] += 1
            return
        more = self._waiting.pop(words, 0)
        self._said[words] = now
        self._log(f"{words} ({more} more since the last line)" if more else words)
