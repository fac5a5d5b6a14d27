"""Take the settings on the default branch; decide which branches and tags are published, and which pushes are checked.

Whoever may push to some branch is half trusted, so a branch does not speak for itself: only the default branch, which
hosts protect, says what is published. Where its settings cannot be read, those of before hold.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from typing import Any

from pipeline import __version__
from pipeline.central.inside import find_inside, make_prefix
from pipeline.central.place import Central
from pipeline.hooks.place import Place
from pipeline.problems import Problem, Stop
from pipeline.sources.commit import read_commit
from pipeline.sources.git import look_inside, open_git
from pipeline.sources.git_refs import BRANCH, Ref

_USUAL = ("main", "master", "trunk")


@dataclass(frozen=True, slots=True)
class Policy:
    """What is published: `default` is the full name of the default branch; patterns are those of its settings.

    `commit` is that of the settings which say so, "" where they cannot be read or are not there. `inside` is the folder
    of its commit that holds the project repository, "" for the top, else with a slash at its end; `chosen` is the one
    that the server's owner has named, for all commits.
    """

    default: str
    branches: tuple[str, ...] = ()
    tags: tuple[str, ...] = ("*",)
    check: str = "published"
    commit: str = ""
    inside: str = ""
    chosen: str = ""
    problems: tuple[Problem, ...] = ()

    def publishes(self, ref: Ref) -> bool:
        """Return whether the documents of a branch or tag are to be published."""
        patterns = self.tags if ref.is_tag else self.branches
        return ref.name == self.default or any(fnmatchcase(ref.short, pattern) for pattern in patterns)

    def checks(self, ref: Ref) -> bool:
        """Return whether a push to a branch or tag is refused if its sources are wrong."""
        return self.check == "all" or (self.check == "published" and self.publishes(ref))

    def record(self) -> Mapping[str, Any]:
        """Return what is to be remembered: for the next look, and for the day when the settings cannot be read."""
        kept = {"branches": list(self.branches), "tags": list(self.tags), "check": self.check}
        where = {"inside": self.inside, "chosen": self.chosen}
        return {**kept, **where, "commit": self.commit, "version": __version__}


def choose_default(head: str, names: Iterable[str]) -> str:
    """Return the default branch: the one that HEAD names; where that is not there, the first usual name that is."""
    there = frozenset(names)
    return next((name for name in (head, *(BRANCH + name for name in _USUAL)) if name in there), head)


def read_policy(central: Central, head: str, refs: Iterable[Ref], before: Mapping[str, Any]) -> Policy:
    """Return what the default branch's settings say; what `before` says, and a warning, where they cannot be read."""
    commits = {ref.name: ref.commit for ref in refs}
    default = choose_default(head, commits)
    if default not in commits:
        return Policy(default, inside=make_prefix(central.chosen), chosen=central.chosen)
    kept, commit = replace(_read_record(default, before), chosen=central.chosen), commits[default]
    known = (before.get("commit"), before.get("version"), before.get("chosen", ""))
    if known == (commit, __version__, central.chosen):
        return replace(kept, commit=commit)
    try:
        inside = stand_inside(central, commit, kept.inside if before else None)
    except Stop as stop:
        return replace(kept, problems=stop.problems)
    found, words = _load(central.place, default, commit)
    if found is not None:
        return replace(found, inside=inside, chosen=central.chosen)
    hint = "what they said before holds until they are mended"
    message = f"the settings on {default.removeprefix(BRANCH)} say nothing of what to publish: {words}"
    return replace(kept, inside=inside, problems=(Problem("DB459", message, hint=hint, severity="warning"),))


def stand_inside(central: Central, commit: str, before: str | None) -> str:
    """Have the repository read in the folder of a commit that holds its project repository, and return that folder.

    Stop as `find_inside` does.
    """
    with open_git(central.place.root) as folder:
        inside = find_inside(folder, commit, central.chosen, before)
    look_inside(central.place.root, inside)
    return inside


def _load(place: Place, default: str, commit: str) -> tuple[Policy | None, str]:
    """Loading settings takes longer than all the rest of a look, so it is done for a new commit only."""
    from pipeline.model.load import load_settings

    try:
        settings, problems = load_settings(read_commit(place.root, commit))
    except Stop as stop:
        return None, str(stop)
    if settings is None:
        return None, "; ".join(map(str, problems))
    publish = settings.publish
    return Policy(default, publish.branches, publish.tags, publish.check, commit), ""


def _read_record(default: str, raw: Mapping[str, Any]) -> Policy:
    """Return what was remembered; nothing was, or no record of ours, if a part of it is missing."""
    try:
        branches, tags = (tuple(map(str, raw[name])) for name in ("branches", "tags"))
        return Policy(default, branches, tags, str(raw["check"]), inside=str(raw.get("inside", "")))
    except (KeyError, TypeError):
        return Policy(default)
