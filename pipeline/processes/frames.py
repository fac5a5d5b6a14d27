"""Take a record of plain values and blocks of bytes; join them into one message; part such a message again.

A message is one line of JSON, then the blocks one after the other. Reading one can run nothing, whoever has written it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from itertools import accumulate, pairwise
from typing import Any

from msgspec import to_builtins

_SIZES = "sizes"


def join_frames(head: Mapping[str, Any], blocks: Iterable[bytes] = ()) -> bytes:
    """Return the message; records among the values become plain ones."""
    parts = tuple(blocks)
    line = json.dumps({**head, _SIZES: [len(part) for part in parts]}, default=to_builtins).encode()
    return b"".join((line, b"\n", *parts))


def part_frames(message: bytes) -> tuple[dict[str, Any], tuple[bytes, ...]]:
    """Return the record and the blocks of a message; ValueError where it is none, or not whole."""
    line, _, body = message.partition(b"\n")
    try:
        head = dict(json.loads(line))
        ends = list(accumulate(head.pop(_SIZES), initial=0))
    except (TypeError, KeyError, RecursionError) as error:
        raise ValueError("this is no message") from error
    if ends != sorted(ends) or ends[-1] != len(body) or not all(type(end) is int for end in ends):
        raise ValueError("this message is not whole")
    return head, tuple(body[start:end] for start, end in pairwise(ends))
