"""Take the history of what a document is made from; number its versions by rule; give its revisions and their state.

The rule: 0.1, 0.2 and so on while it is a draft; 1.0 with the first approval; one tenth more with each change of its
content since. A change that nobody approved leaves it "changed since approval" until somebody does. Settings, people
and the theme change how documents look and whom they name: such a change is a revision, but no new version.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Literal

from pipeline.sources.scope import SHARED_FILES
from pipeline.sources.snapshot import Commit, History

State = Literal["", "draft", "approved", "changed"]
_LOOK = "theme/"


@dataclass(frozen=True, slots=True)
class Revision:
    """A commit that changed or approved a document, and what the document was after it."""

    commit: Commit
    version: str
    state: State
    is_approval: bool


@dataclass(frozen=True, slots=True)
class Revisions:
    """All revisions of a document, newest first; `version` and `state` are "" where no commit holds it."""

    rows: tuple[Revision, ...] = ()

    @property
    def version(self) -> str:
        """Return the version of the document as it is now."""
        return self.rows[0].version if self.rows else ""

    @property
    def state(self) -> State:
        """Return whether it is a draft, approved, or changed since it was approved."""
        return self.rows[0].state if self.rows else ""

    @property
    def approval(self) -> Revision | None:
        """Return the last revision that approved it."""
        return next((row for row in self.rows if row.is_approval), None)

    @property
    def since(self) -> Revision | None:
        """Return the revision that brought the document into its present state."""
        same = [row for row, older in zip(self.rows, (*self.rows[1:], None), strict=False) if _begins(row, older)]
        return same[0] if same else None


def compute_revisions(history: History, sources: Iterable[str], main: str, document: str) -> Revisions:
    """Return the revisions of a document such as `beacon/charter`, made from these paths; `main` holds its own words.

    It begins with its own words, if it has any: what its other sources were before is no draft of it.
    A commit with `Approved-by:` approves the documents that its `Approves:` names. Without `Approves:` it approves that
    document whose words it changes, and keeps approved ones approved that it changes otherwise: who approves a change
    of one figure has not read every draft that shows it.
    """
    rows: list[Revision] = []
    major = minor = 0
    state: State = ""
    for commit, paths in history.line_up(sources):
        is_content = any(map(is_own, paths))
        named = any(fnmatchcase(document, pattern) for pattern in commit.approves)
        begins = main in paths if main else is_content
        if not (rows or begins) or not (paths or (named and commit.approved_by)):
            continue
        meant = named if commit.approves else main in paths or (is_content and state == "approved")
        is_approval = bool(commit.approved_by) and meant
        if is_approval and not major:
            major, minor = 1, 0
        elif is_content:
            minor += 1
        state = _follow(state, is_content=is_content, is_approval=is_approval)
        rows.append(Revision(commit, f"{major}.{minor}", state, is_approval))
    return Revisions(tuple(reversed(rows)))


def is_own(path: str) -> bool:
    """Return whether a path holds content of documents, rather than how all of them look and whom they name."""
    return path not in SHARED_FILES and not path.startswith(_LOOK)


def _follow(state: State, *, is_content: bool, is_approval: bool) -> State:
    if is_approval:
        return "approved"
    if not state:
        return "draft"
    return "changed" if state == "approved" and is_content else state


def _begins(row: Revision, older: Revision | None) -> bool:
    return older is None or older.state != row.state or row.is_approval
