"""Take nothing; give each test a world of its own."""

from __future__ import annotations

from pathlib import Path

import pytest
from hook_world import World


@pytest.fixture
def world(tmp_path: Path) -> World:
    """A folder with a home, in which nothing is set."""
    return World(tmp_path)
