"""Take the lists of files in an output folder; note their digests in the cache; tell later whether they are ours.

Anybody may have put a list of built files into a folder. The digests of those that builds have left lie in the cache
folder, out of reach of whoever can write to a repository. Without a cache nothing is proved, and nothing else is lost.
"""

from __future__ import annotations

import os
from contextlib import suppress
from hashlib import sha256
from pathlib import Path

from pipeline.archive.descent import read_plain, save_file
from pipeline.host.cache import OUTPUTS, find_cache, find_fault_of_cache, find_fault_of_store
from pipeline.sources.salt import make_salt

_MOST = 1000  # output folders that are remembered; of more, those written longest ago are forgotten


class Proof:
    """What proves the lists in an output folder."""

    def __init__(self, output: Path) -> None:
        self._place = _find_place()
        self._name = sha256(os.fsencode(output.resolve())).hexdigest()[:32]
        data = read_plain(self._place, self._name) if self._place else None
        self._known = frozenset((data or b"").decode("ascii", "replace").split())

    def holds(self, data: bytes) -> bool:
        """Return whether a build of this user has left just this list in just this folder."""
        return sha256(data).hexdigest() in self._known

    def save(self, *lists: bytes) -> None:
        """Note lists, and none but these; a disk that refuses is no harm."""
        self._known = frozenset(sha256(data).hexdigest() for data in lists)
        if self._place is None:
            return
        lines = "".join(f"{one}\n" for one in sorted(self._known))
        with suppress(OSError):
            self._place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._place.mkdir(mode=0o700, exist_ok=True)
            new = f".{self._name}-{make_salt().hex()[:16]}"
            save_file(self._place / self._name, lines.encode("ascii"), new=new, wait=False)
            _forget(self._place)


def _find_place() -> Path | None:
    """Return the folder of this user's notes, None where somebody else could write to it."""
    cache = find_cache()
    if not cache or find_fault_of_cache(cache) or find_fault_of_store(f"{cache}/{OUTPUTS}"):
        return None
    return Path(cache) / OUTPUTS


def _forget(place: Path) -> None:
    """Remove the notes that were written longest ago, where there are too many."""
    notes = list(place.iterdir())
    if len(notes) > _MOST:
        notes.sort(key=lambda note: note.stat().st_mtime)
        for note in notes[: len(notes) - _MOST]:
            note.unlink(missing_ok=True)
