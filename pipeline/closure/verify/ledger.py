"""Take the ledger of a package and the hashes of its files; check entries, tree and root; prove each document."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from pipeline.closure.bag import PAYLOAD
from pipeline.closure.ledger.check import Checked, check_ledger
from pipeline.closure.ledger.entries import Line, holds, list_leaves
from pipeline.closure.ledger.file import BROKEN, LEDGER
from pipeline.closure.ledger.merkle import Known, check_leaf, prove_leaf
from pipeline.closure.verify.hashes import Digests
from pipeline.closure.verify.package import Package, read_text
from pipeline.problems import Place, Problem
from pipeline.sources.paths import show_path

PATH = PAYLOAD + LEDGER
DOCUMENTS = f"{PAYLOAD}documents/"
_ROOT = re.compile(r"SHA-256 ([0-9a-f]{64})")


def read_ledger(package: Package) -> Checked:
    """Return the ledger of a package with what is wrong in itself; Stop where there is none."""
    return check_ledger(read_text(package, PATH).encode())


def check_documents(checked: Checked, info: Mapping[str, str], found: Mapping[str, Digests]) -> Iterator[Problem]:
    """Yield what is wrong with a ledger, or with its root in bag-info.txt, and the documents that it does not prove."""
    yield from (Problem(BROKEN, words, Place(PATH)) for words in checked.findings)
    said = _ROOT.fullmatch(info.get("Ledger-Root", ""))
    if said is None or said[1] != checked.root:
        yield Problem(BROKEN, "does not have the root that bag-info.txt names", Place(PATH))
    if info.get("Ledger-Size") != str(len(checked.lines)):
        words = f"has {len(checked.lines):,} entries; bag-info.txt names {info.get('Ledger-Size', 'no number')[:20]}"
        yield Problem(BROKEN, words, Place(PATH))
    yield from _prove(checked, found)


def _prove(checked: Checked, found: Mapping[str, Digests]) -> Iterator[Problem]:
    leaves, root, known = list_leaves(checked.lines), bytes.fromhex(checked.root), Known()
    places: dict[str, list[tuple[int, Line]]] = {}
    for at, line in enumerate(checked.lines):
        if line.entry is not None:
            places.setdefault(line.entry.path, []).append((at, line))
    for path in (path for path in found if path.startswith(DOCUMENTS)):
        entries = places.get(path.removeprefix(DOCUMENTS), [])
        place = next((at for at, line in entries if holds(line, found[path].sha256)), None)
        if place is None:
            words = "is not the file that the ledger tells of" if entries else "is not in the ledger"
            yield Problem(BROKEN, words, Place(show_path(path)))
        elif not check_leaf(leaves[place], place, len(leaves), prove_leaf(leaves, place, known), root):
            yield Problem(BROKEN, f"entry {place + 1} is not in the ledger's tree", Place(show_path(path)))
