"""Take a folder and words for Git; run it there as one person at one time; give what it prints."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping
from pathlib import Path

ALONE = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}


def name_person(author: str, when: str, committer: str = "") -> dict[str, str]:
    """Return the variables by which Git knows who writes and who commits, `Name <address>`, and at which time."""
    found = {}
    for role, person in (("AUTHOR", author), ("COMMITTER", committer or author)):
        name, _, address = person.partition(" <")
        found |= {f"GIT_{role}_NAME": name, f"GIT_{role}_EMAIL": address.rstrip(">"), f"GIT_{role}_DATE": when}
    return found


def run_git(
    folder: Path,
    *words: str,
    author: str = "Ann Owner <ann@example.org>",
    committer: str = "",
    when: str = "1767600000 +0000",
    data: bytes = b"",
    environment: Mapping[str, str] | None = None,
    check: bool = True,
) -> str:
    """Return what a command of Git prints; without an environment it knows no settings but the repository's."""
    surroundings = {**os.environ, **ALONE} if environment is None else environment
    command = ["git", "-C", str(folder), *words]
    person = name_person(author, when, committer)
    done = subprocess.run(command, env={**surroundings, **person}, input=data, capture_output=True, check=check)
    return done.stdout.decode("utf-8", "replace").strip()


def write_files(folder: Path, files: Mapping[str, str | bytes | None]) -> None:
    """Write files below a folder; None removes one."""
    for path, content in files.items():
        file = folder / path
        if content is None:
            file.unlink(missing_ok=True)
            continue
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content.encode() if isinstance(content, str) else content)
