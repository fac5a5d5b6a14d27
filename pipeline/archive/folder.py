"""Take an output folder; read what earlier builds left there; tell our files from foreign ones and name disk errors."""

from __future__ import annotations

import errno
import os
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from msgspec import json

from pipeline.archive.descent import is_folder, open_below, read_plain, replace_file
from pipeline.archive.manifest import Manifest, read_manifest
from pipeline.archive.names import INDEX, MANIFEST, STAGE, is_safe
from pipeline.archive.outputs import Outputs
from pipeline.archive.proof import Proof
from pipeline.problems import MACHINE_LACKS, USAGE, Place, Problem, Stop
from pipeline.stored import BROKEN

JOURNAL = "names.json"
_OUR_MARK = b'<meta name="generator" content="Deedbox '


@dataclass(frozen=True, slots=True)
class Before:
    """What lies in the folder: the last good build's manifest, and the paths that Deedbox put there.

    `owned` maps each to the digests that a file of ours may have there; `proven` is the manifest as it lies there, if
    it is surely ours.
    """

    manifest: Manifest | None
    owned: Mapping[str, frozenset[str]]
    proven: bytes | None = None


def read_before(outputs: Outputs, proof: Proof) -> Before:
    """Return what earlier builds left; Stop (exit 2) if a foreign or newer manifest stands in the way.

    Anybody may have written the lists that lie in the folder. Where it is not proved that a list is ours, a file on it
    is ours only if it holds the bytes that the list says.
    """
    output = outputs.folder
    data, journal_data = read_plain(output, MANIFEST), read_plain(output, f"{STAGE}/{JOURNAL}")
    manifest, journal = _manifest(output, data), _journal(journal_data)
    is_proven = data is not None and proof.holds(data)
    sure = set(manifest.paths()) if manifest and is_proven else set()
    if journal and proof.holds(journal_data or b""):
        sure |= journal.keys()
    listed: dict[str, frozenset[str]] = dict(journal or {})
    for entry in manifest.files if manifest else ():
        listed[entry.path] = listed.get(entry.path, frozenset()) | {entry.sha256}
    owned = {name: known for name, known in listed.items() if name in sure or _is_ours(outputs, name, known)}
    if manifest:
        owned[MANIFEST] = frozenset()
    if (manifest or journal is not None) and (sure or _is_our_index(output)):
        owned[INDEX] = frozenset()
    return Before(manifest, owned, data if is_proven else None)


def _is_ours(outputs: Outputs, name: str, known: Collection[str]) -> bool:
    digest = outputs.digest(name)
    return digest in known if digest else not os.path.lexists(outputs.folder / name)


def _is_our_index(output: Path) -> bool:
    """Return whether the list of documents is one that we wrote, or none is there."""
    if not os.path.lexists(output / INDEX):
        return True
    return _OUR_MARK in (read_plain(output, INDEX) or b"")[:1000]


def check_foreign(outputs: Outputs, digests: Mapping[str, str], owned: Collection[str]) -> tuple[Problem, ...]:
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
    parent = name.rpartition("/")[0]
    return not parent or is_folder(output, parent) or not any((output / one).is_symlink() for one in folders_of(name))


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


def save_files(folder: Path, contents: Mapping[str, bytes]) -> None:
    """Write files that belong to no build, such as schemas, over those of the same names; Stop (exit 4) as above.

    No link in the folder is followed: what has the name of a file is replaced.
    """
    with clear_errors(folder):
        folder.mkdir(parents=True, exist_ok=True)
        with open_below(folder) as descriptor:
            for name, data in contents.items():
                with replace_file(descriptor, name) as file:
                    file.write(data)


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


def _manifest(output: Path, data: bytes | None) -> Manifest | None:
    path = output / MANIFEST
    if data is None:
        return None
    manifest = read_manifest(data, str(path))
    if not all(is_safe(name) for name in manifest.paths()):
        problem = Problem("DB506", "the list of built files has unsafe names", Place(str(path)), "remove the file")
        raise Stop(problem, exit_code=USAGE)
    return manifest


def _journal(data: bytes | None) -> dict[str, frozenset[str]] | None:
    """Return the names that a build, since killed, was about to save, with the digests of what may lie there.

    None if no build was killed.
    """
    try:
        names = json.decode(data or b"", type=dict[str, frozenset[str]])
    except BROKEN:
        return None
    return {name: known for name, known in names.items() if is_safe(name)}


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
