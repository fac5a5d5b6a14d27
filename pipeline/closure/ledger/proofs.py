"""Take a ledger and an entry of it; prove that it is in the tree; or take such a proof, and say whether it holds."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

from msgspec import convert

from pipeline.closure.ledger.check import Checked
from pipeline.closure.ledger.entries import Entry, Hash, Line, list_leaves, make_leaf
from pipeline.closure.ledger.merkle import check_leaf, compute_root, prove_leaf
from pipeline.problems import USAGE, Place, Problem, Stop, did_you_mean
from pipeline.stored import BROKEN, Stored

WRONG = "DB516"
_LARGEST = 1_000_000  # bytes of a proof


class Proof(Stored, frozen=True):
    """What leads from an entry (None if it was erased) to the root of the tree: the hashes beside its way."""

    entry: Entry | None
    leaf: Hash
    index: int
    size: int
    root: Hash
    path: tuple[Hash, ...]
    salt: str = ""


def make_proof(checked: Checked, name: str) -> Proof:
    """Return the proof of the entry with a number or (the newest) with a path; Stop (exit 2) if there is none."""
    at = _find(checked.lines, name)
    leaves = list_leaves(checked.lines)
    line = checked.lines[at]
    path = tuple(part.hex() for part in prove_leaf(leaves, at))
    return Proof(line.entry, line.leaf, at, len(leaves), checked.root, path, line.salt)


def check_proof(file: Path, checked: Checked) -> Iterator[Problem]:
    """Yield what is wrong with a proof: that it does not add up, or is of a tree that this ledger did not grow from."""
    try:
        proof = convert(json.loads(file.read_bytes()[:_LARGEST]), Proof)
    except (OSError, *BROKEN):
        yield Problem(WRONG, "is no proof of an entry", Place(file.name))
        return
    leaf, root, path = bytes.fromhex(proof.leaf), bytes.fromhex(proof.root), map(bytes.fromhex, proof.path)
    if proof.entry is not None and make_leaf(proof.entry) != proof.leaf:
        yield Problem(WRONG, "its leaf is not made from its entry", Place(file.name))
    elif not check_leaf(leaf, proof.index, proof.size, list(path), root):
        yield Problem(WRONG, "its path does not lead from its leaf to its root", Place(file.name))
    elif compute_root(list_leaves(checked.lines[: proof.size])) != root or proof.size > len(checked.lines):
        yield Problem(
            WRONG, f"the first {proof.size} entries of this ledger have another root than it names", Place(file.name)
        )


def _find(lines: tuple[Line, ...], name: str) -> int:
    if name.isascii() and name.isdigit() and 1 <= int(name) <= len(lines):
        return int(name) - 1
    paths = {line.entry.path: at for at, line in enumerate(lines) if line.entry is not None}
    if name not in paths:
        hint = did_you_mean(name, paths)
        raise Stop(Problem("DB499", f"the ledger has no entry `{name}`", hint=hint), exit_code=USAGE)
    return paths[name]
