"""Take a small office; watch it with a real process; give the tests both, and end the process when they are done."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator

import pytest
from papers_world import World
from watcher import Watcher

Watching = Callable[..., Watcher]


@pytest.fixture(scope="module", autouse=True)
def surroundings(pytestconfig: pytest.Config) -> Iterator[None]:
    """Keep the machine's own settings out; write without workers, which a test that is about them turns on."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DEEDBOX_LIMITS", "off")
        patch.setenv("GIT_CONFIG_NOSYSTEM", "1")
        patch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
        patch.delenv("SOURCE_DATE_EPOCH", raising=False)
        if "DEEDBOX_CACHE" not in os.environ:
            patch.setenv("DEEDBOX_CACHE", str(pytestconfig.cache.mkdir("deedbox")))  # type: ignore[union-attr]
        yield


@pytest.fixture
def world() -> Iterator[World]:
    made = World()
    yield made
    made.close()


@pytest.fixture
def watching(world: World) -> Iterator[Watching]:
    """Start `deedbox watch` with these words in the world's folder; wait until the first build is told."""
    started: list[Watcher] = []

    def watch(*words: str, ready: bool = True, **more: object) -> Watcher:
        one = Watcher(world, words, **more)  # type: ignore[arg-type]
        started.append(one)
        if ready:
            one.wait_for_build()
        return one

    yield watch
    for one in started:
        one.kill()
