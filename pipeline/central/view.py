"""Take a bare repository, its records and its publish folder; compare what should be there with what is; give lines."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from pipeline import __version__
from pipeline.central.names import choose_names
from pipeline.central.place import Central
from pipeline.central.policy import Policy, read_policy
from pipeline.central.shelf import find_commit
from pipeline.hooks.state import Entry, State
from pipeline.problems import DONE, SOURCES_WRONG, USAGE, Problem
from pipeline.sources.git import open_git
from pipeline.sources.git_refs import TAG, Ref, read_default_branch, read_refs

BUILT, BEHIND, FAILED, MOVED, GONE = "built", "behind", "failed", "moved", "gone"
FINAL = (SOURCES_WRONG, USAGE)  # exit codes that the same commit would earn again


@dataclass(frozen=True, slots=True)
class Line:
    """A branch or tag: `wanted` is the commit that should be published ("" for a tag that is gone), `shown` the one
    that is ("" for none); `state` is one of the words above, `name` that of its folder.
    """

    ref: Ref
    name: str
    wanted: str
    shown: str
    state: str
    entry: Entry
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class View:
    """All lines, and the names of folders that stand for nothing any more."""

    policy: Policy
    lines: tuple[Line, ...]
    left: tuple[tuple[str, str], ...] = ()


def look(central: Central, state: State) -> View:
    """Return what should be published, what is, and what is left of branches that are gone."""
    with open_git(central.place.root) as folder:
        refs, head = read_refs(folder), read_default_branch(folder)
    policy = read_policy(central, head, refs, state.policy)
    wanted = {ref.name: ref for ref in refs if policy.publishes(ref)}
    taken = {name: entry.published for name, entry in state.entries.items()}
    names = choose_names(wanted.values(), taken)
    lines = [_compare(central, policy, ref, names[ref.name], state.entry(ref.name)) for ref in wanted.values()]
    gone = [(name, entry) for name, entry in state.entries.items() if name not in wanted]
    lines += _list_gone(central, gone, {ref.name for ref in refs})
    kept = {line.ref.name for line in lines}
    left = tuple((name, entry.published) for name, entry in gone if name not in kept)
    ordered = sorted(lines, key=lambda line: (line.ref.is_tag, line.ref.name != policy.default, line.ref.name))
    return View(policy, tuple(ordered), left)


def is_needed(line: Line) -> bool:
    """Return whether a line calls for a build: it is behind, was not tried yet, or may come out otherwise now."""
    entry = line.entry
    known = entry.tried == line.wanted and entry.version == __version__
    if line.state == FAILED:
        return not (known and entry.exit_code in FINAL)
    if line.state == BUILT:  # an answer of an older Deedbox, of branches alone: a tag never changes
        return not line.ref.is_tag and entry.version not in ("", __version__)
    return line.state == BEHIND


def _compare(central: Central, policy: Policy, ref: Ref, name: str, entry: Entry) -> Line:
    shown = find_commit(central.publish, name)
    if shown == ref.commit:
        state = BUILT
    elif shown and ref.is_tag:
        return Line(ref, name, ref.commit, shown, MOVED, entry, (_moved(ref, shown),))
    else:
        # What failed in another folder of its commits was not tried yet in this one.
        failed = entry.tried == ref.commit and entry.exit_code != DONE and entry.inside == policy.inside
        state = FAILED if failed else BEHIND
    return Line(ref, name, ref.commit, shown, state, entry, entry.problems if entry.tried == ref.commit else ())


def _list_gone(central: Central, gone: list[tuple[str, Entry]], there: set[str]) -> Iterator[Line]:
    """What a tag has published stays, even if somebody deletes the tag; what settings name no more is taken away."""
    for name, entry in gone:
        shown = find_commit(central.publish, entry.published)
        if name.startswith(TAG) and name not in there and shown:
            ref = Ref(name, shown)
            yield Line(ref, entry.published, "", shown, GONE, entry, (_gone(ref),))


def _moved(ref: Ref, shown: str) -> Problem:
    words = f"tag {ref.short} was moved to {ref.commit[:12]} after {shown[:12]} was published: its documents stay"
    hint = f"move it back, or give it up: deedbox reconcile --drop {ref.short}"
    return Problem("DB461", words, hint=hint, severity="warning")


def _gone(ref: Ref) -> Problem:
    words = f"tag {ref.short} was deleted after it was published: its documents stay"
    return Problem("DB462", words, hint=f"to give them up: deedbox reconcile --drop {ref.short}", severity="warning")
