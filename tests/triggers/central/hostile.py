"""Take a repository; make refs in it that are small to push and too large to read, straight from Git's plumbing."""

from __future__ import annotations

import subprocess
from pathlib import Path

from hook_world import World


def make_tree_bomb(world: World, repository: Path, depth: int = 6, width: int = 30) -> str:
    """Return a commit whose listing has `width ** depth` lines, out of a few trees of a few hundred bytes."""
    name = "a" * 40

    def ask(words: str, *command: str) -> str:
        done = subprocess.run(
            ["git", *command],
            input=words,
            cwd=repository,
            env=world.environment,
            capture_output=True,
            text=True,
            check=True,
        )
        return done.stdout.strip()

    below = ask("word", "hash-object", "-w", "--stdin")
    kind = "100644 blob"
    for _ in range(depth):
        below = ask("".join(f"{kind} {below}\t{name}{number}\n" for number in range(width)), "mktree")
        kind = "040000 tree"
    settings = ask("schema_version: 1\nname: Bomb\n", "hash-object", "-w", "--stdin")
    top = ask(f"100644 blob {settings}\tdeedbox.yaml\n040000 tree {below}\tatlas\n", "mktree")
    return world.git(repository, "commit-tree", top, "-m", "bomb")
