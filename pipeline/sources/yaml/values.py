"""Take the text of one YAML scalar; resolve it by the core rules of YAML 1.2, and ISO dates; give a Python value."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal

Scalar = str | int | Decimal | bool | date | None

LONGEST_NUMBER = 40  # characters; the largest budget line of the world has fewer
LARGEST_EXPONENT = 99

WORDS: dict[str, Scalar] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL"), None),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}

# Only a text that begins with one of these can be a number or a date: all other texts are done after one look-up.
_STARTS = frozenset("+-.0123456789")


class BadScalar(ValueError):
    """Raised for a scalar that looks like a value but is none; holds code, message and hint of its problem."""

    def __init__(self, code: str, message: str, hint: str) -> None:
        super().__init__(message)
        self.code, self.message, self.hint = code, message, hint


def resolve_scalar(text: str) -> Scalar:
    """Return what an unquoted scalar means: `no` is text, `012` is 12, `1e3` a Decimal, `2026-09-30` a date.

    BadScalar for a date that no calendar has, for `.nan` and `.inf`, and for numbers that no figure is.
    """
    if text in WORDS:
        return WORDS[text]
    if text[0] not in _STARTS:
        return text
    for pattern, convert in _RULES:
        if pattern.fullmatch(text):
            return convert(text)
    return text


def _whole(text: str) -> int:
    return int(_checked(text))


def _base(text: str) -> int:
    return int(_checked(text), 0)


def _decimal(text: str) -> Decimal:
    number = Decimal(_checked(text))
    if abs(number.adjusted()) > LARGEST_EXPONENT:
        raise _no_figure(text)
    return number


def _no_number(text: str) -> Scalar:
    raise _no_figure(text)


def _checked(text: str) -> str:
    if len(text) > LONGEST_NUMBER:
        raise _no_figure(text)
    return text


def _no_figure(text: str) -> BadScalar:
    shown = text if len(text) <= LONGEST_NUMBER else f"{text[:LONGEST_NUMBER]}…"
    return BadScalar(
        "DB142", f"`{shown}` is not a number that a document can use", 'if it is a text, put it in "quotes"'
    )


def _date(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        hint = 'dates are YYYY-MM-DD; if it is a text, put it in "quotes"'
        raise BadScalar("DB140", f"`{text}` is not a day of any calendar", hint) from None


_RULES: tuple[tuple[re.Pattern[str], Callable[[str], Scalar]], ...] = (
    (re.compile(r"[-+]?[0-9]+"), _whole),
    (re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}"), _date),
    (re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?"), _decimal),
    (re.compile(r"0o[0-7]+|0x[0-9a-fA-F]+"), _base),
    (re.compile(r"[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)"), _no_number),
)
