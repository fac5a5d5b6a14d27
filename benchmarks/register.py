"""Take an action log of two thousand rows; change one, make the Word file anew, here and by pandoc; give the ratio."""

from __future__ import annotations

import re
from itertools import count

from benchmarks.bench import Bench
from benchmarks.measure import Measured, compare, deedbox, in_turn, run, settle
from benchmarks.peers import make_word, prepare_all
from benchmarks.portfolio import REGISTER_ROWS, make_register

_DOCUMENT = "action-log"


def measure_register(bench: Bench) -> Measured:
    """Return how much faster the whole process is, from YAML to Word, than pandoc from a Markdown table."""
    place = bench.place("register")
    office = make_register(place / "papers")
    (peer,) = prepare_all(office.root, office.ids, place / "peers", _DOCUMENT)
    path = "office/registers/actions.yaml"
    parts = count(100)
    settle()

    def build() -> float:
        office.write({path: re.sub(r"part \d+", f"part {next(parts)}", office.read(path), count=1)})
        office.commit("Change a row")
        return run(deedbox("build", "-q", "-C", str(office.root), f"office/{_DOCUMENT}"))

    pairs = in_turn((build, lambda: make_word(peer)), bench.size("register.pairs"))
    return compare(pairs, faster=True, rows=REGISTER_ROWS)
