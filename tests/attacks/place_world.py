"""Take a folder; put a small repository into it, and a machine around; run commands there as a person would."""

from __future__ import annotations

import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from pipeline.processes.children import make_python_command

ANSWERS = ("--organisation", "Registry", "--project", "Atlas", "--manager", "Ilse Brandt", "--start", "2026-03-02")
CHARTER = "atlas/charter.html"


@dataclass(frozen=True)
class Office:
    """A person's machine: `home` is his home, `papers` the repository that he works in."""

    base: Path

    @property
    def home(self) -> Path:
        return self.base / "home"

    @property
    def cache(self) -> Path:
        return self.base / "home" / ".cache" / "deedbox"

    @property
    def papers(self) -> Path:
        return self.base / "papers"

    @property
    def build(self) -> Path:
        return self.papers / "build"

    def run(self, *words: str | Path, **environment: str) -> subprocess.CompletedProcess[str]:
        """Run `deedbox` with these words beside the repository."""
        return subprocess.run(
            make_python_command("pipeline", *map(str, words)), cwd=self.base, env=self.surroundings(**environment),
            stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False, timeout=120,
        )  # fmt: skip

    def make(self, *words: str | Path, **environment: str) -> subprocess.CompletedProcess[str]:
        """Build web pages of the repository."""
        return self.run("build", "-C", self.papers, "--to", "html", *words, **environment)

    def surroundings(self, **more: str) -> dict[str, str]:
        own = {"PATH": os.environ["PATH"], "HOME": str(self.home), "LC_ALL": "C.UTF-8", "GIT_CONFIG_NOSYSTEM": "1"}
        own["DEEDBOX_LIMITS"] = "off"  # a web page needs no worker, and none loads for seconds
        return {**own, **more}

    def git(self, where: Path, *words: str | Path) -> str:
        """Run Git as somebody who commits; submodules may come from the disk."""
        command = [
            "git",
            "-C",
            where,
            "-c",
            "protocol.file.allow=always",
            "-c",
            "user.name=A",
            "-c",
            "user.email=a@b.c",
        ]
        done = subprocess.run(
            [*command, *words], env=self.surroundings(), check=True, capture_output=True, text=True, timeout=60
        )
        return done.stdout

    def commit(self, where: Path | None = None) -> None:
        """Commit all that is there, ignored or not."""
        self.git(where or self.papers, "add", "--all", "--force")
        self.git(where or self.papers, "commit", "--quiet", "--allow-empty", "--message", "More")


def open_office(base: Path) -> Office:
    """Return a machine with an empty home."""
    office = Office(base)
    office.cache.mkdir(parents=True)
    for fonts in Path(os.environ["DEEDBOX_CACHE"]).glob("fonts-*"):  # to cut them anew would take seconds
        shutil.copytree(fonts, office.cache / fonts.name)
    return office


def make_office(base: Path) -> Office:
    """Return a machine with a fresh repository."""
    office = open_office(base)
    done = office.run("init", office.papers, *ANSWERS)
    assert done.returncode == 0, done.stderr
    return office


def copy_office(office: Office, base: Path) -> Office:
    """Return a copy of a machine, at another place."""
    shutil.copytree(office.base, base, symlinks=True)
    return Office(base)


def read_tree(folder: Path) -> dict[str, bytes]:
    """Return all files below a folder, and where links lead."""
    paths = (path for path in folder.rglob("*") if path.is_symlink() or path.is_file())
    return {
        path.relative_to(folder).as_posix(): os.fsencode(path.readlink()) if path.is_symlink() else path.read_bytes()
        for path in paths
    }
