"""Take an office in which somebody works at random; watch it; check that all ends as built cleanly, and nothing leaks.

`DEEDBOX_SOAK=3600` works for so many seconds; `benchmarks/watch_soak.py` does that and prints what it costs.
"""

from __future__ import annotations

import os
import random  # noqa: TID251 (seeded)

import pytest
from soak import Soak

SECONDS = float(os.environ.get("DEEDBOX_SOAK", "20"))
SEED = int(os.environ.get("DEEDBOX_SOAK_SEED", "1"))


@pytest.mark.soak
def test_a_watch_of_random_work_ends_as_a_clean_build_and_leaks_nothing(world, watching):
    soak = Soak(world, watching(), random.Random(SEED))
    costs = soak.run(SECONDS)
    assert soak.torn == []
    assert [event for event in soak.watcher.events if event["event"] == "noticed"] == []
    assert costs[-1].builds > costs[0].builds
    # A build may be under way when somebody looks, and holds some for a moment.
    half = len(costs) // 2
    first, last = (min(cost.descriptors for cost in part) for part in (costs[:half] or costs, costs[half:]))
    assert last <= first + 2
