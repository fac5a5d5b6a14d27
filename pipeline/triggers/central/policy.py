"""Take the settings on the default branch; decide which branches and tags are published, and which pushes are checked.

Whoever may push to some branch is half trusted, so a branch does not speak for itself: only the default branch, which
hosts protect, says what is published. Where its settings cannot be read, those of before hold.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

from msgspec import convert, to_builtins

from pipeline import __version__
from pipeline.problems import MACHINE_LACKS, Problem, Stop
from pipeline.sources.clock import read_clock
from pipeline.sources.commit import read_commit_of
from pipeline.sources.git.refs import BRANCH, Ref
from pipeline.sources.git.repository import open_git
from pipeline.triggers.central.apart import ask_settings
from pipeline.triggers.central.place import Central
from pipeline.triggers.hooks.apart import Lost
from pipeline.triggers.hooks.inside import find_inside, make_prefix

_USUAL = ("main", "master", "trunk")
_AGAIN = timedelta(minutes=10)  # until settings are read again of which a limited process gave no answer
Ask = Callable[[Path, str, str, str | None], "Mapping[str, Any] | Lost"]


@dataclass(frozen=True, slots=True)
class Policy:
    """What is published: `default` is the full name of the default branch; patterns are those of its settings.

    `commit` is that of the settings which say so, "" where they cannot be read or are not there. `inside` is the folder
    of its commit that holds the project repository, "" for the top, else with a slash at its end; `chosen` is the one
    that the server's owner has named, for all commits. `refused` is what is to be remembered of settings that could not
    be read, so that not every look has to find out anew.
    """

    default: str
    branches: tuple[str, ...] = ()
    tags: tuple[str, ...] = ("*",)
    check: str = "published"
    commit: str = ""
    inside: str = ""
    chosen: str = ""
    problems: tuple[Problem, ...] = ()
    refused: Mapping[str, Any] = field(default_factory=dict)

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


def read_policy(
    central: Central, head: str, refs: Iterable[Ref], before: Mapping[str, Any], ask: Ask = ask_settings
) -> Policy:
    """Return what the default branch's settings say; what `before` says, and a warning, where they cannot be read.

    Settings that nobody has read yet are read by `ask`, in a process of its own unless this one is limited itself.
    """
    commits = {ref.name: ref.commit for ref in refs}
    default = choose_default(head, commits)
    if default not in commits:
        return Policy(default, inside=make_prefix(central.chosen), chosen=central.chosen)
    kept, commit = replace(_read_record(default, before), chosen=central.chosen), commits[default]
    if _mark(before) == (commit, __version__, central.chosen):
        return replace(kept, commit=commit)
    refused = before.get("refused") or {}
    if _mark(refused) == (commit, __version__, central.chosen) and not _is_over(refused.get("until", "")):
        problems = convert(refused.get("problems", ()), tuple[Problem, ...])
        return replace(kept, inside=refused.get("inside", kept.inside), problems=problems, refused=refused)
    return _ask(central, commit, kept, kept.inside if before else None, ask)


def _mark(record: Mapping[str, Any]) -> tuple[Any, ...]:
    return record.get("commit"), record.get("version"), record.get("chosen", "")


def _is_over(until: str) -> bool:
    try:
        end = datetime.fromisoformat(until) if until else None
    except ValueError:
        return True
    return end is not None and not read_clock() < end < read_clock() + 2 * _AGAIN


def _later() -> str:
    """Return when to ask again."""
    return (read_clock() + _AGAIN).isoformat()


def _ask(central: Central, commit: str, kept: Policy, before: str | None, ask: Ask) -> Policy:
    """Have the settings of a commit read; where that fails, say why and remember it."""
    inside, until = kept.inside, ""
    try:
        said = ask(central.place.root, commit, central.chosen, before)
    except Stop as stop:
        problems, until = stop.problems, _later() if stop.exit_code == MACHINE_LACKS else ""
    else:
        if isinstance(said, Lost):
            problems, until = (_not_read(kept, said.how),), _later()
        elif said["words"]:
            inside, problems = str(said["inside"]), (_says_nothing(kept, str(said["words"])),)
        else:
            branches, tags = (tuple(map(str, said[name])) for name in ("branches", "tags"))
            inside, check = str(said["inside"]), str(said["check"])
            return Policy(kept.default, branches, tags, check, commit, inside, central.chosen)
    mark = {"commit": commit, "version": __version__, "chosen": central.chosen}
    refused = {**mark, "inside": inside, "until": until, "problems": to_builtins(problems)}
    return replace(kept, inside=inside, problems=problems, refused=refused)


def _says_nothing(kept: Policy, words: str) -> Problem:
    message = f"the settings on {kept.default.removeprefix(BRANCH)} say nothing of what to publish: {words}"
    return Problem("DB459", message, hint="what they said before holds until they are mended", severity="warning")


def _not_read(kept: Policy, how: str) -> Problem:
    message = f"the settings on {kept.default.removeprefix(BRANCH)} could not be read: {how}"
    hint = "what they said before holds; is the commit made to do harm? `deedbox reconcile` looks again in ten minutes"
    return Problem("DB471", message, hint=hint, severity="warning")


def load_publishing(root: Path, commit: str, chosen: str, before: str | None) -> Mapping[str, Any]:
    """Return what a commit's settings say of publishing, or in `words` why nothing; only for a limited process.

    Stop as `find_inside` does.
    """
    from pipeline.model.load import load_settings

    with open_git(root) as repository:
        here = replace(repository, prefix=find_inside(repository, commit, chosen, before))
    inside = here.prefix
    try:
        settings, problems = load_settings(read_commit_of(here, commit))
    except Stop as stop:
        if stop.exit_code == MACHINE_LACKS:  # which is no fault of the commit
            raise
        return {"inside": inside, "words": str(stop)}
    if settings is None:
        return {"inside": inside, "words": "; ".join(map(str, problems)) or "nothing can be read"}
    publish = settings.publish
    said = {"branches": publish.branches, "tags": publish.tags, "check": publish.check}
    return {"inside": inside, "words": "", **said}


def _read_record(default: str, raw: Mapping[str, Any]) -> Policy:
    """Return what was remembered; nothing was, or no record of ours, if a part of it is missing."""
    try:
        branches, tags = (tuple(map(str, raw[name])) for name in ("branches", "tags"))
        return Policy(default, branches, tags, str(raw["check"]), inside=str(raw.get("inside", "")))
    except (KeyError, TypeError):
        return Policy(default)
