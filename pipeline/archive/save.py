"""Take all files of a build and its manifest; put them into the output folder in one go; say what changed."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from hashlib import sha256
from pathlib import Path

from pipeline.archive.descent import write_new
from pipeline.archive.folder import Before, check_foreign, clear_errors, is_equal, is_inside, read_before
from pipeline.archive.index import make_index
from pipeline.archive.lock import lock_folder
from pipeline.archive.manifest import Manifest, make_manifest, merge_manifests
from pipeline.archive.names import IGNORE, INDEX, LOCK, MANIFEST, STAGE, check_names, check_output
from pipeline.archive.outputs import Outputs
from pipeline.archive.proof import Proof
from pipeline.archive.stage import (
    drop_staged,
    land_file,
    make_journal,
    remove_files,
    remove_if_empty,
    remove_stage,
    write_stage,
)
from pipeline.problems import Problem, Stop

_IGNORE_ALL = b"*\n"


@dataclass(frozen=True, slots=True)
class Saved:
    """What a build did to the folder: paths relative to it, sorted; `digests` are those of all that is ours in it."""

    written: tuple[str, ...] = ()
    unchanged: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    digests: Mapping[str, str] = field(default_factory=dict)


def save_build(
    output: Path,
    files: Mapping[str, bytes],
    manifest: Manifest,
    *,
    whole: bool,
    problems: Iterable[Problem] = (),
    root: Path | None = None,
    notify: Callable[[str], None] = lambda words: None,
    outputs: Outputs | None = None,
) -> Saved:
    """Save the files, the index and, last, the manifest; return what was written, left and removed.

    Only those files are asked for their bytes that lie there with another digest than the manifest's, or not at all;
    `outputs` may know from before what lies there. A `whole` build removes what earlier builds made and this one does
    not; any other keeps it. Foreign files are never touched. If it fails or is killed, each file is still the old one
    or the new one, and the next build tidies up.
    Raises Stop: exit 1 for unsafe names, 2 for a folder that is not ours to fill, 4 if the disk refuses.
    """
    if set(files) != set(manifest.paths()):
        raise ValueError("the manifest must list just the files of the build")
    with clear_errors(output):
        check_output(output, root, {source for entry in manifest.files for source in entry.sources})
    with clear_errors(output), lock_folder(output, notify):
        there = outputs or Outputs(output)
        there.look_again()
        proof = Proof(output)
        before = read_before(there, proof)
        after = manifest if whole else _merged(output, before, manifest)
        _stop_if(check_names(after.paths()))
        frame = {INDEX: make_index(after, tuple(problems)), MANIFEST: make_manifest(after)}
        wanted = {entry.path: entry.sha256 for entry in manifest.files}
        digests = {**wanted, **{name: sha256(data).hexdigest() for name, data in frame.items()}}
        _stop_if(check_foreign(there, digests, before.owned))

        def load(name: str) -> bytes:
            return frame[name] if name in frame else files[name]

        saved = _save(there, load, digests, before, frozenset(after.paths()), proof)
        return replace(saved, digests={**{entry.path: entry.sha256 for entry in after.files}, **digests})


def remove_build(output: Path, notify: Callable[[str], None] = lambda words: None) -> tuple[str, ...]:
    """Remove all that builds put into the folder, and the folder if nothing else is in it; return what was removed."""
    with clear_errors(output):
        if not any((output / name).exists() for name in (MANIFEST, STAGE)):
            return ()
    with clear_errors(output), lock_folder(output, notify):
        before = read_before(Outputs(output), Proof(output))
        removed = remove_files(output, (name for name in before.owned if is_inside(output, name)))
        remove_stage(output)
        if is_equal(output / IGNORE, _IGNORE_ALL):
            (output / IGNORE).unlink()
        (output / LOCK).unlink(missing_ok=True)
        remove_if_empty(output)
    return removed


def hide_from_git(output: Path) -> None:
    """Keep a folder of ours from Git's sight, if it was empty: one that somebody uses already has his rules."""
    if {path.name for path in output.iterdir()} <= {LOCK}:
        write_new(output / IGNORE, _IGNORE_ALL)


def _merged(output: Path, before: Before, manifest: Manifest) -> Manifest:
    """An older file that somebody deleted leaves the list: no entry without its file, no dead link in the index."""
    if before.manifest is None:
        return manifest
    present = (path for path in before.manifest.paths() if path in before.owned and (output / path).is_file())
    return merge_manifests(before.manifest, manifest, present)


def _save(
    outputs: Outputs,
    load: Callable[[str], bytes],
    digests: Mapping[str, str],
    before: Before,
    listed: frozenset[str],
    proof: Proof,
) -> Saved:
    output, manifest = outputs.folder, load(MANIFEST)
    hide_from_git(output)
    changed = tuple(sorted(name for name, digest in digests.items() if outputs.digest(name) != digest))
    stale = before.owned.keys() - listed - digests.keys()
    unchanged = tuple(sorted(digests.keys() - set(changed)))
    if not changed and not stale and not os.path.lexists(output / STAGE):
        if before.proven is None:
            proof.save(manifest)
        return Saved(unchanged=unchanged)
    landing = {name: digests[name] for name in changed}
    journal = make_journal(landing, before.owned)
    proof.save(*(one for one in (before.proven, manifest, journal) if one is not None))
    removed = _land(outputs, landing, load, journal, stale)
    proof.save(manifest)
    return Saved(changed, unchanged, removed)


def _land(
    outputs: Outputs,
    changed: Mapping[str, str],
    load: Callable[[str], bytes],
    journal: bytes,
    stale: Iterable[str],
) -> tuple[str, ...]:
    output = outputs.folder
    try:
        write_stage(output, changed, load, journal)
        for name in sorted(changed.keys() - {INDEX, MANIFEST}):
            outputs.note(name, land_file(output, name), changed[name])
        removed = remove_files(output, (name for name in stale if is_inside(output, name)))
        for name in (INDEX, MANIFEST):
            if name in changed:
                outputs.note(name, land_file(output, name), changed[name])
    except BaseException:
        drop_staged(output)
        raise
    remove_stage(output)
    return removed


def _stop_if(problems: tuple[Problem, ...]) -> None:
    if problems:
        raise Stop(*problems)
