"""Take a made-up network of 500 tasks; simulate it at once and pass by pass in one run; print the ratio and the memory.

    .venv/bin/python benchmarks/monte_carlo_speed.py

Both sides draw every duration from its Beta-PERT distribution and run the network forward and backward. The loop is
timed over some passes, since each of them costs the same. It ends with 1 if the ratio or the memory misses its limit.
"""

from __future__ import annotations

import random
import resource
import sys
import time
from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from pipeline.controls.monte_carlo import RUNS, ThreePoint, compute_simulation
from pipeline.controls.network import Activity, compute_network
from pipeline.model.schedule import Link, LinkKind

TASKS, PASSES = 500, 60
FASTER, MEGABYTES = 50, 300
KINDS: tuple[LinkKind, ...] = ("FS", "FS", "FS", "SS", "FF", "SF")


def make_plan(count: int) -> tuple[list[Activity], dict[str, ThreePoint]]:
    """Return a network in which each task waits for two of the twenty-five before it."""
    chance = random.Random(1)
    plan, estimates = [], {}
    for number in range(count):
        low = chance.randint(1, 10)
        likely = low + chance.randint(0, 10)
        estimate = ThreePoint(Decimal(low), Decimal(likely), Decimal(likely + chance.randint(1, 20)))
        before = chance.sample(range(max(0, number - 25), number), min(number, 2))
        links = tuple(Link(f"T{one}", chance.choice(KINDS), chance.choice((0, 0, 2, -1))) for one in before)
        plan.append(Activity(f"T{number}", estimate.likely, links))
        estimates[f"T{number}"] = estimate
    return plan, estimates


def draw(estimate: ThreePoint, chance: random.Random) -> Decimal:
    low, width = float(estimate.optimistic), float(estimate.pessimistic - estimate.optimistic)
    mode = (float(estimate.likely) - low) / width
    return Decimal(low + width * chance.betavariate(1 + 4 * mode, 5 - 4 * mode))


def run_loop(plan: list[Activity], estimates: Mapping[str, ThreePoint], passes: int) -> tuple[float, float]:
    """Return the seconds of one pass with its draws, and without them."""
    chance = random.Random(2)
    whole = network = 0.0
    for _ in range(passes):
        began = time.perf_counter()
        drawn = [replace(one, duration=draw(estimates[one.id], chance)) for one in plan]
        ready = time.perf_counter()
        compute_network(drawn)
        ended = time.perf_counter()
        whole, network = whole + ended - began, network + ended - ready
    return whole / passes, network / passes


def main() -> int:
    """Print what was measured; return 0 if both limits are kept."""
    plan, estimates = make_plan(TASKS)
    compute_simulation(plan, estimates, runs=1)  # so that numpy is loaded
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    times = []
    for _ in range(3):
        began = time.perf_counter()
        found = compute_simulation(plan, estimates)
        times.append(time.perf_counter() - began)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    at_once = min(times)
    whole, network = (seconds * RUNS for seconds in run_loop(plan, estimates, PASSES))
    print(f"{RUNS} runs of {TASKS} tasks: mean {found.mean:.1f}, P80 {found.p80:.1f} working days")
    print(f"at once                    {at_once:8.2f} s")
    print(f"loop of single passes      {whole:8.2f} s   {whole / at_once:5.0f} times as long")
    print(f"the same without its draws {network:8.2f} s   {network / at_once:5.0f} times as long")
    print(f"memory of the process      {peak:8.0f} MB  ({before:.0f} MB before)")
    return 0 if whole / at_once >= FASTER and peak < MEGABYTES else 1


if __name__ == "__main__":
    raise SystemExit(main())
