"""Take rows of values; write them as CSV that a spreadsheet opens and cannot run; give bytes. All CSV is written here.

UTF-8 with the mark at its start by which Excel tells it, lines as RFC 4180 wants them. A text that a spreadsheet would
take for a formula gets an apostrophe before it, also where only a part of it would be: in much of Europe semicolons
part the cells of a line, and nobody can know what the reader's spreadsheet is told. A number stays a number.
"""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import Decimal
from io import StringIO
from typing import Any

# A spreadsheet takes a cell for a formula that begins with one of these; full-width forms count in some languages.
_FORMULA = frozenset("=+-@\uff1d\uff0b\uff0d\uff20\ufe62\ufe63\ufe66\ufe6b")
_NUMBER = re.compile(r"[-+−]?\d[\d.,'’\s]*%?")
# What may part cells, or begin a line of its own.
_PARTS = re.compile(r"([,;|\t\r\n\v\f\x85\u2028\u2029])")
# What stands before the first character that counts: blanks, quotation marks, what has no width or turns text.
_BEFORE = re.compile(
    r"[\s\"\u00ad\u061c\u115f\u1160\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufeff\x00-\x1f\x7f]*"
)


def write_csv(rows: Iterable[Sequence[Any]], plain: Callable[[Any], Any] = str) -> bytes:
    """Return rows as CSV: texts made harmless, numbers as they are, nothing for None, lists and mappings as JSON.

    `plain` turns a value within those that JSON does not know into one that it does.
    """
    target = StringIO(newline="")
    writer = csv.writer(target, lineterminator="\r\n")
    writer.writerows([_write(value, plain) for value in row] for row in rows)
    return target.getvalue().encode("utf-8-sig")


def _write(value: Any, plain: Callable[[Any], Any]) -> str:
    if value is None:
        return ""
    if isinstance(value, int | float | Decimal):
        return str(value)
    if isinstance(value, Mapping | list | tuple):
        return json.dumps(_disarm_all(value), ensure_ascii=False, default=plain)
    return disarm(str(value))


def _disarm_all(value: Any) -> Any:
    """Return a list or mapping whose texts are harmless: JSON itself begins with a bracket, but they may part it."""
    if isinstance(value, Mapping):
        return {disarm(str(key)): _disarm_all(below) for key, below in value.items()}
    if isinstance(value, list | tuple):
        return [_disarm_all(below) for below in value]
    return disarm(value) if isinstance(value, str) else value


def disarm(text: str) -> str:
    """Return the text of a cell so that no spreadsheet runs any part of it."""
    if _NUMBER.fullmatch(text.strip()):
        return text
    return "".join(_disarm(part) for part in _PARTS.split(text))


def _disarm(part: str) -> str:
    start = _BEFORE.match(part)
    words = part[start.end() :] if start else part
    return f"'{part}" if words[:1] in _FORMULA and words and not _NUMBER.fullmatch(words.strip()) else part
