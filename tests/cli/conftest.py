"""Take a command line; run it as a person would, in a process of its own; give the tests what came out."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

HERE = Path(__file__).parents[2]
Deedbox = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture(scope="session")
def machine(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The environment of a machine where nobody has set anything: own home, no colours, no Git identity."""
    home = tmp_path_factory.mktemp("home")
    return {
        "PATH": os.environ["PATH"],
        "HOME": str(home),
        "DEEDBOX_CACHE": os.environ.get("DEEDBOX_CACHE", str(home / "cache")),
        "PYTHONPATH": str(HERE),
        "LC_ALL": "C.UTF-8",
        "GIT_CONFIG_NOSYSTEM": "1",
    }


@pytest.fixture
def deedbox(tmp_path: Path, machine: dict[str, str]) -> Deedbox:
    """Run `deedbox` with these words in tmp_path."""

    def run(*words: str | Path, **environment: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-I", "-m", "pipeline", *map(str, words)],
            cwd=tmp_path,
            env={**machine, **environment},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )

    return run


@pytest.fixture(scope="session")
def starter(tmp_path_factory: pytest.TempPathFactory, machine: dict[str, str]) -> Path:
    """A repository made by `deedbox init`, made once: a test that changes it works on a copy."""
    folder = tmp_path_factory.mktemp("starter") / "papers"
    words = ["--organisation", "City Registry", "--project", "Atlas", "--manager", "Ilse Brandt"]
    command = [sys.executable, "-I", "-m", "pipeline", "init", str(folder), *words, "--start", "2026-03-02"]
    done = subprocess.run(command, env=machine, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return folder
