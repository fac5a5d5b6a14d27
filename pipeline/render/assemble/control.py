"""Take a document's history and its marks in the text; say version, state and changes; give the blocks in their place.

What a document was made from is known only after its text has been read. So templates leave marks, and the words of its
own history are put there afterwards, before anything is numbered or measured.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from pipeline.controls.revisions import Revision, Revisions, State, compute_revisions
from pipeline.document.tree import Block, Blocks, Group, Paragraph, Text
from pipeline.document.walk import rewrite
from pipeline.model.subjects import BY_NAME
from pipeline.render.templates.blocks.tables import make_column, make_table, paragraph
from pipeline.render.words import NOTHING, Words
from pipeline.sources.scope import find_gone
from pipeline.sources.snapshot import Snapshot

SHOWN = 8  # revisions; the last approval is shown even if it is older
_LONGEST_CHANGE = 160
_MARK = "control-table"
STATE_WORDS: Mapping[State, str] = {
    "draft": "Draft",
    "approved": "Approved",
    "changed": "Changed since approval",
}


@dataclass(frozen=True, slots=True)
class Late(Text):
    """The place of the version in a line; the words come when they are known."""


@dataclass(frozen=True, slots=True)
class Control:
    """What is known of a document's own history.

    `stated` is the version that its front matter gives, which goes before a computed one; `is_known` is False where
    history is cut off; `is_changed` says that a source differs from the last commit.
    """

    revisions: Revisions = field(default_factory=Revisions)
    stated: str = ""
    stated_state: State = ""
    stated_on: date | None = None
    is_known: bool = True
    is_changed: bool = False

    @property
    def version(self) -> str:
        """Return the version; "" if there is none or nobody knows."""
        return self.stated or self.revisions.version

    @property
    def state(self) -> State:
        """Return the state; "" if nobody knows."""
        return self.stated_state if self.stated else self.revisions.state

    @property
    def since(self) -> date | None:
        """Return the day since which it is in this state; None if nobody knows."""
        found = self.revisions.since
        return self.stated_on if self.stated else found.commit.time.date() if found else None


def make_control(snapshot: Snapshot, sources: Iterable[str], main: str, document: str, stated: Control) -> Control:
    """Return what the history of a document's sources says of it, beside what its front matter states."""
    paths = tuple(sources)
    history = None if snapshot.shallow else snapshot.changes()
    is_known = history is not None and history.is_whole
    revisions = compute_revisions(history, paths, main, document) if history and is_known else Revisions()
    is_changed = snapshot.dirty and not snapshot.dirty_paths.isdisjoint(paths)
    return replace(stated, revisions=revisions, is_known=is_known, is_changed=is_changed)


def list_gone(snapshot: Snapshot, project: str, subjects: Iterable[str]) -> tuple[str, ...]:
    """Return the deleted files of subjects: who shows a register was made from what is not in it any more, too."""
    if snapshot.shallow:
        return ()
    gone = find_gone(snapshot, f"{project}/")
    places = [f"{project}/{place}" for name in subjects for place in _places(name)]
    return tuple(sorted(path for path in gone if any(path == place or _is_in(path, place) for place in places)))


def _places(subject: str) -> tuple[str, ...]:
    """Return the file and the folder of a project's subject; shared files are never gone."""
    found = BY_NAME.get(subject)
    return () if found is None or found.shared else tuple(filter(None, (found.path, found.folder)))


def _is_in(path: str, place: str) -> bool:
    return place.endswith("/") and path.startswith(place) and path.endswith(".yaml")


def mark_table() -> Block:
    """Return the mark for the table of a document's history."""
    return Group((), _MARK)


def fill_marks(blocks: Blocks, control: Control, words: Words) -> Blocks:
    """Return the blocks with what is known of the document's history in the place of the marks."""
    return rewrite(blocks, _make_filler(control, words))


def _make_filler(control: Control, words: Words) -> Callable[[Any], Any]:
    def fill(node: Any) -> Any:
        if isinstance(node, Late):
            return Text(tell_version(control, words))
        if isinstance(node, Group) and node.role == _MARK:
            return _make_blocks(control, words)
        return node

    return fill


def tell_version(control: Control, words: Words) -> str:
    """Return the version in words: `1.2`, `1.2, changed since approval`, `unknown`."""
    if not control.version:
        return words.say("not committed") if control.is_known else words.say("unknown")
    if control.state == "changed":
        return words.say("%(version)s, changed since approval", version=control.version)
    return control.version


def _make_blocks(control: Control, words: Words) -> Blocks:
    if not control.is_known:
        return (_say(words.say("The history of this document is unknown: this clone does not hold all of it.")),)
    shown = _choose(control.revisions.rows)
    rows = [*([_make_draft(words)] if control.is_changed else []), *(_make_row(row, words) for row in shown)]
    if not rows:
        return (_say(words.say("This document is not committed yet.")),)
    columns = (
        make_column(words.say("Version"), "version", width=0.1),
        make_column(words.say("Commit"), "commit", width=0.11),
        make_column(words.say("Date"), "date", width=0.17),
        make_column(words.say("Author"), "by", width=0.16),
        make_column(words.say("Change"), "change", width=0.26),
        make_column(words.say("Approval"), "approval", width=0.2),
    )
    table = make_table(rows, columns, words)
    left = len(control.revisions.rows) - len(shown)
    if not left:
        return (table,)
    note = words.say("%(count)s not shown here stand in the repository.", count=words.plural(left, "earlier revision"))
    return (table, *paragraph(note, "note"))


def _choose(rows: tuple[Revision, ...]) -> tuple[Revision, ...]:
    """Return the newest revisions; the last approval takes the place of the oldest of them if it is older."""
    newest = rows[:SHOWN]
    if any(row.is_approval for row in newest):
        return newest
    approval = next((row for row in rows if row.is_approval), None)
    return (*newest[:-1], approval) if approval else newest


def _make_draft(words: Words) -> Mapping[str, Any]:
    what = words.say("Changes that are not committed yet")
    return {"version": words.say("draft"), "commit": NOTHING, "date": None, "by": None, "change": what}


def _make_row(row: Revision, words: Words) -> Mapping[str, Any]:
    commit = row.commit
    change = commit.subject
    return {
        "version": row.version,
        "commit": commit.id[:7],
        "date": commit.time.date(),
        "by": commit.author,
        "change": change if len(change) <= _LONGEST_CHANGE else f"{change[: _LONGEST_CHANGE - 1].rstrip()}…",
        "approval": _tell_trailers(row, words),
    }


def _tell_trailers(row: Revision, words: Words) -> str | None:
    """Return who approved and who reviewed; an approval of other documents is none of this one."""
    said = []
    if row.is_approval:
        said.append(words.say("approved by %(names)s", names=", ".join(row.commit.approved_by)))
    if row.commit.reviewed_by:
        said.append(words.say("reviewed by %(names)s", names=", ".join(row.commit.reviewed_by)))
    text = "; ".join(said)
    return f"{text[:1].upper()}{text[1:]}" or None


def _say(text: str) -> Paragraph:
    return Paragraph((Text(text),))
