"""Take what a build has in hand before it writes; number and hash documents and files; give configuration items."""

from __future__ import annotations

from hashlib import sha256

from pipeline import __version__
from pipeline.build.run import Work
from pipeline.plan.records import DocumentFacts
from pipeline.sources.baselines import Item, Listing, hash_sources
from pipeline.sources.scope import is_shared
from pipeline.sources.snapshot import Snapshot


def collect_items(work: Work, project: str, name: str) -> Listing:
    """Return the configuration items of a project: its documents, its files and the shared ones, sorted by id."""
    snapshot = work.front.snapshot
    facts = {task.name: task.facts for task in work.tasks if task.project == project}
    own = {path for path in snapshot.files if path.startswith(f"{project}/") or is_shared(path)}
    paths = sorted(own.union(*(one.sources for one in facts.values())))
    digests = {path: sha256(snapshot.read(path)).hexdigest() for path in paths}
    documents = (_make_document(id, facts[id], digests) for id in sorted(facts))
    files = (_make_file(path, snapshot, digests[path]) for path in paths)
    return Listing(project, name, f"Deedbox {__version__}", (*documents, *files))


def _make_document(id: str, facts: DocumentFacts, digests: dict[str, str]) -> Item:
    return Item(
        id=id,
        type=facts.type,
        status=facts.state,
        version=facts.version,
        hash=hash_sources(digests, facts.sources),
        title=facts.title,
        revision=facts.commit,
        date=facts.date,
        sources=tuple(sorted(facts.sources)),
    )


def _make_file(path: str, snapshot: Snapshot, digest: str) -> Item:
    last = snapshot.changes().find_last((path,))
    revision, date = (last.id, last.time.date().isoformat()) if last else ("", "")
    return Item(path, "source", "committed", revision[:12], digest, revision=revision, date=date)
