"""Take a store that has grown; drop what was used longest ago; leave it within its bounds."""

from __future__ import annotations

from pipeline.archive.store.files import Files
from pipeline.archive.store.index import Index

LARGEST = 2_000_000_000  # bytes of finished files
_LOWER = 0.9  # of the bound: room for a while, so that not every build has to tidy up
_BUILDS = 500  # a record that so many builds did not ask for goes


def trim_store(index: Index, files: Files, largest: int) -> None:
    """Remove the least recently used files above the bound, old records, and what killed builds left behind."""
    files.clear_new()
    total = index.ask("select sum(size) from blobs")
    excess = (total[0][0] or 0) if total else 0
    if excess > largest:
        _drop_files(index, files, excess - int(largest * _LOWER))
    for table in ("written", "fronts", "contents", "histories"):
        index.tell(f"delete from {table} where used < ?", [(index.round - _BUILDS,)])


def _drop_files(index: Index, files: Files, excess: int) -> None:
    dropped = []
    for digest, size in index.ask("select digest, size from blobs order by used, digest"):
        if excess <= 0:
            break
        files.remove(digest)
        dropped.append((digest,))
        excess -= size
    index.tell("delete from blobs where digest = ?", dropped)
