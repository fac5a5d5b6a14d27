"""Take the documents of the sample; write them by one and by two workers, our own and Dask's; print times and ratios.

    .venv/bin/python benchmarks/workers.py

All are started and warm before the clock runs, and take turns: each ratio is the median of pairs. What they write must
be the same to the byte. It also prints how large a step and its answer are, and how long each takes: the figures of
docs/scale.md. It ends with 1 if two workers are less than 1.7 times as fast as one, or bytes differ.
"""

from __future__ import annotations

import pickle
import statistics
import sys
import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from distributed import LocalCluster

from pipeline.document.theme import Theme
from pipeline.document.tree import Document
from pipeline.model.load import list_projects, load_project, load_settings
from pipeline.sources.worktree import read_worktree
from pipeline.write import Written
from pipeline.write.executor import open_executor
from pipeline.write.pool import write_documents
from pipeline.write.step import pack_step, run_step
from tests.worlds.portfolio import render_portfolio

ROOT = Path(__file__).resolve().parents[1]
FORMATS = ("docx", "pdf")
ROUNDS = 3
LEAST = 1.7

Way = Callable[[], list[Written]]


@dataclass(frozen=True, slots=True)
class Compared:
    """How many times as fast two workers are as one, the median seconds of both, whether all bytes were the same."""

    name: str
    ratio: float
    slow: float
    fast: float
    same: bool


def read_documents() -> tuple[list[Document], Theme]:
    """Return the documents of the sample that have no errors, and the theme."""
    snapshot = read_worktree(ROOT / "repository")
    settings, _ = load_settings(snapshot)
    assert settings is not None
    loaded = [load_project(snapshot, settings, name) for name in list_projects(snapshot, settings)]
    projects = [one.project for one in loaded if one.project is not None]
    portfolio = render_portfolio(projects, snapshot, lambda project, document: True)
    return [one.document for one in portfolio.rendered if one.document is not None], portfolio.theme


def print_steps(documents: list[Document], theme: Theme) -> None:
    """Print the average and the largest size and time of a step, done in this process."""
    sizes, answers, times = [], [], []
    for document in documents:
        step = pack_step(document, theme, FORMATS)
        before = time.process_time()
        answer = run_step(step)
        times.append(time.process_time() - before)
        sizes.append(len(step))
        answers.append(len(answer))
    for what, values, unit in (("step", sizes, 1024), ("answer", answers, 1024)):
        print(f"{what:8} {statistics.mean(values) / unit:8.0f} KB on average, {max(values) / unit:.0f} at most")
    print(f"computed {statistics.mean(times):8.2f} s on average, {max(times):.2f} at most, {len(times)} documents")


def measure(way: Way) -> tuple[float, bytes]:
    before = time.monotonic()
    made = way()
    return time.monotonic() - before, pickle.dumps([dict(one.files) for one in made])


def compare(name: str, one: Way, two: Way, rounds: int = ROUNDS) -> Compared:
    """Return how many times as fast two workers are as one, after each has done all documents once."""
    measure(one), measure(two)
    runs = [(measure(one), measure(two)) for _ in range(rounds)]
    ratio = statistics.median(slow[0] / fast[0] for slow, fast in runs)
    slow, fast = (statistics.median(pair[at][0] for pair in runs) for at in (0, 1))
    return Compared(name, ratio, slow, fast, len({data for pair in runs for _, data in pair}) == 1)


def compare_dask(documents: list[Document], theme: Theme, rounds: int = ROUNDS) -> Compared:
    """Return it for Dask's workers: processes of one thread each, behind a real scheduler."""
    with ExitStack() as stack:
        clusters = [
            stack.enter_context(LocalCluster(n_workers=count, threads_per_worker=1, dashboard_address=":0"))
            for count in (1, 2)
        ]
        addresses = [cluster.scheduler_address.replace("tcp://", "dask://") for cluster in clusters]
        executors = [stack.enter_context(open_executor(address)) for address in addresses]
        ways = [
            lambda executor=executor: list(write_documents(documents, theme, FORMATS, executor=executor))
            for executor in executors
        ]
        return compare("Dask", ways[0], ways[1], rounds)


def compare_ours(documents: list[Document], theme: Theme, rounds: int = ROUNDS) -> Compared:
    """Return it for our own workers."""
    ways = [lambda jobs=jobs: list(write_documents(documents, theme, FORMATS, jobs)) for jobs in (1, 2)]
    return compare("ours", ways[0], ways[1], rounds)


def show(one: Compared) -> None:
    times = f"one {one.slow:6.1f} s, two {one.fast:6.1f} s"
    words = "same bytes" if one.same else "BYTES DIFFER"
    print(f"{one.name:8} {times}: {one.ratio:.2f} times as fast ({LEAST} at least), {words}")


def main() -> int:
    documents, theme = read_documents()
    print_steps(documents, theme)
    found = [compare_ours(documents, theme), compare_dask(documents, theme)]
    for one in found:
        show(one)
    return 0 if all(one.same and one.ratio >= LEAST for one in found) else 1


if __name__ == "__main__":
    raise SystemExit(main())
