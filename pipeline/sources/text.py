"""Take the bytes of a text file; decode them as UTF-8 with one kind of line ends; give text and problems."""

from __future__ import annotations

import re
from collections.abc import Iterator
from unicodedata import category

from pipeline.problems import Place, Problem

# What YAML 1.2 does not print, and the line breaks of Unicode, which YAML 1.1 and 1.2 read differently.
_INVISIBLE = re.compile("[^\t\n\x20-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]")


def read_text(path: str, data: bytes) -> tuple[str, tuple[Problem, ...]]:
    """Return the text without byte order mark and with LF line ends, and problems if it is not UTF-8 or undecided.

    In that case each wrong byte is U+FFFD in the text.
    """
    problems: tuple[Problem, ...] = ()
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        problems = (_not_utf8(path, data, error.start),)
        text = data.decode("utf-8", "replace")
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    return text, (*problems, *_find_conflict(path, text))


def find_invisible(path: str, text: str, lines_before: int = 0) -> Problem | None:
    """Return a problem for the first character that YAML does not take and no editor shows, or None."""
    found = _INVISIBLE.search(text)
    if not found:
        return None
    start = text.rfind("\n", 0, found.start()) + 1
    place = Place(path, lines_before + text.count("\n", 0, found.start()) + 1, found.start() - start + 1)
    return Problem("DB141", f"an invisible character (U+{ord(found[0]):04X})", place, "delete it, or type a space")


def _find_conflict(path: str, text: str) -> Iterator[Problem]:
    """Give a problem for the first place where Git has merged two versions and left the choice to a person.

    Marks within a fenced block of Markdown are part of what it shows.
    """
    if "\n>>>>>>> " not in text:
        return
    begun, is_parted, is_fenced = 0, False, False
    for number, line in enumerate(text.split("\n"), start=1):
        if line.startswith("```") and not begun:
            is_fenced = not is_fenced
        elif line.startswith("<<<<<<< ") and not is_fenced:
            begun, is_parted = number, False
        elif line == "=======" and begun:
            is_parted = True
        elif line.startswith(">>>>>>> ") and is_parted:
            hint = "keep one of them, delete the lines that begin with <<<<<<<, ======= and >>>>>>>, and commit"
            message = "two versions were merged here, and nobody has chosen between them"
            yield Problem("DB125", message, Place(path, begun), hint)
            return


def make_line(text: str, longest: int) -> str:
    """Return somebody's words as one line of at most so many characters, without what cannot be seen or turns text."""
    shown = "".join(_show(character) for character in text[: 8 * longest])
    words = " ".join(shown.split())
    return words if len(words) <= longest else f"{words[: longest - 1].rstrip()}…"


def _show(character: str) -> str:
    """Separators become spaces; controls, marks of direction, surrogates, private and unassigned characters vanish."""
    kind = category(character)
    return " " if kind[0] == "Z" or character in "\t\n\r\v\f" else "" if kind[0] == "C" else character


def _not_utf8(path: str, data: bytes, position: int) -> Problem:
    before = data[:position].replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    place = Place(path, before.count(b"\n") + 1, len(before) - (before.rfind(b"\n") + 1) + 1)
    message = f"byte 0x{data[position]:02X} is not UTF-8 text"
    return Problem("DB130", message, place, "save the file as UTF-8 in your editor")
