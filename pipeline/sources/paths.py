"""Take the paths of a snapshot; look for names that another computer cannot hold; give the usable ones and problems."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from unicodedata import normalize

from pipeline.problems import Place, Problem
from pipeline.sources.places import STORE

_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")
_SURROGATE = re.compile(r"[\ud800-\udfff]")
_GIT_NAMES = frozenset((".git", "git~1"))
# Paths that travel anywhere, as nearly all do.
_PLAIN = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9_.-]*(?:/[A-Za-z0-9_-][A-Za-z0-9_.-]*)*")


def show_path(path: str) -> str:
    """Return a path that can be printed on one line anywhere: what cannot be shown is written as an escape."""
    plain = path.encode("utf-8", "backslashreplace").decode("utf-8")
    return _CONTROL.sub(lambda match: f"\\x{ord(match[0]):02x}", plain)


def check_paths(paths: Iterable[str]) -> tuple[frozenset[str], tuple[Problem, ...]]:
    """Return the paths to leave out of a snapshot, and a problem for each name that travels badly."""
    ordered = sorted(paths)
    found = {path: problem for path in ordered if not _PLAIN.fullmatch(path) and (problem := _check_path(path))}
    clashes = _check_case(path for path in ordered if path not in found)
    return frozenset(found), (*found.values(), *clashes)


def is_made(path: str, output: str) -> bool:
    """Return whether a path lies where builds write, and so is never a source: in the output folder or the store."""
    return path.startswith(_list_made(output))


@cache
def _list_made(output: str) -> tuple[str, ...]:
    return tuple(f"{folder.rstrip('/')}/" for folder in (output, STORE) if folder)


def _check_path(path: str) -> Problem | None:
    checks = (
        (_SURROGATE.search(path) or _CONTROL.search(path), "DB107", "holds characters that cannot be shown"),
        (
            any(_is_unsafe(part) for part in path.split("/")),
            "DB110",
            "has an unsafe part (`.git`, `..`, a backslash)",
        ),
        (normalize("NFC", path) != path, "DB108", "writes an accented letter as two characters (not Unicode NFC)"),
    )
    for bad, code, what in checks:
        if bad:
            message = f"the name {what}; the file is left out"
            return Problem(code, message, Place(show_path(path)), "rename it: git mv OLD NEW", "warning")
    return None


def _is_unsafe(part: str) -> bool:
    return part in ("", ".", "..") or part.casefold().rstrip(" .") in _GIT_NAMES or "\\" in part


def _check_case(paths: Iterable[str]) -> tuple[Problem, ...]:
    """Folders count too: `Plan/a.md` and `plan/b.md` are one folder on Windows and macOS, two elsewhere."""
    listed = tuple(paths)
    names = _list_names(listed)
    if len(names) == len({name.casefold() for name in names}):
        return ()
    first: dict[str, str] = {}
    clashes: dict[str, str] = {}
    for path in listed:
        parts = path.split("/")
        for length in range(1, len(parts) + 1):
            name = "/".join(parts[:length])
            known = first.setdefault(name.casefold(), name)
            if known != name:
                clashes.setdefault(name, known)
                break
    return tuple(_clash(name, known) for name, known in clashes.items())


def _list_names(paths: Iterable[str]) -> set[str]:
    """Return these paths and the folders above them."""
    found, above = set(paths), set(paths)
    while above:
        above = {path.rpartition("/")[0] for path in above} - found
        found |= above
    return found


def _clash(name: str, known: str) -> Problem:
    message = f"differs from `{known}` only in capital letters: Windows and macOS can hold only one of the two"
    return Problem("DB109", message, Place(name), "rename one of them: git mv OLD NEW", "warning")
