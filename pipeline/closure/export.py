"""Take the stream of `git fast-export --no-data`; read its commits with the paths that they change; give them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import BinaryIO

from pipeline.problems import Problem, Stop

ARGUMENTS = (
    "fast-export",
    "--all",
    "--no-data",
    "--show-original-ids",
    "--signed-tags=strip",
    "--fake-missing-tagger",
    "--reencode=yes",
    "--use-done-feature",
)
_ESCAPE = re.compile(rb"\\([0-7]{3}|.)")
_LETTERS = {b"a": 7, b"b": 8, b"t": 9, b"n": 10, b"v": 11, b"f": 12, b"r": 13}


@dataclass(frozen=True, slots=True)
class Changed:
    """A path that a commit changed against its first parent: `mode` and `id` of what is there now, b"" if nothing."""

    path: bytes
    mode: bytes = b""
    id: bytes = b""


@dataclass(slots=True)
class Exported:
    """A commit, or a tag (`name` is set): lines as Git writes them, message, marks of its parents, changes."""

    name: bytes = b""
    mark: int = 0
    original: str = ""
    author: bytes = b""
    committer: bytes = b""
    message: bytes = b""
    parents: list[int] = field(default_factory=list)
    changes: list[Changed] = field(default_factory=list)


def read_export(stream: BinaryIO) -> Iterator[Exported]:
    """Give commits, parents before children, and annotated tags; Stop if the stream ends too soon."""
    current: Exported | None = None
    for line in iter(stream.readline, b""):
        word, _, rest = line.rstrip(b"\n").partition(b" ")
        if word in (b"commit", b"tag", b"reset", b"done", b"blob"):
            if current is not None:
                yield current
            current = Exported(name=rest if word == b"tag" else b"") if word in (b"commit", b"tag") else None
            if word == b"done":
                return
        elif current is not None:
            _take(current, word, rest, stream)
    raise Stop(Problem("DB509", "Git's history could not be read to its end", hint="git fsck tells more"))


def _take(current: Exported, word: bytes, rest: bytes, stream: BinaryIO) -> None:
    if word == b"mark":
        current.mark = int(rest[1:])
    elif word == b"original-oid":
        current.original = rest.decode("ascii")
    elif word in (b"author", b"committer", b"tagger"):
        setattr(current, "author" if word == b"author" else "committer", rest)
    elif word == b"data":
        current.message = stream.read(int(rest))
    elif word in (b"from", b"merge"):
        current.parents.append(int(rest[1:]))
    elif word == b"M":
        mode, id, path = rest.split(b" ", 2)
        current.changes.append(Changed(_unquote(path), mode, id))
    elif word == b"D":
        current.changes.append(Changed(_unquote(rest)))


def quote_path(path: bytes) -> bytes:
    """Return a path as `git fast-import` reads it, whatever is in it."""
    special = b'"' in path or b"\\" in path or any(sign < 32 or sign > 126 for sign in path)
    if not special:
        return path
    return b'"' + b"".join(_quote(sign) for sign in path) + b'"'


def _quote(sign: int) -> bytes:
    return bytes((sign,)) if 32 <= sign <= 126 and sign not in b'"\\' else b"\\%03o" % sign


def _unquote(path: bytes) -> bytes:
    if not path.startswith(b'"'):
        return path
    return _ESCAPE.sub(lambda found: bytes((_value(found[1]),)), path[1:-1])


def _value(escape: bytes) -> int:
    return int(escape, 8) if len(escape) == 3 else _LETTERS.get(escape, escape[0])
