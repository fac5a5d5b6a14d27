"""Take the root of a repository and a folder that its settings name; give the place, if no link leads away from it.

The settings are written by whoever may commit, and so is all that lies in a work tree. What a person names on the
command line may be anywhere.
"""

from __future__ import annotations

import stat
from pathlib import Path, PurePosixPath

from pipeline.problems import USAGE, Place, Problem, Stop
from pipeline.sources.places import SETTINGS, STORE

# Where Git keeps its own, in a work tree and at the top of a bare repository.
_GIT = frozenset({".git", "git~1"})
_BARE = frozenset({
    "branches", "config", "description", "head", "hooks", "info", "lfs", "logs", "modules", "objects", "packed-refs",
    "refs", "rr-cache", "shallow", "worktrees", "deedbox",
})  # fmt: skip


def find_output(root: Path, named: str) -> Path:
    """Return the output folder that a repository's settings name; Stop (exit 2) if it is not inside the repository."""
    parts = PurePosixPath(named.replace("\\", "/")).parts
    folder = root
    taken = _BARE if (root / "HEAD").is_file() and (root / "objects").is_dir() else frozenset()
    for at, part in enumerate(parts):
        folder = folder / part
        plain = part.casefold().rstrip(" .")
        if part == ".." or part.startswith("/") or plain in _GIT or plain == STORE or (at == 0 and plain in taken):
            raise _make_stop(named, "is a place that builds do not write to")
        if _is_link(folder):
            raise _make_stop(
                named, f"leads over a link ({folder.relative_to(root).as_posix()}), and nothing follows it"
            )
    return folder


def _is_link(folder: Path) -> bool:
    """Return whether a link, or on Windows a junction, stands here."""
    try:
        found = folder.lstat()
    except OSError:
        return False
    return stat.S_ISLNK(found.st_mode) or bool(getattr(found, "st_reparse_tag", 0))


def _make_stop(named: str, words: str) -> Stop:
    hint = "name a folder of its own in the repository, or one anywhere with -o"
    return Stop(Problem("DB529", f"the output folder `{named}` {words}", Place(SETTINGS), hint), exit_code=USAGE)
