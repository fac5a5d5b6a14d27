"""Take the places of a repository; choose how to learn that something moved there, by events or by looking often."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic, sleep
from typing import Any

from pipeline.archive.descent import write_new
from pipeline.problems import Problem
from pipeline.triggers.watch.notify import Notifier, make_observer, open_notifier
from pipeline.triggers.watch.places import Places
from pipeline.triggers.watch.wakeups import Wakeups

EVENTS, POLLING = "events", "polling"
_PROBE = ".probe"
_GLIMPSES, _GLIMPSE = 5, 0.1  # how often to count, and seconds between
_PROBE_TIME = 3.0  # seconds until an event of our own must have come


@dataclass
class EventSource:
    """How a watch learns of changes. `mode` is `events` until they turn out not to arrive; then it stays `polling`."""

    wakeups: Wakeups
    tell: Callable[[Problem], None]
    find_output: Callable[[], Path]
    mode: str = EVENTS
    make: Callable[[], Any] = make_observer
    _notifier: Notifier | None = field(default=None)
    _is_probed: bool = field(default=False)
    _proven: frozenset[str] = field(default=frozenset())

    def arm(self, places: Places) -> None:
        """Watch from now on, anew if the root has become another folder."""
        if self.mode == POLLING or (self._notifier and self._notifier.is_at(places.root, places.list_watched())):
            return
        self.disarm()
        kind = find_remote_kind(places.root)
        if kind:
            self._fall_back(f"the repository lies on {kind}, which others can change unseen")
            return
        try:
            self._notifier = open_notifier(
                places.list_watched(), self.wakeups, lambda path: places.matters(path, self.find_output()), self.make
            )
        except OSError as error:
            self._fall_back(f"the system gives no more watches ({error.strerror or error})")

    def disarm(self) -> None:
        """Watch no longer."""
        if self._notifier:
            self._notifier.close()
            self._notifier = None

    def prove(self, places: Places, folders: frozenset[str]) -> None:
        """Look whether events come, and from all folders, unless these are as they were; look often if not."""
        if self._notifier is None or (folders == self._proven and not self._notifier.alarm.is_broken):
            return
        self._proven = folders
        if not self._sees_all(self._notifier):
            self._mend(places)
        if self._notifier and not self._is_probed:
            output = self.find_output()
            # Only a folder of our own is written to, and only where it is watched; it may not be there yet.
            self._is_probed = output.is_dir() or not output.is_relative_to(places.root)
            if self._is_probed and not self._probe(output, places.root):
                self._fall_back("no event comes from its file system")

    def _sees_all(self, notifier: Notifier) -> bool:
        """Return whether all folders are watched; one that has just come may be so only in a moment."""
        for _ in range(_GLIMPSES):
            if notifier.sees_all():
                return True
            sleep(_GLIMPSE)
        return False

    def _mend(self, places: Places) -> None:
        """Watch anew what was passed over; if no watch is left for it, look often."""
        try:
            open_notifier(((places.root, False),), self.wakeups, lambda path: False, self.make).close()
        except OSError:
            self._fall_back("the system gives no more watches (fs.inotify.max_user_watches)")
            return
        self.disarm()
        self.arm(places)
        self.wakeups.give()

    def _probe(self, output: Path, root: Path) -> bool:
        """Return whether an event comes of a file that we write in our own folder; yes if that is not to be watched."""
        if not (output.is_dir() and output.is_relative_to(root)):
            return True
        file, before = output / _PROBE, self.wakeups.heard
        try:
            write_new(file, b"")
        except OSError:
            return True
        end = monotonic() + _PROBE_TIME
        while self.wakeups.heard == before and monotonic() < end:
            self.wakeups.wait_for_next(0.01)
        with suppress(OSError):
            file.unlink()
        return self.wakeups.heard != before

    def _fall_back(self, why: str) -> None:
        if self.mode == POLLING:
            return
        self.disarm()
        self.mode = POLLING
        message = f"{why}: Deedbox looks for changes every second instead of being told"
        self.tell(Problem("DB443", message, hint="nothing is missed, it only takes longer", severity="warning"))


_MOUNTS = Path("/proc/self/mountinfo")
# Shared with other machines, or with what hosts this one: what they change, the kernel here never sees.
_REMOTE = frozenset({
    "9p", "afs", "ceph", "cifs", "davfs", "drvfs", "fuse.gcsfuse", "fuse.glusterfs", "fuse.grpcfuse", "fuse.osxfs",
    "fuse.rclone", "fuse.s3fs", "fuse.sshfs", "fuse.vmhgfs-fuse", "fakeowner", "gpfs", "lustre", "ncpfs", "nfs", "nfs4",
    "prl_fs", "smb3", "smbfs", "vboxsf", "virtiofs",
})  # fmt: skip


def find_remote_kind(folder: Path, mounts: Path = _MOUNTS) -> str:
    """Return the kind of file system that a folder lies on, if it is one that others change unseen; else ""."""
    try:
        lines = mounts.read_text("utf-8", "replace").splitlines()
    except OSError:
        return ""
    kind, longest = "", -1
    for line in lines:
        front, _, back = line.partition(" - ")
        point = _decode(front.split()[4])
        # Of two at one point the later one lies on top.
        if folder.is_relative_to(point) and len(point) >= longest:
            kind, longest = back.split()[0], len(point)
    return kind if kind in _REMOTE else ""


def _decode(text: str) -> str:
    """Return a path as it is: the kernel writes blanks and backslashes in it as octal numbers."""
    for number in ("040", "011", "012", "134"):
        text = text.replace(f"\\{number}", chr(int(number, 8)))
    return text
