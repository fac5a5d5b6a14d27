"""Take a package and its history; write the registers anew from it; name each of them that says something else."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator, Mapping, Sequence
from hashlib import sha256
from io import StringIO
from pathlib import Path
from typing import Any

from pipeline.closure.bag import PAYLOAD
from pipeline.closure.registers import make_registers
from pipeline.closure.verify.hashes import Digests
from pipeline.closure.verify.history import Provenance
from pipeline.closure.verify.package import LARGEST_TEXT, Package
from pipeline.model.load import load_whole
from pipeline.problems import Place, Problem
from pipeline.sources.commit import read_commit
from pipeline.sources.paths import show_path

REGISTERS = f"{PAYLOAD}registers/"
WRONG = "DB519"
Rows = Sequence[Mapping[str, Any]]


def write_again(clone: Path, said: Provenance) -> dict[str, bytes]:
    """Return the registers by their paths in a package, from its history; Stop where that does not hold the project."""
    project = load_whole(read_commit(clone / said.folder, said.tip), said.project)
    return {f"{REGISTERS}{path}": data for path, data in make_registers(project)}


def compare_registers(
    package: Package, found: Mapping[str, Digests], written: Mapping[str, bytes], *, same: bool
) -> Iterator[Problem]:
    """Yield each register that came out as another one.

    With the engine that made the package (`same`) all bytes have to be equal. Another one may know more fields or
    fewer: then the values of those that both know have to be, and the schemas are its own affair.
    """
    names = {path for path in found if path.startswith(REGISTERS)}
    for path in sorted(names | written.keys() if same else names & written.keys()):
        if path not in written:
            yield Problem(WRONG, "does not come out of the sources", Place(show_path(path)))
        elif path not in found:
            yield Problem(WRONG, "comes out of the sources, and is not here", Place(show_path(path)))
        elif same and found[path].sha256 != sha256(written[path]).hexdigest():
            yield Problem(WRONG, "comes out of the sources with other bytes", Place(show_path(path)))
        elif not same and not path.startswith(f"{REGISTERS}schemas/"):
            yield from _check_values(package, path, written[path])


def _check_values(package: Package, path: str, written: bytes) -> Iterator[Problem]:
    if package.files[path] > LARGEST_TEXT:
        yield Problem(WRONG, "is too large to be read", Place(show_path(path)))
        return
    read = _read_csv if path.endswith(".csv") else _read_json
    try:
        equal = _are_equal(read(b"".join(package.pieces(path))), read(written))
    except (ValueError, AttributeError, RecursionError, csv.Error):
        equal = False
    if not equal:
        yield Problem(WRONG, "comes out of the sources with other values", Place(show_path(path)))


def _are_equal(one: Rows, other: Rows) -> bool:
    """Return whether rows have the same values under the names that both lists know."""
    first, second = ({name for row in rows for name in row} for rows in (one, other))
    shared = first & second
    pick = [[{name: row.get(name) for name in shared} for row in rows] for rows in (one, other)]
    return pick[0] == pick[1]


def _read_csv(data: bytes) -> Rows:
    # Without the apostrophes by which texts are kept from being formulas: engines differ in where they put them.
    text = data.decode("utf-8-sig").replace("'", "")
    return list(csv.DictReader(StringIO(text, newline=""), strict=True))


def _read_json(data: bytes) -> Rows:
    (rows,) = json.loads(data).values()
    return [dict(row.items()) for row in rows]
