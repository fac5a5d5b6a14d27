"""Take the office and the watcher of the watch's tests; serve its documents; give the address, and a browser."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from browser import CHROMIUM, Browser
from papers_world import World
from watcher import Watcher

LONG = "# Notes\n\n" + "".join(f"## Part {number}\n\nText {number}.\n\n" for number in range(60))


@dataclass(frozen=True)
class Served:
    """A world whose documents are served, who serves them, and where."""

    world: World
    watcher: Watcher
    url: str


@pytest.fixture(scope="module")
def served(pytestconfig: pytest.Config) -> Iterator[Served]:
    """Serve an office that wants PDF alone; its web pages are made for the preview."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DEEDBOX_LIMITS", "off")
        patch.setenv("GIT_CONFIG_NOSYSTEM", "1")
        patch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
        if "DEEDBOX_CACHE" not in os.environ:
            patch.setenv("DEEDBOX_CACHE", str(pytestconfig.cache.mkdir("deedbox")))  # type: ignore[union-attr]
        world = World()
        world.write(
            {
                "deedbox.yaml": "schema_version: 1\nname: Sample office\nformats: [pdf]\n",
                "atlas/documents/notes.md": LONG,
            }
        )
        world.commit("Long notes")
        watcher = Watcher(world, ["--serve=0"])
        try:
            url = watcher.wait_for(lambda one: one["event"] == "serving")["url"]
            watcher.wait_for_build()
            yield Served(world, watcher, url)
        finally:
            watcher.kill()
            world.close()


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """Open a real browser; skip where there is none."""
    if not CHROMIUM:
        pytest.skip("chromium is not installed")
    made = Browser(tmp_path_factory.mktemp("browser"))
    yield made
    made.close()
