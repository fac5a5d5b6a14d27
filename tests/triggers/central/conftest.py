"""Take nothing; give each test a world of its own, the same as the tests of hooks have."""

from __future__ import annotations

from pathlib import Path

import pytest
from central_world import Team


@pytest.fixture
def team(tmp_path: Path) -> Team:
    """A bare repository with hooks, and a clone of it in which somebody works."""
    return Team(tmp_path)


@pytest.fixture
def quiet(tmp_path: Path) -> Team:
    """A team without hooks: nothing builds unless a test says so."""
    return Team(tmp_path, hooks=False)
