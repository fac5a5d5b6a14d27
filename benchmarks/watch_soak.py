"""Take a small office under watch; work in it at random for an hour; print what the watcher holds as time goes by.

    .venv/bin/python benchmarks/watch_soak.py [SECONDS] [SEED]

Every 25 changes the outputs have to become those of a clean build; no page may ever be torn. It ends with 1 if memory
or descriptors of the second half rise above those of the first by more than a tenth.
"""

from __future__ import annotations

import os
import random
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests/worlds"))

from papers_world import World
from soak import Cost, Soak
from watcher import Watcher

from benchmarks.measure import hear_interrupts

MOST = 1.1


def show(cost: Cost) -> None:
    words = f"{cost.seconds:7.0f} s {cost.builds:6} builds {cost.memory:7.1f} MB {cost.descriptors:4} descriptors"
    print(words, flush=True)


def main(seconds: float, seed: int) -> int:
    hear_interrupts()
    os.environ.update(GIT_CONFIG_NOSYSTEM="1", GIT_CONFIG_GLOBAL=os.devnull)
    world = World()
    watcher = Watcher(world)
    try:
        watcher.wait_for_build()
        soak = Soak(world, watcher, random.Random(seed))
        costs = soak.run(seconds, show)
        half = len(costs) // 2
        grown = [
            max(read(cost) for cost in costs[half:]) / max(read(cost) for cost in costs[: half or 1])
            for read in (lambda cost: cost.memory, lambda cost: cost.descriptors)
        ]
        print(f"{soak.changes} changes, {costs[-1].builds} builds; second half against first: memory {grown[0]:.2f}, ")
        for event in watcher.events:
            if event["event"] == "noticed":
                print(event["problem"]["message"])
        print(f"descriptors {grown[1]:.2f} ({MOST} at most); torn pages: {len(soak.torn)}; ended with {watcher.end()}")
        return int(max(grown) > MOST or bool(soak.torn))
    finally:
        watcher.kill()
        world.close()


if __name__ == "__main__":
    raise SystemExit(
        main(float(sys.argv[1]) if len(sys.argv) > 1 else 3600, int(sys.argv[2]) if len(sys.argv) > 2 else 1)
    )
