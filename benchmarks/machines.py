"""Take the documents of the sample; have one and two workers write them; give how much faster two are."""

from __future__ import annotations

from benchmarks.bench import Bench
from benchmarks.measure import Measured


def measure_dask(bench: Bench) -> Measured:
    """Return it for Dask's workers."""
    return _measure(bench, dask=True)


def measure_ours(bench: Bench) -> Measured:
    """Return it for our own."""
    return _measure(bench, dask=False)


def _measure(bench: Bench, *, dask: bool) -> Measured:
    from benchmarks import workers

    documents, theme = workers.read_documents()
    if bench.quick:
        documents = documents[:6]
    compare = workers.compare_dask if dask else workers.compare_ours
    one = compare(documents, theme, bench.size("workers.pairs"))
    if not one.same:
        raise AssertionError("one worker and two write other bytes")
    return Measured(one.ratio, one.fast, one.slow, {"documents": len(documents), "pairs": bench.size("workers.pairs")})
