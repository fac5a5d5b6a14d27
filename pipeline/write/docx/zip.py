"""Take a package as python-docx saves it; sort its parts and fix their dates; give bytes that are always the same."""

from __future__ import annotations

from collections.abc import Mapping
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

_FIRST = ("[Content_Types].xml", "_rels/.rels")
_OLDEST = (1980, 1, 1, 0, 0, 0)
_UNIX = 3
_NOTHING: Mapping[str, bytes] = {}


def normalise_zip(data: bytes, own: Mapping[str, bytes] = _NOTHING) -> bytes:
    """Return the archive with its parts in order and no trace of when and where it was made.

    `own` are contents that take the place of what the archive holds.
    """
    target = BytesIO()
    with ZipFile(BytesIO(data)) as source, ZipFile(target, "w") as archive:
        for name in sorted(source.namelist(), key=lambda name: (name != _FIRST[0], name != _FIRST[1], name)):
            archive.writestr(make_entry(name), own.get(name) or source.read(name), compresslevel=6)
    return target.getvalue()


def make_entry(name: str) -> ZipInfo:
    """Return the directory entry of a part."""
    entry = ZipInfo(name, _OLDEST)
    entry.compress_type, entry.external_attr, entry.create_system = ZIP_DEFLATED, 0o600 << 16, _UNIX
    return entry
