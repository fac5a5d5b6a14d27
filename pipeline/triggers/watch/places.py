"""Take the root of a project repository; find where its sources, Git's state and our own files lie; tell them apart."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from pipeline.archive.store.place import find_store
from pipeline.sources.editor_files import is_passing
from pipeline.sources.git.place import find_shared
from pipeline.sources.git.repository import open_git
from pipeline.sources.places import STORE

# What Git keeps in here says nothing about what is checked out.
_SILENT = frozenset({"objects", "lfs", "logs", "hooks", "worktrees", "modules", "rr-cache", "fsmonitor--daemon"})
_LOCKS = ("index.lock", "HEAD.lock", "packed-refs.lock")


@dataclass(frozen=True, slots=True)
class Places:
    """Where things lie: `git_dir` is that of this work tree, `shared` the one that all work trees have in common."""

    root: Path
    git_dir: Path
    shared: Path
    store: Path | None

    def list_watched(self) -> tuple[tuple[Path, bool], ...]:
        """Return the folders to watch, each with whether all below it is meant too; the root comes first."""
        git = ((self.git_dir, False), (self.shared, False), (self.shared / "refs", True))
        wanted = ((self.root, True), *(one for one in git if not one[0].is_relative_to(self.root)))
        return tuple(dict.fromkeys(one for one in wanted if one[0].is_dir()))

    def list_locks(self) -> tuple[Path, ...]:
        """Return the locks that Git holds at this moment."""
        paths = dict.fromkeys(folder / name for folder in (self.git_dir, self.shared) for name in _LOCKS)
        return tuple(path for path in paths if path.exists())

    def matters(self, path: str, output: Path) -> bool:
        """Return whether what happens at a path may change what is to be built."""
        place = Path(path)
        for folder in (self.git_dir, self.shared):
            if place.is_relative_to(folder):
                return _SILENT.isdisjoint(place.relative_to(folder).parts[:1])
        own = [folder for folder in (output, self.store, self.root / STORE) if folder]
        return not (any(map(place.is_relative_to, own)) or is_passing(path))


def find_places(root: Path) -> Places:
    """Return where things lie; Stop where the root is in no repository that can be read."""
    with open_git(root) as folder:
        return Places(root.resolve(), folder.git_dir, find_shared(folder.git_dir), find_store(root))
