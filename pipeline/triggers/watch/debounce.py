"""Take hints as they come; wait until it is quiet and Git holds no lock; then let the build begin."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic

from pipeline.triggers.watch.places import Places
from pipeline.triggers.watch.wakeups import Wakeups


@dataclass(frozen=True, slots=True)
class Patience:
    """How long to wait, in seconds.

    For quiet, for quiet at most, for a lock of Git at most; how often to look unasked, and where nothing else tells
    that something has moved; and how long at most until a build that the machine let down is tried again.
    """

    quiet: float = 0.25
    ceiling: float = 2.0
    lock: float = 30.0
    rescan: float = 10.0
    poll: float = 1.0
    retry: float = 60.0


_SAVE = 0.03  # seconds between the steps of one save
_GLIMPSE = 0.05  # between two looks at whether a lock is still there


@dataclass
class Debounce:
    """Waits before builds. A lock that nobody gives free was left by a Git that died: it is waited for only once."""

    wakeups: Wakeups
    patience: Patience
    tell_lock: Callable[[Path], None]
    _left_over: set[tuple[Path, int]] = field(default_factory=set)

    def pause(self) -> None:
        """Return when a program that saves a file has had the time to do all that belongs to it."""
        while self.wakeups.read_age() < self.patience.quiet and self.wakeups.read_silence() < _SAVE:
            self.wakeups.wait_for_next(_SAVE)

    def wait(self, places: Places | None) -> None:
        """Return as soon as it is quiet, or has been loud for long enough, and Git is done."""
        self._wait_for_quiet()
        while places is not None and self.list_locks(places):
            if not self._wait_for_locks(places):
                return
            self._wait_for_quiet()

    def list_locks(self, places: Places) -> tuple[Path, ...]:
        """Return the locks that somebody holds, as far as we can tell."""
        return tuple(path for path in places.list_locks() if (path, _read_time(path)) not in self._left_over)

    def _wait_for_quiet(self) -> None:
        while (rest := self.patience.ceiling - self.wakeups.read_age()) > 0:
            left = self.patience.quiet - self.wakeups.read_silence()
            if left <= 0:
                return
            self.wakeups.wait_for_next(min(left, rest))

    def _wait_for_locks(self, places: Places) -> bool:
        """Return whether all locks are free; if not, say so, and remember those that are not."""
        end = monotonic() + self.patience.lock
        while locks := self.list_locks(places):
            if monotonic() > end:
                for path in locks:
                    self._left_over.add((path, _read_time(path)))
                    self.tell_lock(path)
                return False
            self.wakeups.wait_for_next(_GLIMPSE)
        return True


def _read_time(path: Path) -> int:
    try:
        return path.lstat().st_mtime_ns
    except OSError:
        return 0
