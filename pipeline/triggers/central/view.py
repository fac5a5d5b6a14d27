"""Take a bare repository, its records and its publish folder; compare what should be there with what is; give lines."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from pipeline import __version__
from pipeline.problems import DONE, Problem
from pipeline.sources.clock import read_clock
from pipeline.sources.git.refs import TAG, Ref, read_default_branch, read_refs
from pipeline.sources.git.repository import open_git
from pipeline.triggers.central.names import choose_names
from pipeline.triggers.central.place import Central
from pipeline.triggers.central.policy import Policy, read_policy
from pipeline.triggers.central.publish import find_commit
from pipeline.triggers.hooks.builder import MOST_TRIES
from pipeline.triggers.hooks.state import BEGUN, Entry, State
from pipeline.triggers.hooks.tries import is_due

BUILT, BEHIND, FAILED, MOVED, GONE = "built", "behind", "failed", "moved", "gone"
MOST_REFS = 2000  # branches and tags of one repository that are published


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
    problems: tuple[Problem, ...] = ()


def look(central: Central, state: State) -> View:
    """Return what should be published, what is, and what is left of branches that are gone."""
    with open_git(central.place.root) as folder:
        refs, head = read_refs(folder), read_default_branch(folder)
    policy = read_policy(central, head, refs, state.policy)
    wanted, problems = _bound([ref for ref in refs if policy.publishes(ref)], policy, state)
    taken = {name: entry.published for name, entry in state.entries.items()}
    names = choose_names(wanted.values(), taken)
    lines = [_compare(central, policy, ref, names[ref.name], state.entry(ref.name)) for ref in wanted.values()]
    gone = [(name, entry) for name, entry in state.entries.items() if name not in wanted]
    lines += _list_gone(central, gone, {ref.name for ref in refs})
    kept = {line.ref.name for line in lines}
    left = tuple((name, entry.published) for name, entry in gone if name not in kept)
    ordered = sorted(lines, key=lambda line: (line.ref.is_tag, line.ref.name != policy.default, line.ref.name))
    return View(policy, tuple(ordered), left, (*policy.problems, *problems))


def _bound(refs: list[Ref], policy: Policy, state: State) -> tuple[dict[str, Ref], tuple[Problem, ...]]:
    """However many there are: the default branch stays, and what is published already, then branches, then tags."""
    if len(refs) > MOST_REFS:
        refs.sort(key=lambda ref: (ref.name != policy.default, not state.entry(ref.name).built, ref.is_tag, ref.name))
    problems = (_too_many(refs[MOST_REFS:]),) if len(refs) > MOST_REFS else ()
    return {ref.name: ref for ref in refs[:MOST_REFS]}, problems


def is_needed(line: Line, *, retry: bool = False) -> bool:
    """Return whether a line calls for a build: it is behind, was not tried yet, or may come out otherwise now.

    With `retry`, what failed is not left until its turn comes.
    """
    entry = line.entry
    if line.state == BUILT:  # an answer of an older Deedbox, of branches alone: a tag never changes
        return not line.ref.is_tag and entry.version not in ("", __version__)
    if line.state == FAILED and entry.version == __version__:
        return (retry and entry.tries > 0) or is_due(entry, read_clock())
    return line.state in (BEHIND, FAILED)


def _compare(central: Central, policy: Policy, ref: Ref, name: str, entry: Entry) -> Line:
    shown = find_commit(central.publish, name)
    if shown == ref.commit:
        state = BUILT
    elif shown and ref.is_tag:
        return Line(ref, name, ref.commit, shown, MOVED, entry, (_moved(ref, shown),))
    else:
        # What failed in another folder of its commits was not tried yet in this one.
        is_begun = entry.exit_code == BEGUN and entry.tries < MOST_TRIES
        same = entry.tried == ref.commit and entry.inside == policy.inside
        failed = same and entry.exit_code != DONE and not is_begun
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


def _too_many(left_out: list[Ref]) -> Problem:
    names = ", ".join(ref.short[:60] for ref in left_out[:3])
    words = f"{len(left_out)} branches and tags more than {MOST_REFS} are not published, such as {names}"
    hint = "let `publish` in the settings on the default branch name fewer"
    return Problem("DB473", words, hint=hint, severity="warning")
