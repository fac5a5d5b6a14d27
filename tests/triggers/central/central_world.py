"""Take a temporary folder; make a bare repository that publishes, and a clone that pushes to it; compare results."""

from __future__ import annotations

import subprocess
from pathlib import Path

from hook_world import FILES, SETTINGS, World, read_log, read_tree

# Most tests are about what comes after a push was accepted; those about its check ask for it.
UNCHECKED = f"{SETTINGS}publish: {{check: none}}\n"


class Team(World):
    """A world with a central repository and one clone, whose first commit is pushed."""

    def __init__(self, folder: Path, *, hooks: bool = True) -> None:
        super().__init__(folder)
        self.central = folder / "central.git"
        self.git(folder, "init", "--quiet", "--bare", self.central)
        if hooks:
            done = self.deedbox(self.central, "hooks", "install", "--bare")
            assert done.returncode == 0, done.stderr
        self.papers = self.make("papers", {**FILES, "deedbox.yaml": UNCHECKED})
        self.git(self.papers, "remote", "add", "origin", self.central)

    def push(self, *words: str) -> subprocess.CompletedProcess[str]:
        return self.try_git(self.papers, "push", "--quiet", "origin", *(words or ("main",)))

    def publish(self, *words: str) -> None:
        """Push, and wait until all is built."""
        done = self.push(*words)
        assert done.returncode == 0, done.stderr
        self.wait_until_quiet(self.central)

    def read(self, name: str) -> dict[str, bytes]:
        """Return what readers see under a name."""
        return read_tree(self.central / "publish" / name)

    @property
    def published(self) -> set[str]:
        folder = self.central / "publish"
        return {path.name for path in folder.iterdir() if path.name != ".builds"} if folder.is_dir() else set()

    def assert_equal(self, **refs: str) -> None:
        """Wait until nothing is left to do; what is published is then what clean builds of these commits give."""
        status = self.wait_until_quiet(self.central)
        assert status["exit_code"] == 0, f"{status} {read_log(self.central)}"
        assert self.published == set(refs), read_log(self.central)
        for name, rev in refs.items():
            assert self.read(name) == self.build_cleanly(self.papers, rev), name
