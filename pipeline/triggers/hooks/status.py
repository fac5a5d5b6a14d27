"""Take a work tree; compare what is checked out with what the builder recorded and the outputs say; give one line."""

from __future__ import annotations

from dataclasses import dataclass

from pipeline.archive.manifest import Manifest, load_manifest
from pipeline.problems import DONE, Stop
from pipeline.sources.commit import read_commit
from pipeline.sources.git.refs import read_default_branch
from pipeline.sources.git.repository import find_head, open_git
from pipeline.sources.git.work_tree import read_status
from pipeline.sources.paths import is_made
from pipeline.triggers.hooks.builder import HEAD
from pipeline.triggers.hooks.place import Place
from pipeline.triggers.hooks.state import BEGUN, Entry, load_state

BUILT, DRAFT, BEHIND, FAILED = "built", "draft", "behind", "failed"


@dataclass(frozen=True, slots=True)
class WorkStatus:
    """What should be built in a work tree, and what is: commits are full ids, "" for none.

    `branch` is what is checked out, as people say it; the state `draft` means that outputs show changes that no commit
    holds.
    """

    branch: str
    wanted: str
    shown: str
    state: str
    entry: Entry


def read_work_status(place: Place) -> WorkStatus:
    """Return how the documents of a work tree stand."""
    with open_git(place.root) as folder:
        branch = read_default_branch(folder)
        head, changed = find_head(folder), read_status(folder)
    output = _find_output(place)
    entry = load_state(place.home).entry(HEAD)
    manifest = _read(place, output)
    dirty = any(not is_made(path, output) for path in changed)
    state = _judge(head, entry, manifest, dirty=dirty)
    shown = manifest.revision if manifest else ""
    return WorkStatus(branch.removeprefix("refs/heads/") or HEAD, head, shown, state, entry)


def _judge(head: str, entry: Entry, manifest: Manifest | None, *, dirty: bool) -> str:
    """A file may be older than the manifest, where only some documents were built."""
    if manifest is not None and manifest.revision == head and all(one.built == head for one in manifest.files):
        if not any(one.draft for one in manifest.files):
            return BUILT
        if dirty:
            return DRAFT
    return FAILED if entry.tried == head and entry.exit_code not in (DONE, BEGUN) else BEHIND


def _find_output(place: Place) -> str:
    from pipeline.model.load import load_settings

    try:
        settings, _ = load_settings(read_commit(place.root, HEAD))
    except Stop:
        return "build"
    return settings.output if settings else "build"


def _read(place: Place, output: str) -> Manifest | None:
    try:
        return load_manifest(place.root, output)
    except (OSError, Stop):
        return None
