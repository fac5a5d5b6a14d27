"""Take the lists of files in an output folder; sign them with a key of this user; tell later whether they are ours.

Anybody may have put a list of built files into a folder. The signatures lie in the folder's lock, which every build
holds; the key lies in the cache folder, out of reach of whoever can write to a repository. Without a key nothing is
proved, and nothing else is lost.
"""

from __future__ import annotations

import hmac
import os
import stat
from hashlib import sha256
from pathlib import Path

from pipeline.archive.descent import read_plain
from pipeline.archive.names import LOCK
from pipeline.cache import find_cache, find_fault_of_cache
from pipeline.sources.chance import make_salt

_KEY = "key"
_SIZE = 32  # bytes
_NO_LINK = getattr(os, "O_NOFOLLOW", 0)


class Proof:
    """What proves the lists in an output folder."""

    def __init__(self, output: Path) -> None:
        self._output = output
        self._key = _read_key()
        self._known = frozenset((read_plain(output, LOCK) or b"").decode("ascii", "replace").split())

    def holds(self, data: bytes) -> bool:
        """Return whether a build of this user has left just this list in just this folder."""
        return bool(self._key) and any(hmac.compare_digest(self._sign(data), one) for one in self._known)

    def save(self, *lists: bytes) -> None:
        """Sign lists, and none but these, in the lock that a build holds; a disk that refuses is no harm."""
        if not self._key:
            return
        signed = [self._sign(data) for data in lists]
        try:
            descriptor = os.open(self._output / LOCK, os.O_WRONLY | os.O_CLOEXEC | _NO_LINK)
        except OSError:
            return
        try:
            if os.fstat(descriptor).st_nlink == 1:  # else it is another file too
                text = "".join(f"{one}\n" for one in signed).encode("ascii")
                os.write(descriptor, text)
                os.ftruncate(descriptor, len(text))
        except OSError:
            return
        finally:
            os.close(descriptor)
        self._known = frozenset(signed)

    def _sign(self, data: bytes) -> str:
        place = os.fsencode(self._output.resolve())
        return hmac.new(self._key, sha256(place).digest() + sha256(data).digest(), sha256).hexdigest()


def _read_key() -> bytes:
    """Return this user's key, made if it is not there yet; nothing where it could be somebody else's."""
    cache = find_cache()
    if not cache or find_fault_of_cache(cache):
        return b""
    path = Path(cache) / _KEY
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor = _open_key(path)
        try:
            found = os.fstat(descriptor)
            is_ours = stat.S_ISREG(found.st_mode) and found.st_uid == os.geteuid() and not found.st_mode & 0o077
            data = os.read(descriptor, _SIZE + 1) if is_ours else b""
        finally:
            os.close(descriptor)
    except OSError:
        return b""
    return data if len(data) == _SIZE else b""


def _open_key(path: Path) -> int:
    """Return a descriptor of the key; a new one gets its name when it is whole."""
    if not os.path.lexists(path):
        new = path.with_name(f".{_KEY}-{make_salt().hex()}")
        descriptor = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC | _NO_LINK, 0o600)
        try:
            os.write(descriptor, make_salt())
            os.link(new, path)  # the first of two at once is kept
        except FileExistsError:
            pass
        finally:
            os.close(descriptor)
            new.unlink(missing_ok=True)
    return os.open(path, os.O_RDONLY | os.O_CLOEXEC | getattr(os, "O_NONBLOCK", 0) | _NO_LINK)
