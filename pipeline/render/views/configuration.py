"""Take the documents of a project and its baselines; tell which items there are and what moved; give names for one.

A document of which nobody can tell the version is listed all the same: a register that leaves an item out is wrong.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Iterator
from typing import Any, Protocol

from pipeline.document.tree import Status
from pipeline.render.assemble.control import STATE_WORDS, Control
from pipeline.render.assemble.jobs import Job
from pipeline.render.views.records import Record, Records
from pipeline.render.views.viewer import Viewer
from pipeline.render.words import Words
from pipeline.sources.baselines import Baseline, Item, Listing, hash_sources, list_changes
from pipeline.sources.scope import SHARED_FILES
from pipeline.sources.snapshot import Commit, Snapshot

# What every document is made from says nothing of one of them.
_OF_ALL = (*SHARED_FILES, "theme/")
_MOST_NAMED = 6  # files of one folder that a relation names
_LIGHTS = {"draft": "not_yet", "approved": "done", "changed": "at_risk"}


class Paper(Protocol):
    """A rendered document, as far as a register shows it."""

    @property
    def job(self) -> Job:
        """Return what it was made for."""

    @property
    def title(self) -> str:
        """Return its title."""

    @property
    def control(self) -> Control:
        """Return what is known of its own history."""

    @property
    def sources(self) -> Any:
        """Return the SHA-256 of its sources by path."""

    @property
    def gone(self) -> tuple[str, ...]:
        """Return the sources that it would show if they had not been deleted."""

    @property
    def commit(self) -> Commit | None:
        """Return the last commit that touched a source."""

    @property
    def author(self) -> str:
        """Return who answers for it: the author that it names, else the project manager."""

    @property
    def draft(self) -> bool:
        """Return whether no commit holds what it was made from."""


def list_configuration(job: Job, papers: Iterable[Paper], snapshot: Snapshot, view: Viewer) -> Record:
    """Return the project's configuration: its documents, its baselines, and what differs from the last of them.

    `job` is the register's own: it does not list itself.
    """
    project = job.project
    shown = sorted(papers, key=lambda one: one.job.name)
    baselines = [one for one in snapshot.baselines() if one.project == project and one.listing is not None]
    names = {
        "documents": Records("documents", tuple(_make_document(one, view.words) for one in shown)),
        "baselines": Records("baselines", tuple(_list_baselines(baselines))),
        "last": baselines[-1].name if baselines else None,
        "findings": Records("findings", tuple(_list_findings(job, shown, baselines, view.words))),
    }
    return Record("configuration", names)


def _make_document(one: Paper, words: Words) -> Record:
    commit, project, main = one.commit, one.job.project, one.job.main
    values = {
        "id": one.job.name,
        "title": one.title,
        "type": one.job.doctype.id,
        "kind": words.say(one.job.doctype.title),
        "period": one.job.period or None,
        "version": one.control.version or None,
        "status": _tell_state(one.control.state, words),
        "since": one.control.since,
        "changed": commit.time.date() if commit else None,
        "commit": commit.id[:7] if commit else None,
        "place": main or None,
        "owner": one.author or None,
        "location": posixpath.relpath(main, project) if main else None,
        "made_from": ", ".join(_list_relations(one.sources, project, main)) or None,
    }
    return Record("document", values)


def _list_relations(sources: Iterable[str], project: str, main: str) -> Iterator[str]:
    """Give what a document is made from beside its own words, below the project's folder, sorted.

    Of a folder with several files the folder is given with their names, or, where there are many, with their number.
    """
    own = (path for path in sources if path != main and not path.startswith(_OF_ALL))
    folders: dict[str, list[str]] = {}
    for path in sorted(posixpath.relpath(path, project) for path in own):
        folders.setdefault(posixpath.dirname(path) or path, []).append(path)
    for folder, paths in sorted(folders.items()):
        if len(paths) == 1:
            yield paths[0]
        else:
            names = ", ".join(posixpath.splitext(posixpath.basename(path))[0] for path in paths)
            yield f"{folder}/ ({names if len(paths) <= _MOST_NAMED else len(paths)})"


def _list_baselines(baselines: list[Baseline]) -> Iterator[Record]:
    """Give the baselines, oldest first, each with the number of documents that it has otherwise than the one before."""
    before: Listing | None = None
    for one in baselines:
        listing = one.listing
        assert listing is not None
        moved = len(list(list_changes(before.documents, listing.documents))) if before else None
        values = {
            "id": one.name,
            "name": one.name,
            "date": one.time.date(),
            "by": one.author,
            "commit": one.commit[:7],
            "words": one.words,
            "documents": len(listing.documents),
            "files": len(listing.files),
            "moved": moved,
            "signed": one.is_signed,
        }
        yield Record("baseline", values)
        before = listing


def _list_findings(job: Job, papers: list[Paper], baselines: list[Baseline], words: Words) -> Iterator[Record]:
    """Give the documents that are not as the last baseline has them: the findings of a configuration audit."""
    listing = baselines[-1].listing if baselines else None
    if listing is None:
        return
    project = job.project
    listed = [item for item in listing.documents if item.id != f"{project}/{job.name}"]
    for old, new in list_changes(listed, [_make_item(project, one) for one in papers]):
        item = new or old
        assert item is not None
        finding = words.say("new") if old is None else words.say("gone") if new is None else words.say("changed")
        yield Record("finding", {
            "id": item.id.removeprefix(f"{project}/"),
            "title": item.title,
            "finding": finding,
            "before": _tell_item(old, words),
            "now": _tell_item(new, words),
        })  # fmt: skip


def _make_item(project: str, one: Paper) -> Item:
    """Return a document as a baseline lists it."""
    hash, control = hash_sources(one.sources, one.sources), one.control
    return Item(f"{project}/{one.job.name}", one.job.doctype.id, control.state, control.version, hash, one.title)


def _tell_item(item: Item | None, words: Words) -> str | None:
    if item is None:
        return None
    state = words.say(STATE_WORDS[item.status]) if item.status in STATE_WORDS else ""  # type: ignore[index]
    return ", ".join(part for part in (item.version, state) if part) or None


def _tell_state(state: str, words: Words) -> Status | str:
    if state not in _LIGHTS:
        return words.say("unknown")
    return Status(_LIGHTS[state], words.say(STATE_WORDS[state]))  # type: ignore[arg-type,index]
