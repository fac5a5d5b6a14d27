"""Take a temporary folder; write, commit and ask in a real Git repository, with one author and one clock; give ids."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from git_work import run_git, write_files

FIRST_COMMIT = 1_767_600_000  # 2026-01-05T08:00:00Z
SETTINGS = "schema_version: 1\nname: Sample\n"


@dataclass
class Work:
    """A work tree in a temporary folder; every commit is one hour after the one before it."""

    root: Path
    commits: int = 0

    def git(self, *arguments: str, data: bytes = b"") -> str:
        when = f"{FIRST_COMMIT + 3600 * self.commits} +0200"
        return run_git(
            self.root, "-c", "protocol.file.allow=always", *arguments, author="Ilse Brandt <ilse@example.org>",
            committer="Tomas Rey <tomas@example.org>", when=when, data=data,
            environment={**os.environ, "GIT_OPTIONAL_LOCKS": "0"},
        )  # fmt: skip

    def write(self, files: Mapping[str, str | bytes]) -> None:
        write_files(self.root, files)

    def commit(self, files: Mapping[str, str | bytes], message: str = "Change") -> str:
        self.write(files)
        self.git("add", "--all")
        self.git("commit", "--quiet", "--message", message)
        self.commits += 1
        return self.git("rev-parse", "HEAD")

    def commit_tree(self, lines: bytes, message: str = "Crafted") -> str:
        """Commit a tree that no work tree could hold, from the lines of `git mktree`."""
        tree = self.git("mktree", "-z", "--missing", data=lines)
        sha = self.git("commit-tree", tree, "-m", message)
        self.git("update-ref", "HEAD", sha)
        return sha

    def blob(self, content: bytes) -> str:
        return self.git("hash-object", "-w", "--stdin", data=content)
