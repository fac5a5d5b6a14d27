"""Take what a document was made from last time and what it is made from now; compare; give the reasons in words."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from pipeline.plan.changes import Difference, find_differences, name_differences
from pipeline.plan.records import Basis

NEVER = "never built"
MISSING = "output missing"
EDITED = "output was edited"
FORCED = "asked for by --force"
FORGOTTEN = "nothing is known of its last build"
CURRENT = "up to date"
Contents = Callable[[tuple[str, ...]], Mapping[str, bytes]]


@dataclass(frozen=True, slots=True)
class Change:
    """One source that differs between two builds: its path, what became of it, and where it differs."""

    path: str
    state: str
    differences: tuple[Difference, ...] = ()


class Reasons:
    """Finds what changed between two builds.

    `contents` gives old and new sources by Git's id, as far as they are known; `engines` the parts of an engine.
    """

    def __init__(self, contents: Contents, engines: Callable[[str], Mapping[str, str]]) -> None:
        self._contents = contents
        self._engines = engines
        # A file that many documents are made from is compared once.
        self._known: dict[tuple[str, str], tuple[Difference, ...]] = {}

    def find(self, project: str, before: Basis | None, now: Basis) -> tuple[str, ...]:
        """Return why a document that was made from one basis has to be made again from another; none if it has not."""
        if before is None:
            return (NEVER,)
        if before.key == now.key:
            return ()
        return tuple(self._find(project, before, now)) or ("what it shows has changed",)

    def find_changes(self, before: Basis, now: Basis) -> tuple[Change, ...]:
        """Return the sources that have changed, come or gone."""
        paths = dict.fromkeys((*before.sources, *now.sources))
        pairs = ((path, before.sources.get(path, ""), now.sources.get(path, "")) for path in paths)
        return tuple(self._compare(path, old, new) for path, old, new in pairs if old != new)

    def _find(self, project: str, before: Basis, now: Basis) -> Iterator[str]:
        if before.engine != now.engine:
            yield self._tell_engine(before, now)
        if before.formats != now.formats:
            yield f"formats changed: {', '.join(before.formats)} → {', '.join(now.formats)}"
        if before.draft != now.draft:
            yield _DRAFT[now.draft]
        changes = self.find_changes(before, now)
        yield from (tell_change(project, change) for change in changes)
        if not changes and before.theme != now.theme and before.engine == now.engine:
            yield "theme changed"
        if not changes and now.commit and before.commit and before.commit != now.commit:
            yield f"history changed: the last commit of its sources is {now.commit[:7]}, was {before.commit[:7]}"

    def _tell_engine(self, before: Basis, now: Basis) -> str:
        old, new = self._engines(before.engine), self._engines(now.engine)
        names = [name for name in dict.fromkeys((*old, *new)) if old.get(name) != new.get(name)]
        if not old or not new:
            return "engine changed"
        return f"engine changed: {', '.join(_tell_part(name, old.get(name, ''), new.get(name, '')) for name in names)}"

    def _compare(self, path: str, old: str, new: str) -> Change:
        if not old or not new:
            return Change(path, "gone" if old else "new")
        if (old, new) not in self._known:
            found = self._contents((old, new))
            whole = old in found and new in found
            self._known[old, new] = find_differences(path, found[old], found[new]) if whole else ()
        return Change(path, "changed", self._known[old, new])


def tell_change(project: str, change: Change) -> str:
    """Return a change in words, as seen from a project's folder: `budget.yaml changed: total`."""
    name, where = _name(project, change.path), name_differences(change.differences)
    if change.state != "changed":
        return f"{name} is {change.state}"
    return f"{name} changed: {where}" if where else f"{name} changed"


def _name(project: str, path: str) -> str:
    for start, words in _LOOK.items():
        if path.startswith(start):
            rest = path.removeprefix(start)
            return words if rest in _ITSELF else f"{words} {rest}"
    return path.removeprefix(f"{project}/")


def _tell_part(name: str, old: str, new: str) -> str:
    """A digest says nothing to a person: where only that differs, the code did."""
    before, after = old.partition("+")[0], new.partition("+")[0]
    if before == after:
        return f"{name}'s own code" if name == "Deedbox" else name
    return f"{name} {before or 'absent'} → {after or 'absent'}"


_LOOK = {"theme/": "theme", "templates/": "template"}
_ITSELF = frozenset({"theme.yaml"})
_DRAFT = {
    True: "it is a draft now: there are changes that are not committed",
    False: "it is no draft any more: all changes are committed",
}
