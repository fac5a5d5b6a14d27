"""Take records, mappings, lists and plain values; write them as JSON that a person can read; give the text.

It is what `json.dumps` gives with an indentation of two, sorted keys and every letter as itself; that takes seconds for
the documents of a thousand projects.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass
from json.encoder import encode_basestring
from operator import attrgetter
from typing import Any

_STEP = "  "
_SHAPES: dict[type, tuple[tuple[str, ...], Callable[[Any], Any]]] = {}
_WORDS = {True: "true", False: "false", None: "null"}


def dump_json(value: Any) -> str:
    """Return the JSON of a value; a record of a dataclass is a mapping of its fields."""
    return _dump(value, "\n", {})


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
    kind = type(value)
    if kind not in _SHAPES:
        _SHAPES[kind] = _find_shape(kind)
    names, get = _SHAPES[kind]
    return _dump_pairs(zip(names, get(value), strict=True), line, known)


def _dump_pairs(pairs: Any, line: str, known: dict[tuple[int, str], str]) -> str:
    below = line + _STEP
    return _enclose("{", "}", [f"{encode_basestring(name)}: {_dump(one, below, known)}" for name, one in pairs], line)


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
