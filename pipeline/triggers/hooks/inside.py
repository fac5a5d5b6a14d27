"""Take a commit of a bare repository; find the folder in it that holds the project repository; give it, or why not.

The name of the folder comes from whoever pushes. It goes to Git alone, as a path within commits, never to the disk; a
name that anything could take amiss is passed over.
"""

from __future__ import annotations

from pipeline.problems import MACHINE_LACKS, USAGE, Problem, Stop
from pipeline.sources.git.repository import Repository, list_paths
from pipeline.sources.paths import check_paths
from pipeline.sources.places import SETTINGS

SETTING = "deedbox.folder"  # in the repository's own Git configuration, which no push can change
TOP = "."
_MOST_NAMES = 5


def read_chosen(text: str) -> str:
    """Return a folder as whoever runs the server has named it, with its words in order; Stop (exit 2) if it is none."""
    if not text:
        return ""
    chosen = text.rstrip("/")
    if chosen == TOP:
        return TOP
    left_out, _ = check_paths((chosen,))
    if left_out:
        raise _no_folder(text)
    return chosen


def find_inside(folder: Repository, commit: str, chosen: str, before: str | None) -> str:
    """Return the folder of a commit that holds the project repository: "" for its top, else with a slash at the end.

    It is the `chosen` one if there is one, else the one with settings that lies in no other such folder; where several
    lie side by side, the one of `before`, of the default branch or of an earlier look. Stop (exit 4) if that is none.
    """
    if chosen:
        return make_prefix(chosen)
    paths = [path for path in list_paths(folder, commit) if path.rpartition("/")[2] == SETTINGS]
    left_out, _ = check_paths(paths)
    found = sorted(path.removesuffix(SETTINGS) for path in paths if path not in left_out)
    roots = [one for one in found if not any(one != other and one.startswith(other) for other in found)]
    if len(roots) > 1 and before not in roots:
        raise _several(commit, roots)
    return before if before in roots else (roots or [""])[0]


def make_prefix(chosen: str) -> str:
    """Return the prefix of paths in a folder that somebody has named."""
    return "" if chosen in ("", TOP) else f"{chosen}/"


def _several(commit: str, roots: list[str]) -> Stop:
    names = ", ".join(f"`{root}{SETTINGS}`" for root in roots[:_MOST_NAMES])
    more = f" and {len(roots) - _MOST_NAMES} more" if len(roots) > _MOST_NAMES else ""
    hint = f"say which one on the server: deedbox hooks install --bare --folder '{roots[0].rstrip('/')}'"
    words = f"commit {commit[:12]} holds several project repositories, and one can be published: {names}{more}"
    return Stop(Problem("DB469", words, hint=hint), exit_code=MACHINE_LACKS)


def _no_folder(text: str) -> Stop:
    words = f"`{text}` names no folder within a repository"
    hint = "such as `papers`, or `.` for the top: deedbox hooks install --bare --folder DIR"
    return Stop(Problem("DB469", words, hint=hint), exit_code=USAGE)
