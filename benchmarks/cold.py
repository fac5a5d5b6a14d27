"""Take a portfolio that was never built; time its first build, and pandoc with two engines on some of it; give ratios.

The peers make a sample of the documents, two at a time, and their time is multiplied: nothing that they do for one
document helps with the next.
"""

from __future__ import annotations

from shutil import rmtree

from benchmarks.bench import Bench
from benchmarks.measure import Measured, compare, deedbox, drop_store, run, settle
from benchmarks.peers import make_all, prepare_all
from benchmarks.portfolio import make_portfolio

Pairs = list[tuple[float, ...]]


def measure_against_print(bench: Bench) -> Measured:
    """Return how much faster the cold build is than pandoc and the command of WeasyPrint."""
    return _measure(bench, typst=False)


def measure_against_typst(bench: Bench) -> Measured:
    """Return how much faster the cold build is than pandoc and typst."""
    return _measure(bench, typst=True)


def _measure(bench: Bench, *, typst: bool) -> Measured:
    rounds = bench.once(_measure_all)
    said = {name: bench.size(f"cold.{name}") for name in ("projects", "sample")}
    pairs = [(ours, by_typst if typst else by_print) for ours, by_print, by_typst in rounds]
    return compare(pairs, faster=True, **said)


def _measure_all(bench: Bench) -> Pairs:
    """Return the seconds of our build, of WeasyPrint's and of typst's side, round by round."""
    place = bench.place("cold")
    office = make_portfolio(place / "papers", bench.size("cold.projects"))
    peers = prepare_all(office.root, office.ids[: bench.size("cold.sample")], place / "peers")
    times = 4 * len(office.ids) / len(peers)
    settle()
    rounds: Pairs = []
    for _ in range(bench.size("cold.pairs")):
        rmtree(office.root / "build", ignore_errors=True)
        drop_store(office.root)
        ours = run(deedbox("build", "-q", "-C", str(office.root)))
        rounds.append((ours, *(times * make_all(peers, typst=typst) for typst in (False, True))))
    return rounds
