"""Take a folder of sources; commit it into a real Git repository by a fixed person at a fixed time; give its folder."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

from tests.worlds.git_work import name_person

AUTHOR = "Noor Daal"
ADDRESS = "noor.daal@example.org"
FIRST_TIME = "2026-10-05T09:00:00+02:00"


def clean_environment(**more: str) -> dict[str, str]:
    """Return this process's environment without what Git, Deedbox or a locale could take from it, and `more`."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("GIT_", "LC_", "SOURCE_DATE"))}
    return {**kept, "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1", **more}


def run_git(folder: Path, *words: str, time: str = FIRST_TIME) -> str:
    """Return what a Git command prints; it is run by the fixed person at `time`."""
    person = name_person(f"{AUTHOR} <{ADDRESS}>", time)
    command = ["git", "-c", "core.autocrlf=false", "-c", "init.defaultBranch=main", *words]
    done = subprocess.run(
        command, cwd=folder, env=clean_environment(**person), check=True, capture_output=True, encoding="utf-8"
    )
    return done.stdout


def commit_all(folder: Path, subject: str, time: str = FIRST_TIME) -> None:
    """Commit everything that lies in a repository."""
    run_git(folder, "add", "--all", "--force")
    run_git(folder, "commit", "--quiet", "--no-verify", "--message", subject, time=time)


def make_repository(source: Path, folder: Path, subject: str = "Record the project") -> Path:
    """Return `folder` after copying the sources into it, links as links, and committing them."""
    shutil.copytree(source, folder, symlinks=True, ignore=shutil.ignore_patterns("build", ".deedbox"))
    run_git(folder, "init", "--quiet")
    commit_all(folder, subject)
    return folder
