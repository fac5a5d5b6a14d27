"""Take the files of a package; make them a BagIt 1.0 bag (RFC 8493) with SHA-512 manifests; write it as one zip."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import BinaryIO
from zlib import crc32

from pipeline.archive.descent import open_below, replace_file
from pipeline.archive.folder import clear_errors
from pipeline.closure.items import Hashed, Item, hash_item, read_pieces
from pipeline.closure.zip_form import lay_out, make_central, make_end, make_local
from pipeline.problems import Problem, Stop

PAYLOAD = "data/"
DECLARATION = ("bagit.txt", b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n")
INFO, MANIFEST, TAG_MANIFEST = "bag-info.txt", "manifest-sha512.txt", "tagmanifest-sha512.txt"
SIGNATURE = f"{TAG_MANIFEST}.sig"

Sign = Callable[[bytes], bytes]


def make_bag(
    payload: Iterable[Hashed], info: Mapping[str, str], tags: Iterable[Item], sign: Sign | None = None
) -> tuple[Hashed, ...]:
    """Return all files of a bag, by path: the payload under data/, the tags beside it, manifests over both.

    `sign` gets the tag manifest, which covers the manifest, and so all else; its answer is the one file that no
    manifest lists.
    """
    files = sorted(payload, key=_order)
    oxum = f"{sum(file.size for file in files)}.{len(files)}"
    written = [
        Item(*DECLARATION),
        Item(INFO, make_info({**info, "Payload-Oxum": oxum})),
        Item(MANIFEST, make_manifest(files)),
        *tags,
    ]
    others = sorted((hash_item(item) for item in written), key=_order)
    last = make_manifest(others)
    ends = [Item(TAG_MANIFEST, last)] + ([Item(SIGNATURE, sign(last))] if sign else [])
    return tuple(sorted((*files, *others, *(hash_item(item) for item in ends)), key=_order))


def make_info(fields: Mapping[str, str]) -> bytes:
    """Return bag-info.txt: one `Name: value` a line, in the order of names."""
    return "".join(f"{name}: {' '.join(fields[name].split())}\n" for name in sorted(fields)).encode()


def make_manifest(files: Iterable[Hashed]) -> bytes:
    """Return a manifest: SHA-512 and path, as `sha512sum` writes and reads them."""
    return "".join(f"{file.sha512}  {file.path}\n" for file in files).encode()


def save_bag(path: Path, top: str, files: Iterable[Hashed]) -> None:
    """Write the files below one folder into a zip: beside it first, then in its place in one step.

    A file is read a piece at a time. Raises Stop where a file is not what was hashed (it changed meanwhile), or where
    the disk refuses (exit 4).
    """
    with clear_errors(path.parent):
        path.parent.mkdir(parents=True, exist_ok=True)
        with open_below(path.parent) as folder, replace_file(folder, path.name) as target:
            _write(target, top, tuple(files))


def _write(target: BinaryIO, top: str, files: tuple[Hashed, ...]) -> None:
    placed = lay_out((f"{top}/{file.path}", file.size, file.crc) for file in files)
    for file, place in zip(files, placed, strict=True):
        target.write(make_local(place))
        crc = 0
        for piece in read_pieces(file.item.source):
            crc = crc32(piece, crc)
            target.write(piece)
        if crc != file.crc or target.tell() != place.end:
            raise Stop(_moved(file.path))
    start = target.tell()
    for place in placed:
        target.write(make_central(place))
    target.write(make_end(len(placed), target.tell() - start, start))


def _order(file: Hashed) -> str:
    return file.path


def _moved(path: str) -> Problem:
    return Problem("DB500", f"{path} changed while it was being packed; no package was written", hint="close again")
