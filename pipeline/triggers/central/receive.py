"""Take the lines of a `pre-receive` hook; check the sources of what is pushed; tell whether it is to be refused.

These are the cheap checks: files, fields, rules, plan. No template runs here, and nothing is written: what comes in is
not accepted yet, and Git keeps it apart (in quarantine) until it is. They run in a process of their own with limits.
What cannot be checked within them is refused: else whoever wants no check would push what is too large for one.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from msgspec import convert, to_builtins

from pipeline.problems import Problem, Stop, sort_problems
from pipeline.sources.commit import read_commit_of
from pipeline.sources.git.refs import BRANCH, NOTHING, TAG, Ref, read_default_branch, read_refs
from pipeline.sources.git.repository import Repository, find_object_commit, open_git
from pipeline.triggers.central.apart import LONGEST, MEMORY, ask_check
from pipeline.triggers.central.place import Central, find_central
from pipeline.triggers.central.policy import Policy, load_publishing, read_policy
from pipeline.triggers.central.publish import find_commit
from pipeline.triggers.hooks.apart import Lost
from pipeline.triggers.hooks.inside import find_inside
from pipeline.triggers.hooks.state import MOST_PROBLEMS, load_state


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a push is refused, and what is to be said to whoever pushed: a heading and problems, by ref."""

    refused: bool
    found: tuple[tuple[str, tuple[Problem, ...]], ...]


def check_push(directory: Path, lines: bytes, longest: float = LONGEST) -> Verdict:
    """Return what is wrong with what is pushed to the bare repository in a folder, where settings ask for checks."""
    answer = ask_check(directory, lines, longest)
    if isinstance(answer, Lost):
        return Verdict(
            True, (("deedbox: this push is refused, since it could not be checked:", (_unchecked(answer),)),)
        )
    return convert(answer, Verdict)


def _unchecked(lost: Lost) -> Problem:
    hint = f"a check has {MEMORY} MB and {LONGEST} seconds; push less at once, or let the server's owner look at it"
    return Problem("DB472", f"the check gave no answer: {lost.how}", hint=hint)


def check_here(directory: Path, lines: bytes) -> Mapping[str, Any]:
    """Return the same as plain values, found in this process: it may end of what it reads, so it has limits."""
    verdict = _check(directory, lines)
    found = [(words, to_builtins(problems[:MOST_PROBLEMS])) for words, problems in verdict.found]
    return {"refused": verdict.refused, "found": found}


def _check(directory: Path, lines: bytes) -> Verdict:
    central = find_central(directory)
    state = load_state(central.home)
    with open_git(central.place.root) as folder:
        pushed = tuple(_read_lines(folder, lines))
        refs, head = read_refs(folder), read_default_branch(folder)
    # Before a default branch is there, the one that comes now speaks for itself.
    known = refs if any(ref.name == head for ref in refs) else (*pushed, *refs)  # what is there goes before what comes
    policy = read_policy(central, head, known, state.policy, load_publishing)
    found = tuple(_check_refs(central, policy, pushed))
    moved = tuple(
        (f"deedbox: tag {ref.short} has been published: its documents stay as they are", ())
        for ref in pushed
        if ref.is_tag and find_commit(central.publish, state.entry(ref.name).published) not in ("", ref.commit)
    )
    return Verdict(bool(found), (*found, *moved))


def _read_lines(folder: Repository, lines: bytes) -> Iterator[Ref]:
    """Give the branches and tags that will stand for a commit; deleted ones stand for none."""
    for line in lines.decode("utf-8", "surrogateescape").splitlines():
        _, new, name = (*line.split(" ", 2), "", "")[:3]
        if name.startswith((BRANCH, TAG)) and new not in NOTHING:
            commit = find_object_commit(folder, new)
            if commit:
                yield Ref(name, commit)


def _check_refs(central: Central, policy: Policy, pushed: Iterable[Ref]) -> Iterator[tuple[str, tuple[Problem, ...]]]:
    known: dict[str, tuple[Problem, ...]] = {}
    for ref in pushed:
        if policy.checks(ref):
            if ref.commit not in known:
                known[ref.commit] = _check_inside(central, ref.commit, policy.inside)
            errors = tuple(problem for problem in known[ref.commit] if problem.severity == "error")
            if errors:
                kind = "tag" if ref.is_tag else "branch"
                yield f"deedbox: {kind} {ref.short} is refused, its sources are wrong ({ref.commit[:12]}):", errors


def _check_inside(central: Central, commit: str, before: str) -> tuple[Problem, ...]:
    """Whoever pushes sees places as they are in his repository."""
    with open_git(central.place.root) as repository:
        try:
            inside = find_inside(repository, commit, central.chosen, before)
        except Stop as stop:
            return stop.problems
        problems = check_commit(replace(repository, prefix=inside), commit)
    named = (replace(one, place=replace(one.place, file=f"{inside}{one.place.file}")) for one in problems)
    return tuple(new if one.place.file else one for one, new in zip(problems, named, strict=True))


def check_commit(repository: Repository, commit: str) -> tuple[Problem, ...]:
    """Return what is wrong with the sources of a commit, without rendering anything."""
    # Loaded here: many pushes are to branches that nobody checks.
    from pipeline.controls.planning import check_plan
    from pipeline.model.load import list_projects, load_project, load_settings
    from pipeline.model.rules.severities import apply_severities

    try:
        snapshot = read_commit_of(repository, commit)
        settings, problems = load_settings(snapshot)
        found = [*snapshot.problems, *problems]
        for name in list_projects(snapshot, settings) if settings else ():
            loaded = load_project(snapshot, settings, name)  # type: ignore[arg-type]
            found += loaded.problems
            if loaded.project is not None and settings is not None:
                found += apply_severities(check_plan(loaded.project, loaded.where), settings)
    except Stop as stop:
        return stop.problems
    return sort_problems(found)
