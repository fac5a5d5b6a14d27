"""Take a folder; find its repository and where Git looks for hooks; give the places that Deedbox uses there.

State and log lie in the Git folder, not in the store: the store may be deleted or be elsewhere for somebody else, while
the Git folder is where the hooks are, is never seen by Git, and goes with its work tree.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from pipeline.sources.git.place import find_shared
from pipeline.sources.git.repository import open_git, read_path_setting
from pipeline.sources.root import find_root

HOME = "deedbox"  # the folder in a Git folder that holds state, lock and log
ROOTS = "roots"  # the file in it that lists the project repositories for which hooks are installed

OWN, TREE, SHARED = "own", "tree", "shared"


@dataclass(frozen=True, slots=True)
class HooksFolder:
    """Where Git looks for hooks.

    `reach` is `own` for a folder of this repository's Git folder, `tree` for one in its work tree, which others may
    get by a commit, and `shared` for any other, which may serve more repositories. `scope` is that of the setting
    `core.hooksPath`, "" where it is not set.
    """

    path: Path
    reach: str
    scope: str


@dataclass(frozen=True, slots=True)
class Place:
    """A project repository in Git: `prefix` is its path below the work tree's `top`, "" or ending in "/".

    `git_dir` belongs to this work tree alone, `shared` to all work trees of the repository.
    """

    root: Path
    top: Path
    git_dir: Path
    shared: Path
    prefix: str
    bare: bool
    hooks: HooksFolder

    @property
    def home(self) -> Path:
        """Return the folder for what is recorded of this work tree (or bare repository) and project folder."""
        name = self.prefix.rstrip("/").replace("~", "~~").replace("/", "~")
        return self.git_dir / HOME / "folders" / name if name else self.git_dir / HOME

    @property
    def log(self) -> Path:
        """Return the log of all builds of the repository."""
        return self.shared / HOME / "log"

    @property
    def roots(self) -> Path:
        """Return the list of project folders that the hooks build."""
        return self.shared / HOME / ROOTS


def find_place(start: Path) -> Place:
    """Return the places of the project repository that holds a folder; Stop as `find_root` does."""
    root = find_root(start)
    with open_git(root) as folder:
        shared = find_shared(folder.git_dir)
        value, scope = read_path_setting(folder, "core.hooksPath")
        path = (folder.top / value) if value else shared / "hooks"
        hooks = HooksFolder(path, _find_reach(path, shared, folder.top), scope)
        # What is recorded of a bare repository is recorded of it as a whole, whichever folder it publishes.
        prefix = "" if folder.bare else folder.prefix
        return Place(root, folder.top, folder.git_dir, shared, prefix, folder.bare, hooks)


def _find_reach(path: Path, shared: Path, top: Path) -> str:
    """A link may lead anywhere, so it is the real folder that counts."""
    real = path.resolve()
    if real.is_relative_to(shared.resolve()):
        return OWN
    return TREE if real.is_relative_to(top.resolve()) else SHARED
