"""Take a project's records and its repository's state; hold them against the closing rules; give what is still open.

The rules are those by which a project may end (PM² closing phase, PRINCE2 "Closing a Project"): nothing waits for a
decision, everything is accepted and signed, and all of it is written down.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from pipeline.model.project import Project
from pipeline.model.registers.changes import PENDING
from pipeline.model.where import Where
from pipeline.problems import USAGE, Place, Problem, Stop, did_you_mean

SIGNED = "closure-report.md"  # the narrative without whose approval no project is closed


@dataclass(frozen=True, slots=True)
class State:
    """What the rules look at.

    `problems` are all that `check` finds, `dirty_paths` files that differ from the closing commit, `paths` all sources,
    `approved` the narratives of documents that Git's history says are approved.
    """

    project: Project
    where: Where
    problems: tuple[Problem, ...] = ()
    dirty_paths: frozenset[str] = frozenset()
    paths: tuple[str, ...] = ()
    approved: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Rule:
    """A closing rule: the name by which it is waived, what it asks for, and what finds where it is broken."""

    id: str
    title: str
    check: Callable[[State], Iterable[Problem]]


@dataclass(frozen=True, slots=True)
class Ruled:
    """What came of a rule: what was found, and why that was waived ("" if it was not)."""

    rule: Rule
    findings: tuple[Problem, ...]
    reason: str = ""

    @property
    def outcome(self) -> str:
        """Return "met", "waived" or "open"."""
        if not self.findings:
            return "met"
        return "waived" if self.reason else "open"


def check_rules(state: State, waivers: Iterable[tuple[str, str]]) -> tuple[Ruled, ...]:
    """Return what came of every rule; Stop (exit 2) for a waiver of no rule, or without a reason."""
    reasons = dict(waivers)
    for name, reason in reasons.items():
        if name not in _BY_ID:
            hint = did_you_mean(name, _BY_ID)
            raise Stop(Problem("DB499", f"there is no closing rule `{name}`", hint=hint), exit_code=USAGE)
        if not reason.strip():
            raise Stop(Problem("DB499", f"the waiver of `{name}` has no reason"), exit_code=USAGE)
    return tuple(Ruled(rule, tuple(rule.check(state)), reasons.get(rule.id, "").strip()) for rule in RULES)


def list_follow_ons(project: Project) -> tuple[str, ...]:
    """Return the ids of the actions that are handed on: those that are not closed."""
    return tuple(action.id for action in project.actions if action.status != "closed")


def list_sign_offs(project: Project) -> tuple[tuple[str, str, str, str], ...]:
    """Return path, version, day and approver's id of the newest approved version of each narrative."""
    found = []
    for path, narrative in sorted(project.narratives.items()):
        approved = next((one for one in narrative.meta.revisions if one.approved_by), None)
        if approved is not None:
            found.append((path, approved.version, approved.date.isoformat(), approved.approved_by or ""))
    return tuple(found)


def _check_phase(state: State) -> Iterator[Problem]:
    info = state.project.info
    if info.phase not in ("closing", "closed"):
        place = state.where.place("project", "", "phase")
        yield Problem("DB496", f"the project is still in phase `{info.phase}`", place, "set `phase: closed`")
    if info.closed is None:
        place = state.where.place("project", "")
        yield Problem("DB496", "the project has no day on which it was closed", place, "add `closed: YYYY-MM-DD`")


def _check_deliverables(state: State) -> Iterator[Problem]:
    for one in state.project.deliverables:
        if one.acceptance != "accepted":
            words = f"deliverable {one.id} is not accepted: its acceptance is `{one.acceptance}`"
            yield Problem("DB491", words, state.where.place("deliverables", one.id, "acceptance"))


def _check_issues(state: State) -> Iterator[Problem]:
    sources = " ".join(action.source or "" for action in state.project.actions)
    for one in state.project.issues:
        handed_on = re.search(rf"\b{re.escape(one.id)}\b", sources)
        if one.status not in ("closed", "resolved") and not handed_on:
            hint = f"close it, or add an action whose source is `Issue {one.id}`"
            place = state.where.place("issues", one.id, "status")
            yield Problem("DB492", f"issue {one.id} is `{one.status}`, and no action follows it up", place, hint)


def _check_changes(state: State) -> Iterator[Problem]:
    for one in state.project.changes:
        if one.status in PENDING or one.status == "postponed":
            place = state.where.place("changes", one.id, "status")
            yield Problem("DB493", f"change {one.id} is not decided: it is `{one.status}`", place)


def _check_checklist(state: State) -> Iterator[Problem]:
    for one in state.project.checklist:
        if one.open_on(state.project.as_of):
            words = f"{one.id} is still to be done: {one.title}"
            yield Problem("DB490", words, state.where.place("checklist", one.id, "status"))


def _check_lessons(state: State) -> Iterator[Problem]:
    if not state.project.lessons:
        place = Place(f"{state.project.id}/registers/lessons.yaml")
        yield Problem("DB494", "no lesson is recorded", place, "write down what the next project should know")


def _check_sign_offs(state: State) -> Iterator[Problem]:
    project = state.project
    signers = {*project.info.document_control.approvers, project.info.roles.project_owner}
    if f"{project.id}/{SIGNED}" not in project.narratives:
        yield Problem("DB495", "there is no closure report to sign", Place(f"{project.id}/{SIGNED}"))
    for path, narrative in sorted(project.narratives.items()):
        newest = next(iter(narrative.meta.revisions), None)
        if path.startswith(f"{project.id}/reports/") or path in state.approved:
            continue
        if newest is None or newest.approved_by is None:
            words = "its newest version is not approved" if newest else "nobody has approved it"
            place = state.where.place("narratives", path, "revisions") if newest else Place(path)
            yield Problem("DB495", words, place, "add `approved_by` to the version, or commit with `Approved-by:`")
        elif newest.approved_by not in signers:
            words = f"its newest version is approved by `{newest.approved_by}`, who is neither approver nor owner"
            yield Problem("DB495", words, state.where.place("narratives", path, "revisions", 0, "approved_by"))


def _check_problems(state: State) -> Iterator[Problem]:
    for one in state.problems:
        yield Problem("DB497", f"{one.code}: {one.message}", one.place, one.hint)
    for path in state.paths:
        if "%" in path:
            yield Problem("DB497", "the name holds `%`, which bags write in another way", Place(path), "rename it")


def _check_committed(state: State) -> Iterator[Problem]:
    for path in sorted(state.dirty_paths):
        yield Problem("DB498", "is not as in the last commit", Place(path), "commit it, or put it back")


RULES = (
    Rule("phase", "The project has ended, on a day that is written down", _check_phase),
    Rule("deliverables", "Every deliverable is accepted in full", _check_deliverables),
    Rule("issues", "Every issue is closed, or an action follows it up", _check_issues),
    Rule("changes", "Every change request is decided", _check_changes),
    Rule("checklist", "Everything on the closure checklist is settled", _check_checklist),
    Rule("lessons", "Lessons are recorded", _check_lessons),
    Rule("sign-offs", "The closure report and every standing document are approved", _check_sign_offs),
    Rule("problems", "The sources have no problem", _check_problems),
    Rule("committed", "All files are committed", _check_committed),
)
_BY_ID = {rule.id: rule for rule in RULES}
