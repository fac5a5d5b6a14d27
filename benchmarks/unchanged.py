"""Take a built portfolio in which nothing moved; time `deedbox build` beside Python and Git alone; give the ratio."""

from __future__ import annotations

import sys

from benchmarks.bench import Bench
from benchmarks.measure import Measured, compare, deedbox, in_turn, run


def measure_unchanged(bench: Bench) -> Measured:
    """Return how many times as long the build takes as `python -c pass` and `git status` of the same tree together."""
    office = bench.portfolio(bench.size("unchanged.projects"))
    build, status = deedbox("build", "-C", str(office.root)), ["git", "-C", str(office.root), "status"]
    pairs = in_turn(
        (lambda: run(build), lambda: run([sys.executable, "-c", "pass"]) + run(status)),
        bench.size("unchanged.pairs"),
        warm=2,
    )
    return compare(pairs, projects=len(office.ids), outputs=8 * len(office.ids))
