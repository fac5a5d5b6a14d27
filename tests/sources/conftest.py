"""Take pytest's temporary folders; put real Git repositories into them; give them to the tests of this room."""

from __future__ import annotations

from pathlib import Path

import pytest
from sources_work import SETTINGS, Work


@pytest.fixture(autouse=True)
def _own_settings(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    home = tmp_path_factory.mktemp("home")
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(home))
    monkeypatch.delenv("SOURCE_DATE_EPOCH", raising=False)
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")


@pytest.fixture
def empty(tmp_path: Path) -> Work:
    """A repository without a commit."""
    work = Work(tmp_path / "work")
    work.root.mkdir()
    work.git("init", "--quiet", "--initial-branch=main")
    return work


@pytest.fixture
def work(empty: Work) -> Work:
    """A repository with one commit."""
    empty.commit(
        {"deedbox.yaml": SETTINGS, "atlas/charter.md": "# Scope\n", "atlas/images/plan.png": b"\x89PNG"}, "Begin"
    )
    return empty
