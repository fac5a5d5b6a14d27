"""Take what a good build saw and made; keep it in one small file; tell at once whether anything has moved since.

This file is part of the fast path: it imports next to nothing, and uses `os` where others use pathlib.
"""

from __future__ import annotations

import os
import stat
import sys
from zlib import crc32

from pipeline.sources.stats import NUMBERS, find_young, read_digest, read_marks

_FORM = b"deedbox stamp 1\n"
_PART, _FIELD = "\0", "\x1f"
_HEAD = len(_FORM) + 24  # the form, a checksum, and the length of the text, as hex digits
_AT_ONCE = 256  # paths: where something has moved, few are looked at for nothing
_CODING = ("utf-8", "surrogatepass")


class Stamp:
    """What was seen and made: `call` is what was asked for and where, `words` what was said of it.

    `paths` are sources, outputs and the parts of Deedbox, `marks` what the file system said of them; `young` maps the
    positions of those that may have changed without a trace to digests of their contents.
    """

    __slots__ = ("call", "marks", "paths", "words", "young")

    def __init__(
        self, call: tuple[str, ...], words: tuple[str, ...], paths: list[str], marks: bytes, young: dict[int, str]
    ) -> None:
        self.call = call
        self.words = words
        self.paths = paths
        self.marks = marks
        self.young = young


def find_stamp(store: str, root: str, output: str) -> str:
    """Return the path of the stamp of an output folder ("" for the usual one) of a repository."""
    return f"{store}/stamps/{crc32(_PART.join((root, output)).encode(*_CODING)):08x}"


def save_stamp(path: str, stamp: Stamp) -> None:
    """Keep a stamp in place of an older one; OSError where the disk refuses, ValueError for what it cannot hold."""
    from pathlib import Path

    from pipeline.archive.descent import save_file

    if any(_PART in text or _FIELD in text for text in (*stamp.call, *stamp.words)):
        raise ValueError("a text holds a separator")
    young = _FIELD.join(f"{at} {digest}" for at, digest in stamp.young.items())
    parts = (_FIELD.join(stamp.call), _FIELD.join(stamp.words), young, *stamp.paths)
    text = _PART.join(parts).encode(*_CODING)
    os.makedirs(os.path.dirname(path), exist_ok=True)  # noqa: PTH103, PTH120
    head = _FORM + b"%08x%016x" % (crc32(stamp.marks, crc32(text)), len(text))
    place = Path(path)
    save_file(place, head + text + stamp.marks, new=f"{place.name}.{os.getpid()}", wait=False)


def load_stamp(path: str) -> Stamp | None:
    """Return a stamp; None if there is none, or none that is whole."""
    try:
        with open(path, "rb") as file:  # noqa: PTH123
            data = file.read()
        return _read(data)
    except (OSError, ValueError, IndexError):
        return None


def drop_stamp(path: str) -> None:
    """Remove a stamp, if there is one and the disk allows it."""
    try:
        os.unlink(path)  # noqa: PTH108
    except OSError:
        return


def check_stamp(path: str, call: tuple[str, ...]) -> Stamp | None:
    """Return the stamp of a build that was asked for the same, if nothing has moved since; else None."""
    stamp = load_stamp(path)
    if stamp is None or stamp.call != call or not _is_as_marked(stamp.paths, stamp.marks):
        return None
    if stamp.young:
        output = stamp.words[2] if len(stamp.words) > 2 else ""
        now = read_file_clock(stamp.paths[min(stamp.young)], f"{output}/.lock", path)
        if any(read_digest(stamp.paths[at]) != digest for at, digest in stamp.young.items()):
            return None
        _settle(path, stamp, now)
    return stamp


def _is_as_marked(paths: list[str], marks: bytes) -> bool:
    """Return whether the file system says of all paths what it said; Git's own files come first, and move with it."""
    size = 8 * NUMBERS
    starts = range(0, len(paths), _AT_ONCE)
    parts = ((paths[at : at + _AT_ONCE], marks[at * size : (at + _AT_ONCE) * size]) for at in starts)
    return len(marks) == len(paths) * size and all(read_marks(some) == known for some, known in parts)


def read_now(path: str) -> int:
    """Return the time in nanoseconds by the clock of the file system that holds a file of ours, 0 if it cannot tell."""
    try:
        os.utime(path, follow_symlinks=False)
        return os.lstat(path).st_mtime_ns
    except OSError:
        return 0


def read_file_clock(place: str, *probes: str) -> int:
    """Return the time by the clock of the file system that holds a place, from a file of ours there; 0 if none is.

    File systems of a network have clocks of their own, which tell nothing of files elsewhere.
    """
    try:
        device = os.lstat(place).st_dev
    except OSError:
        return 0
    for probe in probes:
        try:
            found = os.lstat(probe)
        except OSError:
            continue
        if found.st_dev == device and stat.S_ISREG(found.st_mode):
            return read_now(probe)
    return 0


def make_call(
    root: str, output: str, selectors: tuple[str, ...], formats: tuple[str, ...], *, strict: bool
) -> tuple[str, ...]:
    """Return all that a build's result depends on besides files: what is asked for, and the surroundings.

    `output` is "" for the usual folder. The environment tells where Git's settings, Python's modules and libraries are.
    """
    asked = (root, output, repr(selectors), ",".join(formats), str(strict))
    named = sorted(name for name in os.environ if name in _TOLD or name.startswith("GIT_CONFIG"))
    return (*asked, sys.executable, sys.version, *sys.path[1:], *(f"{name}={os.environ[name]}" for name in named))


_TOLD = ("HOME", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "SOURCE_DATE_EPOCH", "XDG_CONFIG_HOME")


def _settle(path: str, stamp: Stamp, now: int) -> None:
    """Forget the digests of what is young no more: it was read after `now`, and is as it was."""
    left = set(find_young(stamp.marks, now)) if now else set(stamp.young)
    if left.issuperset(stamp.young):
        return
    young = {at: digest for at, digest in stamp.young.items() if at in left}
    try:
        save_stamp(path, Stamp(stamp.call, stamp.words, stamp.paths, stamp.marks, young))
    except OSError:
        return


def _read(data: bytes) -> Stamp | None:
    start = _HEAD + int(data[_HEAD - 16 : _HEAD], 16)
    text, marks = data[_HEAD:start], data[start:]
    if not data.startswith(_FORM) or int(data[_HEAD - 24 : _HEAD - 16], 16) != crc32(marks, crc32(text)):
        return None
    call, words, young, *paths = text.decode(*_CODING).split(_PART)
    pairs = (pair.split(" ") for pair in young.split(_FIELD) if pair)
    return Stamp(
        tuple(call.split(_FIELD)), tuple(words.split(_FIELD)), paths, marks, {int(at): digest for at, digest in pairs}
    )
