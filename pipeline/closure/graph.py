"""Take all commits of a repository and what each changed of one project; leave out those of others; give the rest.

The line of first parents stays as it was for the files that stay: what a document's history shows (each merge one
change) is read from that line. A commit that changed nothing of the project gives way to its first parent.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from pipeline.closure.export import Exported

NOTHING = -1  # the mark of an empty history, where a first parent had nothing of the project


@dataclass(frozen=True, slots=True)
class Kept:
    """A commit that stays: the marks of its parents here, first parent first; `alien` says that its words do not."""

    commit: Exported
    parents: tuple[int, ...]
    alien: bool = False


def keep_commits(
    commits: Iterable[Exported], tip: str, says_something: Callable[[Exported], bool]
) -> tuple[tuple[Kept, ...], dict[int, int]]:
    """Return the commits that stay, and for every commit the mark that stands for it now (0 where none does).

    Commits have only those changes left that concern the project. The tip stays in any case, since it is the state that
    is closed; `says_something` tells of one without changes that its words are the project's (an approval, say).
    """
    marks: dict[int, int] = {}
    kept: dict[int, Kept] = {}
    for commit in commits:
        parents = [marks[parent] for parent in commit.parents]
        first, others = (parents[0] if parents else 0), _newer(parents, kept)
        stays = bool(commit.changes or others)
        alien = not stays and not says_something(commit)
        if stays or not alien or commit.original == tip:
            line = ((first or NOTHING,) if others else (first,)) if first or others else ()
            kept[commit.mark] = Kept(commit, (*line, *others), alien)
            marks[commit.mark] = commit.mark
        else:
            marks[commit.mark] = first
    return tuple(kept.values()), marks


def _newer(parents: list[int], kept: dict[int, Kept]) -> tuple[int, ...]:
    """Return the further parents of a merge that bring in commits which its first one did not have."""
    others = [parent for parent in dict.fromkeys(parents[1:]) if parent and parent != parents[0]]
    if not others:
        return ()
    known = _list_behind(parents[:1], kept)
    return tuple(parent for parent in others if parent not in known)


def _list_behind(marks: Iterable[int], kept: dict[int, Kept]) -> set[int]:
    seen: set[int] = set()
    waiting = [mark for mark in marks if mark > 0]
    while waiting:
        mark = waiting.pop()
        if mark not in seen:
            seen.add(mark)
            waiting += [parent for parent in kept[mark].parents if parent > 0]
    return seen
