"""Take issued files; commit to each in an entry that names the one before it; give and read the lines of a ledger.

A line is JSON: the entry, the salt of its hash, and the leaf that the tree holds. The salt stands beside the entry, not
in it: whoever erases entry and salt leaves the leaf, and the tree still adds up.
"""

from __future__ import annotations

import hmac
import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from hashlib import sha256
from io import BytesIO
from typing import Any

from pipeline.closure.ledger.merkle import hash_leaf

NOTHING = "0" * 64  # stands before the first entry
LONGEST_LINE = 20_000  # characters


@dataclass(frozen=True, slots=True)
class Issue:
    """A file that was issued: its path, its document's revision (commit) and that one's time (ISO), its SHA-256."""

    path: str
    revision: str
    time: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Entry:
    """What the tree commits to: a number from 1, what was issued, its salted hash, the leaf of the entry before."""

    number: int
    path: str
    revision: str
    time: str
    hash: str
    previous: str


@dataclass(frozen=True, slots=True)
class Line:
    """One line: `entry` is None where it was erased."""

    leaf: str
    entry: Entry | None = None
    salt: str = ""


def make_salt(seed: bytes, issue: Issue) -> bytes:
    """Return a salt that only who knows the seed can tell (HMAC-SHA-256)."""
    return hmac.digest(seed, f"{issue.path}\0{issue.revision}\0{issue.sha256}".encode(), "sha256")


def make_hash(salt: bytes, digest: str) -> str:
    """Return the salted hash of a file: SHA-256 over the salt and the file's own SHA-256."""
    return sha256(salt + bytes.fromhex(digest)).hexdigest()


def make_leaf(entry: Entry) -> str:
    """Return the leaf of an entry: the hash of its canonical JSON (sorted keys, no spaces, UTF-8)."""
    text = json.dumps(asdict(entry), sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hash_leaf(text.encode("utf-8", "surrogatepass")).hex()


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
    value: dict[str, Any] = {"leaf": line.leaf, "erased": True}
    if line.entry is not None:
        value = {"entry": asdict(line.entry), "leaf": line.leaf, "salt": line.salt}
    return (json.dumps(value, sort_keys=True, ensure_ascii=False) + "\n").encode("utf-8", "backslashreplace")


def _read(text: str) -> Line | str:
    if len(text) > LONGEST_LINE:
        return "is too long"
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        return "is no JSON"
    if not isinstance(value, dict) or not _is_hash(value.get("leaf")):
        return "has no leaf"
    if value.get("erased") is True and value.keys() == {"erased", "leaf"}:
        return Line(value["leaf"])
    entry = value.get("entry")
    if value.keys() != {"entry", "leaf", "salt"} or not _is_hash(value["salt"]) or not isinstance(entry, dict):
        return "is no entry"
    if not _is_entry(entry):
        return "is no entry"
    return Line(value["leaf"], Entry(**entry), value["salt"])


def _is_entry(value: dict[str, Any]) -> bool:
    if value.keys() != set(Entry.__dataclass_fields__):
        return False
    words = (value[name] for name in ("path", "revision", "time"))
    number = value["number"]
    return (
        all(isinstance(word, str) for word in words)
        and all(_is_hash(value[name]) for name in ("hash", "previous"))
        and isinstance(number, int)
        and not isinstance(number, bool)
    )


def _is_hash(value: Any) -> bool:
    return isinstance(value, str) and len(value) == 64 and set(value) <= set("0123456789abcdef")
