"""Take the root of a project repository; choose the folder of its store, out of reach of contributors; make it ours."""

from __future__ import annotations

import os
from pathlib import Path

from pipeline.archive.descent import save_file
from pipeline.host import cache
from pipeline.problems import MACHINE_LACKS, Place, Problem, Stop

TAG = "CACHEDIR.TAG"  # is there as long as the store is; its time is that of the last build
REPOSITORY = "repository"  # holds the path of the repository whose store this is
SIGNATURE = "Signature: 8a477f597d28d172789f06886806bc55\n"
_FILES = {
    ".gitignore": "*\n",
    TAG: f"{SIGNATURE}# What Deedbox keeps so as not to make it twice; may be deleted.\n",
}
_HINT = (
    "nothing is wrong in the documents, builds only take longer; DEEDBOX_CACHE or DEEDBOX_STORE names another folder"
)


def find_store(root: Path) -> Path | None:
    """Return the folder of a repository's store, see `pipeline/host/cache.py`; None where it could not be believed."""
    real = os.path.realpath(root)
    store = cache.find_store(real)
    return None if cache.find_refusal(store, real) else Path(store)


def check_cache(root: Path) -> None:
    """Raise Stop (exit 4) if the cache folder lies in the repository: fonts that a commit brought would be believed."""
    folder = cache.find_cache()
    if cache.is_inside_tree(folder, os.path.realpath(root)):
        message = f"the cache folder {folder} lies in the repository, where whoever commits can put files"
        hint = "export DEEDBOX_CACHE=FOLDER, with a folder outside of it"
        raise Stop(Problem("DB528", message, hint=hint), exit_code=MACHINE_LACKS)


def explain_absence(root: Path) -> tuple[Problem, ...]:
    """Return a warning where a repository has no store that could be believed."""
    real = os.path.realpath(root)
    refusal = cache.find_refusal(cache.find_store(real), real)
    return (make_problem("DB526", f"no store is used: {refusal}"),) if refusal else ()


def make_problem(code: str, message: str) -> Problem:
    """Return a warning that builds work without the store, or without all of it."""
    return Problem(code, message, Place(), _HINT, "warning")


def make_store(folder: Path, root: Path | None = None) -> str:
    """Make the folder unless it is there; return "", or why it cannot be used.

    It has to be a real folder that we may write to and, for a repository, one in which nobody else can.
    """
    try:
        if folder.is_symlink():
            return f"{folder} is a link"
        folder.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        folder.mkdir(mode=0o700, exist_ok=True)
        real = os.path.realpath(root) if root else ""
        refusal = cache.find_refusal(str(folder), real) if root else ""
        if refusal:
            return refusal
        _write_files(folder, real)
    except OSError as error:
        return f"{folder} cannot be written to ({error.strerror or error})"
    return "" if os.access(folder, os.W_OK | os.X_OK) else f"{folder} is read-only for you"


def _write_files(folder: Path, root: str) -> None:
    named = {REPOSITORY: os.fsencode(root)} if root else {}
    for name, data in {**{name: text.encode("ascii") for name, text in _FILES.items()}, **named}.items():
        if not (folder / name).exists():
            save_file(folder / name, data, wait=False)
