"""Take issued files; commit to each in an entry that names the one before it; give and read the lines of a ledger.

A line is JSON: the entry, the salt of its hash, and the leaf that the tree holds. The salt stands beside the entry, not
in it: whoever erases entry and salt leaves the leaf, and the tree still adds up.
"""

from __future__ import annotations

import hmac
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from io import BytesIO
from typing import Annotated

from msgspec import Meta, Struct, ValidationError, convert, json
from msgspec.structs import replace

from pipeline.closure.ledger.merkle import hash_leaf
from pipeline.stored import Stored

NOTHING = "0" * 64  # stands before the first entry
LONGEST_LINE = 20_000  # characters
Hash = Annotated[str, Meta(pattern=r"^[0-9a-f]{64}\Z")]


@dataclass(frozen=True, slots=True)
class Issue:
    """A file that was issued: its path, its document's revision (commit) and that one's time (ISO), its SHA-256."""

    path: str
    revision: str
    time: str
    sha256: str


class Entry(Stored, frozen=True):
    """What the tree commits to: a number from 1, what was issued, its salted hash, the leaf of the entry before."""

    number: int
    path: str
    revision: str
    time: str
    hash: Hash
    previous: Hash


class Line(Stored, frozen=True, omit_defaults=True):
    """One line: `entry` is None where it was erased; `erased` stands only in the line as it is written."""

    leaf: Hash
    entry: Entry | None = None
    salt: Annotated[str, Meta(pattern=r"^(?:[0-9a-f]{64})?\Z")] = ""
    erased: bool = False


class _Leaf(Struct):
    """What every line has."""

    leaf: Hash


def make_salt(seed: bytes, issue: Issue) -> bytes:
    """Return a salt that only who knows the seed can tell (HMAC-SHA-256)."""
    return hmac.digest(seed, f"{issue.path}\0{issue.revision}\0{issue.sha256}".encode(), "sha256")


def make_hash(salt: bytes, digest: str) -> str:
    """Return the salted hash of a file: SHA-256 over the salt and the file's own SHA-256."""
    return sha256(salt + bytes.fromhex(digest)).hexdigest()


def make_leaf(entry: Entry) -> str:
    """Return the leaf of an entry: the hash of its canonical JSON (sorted keys, no spaces, UTF-8)."""
    return hash_leaf(json.encode(entry, order="sorted")).hex()


def add_issues(lines: Sequence[Line], issues: Iterable[Issue], salt: Callable[[Issue], bytes]) -> tuple[Line, ...]:
    """Return the lines with one more for each file that was issued."""
    grown = list(lines)
    for issue in issues:
        chosen = salt(issue)
        previous = grown[-1].leaf if grown else NOTHING
        hash = make_hash(chosen, issue.sha256)
        entry = Entry(len(grown) + 1, issue.path, issue.revision, issue.time, hash, previous)
        grown.append(Line(make_leaf(entry), entry, chosen.hex()))
    return tuple(grown)


def carry_lines(lines: Sequence[Line], others: Iterable[Line]) -> tuple[Line, ...]:
    """Return the lines with those of another ledger after them, under new numbers and with the hashes they had."""
    grown = list(lines)
    for line in others:
        if line.entry is not None:
            previous = grown[-1].leaf if grown else NOTHING
            entry = replace(line.entry, number=len(grown) + 1, previous=previous)
            grown.append(Line(make_leaf(entry), entry, line.salt))
    return tuple(grown)


def list_leaves(lines: Iterable[Line]) -> list[bytes]:
    """Return the leaf hashes that the tree is built over."""
    return [bytes.fromhex(line.leaf) for line in lines]


def holds(line: Line, digest: str) -> bool:
    """Return whether a line is of a file with this SHA-256."""
    return line.entry is not None and make_hash(bytes.fromhex(line.salt), digest) == line.entry.hash


def write_lines(lines: Iterable[Line]) -> bytes:
    """Return the lines as UTF-8, one JSON object a line."""
    return b"".join(_write(line) for line in lines)


def read_lines(data: bytes) -> Iterator[Line | str]:
    """Give each line, or what is wrong with it."""
    for text in BytesIO(data):
        yield _read(text.decode("utf-8", "replace").rstrip("\r\n"))


def _write(line: Line) -> bytes:
    written = line if line.entry else replace(line, erased=True)
    return json.format(json.encode(written, order="sorted"), indent=0) + b"\n"


def _read(text: str) -> Line | str:
    if len(text) > LONGEST_LINE:
        return "is too long"
    try:
        value = json.decode(text)
    except (ValueError, RecursionError):
        return "is no JSON"
    try:
        leaf = convert(value, _Leaf).leaf
    except ValidationError:
        return "has no leaf"
    try:
        line = convert(value, Line)
    except ValidationError:
        return "is no entry"
    if line.erased:
        return "is no entry" if line.entry or line.salt else Line(leaf)
    return line if line.entry and line.salt else "is no entry"
