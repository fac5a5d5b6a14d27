"""Take folders to watch; have the operating system tell what happens in them; give wakeups, and word where it cannot.

Nothing here is relied on: events get lost, some come late, and some file systems send none. Whoever gets a hint looks.
"""

from __future__ import annotations

import logging
import os
import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from watchdog.events import (
    DirCreatedEvent,
    DirDeletedEvent,
    DirMovedEvent,
    FileAttribEvent,
    FileClosedEvent,
    FileCreatedEvent,
    FileDeletedEvent,
    FileModifiedEvent,
    FileMovedEvent,
    FileSystemEvent,
    FileSystemEventHandler,
)
from watchdog.observers import Observer

from pipeline.triggers.watch.wakeups import Wakeups

# Without those that tell of reading: our own builds read everything.
EVENTS: list[type[FileSystemEvent]] = [
    DirCreatedEvent,
    DirDeletedEvent,
    DirMovedEvent,
    FileAttribEvent,
    FileClosedEvent,
    FileCreatedEvent,
    FileDeletedEvent,
    FileModifiedEvent,
    FileMovedEvent,
]
_LOGGER = "watchdog.observers"
_INOTIFY = "anon_inode:inotify"


class Handler(FileSystemEventHandler):
    """Turns an event into a hint if it is about something that matters."""

    def __init__(self, wakeups: Wakeups, matters: Callable[[str], bool]) -> None:
        self._wakeups = wakeups
        self._matters = matters

    def on_any_event(self, event: FileSystemEvent) -> None:
        """Give a hint for the place of an event, and for where something was moved to."""
        self._wakeups.hear()
        if any(self._matters(os.fsdecode(path)) for path in (event.src_path, event.dest_path) if path):
            self._wakeups.give()


class Alarm(logging.Handler):
    """Hears what watchdog only logs: that the queue of the kernel has overflowed, and events are lost."""

    def __init__(self, wakeups: Wakeups) -> None:
        super().__init__(logging.WARNING)
        self._wakeups = wakeups
        self.is_broken = False

    def emit(self, record: logging.LogRecord) -> None:
        """Give a hint; after an error the observer may be blind."""
        self.is_broken = self.is_broken or record.levelno >= logging.ERROR
        self._wakeups.give()


@dataclass
class Notifier:
    """An observer at work, what it watches, and the number of the root's node when it began."""

    observer: Any
    alarm: Alarm
    folders: tuple[tuple[Path, bool], ...]
    node: int
    _is_open: bool = field(default=True)

    def sees_all(self) -> bool:
        """Return whether each folder is watched, as far as the kernel tells: some that could not be are passed over."""
        watches = count_watches()
        return not self.alarm.is_broken and (watches is None or watches >= sum(map(count_folders, self.folders)))

    def is_at(self, root: Path, folders: tuple[tuple[Path, bool], ...]) -> bool:
        """Return whether the root is still the folder that is watched, and the folders are still these."""
        alive = all(emitter.is_alive() for emitter in self.observer.emitters)
        return self._is_open and alive and self.node == read_node(root) and self.folders == folders

    def close(self) -> None:
        """End; what was not told yet is lost."""
        if self._is_open:
            self._is_open = False
            self.observer.stop()
            self.observer.join()
            logging.getLogger(_LOGGER).removeHandler(self.alarm)


def open_notifier(
    folders: tuple[tuple[Path, bool], ...], wakeups: Wakeups, matters: Callable[[str], bool], make: Callable[[], Any]
) -> Notifier:
    """Return a notifier at work; OSError where the system has no watches left. `make` gives an observer."""
    # watchdog may register a new folder twice, which is harmless, and says so at length.
    warnings.filterwarnings("ignore", "Callback with id", RuntimeWarning)
    alarm = Alarm(wakeups)
    logger = logging.getLogger(_LOGGER)
    logger.propagate = False
    logger.addHandler(alarm)
    observer = None
    try:
        node = read_node(folders[0][0])
        observer = make()
        handler = Handler(wakeups, matters)
        for folder, deep in folders:
            observer.schedule(handler, str(folder), recursive=deep, event_filter=EVENTS)
        observer.start()
    except BaseException:
        logger.removeHandler(alarm)
        if observer is not None:
            _give_up(observer)
        raise
    return Notifier(observer, alarm, folders, node)


def make_observer() -> Any:
    """Return the observer that fits this machine."""
    return Observer()


def count_watches() -> int | None:
    """Return how many folders the kernel watches for this process; None where it does not tell, or does otherwise."""
    try:
        numbers = tuple(_list_inotify())
        return sum(map(_count_lines, numbers)) if numbers else None
    except OSError:
        return None


def count_folders(watched: tuple[Path, bool]) -> int:
    """Return how many folders are meant: one, or it and all below it."""
    folder, deep = watched
    return sum(1 for _ in os.walk(folder)) if deep else int(folder.is_dir())


def read_node(folder: Path) -> int:
    """Return the number of a folder's node, 0 if it is not there."""
    try:
        return folder.stat().st_ino
    except OSError:
        return 0


def _list_inotify() -> Iterator[str]:
    for path in Path("/proc/self/fd").iterdir():
        try:
            if os.readlink(path) == _INOTIFY:  # noqa: PTH115 (it is no path that the link names)
                yield path.name
        except FileNotFoundError:
            continue


def _count_lines(number: str) -> int:
    text = Path("/proc/self/fdinfo", number).read_text("ascii")
    return sum(line.startswith("inotify ") for line in text.splitlines())


def _give_up(observer: Any) -> None:
    """End an observer that did not start: its thread for the kernel's queue may run already."""
    observer.stop()
    for thread in (observer, *observer.emitters):
        if thread.ident is not None:
            thread.join()
    if observer.ident is None:
        observer.on_thread_stop()
