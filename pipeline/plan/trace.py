"""Take a snapshot and what a project's documents saw of an earlier one; tell whether they would come out the same.

A project's documents depend on its folder, on the shared files, on what else they looked at, on the history of their
sources, and on the engine. The first, second and last are in the key; the others are noted while rendering.
"""

from __future__ import annotations

from collections.abc import Iterable

from pipeline.document.tree.canonical import make_digest
from pipeline.plan.records import DocumentFacts, ProjectFacts, Trace
from pipeline.sources.scope import Scope, digest_names, digest_paths, find_dirty, find_gone, find_id, is_shared
from pipeline.sources.snapshot import Snapshot

SCHEMA = 4  # raise it when the meaning of a key or of what is remembered under it changes


def make_look_key(snapshot: Snapshot, engine: str) -> str:
    """Return the key of the look that all documents of a snapshot share."""
    return make_digest([SCHEMA, "look", engine, _digest_shared(snapshot), _left_out(snapshot)])


def make_project_key(snapshot: Snapshot, look: str, project: str) -> str:
    """Return the key of a project in just this state; `look` is the key of the look."""
    own = digest_paths(snapshot, snapshot.paths(f"{project}/"))
    dirty = find_dirty(snapshot, project) if snapshot.revision else "all"
    # The time of a commit is that of its documents' sources, else the snapshot's own decides.
    is_loose = bool(dirty) or snapshot.shallow or snapshot.time_is_set
    time = snapshot.time.isoformat() if is_loose else ""
    return make_digest([SCHEMA, project, look, own, dirty, snapshot.shallow, snapshot.time_is_set, time])


def make_trace(scope: Scope, documents: Iterable[DocumentFacts]) -> Trace:
    """Return what the documents saw, after all of them have been rendered from this scope."""
    return Trace(
        {path: _find_state(scope.whole, path) for path in sorted(scope.looks.paths)},
        tuple((start, end, digest_names(scope.whole.paths(start, end))) for start, end in sorted(scope.looks.lists)),
        _digest_history(scope.whole, scope.looks.folder, documents),
        _digest_baselines(scope.whole) if scope.looks.baselines else "",
    )


def is_same(facts: ProjectFacts, revision: str, snapshot: Snapshot) -> bool:
    """Return whether a project that was in this state at a revision would give the same documents now."""
    trace = facts.trace
    return (
        all(_find_state(snapshot, path) == state for path, state in trace.paths.items())
        and all(digest_names(snapshot.paths(start, end)) == digest for start, end, digest in trace.lists)
        and _has_same_history(facts, revision, snapshot)
        and trace.baselines in ("", _digest_baselines(snapshot) if trace.baselines else "")
    )


def _has_same_history(facts: ProjectFacts, revision: str, snapshot: Snapshot) -> bool:
    if snapshot.shallow or revision == snapshot.revision:
        return True
    folder = f"{facts.id}/"
    since = snapshot.touched(revision)
    if since is not None and not _tells(since, folder, facts, snapshot):
        return True
    return _digest_history(snapshot, folder, facts.documents) == facts.trace.history


def _tells(since: frozenset[str], folder: str, facts: ProjectFacts, snapshot: Snapshot) -> bool:
    """Return whether changes of these paths may show."""
    # A file that came and went has left its mark on the history, and nowhere else.
    if any(path.startswith(folder) and path not in snapshot.files for path in since):
        return True
    return not since.isdisjoint(path for one in facts.documents for path in one.sources)


def _digest_history(snapshot: Snapshot, folder: str, documents: Iterable[DocumentFacts]) -> str:
    """Return a digest of all commits of all sources, of those that approve documents by name, and of people's names.

    The sources are those of the documents and whatever was deleted in the project's folder.

    In a work tree with changes it also says which sources differ from the last commit: documents tell of that.
    """
    if snapshot.shallow:
        return ""
    history = snapshot.changes()
    paths = sorted({*(path for one in documents for path in one.sources), *find_gone(snapshot, folder)})
    changed = sorted(snapshot.dirty_paths.intersection(paths))
    naming = [commit.id for commit in history.list_naming()]
    told = [[path, history.list_ids(path)] for path in paths]
    return make_digest([told, naming, history.names, history.is_whole, changed])


def _digest_baselines(snapshot: Snapshot) -> str:
    return make_digest([[one.tag, one.object] for one in snapshot.baselines()])


def _find_state(snapshot: Snapshot, path: str) -> str:
    """Return Git's id of a file's content, with a mark where no commit holds it."""
    return find_id(snapshot, path) + ("*" if path in snapshot.dirty_paths else "")


def _digest_shared(snapshot: Snapshot) -> str:
    return digest_paths(snapshot, (path for path in snapshot.paths() if is_shared(path)))


def _left_out(snapshot: Snapshot) -> list[str]:
    """A file of the look that is there but could not be taken into the snapshot is a problem of the look."""
    return sorted(str(problem) for problem in snapshot.problems if is_shared(problem.place.file))
