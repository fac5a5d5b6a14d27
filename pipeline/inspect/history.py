"""Take a request; plan it without writing; tell of each document its revisions, as Git has them."""

from __future__ import annotations

from dataclasses import dataclass, replace

from pipeline.build.build import plan_only
from pipeline.build.request import Request
from pipeline.controls.revisions import Revisions, compute_revisions
from pipeline.plan.records import DocumentFacts
from pipeline.problems import DONE, MACHINE_LACKS, SOURCES_WRONG, Problem, Stop, has_errors
from pipeline.sources.snapshot import Snapshot


@dataclass(frozen=True, slots=True)
class DocumentHistory:
    """One document with its revisions, newest first.

    `version` and `state` are what its pages say: `is_stated` where its front matter gives them, else by rule from the
    revisions. `is_changed` says that a source differs from the last commit.
    """

    document: str
    title: str
    version: str
    state: str
    is_stated: bool
    is_changed: bool
    revisions: Revisions


@dataclass(frozen=True, slots=True)
class HistoryOutcome:
    """The documents that were asked for; none where the sources are wrong."""

    problems: tuple[Problem, ...]
    documents: tuple[DocumentHistory, ...]
    revision: str
    exit_code: int


def history(request: Request) -> HistoryOutcome:
    """Return the revisions of documents; Stop (exit 4) where this clone does not hold their history."""
    with plan_only(request) as run:
        problems = run.list_problems()
        snapshot = run.context.snapshot
        outcome = HistoryOutcome(problems, (), snapshot.revision, SOURCES_WRONG)
        if has_errors(problems):
            return outcome
        check_whole(snapshot)
        documents = tuple(_tell(snapshot, task.name, task.facts) for task in run.tasks)
        return replace(outcome, documents=documents, exit_code=DONE)


def check_whole(snapshot: Snapshot) -> None:
    """Stop where history is cut off: nobody could tell a first change from the oldest that is here."""
    if snapshot.shallow:
        hint = "fetch the rest: git fetch --unshallow"
        raise Stop(Problem("DB481", "this clone holds only the newest commits", hint=hint), exit_code=MACHINE_LACKS)
    if not snapshot.changes().is_whole:
        hint = "fetch the rest: git fetch --refetch --no-filter"
        message = "this clone lacks old versions of files, without which renames cannot be followed"
        raise Stop(Problem("DB481", message, hint=hint), exit_code=MACHINE_LACKS)


def _tell(snapshot: Snapshot, name: str, facts: DocumentFacts) -> DocumentHistory:
    revisions = compute_revisions(snapshot.changes(), facts.history_paths, facts.main, name)
    is_changed = snapshot.dirty and not snapshot.dirty_paths.isdisjoint(facts.history_paths)
    return DocumentHistory(name, facts.title, facts.version, facts.state, facts.stated, is_changed, revisions)
