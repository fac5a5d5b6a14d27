"""Take a repository's annotated tags; read the list of configuration items in each; give baselines.

A baseline is the tag `baseline/<project>/<name>`. Its message is a person's words and then the list, as canonical JSON
with a line an item: `git show` reads it, `git diff` of two of them does, and no program of ours is needed for either.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache
from hashlib import sha256
from typing import Annotated, Any

from msgspec import Meta, convert

from pipeline.sources.git import repository as git
from pipeline.sources.git.output import read_second
from pipeline.sources.text import make_line
from pipeline.stored import BROKEN, Stored

PREFIX = "baseline/"
MARK = "Deedbox-Baseline: 1"
SCHEMA_VERSION = 1
NAME = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9_-]|\.(?!\.))*(?<!\.)(?<!\.lock)")
_FIELDS = ("refname:strip=2", "objectname", "*objectname", "taggerdate:unix", "taggername", "contents")
_FORMAT = "%00".join(f"%({field})" for field in _FIELDS) + "%00"
_SIGNED = re.compile(r"^-----BEGIN (PGP|SSH|SIGNED) (SIGNATURE|MESSAGE)-----$", re.MULTILINE)
_PLACES = tuple[Annotated[int, Meta(ge=0)], ...]  # of files, in their list
_LONGEST_NAME = 80
_LONGEST_WORDS = 2000


class Item(Stored, frozen=True):
    """A configuration item: a document, or (type "source") a file that documents are made from.

    `version` of a document is its version, of a file the id of the last commit that changed it; `hash` of a file is the
    SHA-256 of its bytes, of a document that of its sources (`hash_sources`), whose paths are in `sources`. `revision`
    and `date` are those of the last commit that changed it.
    """

    id: str
    type: str
    status: str
    version: str
    hash: str
    title: str = ""
    revision: str = ""
    date: str = ""
    sources: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Listing:
    """What a baseline lists: items by id, sorted; `tool` is the program that made the list."""

    project: str
    name: str
    tool: str
    items: tuple[Item, ...]

    @property
    def documents(self) -> tuple[Item, ...]:
        """Return the documents."""
        return tuple(item for item in self.items if item.type != "source")

    @property
    def files(self) -> tuple[Item, ...]:
        """Return the files."""
        return tuple(item for item in self.items if item.type == "source")


@dataclass(frozen=True, slots=True)
class Baseline:
    """A tag that holds a baseline; `object` and `commit` are Git's ids, `time` and `author` those of the tag.

    `words` are its message without the list; `listing` is None where the list cannot be read. `is_canonical` says that
    the list is written as we write it, byte for byte.
    """

    tag: str
    object: str
    commit: str
    time: datetime
    author: str
    words: str
    is_signed: bool
    listing: Listing | None
    is_canonical: bool = False

    @property
    def project(self) -> str:
        """Return the project that the tag's name says."""
        return self.tag.removeprefix(PREFIX).rpartition("/")[0]

    @property
    def name(self) -> str:
        """Return the baseline's own name."""
        return self.tag.rpartition("/")[2]


def read_baselines(folder: git.Repository, before: str = "") -> tuple[Baseline, ...]:
    """Return the baselines, oldest first; only those on commits that lie behind `before`, if that is given.

    What lies on that commit itself is left out: who tags what he has just built must not change it by that.
    """
    limits = (f"--merged={before}",) if before else ()
    output = git.run(folder, "for-each-ref", f"--format={_FORMAT}", *limits, f"refs/tags/{PREFIX}")
    fields = output.decode("utf-8", "replace").split("\0")[:-1]
    rows = (fields[at : at + len(_FIELDS)] for at in range(0, len(fields), len(_FIELDS)))
    found = (_read_baseline(row) for row in rows if row[2])
    behind = (one for one in found if one.commit != before)
    named = (replace(one, commit=folder.originals.get(one.commit, one.commit)) for one in behind)
    return tuple(sorted(named, key=lambda one: (one.time, one.tag)))


def make_baselines(repository: git.Repository, sha: str) -> Callable[[], tuple[Baseline, ...]]:
    """Return a function that reads the baselines on commits behind one, at most once."""

    @cache
    def baselines() -> tuple[Baseline, ...]:
        return read_baselines(repository, sha)

    return baselines


def hash_sources(digests: Mapping[str, str], paths: Iterable[str]) -> str:
    """Return the SHA-256 of a document's sources: of what `sha256sum` prints for them, in the order of their paths."""
    lines = "".join(f"{digests[path]}  {path}\n" for path in sorted(paths))
    return sha256(lines.encode("utf-8", "surrogatepass")).hexdigest()


def is_message(words: str) -> bool:
    """Return whether a person's words can stand before a list: some, and none that would end them or begin it."""
    return bool(words.strip()) and "\0" not in words and MARK not in words and not _SIGNED.search(words)


def make_message(words: str, listing: Listing) -> str:
    """Return the message of a tag: a person's words, the mark, and the list as canonical JSON."""
    return f"{words.strip()}\n\n{MARK}\n\n{write_listing(listing)}\n"


def write_listing(listing: Listing) -> str:
    """Return the list as JSON: keys sorted, a line an item, a document's sources as numbers of the files."""
    at = {item.id: number for number, item in enumerate(listing.files)}
    documents = ",\n".join(_dump(_record_document(item, at)) for item in listing.documents)
    files = ",\n".join(_dump(_record(item)) for item in listing.files)
    head = _dump({"baseline": listing.name})[1:-1]
    tail = _dump({"project": listing.project, "schema_version": SCHEMA_VERSION, "tool": listing.tool})[1:-1]
    return f'{{{head},"documents":[\n{documents}\n],"files":[\n{files}\n],{tail}}}'


def read_listing(text: str) -> Listing:
    """Return the list that a JSON text holds; ValueError or its like if it is none."""
    raw, _ = json.JSONDecoder().raw_decode(text)
    if raw["schema_version"] != SCHEMA_VERSION:
        raise ValueError("another version")
    files = convert(raw["files"], tuple[Item, ...])
    paths = [item.id for item in files]
    placed = ({**one, "sources": [paths[at] for at in convert(one["sources"], _PLACES)]} for one in raw["documents"])
    documents = convert(tuple(placed), tuple[Item, ...])
    listing = convert({**raw, "name": raw["baseline"], "items": (*documents, *files)}, Listing)
    if any(item.type != "source" for item in files) or any(item.type == "source" for item in documents):
        raise ValueError("an item stands in the wrong list")
    return listing


def _read_baseline(row: list[str]) -> Baseline:
    tag, object, commit, seconds, author, contents = row
    signature = _SIGNED.search(contents)
    body = contents[: signature.start()] if signature else contents
    words, found, rest = body.partition(f"\n{MARK}\n")
    listing: Listing | None = None
    try:
        listing = read_listing(rest.lstrip()) if found else None
    except BROKEN:
        listing = None
    return Baseline(
        tag=tag.lstrip("\n"),
        object=object,
        commit=commit,
        time=read_second(int(seconds or 0)),
        author=make_line(author, _LONGEST_NAME),
        words=make_line(words, _LONGEST_WORDS),
        is_signed=signature is not None,
        listing=listing,
        is_canonical=listing is not None and rest == f"\n{write_listing(listing)}\n",
    )


def _record(item: Item) -> dict[str, Any]:
    return {name: getattr(item, name) for name in ("date", "hash", "id", "revision", "status", "type", "version")}


def _record_document(item: Item, at: Mapping[str, int]) -> dict[str, Any]:
    return {**_record(item), "sources": sorted(at[path] for path in item.sources), "title": item.title}


def _dump(value: Any) -> str:
    return json.dumps(value, sort_keys=True, separators=(",", ":"))


def list_changes(old: Iterable[Item], new: Iterable[Item]) -> Iterator[tuple[Item | None, Item | None]]:
    """Give the items that differ, as pairs of before and after, by id; None stands for what is not there."""
    before, after = ({item.id: item for item in items} for items in (old, new))
    for id in sorted(before.keys() | after.keys()):
        pair = (before.get(id), after.get(id))
        if pair[0] is None or pair[1] is None or _key(pair[0]) != _key(pair[1]):
            yield pair


def _key(item: Item) -> tuple[str, ...]:
    return (item.type, item.status, item.version, item.hash)
