"""Take entries and contents that a build does not load; word what was found; give problems."""

from __future__ import annotations

import re
from collections.abc import Iterable

from pipeline.problems import Place, Problem
from pipeline.sources.paths import show_path
from pipeline.sources.places import STORE

TRACKED_STORE = "DB121"
LARGEST_FILE = 50_000_000  # bytes
_POINTER = b"version https://git-lfs.github.com/spec/v1\n"
POINTER_SIZES = range(100, 1024)  # bytes; Git LFS keeps its pointers below 1,024


def is_pointer(data: bytes) -> bool:
    """Return whether this is a Git LFS pointer in place of the file itself."""
    return len(data) in POINTER_SIZES and data.startswith(_POINTER) and re.search(rb"\nsize \d+\n", data) is not None


def make_link_problem(path: str) -> Problem:
    """Return the warning for a symbolic link, which is never followed."""
    hint = "put the file itself here"
    return Problem("DB105", "is a symbolic link: it is not followed, and left out", _place(path), hint, "warning")


def make_submodule_problem(path: str) -> Problem:
    """Return the warning for a repository inside the repository, which is never entered."""
    hint = "copy the files that the documents need into this repository"
    message = "is another Git repository (a submodule): it is not entered, and left out"
    return Problem("DB106", message, _place(path), hint, "warning")


def make_size_problem(path: str, size: int) -> Problem:
    """Return the warning for a file above the limit, which is not loaded."""
    message = f"has {size / 1_000_000:,.0f} MB, more than the {LARGEST_FILE // 1_000_000} MB that are read; left out"
    return Problem("DB111", message, _place(path), "make it smaller, or keep it elsewhere", "warning")


def make_pointer_problem(path: str) -> Problem:
    """Return the warning for a Git LFS pointer."""
    hint = "commit the file itself: git lfs untrack, then git add --renormalize"
    message = "is kept in Git LFS: the commit holds only a pointer to it, which is left out"
    return Problem("DB112", message, _place(path), hint, "warning")


def make_special_problem(path: str) -> Problem:
    """Return the warning for what is neither file nor link nor folder, or cannot be read."""
    hint = "is it a regular file, and may you read it?"
    return Problem("DB118", "cannot be read and is left out", _place(path), hint, "warning")


def make_restless_problem(path: str) -> Problem:
    """Return the warning for a file that another program kept writing while it was read."""
    message = "was being written while it was read: what was read may be half of it"
    return Problem("DB119", message, _place(path), "build again when the other program has saved", "warning")


def check_store(paths: Iterable[str]) -> tuple[Problem, ...]:
    """Return a warning where Git tracks the folder that earlier versions kept things in: nothing in it is believed."""
    if not any(path.partition("/")[0].casefold() == STORE for path in paths):
        return ()
    hint = f"git rm -r --cached {STORE}; what builds keep lies in the user's cache folder"
    message = f"Git tracks `{STORE}`, where earlier versions kept what need not be made twice: nothing in it is used"
    return (Problem(TRACKED_STORE, message, Place(STORE), hint, "warning"),)


def _place(path: str) -> Place:
    return Place(show_path(path.rstrip("/")))
