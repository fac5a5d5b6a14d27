"""Take how a work tree looked before a build; look again without opening much; tell whether and what has moved."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from pipeline.sources.editor_files import is_passing
from pipeline.sources.stats import find_young, read_marks
from pipeline.sources.tree_marks import Glance

_UNKNOWN_AGE = 0


@dataclass(frozen=True, slots=True)
class Look:
    """How the files and folders of a work tree, and Git's state of it, looked before they were read.

    `is_young` says that one of them had just changed: a change after that may have left no trace.
    """

    root: str
    marks: Mapping[str, bytes]
    folders: frozenset[str]
    state: frozenset[str]
    is_young: bool

    def has_moved(self) -> bool:
        """Return whether anything looks otherwise now; a file that has come shows in its folder."""
        return read_marks(list(self.marks)) != b"".join(self.marks.values())

    def list_changed(self, before: Look | None) -> tuple[str, ...]:
        """Return the paths below the root, sorted, that look otherwise than before, came or went.

        `HEAD` stands for all from which Git knows what is checked out.
        """
        old: Mapping[str, bytes] = before.marks if before else {}
        paths = (path for path in self.marks.keys() | old.keys() if self.marks.get(path) != old.get(path))
        return tuple(sorted(set(self._name(paths, before)))) if before else ()

    def _name(self, paths: Iterator[str], before: Look | None) -> Iterator[str]:
        folders = self.folders | (before.folders if before else frozenset())
        state = self.state | (before.state if before else frozenset())
        for path in paths:
            if path.startswith(f"{self.root}/") and path not in state and path not in folders:
                if is_passing(path):
                    continue
                yield path.removeprefix(f"{self.root}/")
            elif Path(path).name in ("HEAD", "packed-refs") or "/refs/" in path:
                yield "HEAD"


def make_look(glance: Glance) -> Look:
    """Return a look from the glance that was taken before a build."""
    marks = glance.marks
    young = glance.now == _UNKNOWN_AGE or bool(find_young(b"".join(marks.values()), glance.now))
    return Look(glance.root, marks, frozenset(glance.folders), frozenset(glance.state), young)
