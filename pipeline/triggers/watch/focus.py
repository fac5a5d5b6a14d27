"""Take the sources that have moved and the manifest of what lies there; name the few documents that somebody waits for.

Those are built first, each as a whole build would make it, and while it is still to be seen whether all is quiet. The
whole build follows: what else has to change, and whether there is anything else, it alone says.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from pipeline.archive.manifest import FileEntry, Manifest, load_manifest
from pipeline.archive.names import MANIFEST
from pipeline.archive.outputs import Mark, read_mark
from pipeline.plan.select import read_selectors
from pipeline.problems import Stop

MOST_PATHS, MOST_DOCUMENTS = 3, 3
_WILD = frozenset("*?[")


class Superseded(Exception):
    """Raised where a build is given up before it saves anything, since its sources have moved."""


@dataclass
class Focus:
    """The documents of the last build, and what each was made from; `selectors` are those of all that is wanted."""

    selectors: tuple[str, ...] = ()
    _output: Path = Path()
    _mark: Mark | None = None
    _manifest: Manifest | None = None

    def find(self, output: Path, changed: Iterable[str]) -> tuple[str, ...]:
        """Return selectors of the documents that are made from what changed; none where they are many, or unknown."""
        paths = frozenset(changed)
        manifest = self._load(output)
        if manifest is None or not 0 < len(paths) <= MOST_PATHS:
            return ()
        wanted = self._list_wanted(manifest)
        hit = [entry for entry in wanted if not paths.isdisjoint(entry.sources)]
        known = {path for entry in hit for path in entry.sources}
        selectors = tuple(dict.fromkeys(_name(entry) for entry in hit))
        is_plain = not any(_WILD & set(selector) for selector in selectors)
        return selectors if paths <= known and is_plain and len(selectors) <= MOST_DOCUMENTS else ()

    def _list_wanted(self, manifest: Manifest) -> Iterator[FileEntry]:
        """Give the files that are wanted: a folder may hold others, from another build."""
        try:
            selection = read_selectors(self.selectors, {entry.project for entry in manifest.files})
        except Stop:
            return
        yield from (entry for entry in manifest.files if selection.wants(entry.project, _name_inside(entry)))

    def _load(self, output: Path) -> Manifest | None:
        path = output / MANIFEST
        mark = read_mark(str(path))
        if (output, mark) != (self._output, self._mark):
            self._output, self._mark = output, mark
            try:
                self._manifest = load_manifest(output)
            except (OSError, Stop):
                self._manifest = None
        return self._manifest


def _name(entry: FileEntry) -> str:
    return f"{entry.project}/{_name_inside(entry)}"


def _name_inside(entry: FileEntry) -> str:
    return f"{entry.document}-{entry.period}" if entry.period else entry.document
