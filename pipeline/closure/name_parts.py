"""Take the names of persons and the texts that speak of them; give the words of names that stand for a person there.

A word of a name can be an ordinary word as well: a person called Hill, a text about a hill. Texts themselves tell: what
they write in small letters somewhere is a word of theirs, and stands where it stands.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

# Every date has them, and nobody writes them in small letters.
CALENDAR = frozenset(
    (
        *("january", "february", "march", "april", "may", "june", "july", "august", "september", "october"),
        *("november", "december", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"),
    )
)
WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")
# A word that stands alone: not in a path, an id or an address.
_ALONE = re.compile(r"(?<![\w./@'’-])[^\W\d_]{2,}(?![\w/@-]|[.]\w)")
_TITLE = re.compile(r"^\s*(?:name|title|organisation):(.*)$", re.MULTILINE)


def list_parts(name: str) -> tuple[str, ...]:
    """Return the words of a name that begin with a capital letter, or that have none: no particles, no initials."""
    words = dict.fromkeys(WORD.findall(unicodedata.normalize("NFC", name)))
    return tuple(word for word in words if len(word) > 1 and not word[0].islower())


def fold(word: str) -> str:
    """Return a word in small letters and without accents, as ids and file names have it."""
    plain = unicodedata.normalize("NFKD", word.casefold().replace("’", "'"))
    return "".join(sign for sign in plain if not unicodedata.combining(sign))


def find_ordinary(text: str, parts: frozenset[str]) -> frozenset[str]:
    """Return those of some folded parts of names that a text has in small letters, as an ordinary word."""
    return frozenset(fold(word) for word in _ALONE.findall(text) if word.islower()) & parts


def find_titles(text: str, parts: frozenset[str]) -> frozenset[str]:
    """Return those of some folded parts that the name or the title of a project or of an office has."""
    return frozenset(fold(word) for line in _TITLE.findall(text) for word in WORD.findall(line)) & parts


def list_folded(names: Iterable[str]) -> frozenset[str]:
    """Return the folded parts of all these names."""
    return frozenset(fold(part) for name in names for part in list_parts(name))
