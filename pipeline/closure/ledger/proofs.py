"""Take a ledger and an entry of it; prove that it is in the tree; or take such a proof, and say whether it holds."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

from pipeline.closure.ledger.check import Checked
from pipeline.closure.ledger.entries import Entry, Line, list_leaves, make_leaf
from pipeline.closure.ledger.merkle import check_leaf, compute_root, prove_leaf
from pipeline.problems import USAGE, Place, Problem, Stop, did_you_mean

WRONG = "DB516"
_LARGEST = 1_000_000  # bytes of a proof


def make_proof(checked: Checked, name: str) -> dict[str, Any]:
    """Return the proof of the entry with a number or (the newest) with a path; Stop (exit 2) if there is none."""
    at = _find(checked.lines, name)
    leaves = list_leaves(checked.lines)
    line = checked.lines[at]
    return {
        "entry": asdict(line.entry) if line.entry else None,
        "salt": line.salt,
        "leaf": line.leaf,
        "index": at,
        "size": len(leaves),
        "root": checked.root,
        "path": [part.hex() for part in prove_leaf(leaves, at)],
    }


def check_proof(file: Path, checked: Checked) -> Iterator[Problem]:
    """Yield what is wrong with a proof: that it does not add up, or is of a tree that this ledger did not grow from."""
    try:
        value = json.loads(file.read_bytes()[:_LARGEST])
        at, size, leaf, root = value["index"], value["size"], bytes.fromhex(value["leaf"]), bytes.fromhex(value["root"])
        path = [bytes.fromhex(part) for part in value["path"]]
        entry = Entry(**value["entry"]) if value["entry"] else None
        whole = isinstance(at, int) and isinstance(size, int)
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        yield Problem(WRONG, "is no proof of an entry", Place(file.name))
        return
    if not whole or (entry is not None and make_leaf(entry) != leaf.hex()):
        yield Problem(WRONG, "its leaf is not made from its entry", Place(file.name))
    elif not check_leaf(leaf, at, size, path, root):
        yield Problem(WRONG, "its path does not lead from its leaf to its root", Place(file.name))
    elif compute_root(list_leaves(checked.lines[:size])) != root or size > len(checked.lines):
        yield Problem(
            WRONG, f"the first {size} entries of this ledger have another root than it names", Place(file.name)
        )


def _find(lines: tuple[Line, ...], name: str) -> int:
    if name.isascii() and name.isdigit() and 1 <= int(name) <= len(lines):
        return int(name) - 1
    paths = {line.entry.path: at for at, line in enumerate(lines) if line.entry is not None}
    if name not in paths:
        hint = did_you_mean(name, paths)
        raise Stop(Problem("DB499", f"the ledger has no entry `{name}`", hint=hint), exit_code=USAGE)
    return paths[name]
