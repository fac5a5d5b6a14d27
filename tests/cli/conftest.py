"""Take a command line; run it as a person would; give the tests what came out."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from forked_command import run_forked

HERE = Path(__file__).parents[2]
Deedbox = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture(scope="session")
def machine(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The environment of a machine where nobody has set anything: own home, no colours, no Git identity.

    A build renders and writes in its own process, unless a test is about the others: to start them takes seconds.
    """
    home = tmp_path_factory.mktemp("home")
    return {
        "PATH": os.environ["PATH"],
        "HOME": str(home),
        "DEEDBOX_CACHE": os.environ.get("DEEDBOX_CACHE", str(home / "cache")),
        "DEEDBOX_LIMITS": "off",
        "PYTHONPATH": str(HERE),
        "LC_ALL": "C.UTF-8",
        "GIT_CONFIG_NOSYSTEM": "1",
    }


@pytest.fixture
def deedbox(tmp_path: Path, machine: dict[str, str]) -> Deedbox:
    """Run `deedbox` with these words in tmp_path."""

    def run(*words: str | Path, **environment: str) -> subprocess.CompletedProcess[str]:
        return run_forked(words, tmp_path, {**machine, **environment})

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
