"""Take words of a source that a message quotes; cut them to what a person reads, and find what was meant by one."""

from __future__ import annotations

import re
from collections.abc import Iterable

_LONGEST_QUOTE = 120  # characters
_LONGEST_MESSAGE = 600
_QUOTE = re.compile(f"`([^`]{{{_LONGEST_QUOTE},}})`")
_MOST_COMPARED = 1000  # names
_LONGEST_COMPARED = 80  # characters: no one mistypes a longer word


def shorten(text: str) -> str:
    """Return a message whose long quotes are cut, and which is itself no longer than a paragraph."""
    if len(text) <= _LONGEST_QUOTE:
        return text
    cut = _QUOTE.sub(lambda match: f"`{match[1][: _LONGEST_QUOTE - 1]}…`", text)
    return cut if len(cut) <= _LONGEST_MESSAGE else f"{cut[: _LONGEST_MESSAGE - 120]}… {cut[-100:]}"


def find_near(word: str, known: Iterable[str]) -> tuple[list[str], str]:
    """Return the known words in order and the one nearest to a word, "" where none is near.

    Where too many are known to compare them all, those that begin alike are compared.
    """
    from difflib import get_close_matches

    words = sorted(set(known))
    likely = words
    if len(words) > _MOST_COMPARED:
        likely = [one for one in words if one[:1] == word[:1]][:_MOST_COMPARED]
    short = [one for one in likely if len(one) <= _LONGEST_COMPARED] if len(word) <= _LONGEST_COMPARED else []
    near = get_close_matches(word, short, n=1, cutoff=0.6)
    return words, near[0] if near else ""
