"""Take a package and its manifests; hash every file once; name those altered, lost, added, renamed or swapped."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256, sha512
from zlib import crc32

from pipeline.closure.verify.package import DIFFERENT, Package
from pipeline.problems import Place, Problem
from pipeline.sources.paths import show_path


@dataclass(frozen=True, slots=True)
class Digests:
    """The hashes of a file that is there, as hex digits, and its CRC-32."""

    sha512: str
    sha256: str
    crc: int


def hash_files(package: Package) -> dict[str, Digests]:
    """Return the hashes of every file, by path, after one pass over each."""
    return {path: _hash(package, path) for path in package.files}


def compare_hashes(found: Mapping[str, Digests], listed: Mapping[str, str], unlisted: set[str]) -> Iterator[Problem]:
    """Yield what is not as the manifests list it; `unlisted` are the files that none of them speaks of."""
    missing = [path for path in listed if path not in found]
    altered = [path for path in listed if path in found and found[path].sha512 != listed[path]]
    renamed = _pair(missing, unlisted, found, listed)
    for old, new in renamed.items():
        yield _problem(new, f"is {show_path(old)} under another name")
    swapped = _find_swapped(altered, found, listed)
    for path in altered:
        other = swapped.get(path, "")
        yield _problem(path, f"was swapped: it holds what {show_path(other)} held" if other else "was altered")
    yield from (_problem(path, "is missing") for path in missing if path not in renamed)
    yield from (_problem(path, "was added: no manifest lists it") for path in sorted(unlisted - set(renamed.values())))


def compare_checksums(found: Mapping[str, Digests], checksums: Mapping[str, int]) -> Iterator[Problem]:
    """Yield the files that are not as the zip has them: the one way to tell a manifest that was altered by accident."""
    for path, crc in checksums.items():
        if path in found and found[path].crc != crc:
            yield _problem(path, "is not what was packed: its checksum in the zip is another one")


def _hash(package: Package, path: str) -> Digests:
    long, short, crc = sha512(), sha256(), 0
    for piece in package.pieces(path):
        long.update(piece)
        short.update(piece)
        crc = crc32(piece, crc)
    return Digests(long.hexdigest(), short.hexdigest(), crc)


def _pair(
    missing: list[str], unlisted: set[str], found: Mapping[str, Digests], listed: Mapping[str, str]
) -> dict[str, str]:
    """Return, for a file that is missing, the one that was added with just its bytes."""
    by_hash = {found[path].sha512: path for path in sorted(unlisted)}
    pairs: dict[str, str] = {}
    for path in missing:
        other = by_hash.pop(listed[path], None)
        if other is not None:
            pairs[path] = other
    return pairs


def _find_swapped(altered: list[str], found: Mapping[str, Digests], listed: Mapping[str, str]) -> dict[str, str]:
    homes = {listed[path]: path for path in altered}
    return {path: homes[found[path].sha512] for path in altered if found[path].sha512 in homes}


def _problem(path: str, words: str) -> Problem:
    return Problem(DIFFERENT, words, Place(show_path(path)))
