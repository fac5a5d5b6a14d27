"""Take a document, a theme or any of their nodes; put all that a writer can see of it in order; give canonical JSON."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import fields
from datetime import date
from hashlib import sha256
from operator import attrgetter
from typing import Any


def make_canonical(value: Any) -> bytes:
    """Return a tree of frozen dataclasses as JSON: a node is its kind and its fields in order, bytes are their SHA-256.

    Values that differ in anything give different texts. A kind of value that is not known is a TypeError.
    """
    # No indentation and no check for circles: so the encoder is the one in C, and a document takes milliseconds.
    text = json.dumps(
        value,
        default=_plain,
        ensure_ascii=True,
        check_circular=False,
        allow_nan=False,
        sort_keys=True,
        separators=(",", ":"),
    )
    return text.encode("ascii")


def make_digest(value: Any) -> str:
    """Return the SHA-256 (hex) of the canonical JSON of a value."""
    return sha256(make_canonical(value)).hexdigest()


def _plain(value: Any) -> Any:
    kind = type(value)
    if kind not in _SHAPES:
        _SHAPES[kind] = _find_shape(kind)
    return _SHAPES[kind](value)


def _find_shape(kind: type) -> Callable[[Any], Any]:
    for known, shape in _OTHERS:
        if issubclass(kind, known):
            return shape
    names = [field.name for field in fields(kind)]  # a TypeError where it is no dataclass
    if not names:
        return lambda value: (kind.__name__,)
    get = attrgetter(*names)
    if len(names) == 1:
        return lambda value: (kind.__name__, get(value))
    return lambda value: (kind.__name__, *get(value))


def _hash(value: bytes) -> dict[str, str]:
    return {"sha256": sha256(value).hexdigest()}


def _day(value: date) -> dict[str, str]:
    return {"time": value.isoformat()}


# JSON knows text, numbers, lists and dictionaries by itself.
_OTHERS: tuple[tuple[type, Callable[[Any], Any]], ...] = ((bytes, _hash), (date, _day), (Mapping, dict))
_SHAPES: dict[type, Callable[[Any], Any]] = {}
