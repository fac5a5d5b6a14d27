"""Take the names under which documents shall be saved; check that each is safe and unique; give problems."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable
from pathlib import Path, PurePosixPath

from pipeline.problems import USAGE, Place, Problem, Stop

MANIFEST = "manifest.json"
INDEX = "index.html"
IGNORE = ".gitignore"
LOCK = ".lock"
STAGE = ".stage"
RESERVED = frozenset({MANIFEST, INDEX})
LONGEST_PART = 255  # bytes: the limit of common file systems

# Names that break no rule, as nearly all are.
_PLAIN = re.compile(r"[A-Za-z0-9_-]{1,80}/[A-Za-z0-9_-][A-Za-z0-9_.-]{0,80}(/[A-Za-z0-9_-][A-Za-z0-9_.-]{0,80})*")

_RULES: tuple[tuple[Callable[[str, tuple[str, ...]], bool], str], ...] = (
    (lambda name, parts: not name or any(not part for part in parts), "has an empty part"),
    (lambda name, parts: name.startswith("/") or "\\" in name or PurePosixPath(name).is_absolute(), "is not relative"),
    (lambda name, parts: any(part in (".", "..") for part in parts), "leaves its folder"),
    (lambda name, parts: any(part.startswith(".") for part in parts), "has a hidden part"),
    (lambda name, parts: any(unicodedata.category(sign).startswith("C") for sign in name), "has control characters"),
    (lambda name, parts: any(len(part.encode("utf-8", "replace")) > LONGEST_PART for part in parts), "is too long"),
    (lambda name, parts: name.casefold() in RESERVED, "is a name that the output folder needs itself"),
)


def check_names(names: Iterable[str]) -> tuple[Problem, ...]:
    """Return a problem for each name that is unsafe or that a file system could take for another one."""
    listed = sorted(set(names))
    return (*_unsafe([name for name in listed if not _PLAIN.fullmatch(name)]), *_colliding(listed))


def is_safe(name: str) -> bool:
    """Return whether the name stays inside its folder and is none of the folder's own."""
    if _PLAIN.fullmatch(name):
        return True
    return not any(broken(name, tuple(name.split("/"))) for broken, _ in _RULES)


def check_output(output: Path, root: Path | None, sources: Iterable[str] = ()) -> None:
    """Raise Stop (exit 2) if the output folder is the repository, holds it or any of its sources, or is a file."""
    if output.exists() and not output.is_dir():
        raise Stop(_refused(output, "is a file"), exit_code=USAGE)
    folder = output.resolve()
    if root is not None and _holds(folder, root.resolve()):
        raise Stop(_refused(output, "is the repository itself"), exit_code=USAGE)
    if root is not None and any(map(_below(folder, root.resolve()), sources)):
        raise Stop(_refused(output, "holds sources"), exit_code=USAGE)
    if any((folder / name).exists() for name in ("deedbox.yaml", "project.yaml", ".git")):
        raise Stop(_refused(output, "holds sources"), exit_code=USAGE)


def _holds(folder: Path, path: Path) -> bool:
    return path == folder or folder in path.parents


def _below(folder: Path, root: Path) -> Callable[[str], bool]:
    """Return a test for paths below `root`: whether they lie in the folder, or are it."""
    if not folder.is_relative_to(root):
        return lambda source: False
    place = folder.relative_to(root).as_posix()
    return lambda source: source == place or source.startswith(f"{place}/")


def _unsafe(names: list[str]) -> Iterable[Problem]:
    for name in names:
        parts = tuple(name.split("/"))
        reason = next((words for broken, words in _RULES if broken(name, parts)), "")
        if reason:
            hint = "rename the source that it comes from"
            yield Problem("DB501", f"the output name {name!a} {reason}", Place(), hint)


def _colliding(names: list[str]) -> Iterable[Problem]:
    """A file system may ignore case, and may write accents in another way."""
    seen: dict[str, str] = {}
    for name in names:
        key = name.lower() if name.isascii() else unicodedata.normalize("NFC", name).casefold()
        first = seen.setdefault(key, name)
        if first != name:
            yield _twice(first, name)
    for key, name in seen.items():
        parent = next((seen[part] for part in _parents(key) if part in seen), None)
        if parent is not None:
            yield _twice(parent, name)


def _parents(name: str) -> Iterable[str]:
    return (name[:at] for at, sign in enumerate(name) if sign == "/")


def _twice(first: str, second: str) -> Problem:
    message = f"two outputs would share one place: `{first}` and `{second}`"
    return Problem("DB502", message, Place(), "rename one of the sources, so that they differ by more than case")


def _refused(output: Path, reason: str) -> Problem:
    return Problem("DB503", f"the output folder {output} {reason}", Place(), "give an empty folder of its own with -o")
