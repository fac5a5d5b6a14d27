"""Take built portfolios; change and commit one figure, time the build of what follows; give ratios.

Once against the same in a portfolio of few projects, once for a single document against pandoc and typst by hand.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count

from benchmarks.bench import Bench
from benchmarks.measure import Measured, compare, deedbox, in_turn, run
from benchmarks.peers import make_typst, make_word, prepare_all
from benchmarks.portfolio import Repository

_PAGE = ("html",)


def measure_size(bench: Bench) -> Measured:
    """Return how many times as long one figure takes in many projects as in few.

    The format is HTML alone: the documents of one project are written in both, and how is not what is compared.
    """
    many, few = (bench.portfolio(bench.size(f"one-figure.{name}"), _PAGE) for name in ("many", "few"))
    amounts = count(150_000, 10)
    sides = [lambda office=office: build_changed(office, amounts) for office in (many, few)]
    pairs = in_turn(sides, bench.size("one-figure.pairs"))
    return compare(pairs, projects=[len(many.ids), len(few.ids)], formats=_PAGE)


def measure_document(bench: Bench) -> Measured:
    """Return how many times as long a changed charter takes, Word and PDF, as pandoc and typst do one by one."""
    office = bench.portfolio(bench.size("one-figure.few"))
    (peer,) = prepare_all(office.root, office.ids[:1], bench.place("peers"), "charter")
    amounts = count(160_000, 10)
    pairs = in_turn(
        (lambda: build_changed(office, amounts, "charter"), lambda: make_word(peer) + make_typst(peer)),
        bench.size("one-document.pairs"),
    )
    return compare(pairs, document=peer.name)


def build_changed(office: Repository, amounts: Iterator[int], document: str = "") -> float:
    """Return the seconds of a build after the budget of the first project was changed and committed."""
    office.change_figure(office.ids[0], next(amounts))
    wanted = [f"{office.ids[0]}/{document}"] if document else []
    return run(deedbox("build", "-q", "-C", str(office.root), *wanted))
