"""Take the bytes that Git prints with -z; read them without guessing; give entries, blobs, commits and changes."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from sys import intern

from pipeline.sources.snapshot import Commit

LAST_SECOND = 253402300799  # 9999-12-31T23:59:59Z, the last one that a datetime holds
COMMIT_FORMAT = "%H%x00%ct%x00%an%x00%s"
COMMIT_FIELDS = 4
# Id, seconds, author, address, first line, and the values of three trailers, a line each.
_TRAILER = "%x00%(trailers:key={},valueonly,unfold,separator=%x0A)"
TRAILERS = ("Approved-by", "Reviewed-by", "Approves")
STEP_FORMAT = "%H%x00%ct%x00%an%x00%ae%x00%s" + "".join(map(_TRAILER.format, TRAILERS))
STEP_FIELDS = 5 + len(TRAILERS)
# A status of `--name-status`. A commit's id is longer, so the two cannot be mixed up.
_STATUS = re.compile(rb"\n?[ADMTUX]|\n?R[0-9]{3}")


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a tree: Git's mode ("100644", "120000" link, "160000" submodule), id, size in bytes, path."""

    mode: str
    id: str
    size: int
    path: str


@dataclass(frozen=True, slots=True)
class Step:
    """One commit of a line: its fields as STEP_FORMAT names them, and for each change the path and the one before.

    The path before is "" unless the file was renamed.
    """

    fields: tuple[str, ...]
    changes: tuple[tuple[str, str], ...]


def decode_path(path: bytes) -> str:
    """Return a path as text; bytes that are not UTF-8 come back as lone surrogates.

    A path that is read twice, in a tree and in the history, is in memory once.
    """
    return intern(path.decode("utf-8", "surrogateescape"))


def split_zero(output: bytes) -> list[bytes]:
    """Return the parts that end with NUL, without the empty rest."""
    return output.split(b"\0")[:-1]


def read_entry(line: bytes) -> Entry:
    """Return the entry that one line of `ls-tree -l` stands for; a submodule, and what this clone lacks, has size 0."""
    facts, path = line.split(b"\t", 1)
    mode, _, sha, size = facts.decode("ascii").split()
    return Entry(mode, sha, int(size) if size.isdigit() else 0, decode_path(path))


def read_batch(output: bytes) -> Iterator[tuple[str, bytes | None]]:
    """Give id and content of each object that `cat-file --batch` printed; None for one that is missing."""
    start = 0
    while start < len(output):
        end = output.index(b"\n", start)
        words = output[start:end].decode("ascii").split()
        if len(words) != 3:
            yield words[0], None
            start = end + 1
            continue
        size = int(words[2])
        yield words[0], output[end + 1 : end + 1 + size]
        start = end + size + 2


def read_commit_fields(fields: Sequence[bytes]) -> Commit:
    """Return the commit that the fields of COMMIT_FORMAT stand for."""
    sha, seconds, author, subject = (field.decode("utf-8", "replace") for field in fields)
    return Commit(sha, read_second(int(seconds)), author, subject)


def read_second(seconds: int) -> datetime:
    """Return the UTC time of seconds since 1970; what no calendar holds becomes the nearest time that it does."""
    return datetime.fromtimestamp(min(max(seconds, 0), LAST_SECOND), UTC)


def read_steps(output: bytes) -> Iterator[Step]:
    """Give the commits in the output of `log -z --name-status` with STEP_FORMAT, in its order, with their changes."""
    tokens = output.split(b"\0")
    position = 0
    while position + STEP_FIELDS <= len(tokens) - 1:
        fields = tuple(token.decode("utf-8", "replace") for token in tokens[position : position + STEP_FIELDS])
        position += STEP_FIELDS
        changes: list[tuple[str, str]] = []
        # A line feed, not NUL, stands between a commit and its first change.
        while position + 1 < len(tokens) and _STATUS.fullmatch(tokens[position]):
            renamed = b"R" in tokens[position]
            changes.append((decode_path(tokens[position + 1]), decode_path(tokens[position + 2]) if renamed else ""))
            position += 3 if renamed else 2
        yield Step(fields, tuple((new or path, path if new else "") for path, new in changes))
