"""Take an output folder; read what earlier builds left there; tell our files from foreign ones and name disk errors."""

from __future__ import annotations

import errno
import json
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from pipeline.archive.manifest import Manifest, read_manifest
from pipeline.archive.names import INDEX, MANIFEST, STAGE, is_safe
from pipeline.archive.outputs import Outputs
from pipeline.problems import MACHINE_LACKS, USAGE, Place, Problem, Stop

JOURNAL = "names.json"


@dataclass(frozen=True, slots=True)
class Before:
    """What lies in the folder: the last good build's manifest, and all paths that Deedbox put there."""

    manifest: Manifest | None
    owned: frozenset[str]


def read_before(output: Path) -> Before:
    """Return what earlier builds left; Stop (exit 2) if a foreign or newer manifest stands in the way."""
    journal = _journal(output)
    manifest = _manifest(output)
    listed = manifest.paths() if manifest else ()
    frame = (INDEX, MANIFEST) if manifest or journal is not None else ()
    return Before(manifest, frozenset((*listed, *(journal or ()), *frame)))


def check_foreign(outputs: Outputs, digests: Mapping[str, str], owned: frozenset[str]) -> tuple[Problem, ...]:
    """Return a problem for each path where something stands that Deedbox did not put there.

    `digests` maps the paths of what shall be saved to its SHA-256: a file that is the same already is in nobody's way.
    """
    # What is a file of ours, in a folder that is no link, is no obstacle: so it is with nearly all.
    ours = {path for path in digests if path in owned and outputs.digest(path)}
    found = (_obstacle(outputs, path, digests[path], path in owned) for path in sorted(digests.keys() - ours))
    return tuple(problem for problem in found if problem is not None)


def is_equal(path: Path, data: bytes) -> bool:
    """Return whether a plain file with just these bytes is there."""
    try:
        return not path.is_symlink() and path.is_file() and path.read_bytes() == data
    except PermissionError:
        return False


def is_inside(output: Path, name: str) -> bool:
    """Return whether no folder on the way from `output` to this file is a link to somewhere else."""
    return not any((output / parent).is_symlink() for parent in folders_of(name))


def folders_of(name: str) -> Iterator[str]:
    """Return the folders above a file, deepest first, without the output folder itself."""
    return (parent.as_posix() for parent in PurePosixPath(name).parents if parent.parts)


@contextmanager
def clear_errors(output: Path) -> Iterator[None]:
    """Turn a disk error into a Stop (exit 4) with clear words."""
    try:
        yield
    except OSError as error:
        code, words, hint = _ERRORS.get(error.errno or 0, _OTHER)
        detail = f"{words} ({error.strerror or error})"
        place = f"cannot write to {output}: {detail}"
        raise Stop(Problem(code, place, Place(), hint), exit_code=MACHINE_LACKS) from error


_READ_ONLY = ("DB510", "it is read-only for you", "choose a folder that you may write to with -o")
_FULL = ("DB511", "there is no space left", "free some space, or choose a folder on another disk with -o")
_OTHER = ("DB512", "the machine refused", "choose another folder with -o")
_ERRORS = {
    errno.EACCES: _READ_ONLY,
    errno.EPERM: _READ_ONLY,
    errno.EROFS: _READ_ONLY,
    errno.ENOSPC: _FULL,
    errno.EDQUOT: _FULL,
    errno.EFBIG: _FULL,
}


def _manifest(output: Path) -> Manifest | None:
    path = output / MANIFEST
    if not path.is_file():
        return None
    manifest = read_manifest(path.read_bytes(), str(path))
    if not all(is_safe(name) for name in manifest.paths()):
        problem = Problem("DB506", "the list of built files has unsafe names", Place(str(path)), "remove the file")
        raise Stop(problem, exit_code=USAGE)
    return manifest


def _journal(output: Path) -> tuple[str, ...] | None:
    """Return the names that a build, since killed, was about to save; None if no build was killed."""
    try:
        names = json.loads((output / STAGE / JOURNAL).read_bytes())
    except (FileNotFoundError, NotADirectoryError, ValueError):
        return None
    return tuple(_safe_names(names)) if isinstance(names, list) else None


def _safe_names(names: Iterable[object]) -> Iterator[str]:
    return (name for name in names if isinstance(name, str) and is_safe(name))


def _obstacle(outputs: Outputs, name: str, digest: str, ours: bool) -> Problem | None:
    output, path = outputs.folder, outputs.folder / name
    if not is_inside(output, name):
        return _foreign(path, "lies behind a link, and Deedbox writes through none")
    if any((output / parent).is_file() for parent in folders_of(name)):
        return _foreign(path.parent, "should be a folder and is a file")
    if path.is_dir():
        return _foreign(path, "should be a file and is a folder")
    if ours or not (path.is_symlink() or path.exists()) or outputs.digest(name) == digest:
        return None
    return _foreign(path, "is there already and was not made by Deedbox")


def _foreign(path: Path, words: str) -> Problem:
    return Problem("DB504", f"{path} {words}", Place(), "move it away, or choose another folder with -o")
