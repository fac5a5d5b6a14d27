"""Take a baseline; hold its list against the files of its commit, and its signature against who may sign; tell all."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from pipeline.problems import Problem, has_errors
from pipeline.sources.baselines import Baseline, Listing, hash_sources
from pipeline.sources.commit import read_commit
from pipeline.sources.git import repository as git
from pipeline.sources.git.signature import Signature, read_signature
from pipeline.sources.scope import is_shared
from pipeline.sources.snapshot import Snapshot


@dataclass(frozen=True, slots=True)
class Verdict:
    """What came of verifying one baseline."""

    baseline: Baseline
    signature: Signature
    problems: tuple[Problem, ...]

    @property
    def is_good(self) -> bool:
        """Return whether the list is that of the commit's files, and no signature is wrong."""
        return not has_errors(self.problems)


def verify_baseline(root: Path, baseline: Baseline) -> Verdict:
    """Return what differs between a baseline's list and its commit; nothing is built for it."""
    with git.open_git(root) as folder:
        signature = read_signature(folder, baseline.tag) if baseline.is_signed else Signature("none")
    problems = [*_check_signature(baseline, signature)]
    if baseline.listing is None:
        problems.append(_tell("DB486", baseline, "the tag holds no list of items that can be read"))
    else:
        snapshot = read_commit(root, baseline.commit)
        problems += [*_check_head(baseline, baseline.listing), *_check_items(baseline, baseline.listing, snapshot)]
    return Verdict(baseline, signature, tuple(problems))


def _check_head(baseline: Baseline, listing: Listing) -> Iterator[Problem]:
    if (listing.project, listing.name) != (baseline.project, baseline.name):
        message = f"the list is that of `{listing.project}/{listing.name}`: somebody gave the tag another name"
        yield _tell("DB487", baseline, message)
    if not baseline.is_canonical:
        yield _tell("DB487", baseline, "the list is not written as Deedbox writes it: somebody changed it by hand")


def _check_items(baseline: Baseline, listing: Listing, snapshot: Snapshot) -> Iterator[Problem]:
    """Give a problem for each item that is missing, altered, extra, or listed twice."""
    listed = {item.id: item.hash for item in listing.files}
    found = {path: sha256(snapshot.read(path)).hexdigest() for path in listed if path in snapshot}
    if len({item.id for item in listing.items}) != len(listing.items):
        yield _tell("DB487", baseline, "an item is listed twice")
    for path, digest in listed.items():
        if path not in found:
            yield _tell("DB487", baseline, f"`{path}` is listed, and the commit has no such file")
        elif found[path] != digest:
            yield _tell("DB487", baseline, f"`{path}` is not what the list says: its SHA-256 is {found[path][:12]}…")
    for path in snapshot.paths():
        if path not in listed and (path.startswith(f"{listing.project}/") or is_shared(path)):
            yield _tell("DB487", baseline, f"the commit has `{path}`, which is not listed")
    for item in listing.documents:
        if item.hash != hash_sources(listed, item.sources):
            yield _tell("DB487", baseline, f"document `{item.id}` has another hash than its sources")


def _check_signature(baseline: Baseline, signature: Signature) -> Iterator[Problem]:
    if signature.state == "bad":
        yield _tell("DB488", baseline, f"the signature is wrong: {signature.words}")
    elif signature.state == "unknown":
        hint = "set gpg.ssh.allowedSignersFile to a file of who may sign, or import the signer's key"
        message = f"the signature of {baseline.project}/{baseline.name} cannot be checked here: {signature.words}"
        yield Problem("DB489", message, hint=hint, severity="warning")


def _tell(code: str, baseline: Baseline, message: str) -> Problem:
    return Problem(code, f"{baseline.project}/{baseline.name}: {message}", hint=_HINTS[code])


_HINTS = {
    "DB486": "`deedbox baseline create` writes such tags",
    "DB487": "fetch the tag from where it was made; `git show` tells who wrote it and when",
    "DB488": "ask the signer; do not rely on this baseline until it is clear",
}
