"""Take pytest's temporary folders; put project repositories into them; give them to the tests of baselines."""

from __future__ import annotations

from pathlib import Path

import pytest
from baselines_work import FILES, START, Papers


@pytest.fixture(autouse=True)
def _own_settings(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    home = tmp_path_factory.mktemp("home")
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(home))
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")
    monkeypatch.setenv("DEEDBOX_LIMITS", "off")
    monkeypatch.delenv("SOURCE_DATE_EPOCH", raising=False)
    for who in ("AUTHOR", "COMMITTER"):
        monkeypatch.setenv(f"GIT_{who}_NAME", "Max Manager")
        monkeypatch.setenv(f"GIT_{who}_EMAIL", "max@example.org")
        monkeypatch.setenv(f"GIT_{who}_DATE", f"{START + 86_400 * 30} +0000")


@pytest.fixture
def papers(tmp_path: Path) -> Papers:
    """A repository of two projects with one commit."""
    made = Papers(tmp_path / "papers")
    made.root.mkdir()
    made.git("init", "--quiet", "--initial-branch=main")
    made.commit(FILES, "Begin")
    return made
