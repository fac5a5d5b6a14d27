"""Take records, mappings, lists and plain values; write them as JSON that a person can read; give the text in pieces.

It is what `json.dumps` gives with an indentation of two, sorted keys and every letter as itself; that takes seconds for
the documents of a thousand projects.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import fields, is_dataclass
from json.encoder import encode_basestring
from operator import attrgetter
from typing import Any

_STEP = "  "
_MOST_KNOWN = 16  # mappings whose text is kept: those that share one stand side by side
_SHAPES: dict[type, tuple[tuple[str, ...], Callable[[Any], Any]]] = {}
_WORDS = {True: "true", False: "false", None: "null"}


def dump_json(record: Any) -> Iterator[str]:
    """Give the JSON of a record in pieces, some for each thing in its lists: whole, it would be in memory twice.

    A record is one of a dataclass: a mapping of its fields, in which there may be others.
    """
    known: dict[tuple[int, str], str] = {}
    start = "{"
    for name, value in _list_fields(record):
        yield f"{start}\n{_STEP}{encode_basestring(name)}: "
        if isinstance(value, tuple) and value:
            yield from _dump_parts(value, known)
        else:
            yield _dump(value, f"\n{_STEP}", known)
        start = ","
    yield "\n}"


def _dump_parts(values: tuple[Any, ...], known: dict[tuple[int, str], str]) -> Iterator[str]:
    line = f"\n{_STEP}{_STEP}"
    start = "["
    for one in values:
        yield start + line
        yield _dump(one, line, known)
        start = ","
        if len(known) > _MOST_KNOWN:
            known.clear()
    yield f"\n{_STEP}]"


def _dump(value: Any, line: str, known: dict[tuple[int, str], str]) -> str:
    """Return the JSON of a value that stands on lines which begin with `line`; `known` are mappings written before."""
    if isinstance(value, str):
        return encode_basestring(value)
    if isinstance(value, bool) or value is None:
        return _WORDS[value]
    if isinstance(value, int):
        return int.__repr__(value)
    if isinstance(value, tuple | list):
        return _enclose("[", "]", [_dump(one, line + _STEP, known) for one in value], line)
    if isinstance(value, Mapping):
        # The formats of a document share their sources: one mapping, which stays as it is while this runs.
        key = (id(value), line)
        if key not in known:
            known[key] = _dump_pairs(sorted(value.items()), line, known)
        return known[key]
    return _dump_pairs(_list_fields(value), line, known)


def _list_fields(record: Any) -> Iterator[tuple[str, Any]]:
    """Return names and values of a dataclass's fields, sorted by name."""
    kind = type(record)
    if kind not in _SHAPES:
        _SHAPES[kind] = _find_shape(kind)
    names, get = _SHAPES[kind]
    return zip(names, get(record), strict=True)


def _dump_pairs(pairs: Any, line: str, known: dict[tuple[int, str], str]) -> str:
    below = line + _STEP
    # Most values are texts.
    texts = ((name, encode_basestring(one) if type(one) is str else _dump(one, below, known)) for name, one in pairs)
    return _enclose("{", "}", [f"{encode_basestring(name)}: {text}" for name, text in texts], line)


def _enclose(start: str, end: str, parts: list[str], line: str) -> str:
    if not parts:
        return start + end
    return f"{start}{line}{_STEP}{f',{line}{_STEP}'.join(parts)}{line}{end}"


def _find_shape(kind: type) -> tuple[tuple[str, ...], Callable[[Any], Any]]:
    """Return the names of a dataclass's fields, sorted, and a function that reads them all."""
    if not is_dataclass(kind):
        raise TypeError(f"{kind.__name__} has no place in JSON")
    names = tuple(sorted(field.name for field in fields(kind)))
    get = attrgetter(*names)
    return names, get if len(names) > 1 else lambda value: (get(value),)
