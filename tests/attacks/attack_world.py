"""Take what an attacker would commit; make a repository with it; run `deedbox` there as a victim would."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from git_work import write_files

# What is installed beside this Python: what a person types.
DEEDBOX = Path(sys.executable).with_name("deedbox")
START = ("--organisation", "City Registry", "--project", "Atlas", "--manager", "Ilse Brandt", "--start", "2026-03-02")
Done = subprocess.CompletedProcess[str]


@dataclass
class Victim:
    """A person's machine: a home of their own, and a clone of a repository to which others push."""

    home: Path
    root: Path
    more: dict[str, str] = field(default_factory=dict)

    @property
    def environment(self) -> dict[str, str]:
        names = {f"GIT_{who}_{what}": value for who in ("AUTHOR", "COMMITTER") for what, value in _NAMES.items()}
        own = {"HOME": str(self.home), "PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8", "GIT_CONFIG_NOSYSTEM": "1"}
        cache = {"DEEDBOX_CACHE": os.environ.get("DEEDBOX_CACHE", str(self.home / "cache"))}
        return {**own, **cache, **names, **self.more}

    def run(self, *words: str, cwd: Path | None = None, timeout: float = 100, **environment: str) -> Done:
        """Run `deedbox` in the clone, or in a folder of it."""
        return subprocess.run(
            [DEEDBOX, *words],
            cwd=cwd or self.root,
            env={**self.environment, **environment},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            errors="replace",
            check=False,
            timeout=timeout,
        )

    def git(self, *words: str, cwd: Path | None = None) -> str:
        done = subprocess.run(
            ["git", "-c", "protocol.file.allow=always", *words],
            cwd=cwd or self.root,
            env=self.environment,
            capture_output=True,
            text=True,
            check=True,
        )
        return done.stdout

    def write(self, files: Mapping[str, str | bytes]) -> None:
        write_files(self.root, files)

    def commit(self, files: Mapping[str, str | bytes], words: str = "Change") -> None:
        self.write(files)
        self.git("add", "-A", "-f")
        self.git("commit", "-q", "-m", words)


_NAMES = {"NAME": "Ann Owner", "EMAIL": "ann@example.org"}


def make_victim(folder: Path) -> Victim:
    """Return a machine with a starter repository."""
    home = folder / "home"
    home.mkdir(parents=True)
    victim = Victim(home, folder / "papers")
    done = victim.run("init", str(victim.root), *START, cwd=folder)
    assert done.returncode == 0, done.stderr
    return victim


def check_calm(done: Done, *codes: int) -> None:
    """Assert that a command ended with one of these codes, and that no traceback was shown."""
    said = f"{done.returncode}\n{done.stdout[-2000:]}\n{done.stderr[-4000:]}"
    assert done.returncode in codes, said
    assert "Traceback" not in done.stdout + done.stderr, said
