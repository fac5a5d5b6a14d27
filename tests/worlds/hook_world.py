"""Take a temporary folder; make small repositories of real Git in it; commit, push, run Deedbox, wait for its builders.

Nothing here measures time: whatever happens in the background is waited for by its condition, for long if need be.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from forked_command import run_forked

from pipeline.build.build import build
from pipeline.build.request import Request
from pipeline.sources.git.repository import find_head, open_git
from pipeline.triggers.central.place import find_central
from pipeline.triggers.central.view import look
from pipeline.triggers.hooks.disk import is_busy
from pipeline.triggers.hooks.place import find_place
from pipeline.triggers.hooks.state import load_state

ENGINE = Path(__file__).parents[2]
PATIENCE = 180  # seconds: only what never comes takes so long
START = 1_767_600_000  # 2026-01-05T08:00:00Z
PROJECT = """\
id: atlas
name: Atlas
title: Records of Atlas
summary: One place for all records.
phase: planning
start: 2026-01-01
end: 2026-12-31
status_date: 2026-03-31
currency: EUR
sensitivity: internal
roles: {project_owner: ann.owner, project_manager: max.manager, steering_committee: [ann.owner]}
objectives:
  - {id: O1, title: Find every record}
scope: {included: [The archive]}
success_criteria:
  - {id: SC1, title: Records are found faster, baseline: 9 days, target: 3 days, measured_by: Sample}
tolerances: {schedule_days: 10, cost_percent: 5}
"""
SETTINGS = "schema_version: 1\nname: Tiny office\nformats: [html]\n"
FILES: Mapping[str, str] = {
    ".gitignore": "/build/\n",
    "deedbox.yaml": SETTINGS,
    "people.yaml": "people:\n  - {id: ann.owner, name: Ann Owner, role: Director}\n"
    "  - {id: max.manager, name: Max Manager, role: Head of projects}\n",
    "atlas/project.yaml": PROJECT,
    "atlas/budget.yaml": "lines:\n  - {id: B01, title: Staff, category: staff, years: {2026: 1000}}\n",
    "atlas/documents/note.md": "# Note\n\nFirst word.\n",
}
BROKEN = PROJECT.replace("project_manager: max.manager", "project_manager: nobody")
NOTE = "build/atlas/documents/note.html"


@dataclass
class World:
    """A folder of a machine where nobody has set anything, and what runs in it."""

    folder: Path
    environment: dict[str, str] = field(default_factory=dict)
    commits: int = 0

    def __post_init__(self) -> None:
        home = self.folder / "home"
        home.mkdir()
        (home / ".gitconfig").write_text(
            "[user]\n\tname = Ilse Brandt\n\temail = ilse@example.org\n[init]\n\tdefaultBranch = main\n"
            '[protocol "file"]\n\tallow = always\n[advice]\n\tdetachedHead = false\n'
        )
        self.environment = {
            "PATH": os.environ["PATH"],
            "HOME": str(home),
            "DEEDBOX_CACHE": os.environ.get("DEEDBOX_CACHE", str(home / "cache")),
            "DEEDBOX_LIMITS": "off",
            "PYTHONPATH": str(ENGINE),
            "LC_ALL": "C.UTF-8",
            "GIT_CONFIG_NOSYSTEM": "1",
        }

    def run(
        self, *words: str | Path, cwd: Path, before: Callable[[], object] | None = None, **environment: str
    ) -> subprocess.CompletedProcess[str]:
        """Run a command to its end, whatever that is; `before` changes what its process may do."""
        return subprocess.run(
            [str(word) for word in words],
            cwd=cwd,
            env={**self.environment, **environment},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
            timeout=PATIENCE,
            preexec_fn=before,
        )

    def try_git(self, repository: Path, *words: str | Path, **environment: str) -> subprocess.CompletedProcess[str]:
        return self.run("git", *words, cwd=repository, **environment)

    def git(self, repository: Path, *words: str | Path, **environment: str) -> str:
        done = self.try_git(repository, *words, **environment)
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    def deedbox(self, where: Path, *words: str | Path, **environment: str) -> subprocess.CompletedProcess[str]:
        return run_forked(words, where, {**self.environment, **environment}, PATIENCE)

    def make(self, name: str, files: Mapping[str, str] = FILES) -> Path:
        """Return a new work tree with one commit of these files."""
        repository = self.folder / name
        repository.mkdir(parents=True)
        self.git(repository, "init", "--quiet")
        self.commit(repository, files)
        return repository

    def commit(self, repository: Path, files: Mapping[str, str], **environment: str) -> str:
        """Write files, commit all, and return the commit; each is one hour after the one before."""
        for path, text in files.items():
            (repository / path).parent.mkdir(parents=True, exist_ok=True)
            (repository / path).write_text(text)
        self.git(repository, "add", "--all")
        when = f"{START + 3600 * self.commits} +0000"
        dates = {"GIT_AUTHOR_DATE": when, "GIT_COMMITTER_DATE": when}
        self.git(repository, "commit", "--quiet", "--message", "Change", **dates, **environment)
        self.commits += 1
        return self.head(repository)

    def head(self, repository: Path, rev: str = "HEAD") -> str:
        return self.git(repository, "rev-parse", rev)

    def status(self, where: Path) -> dict[str, Any]:
        done = self.deedbox(where, "status", "--format", "json")
        answer: dict[str, Any] = json.loads(done.stdout)
        assert done.returncode == answer["exit_code"], done.stderr
        return answer

    def states(self, where: Path) -> dict[str, str]:
        return {row["ref"]: row["state"] for row in self.status(where)["refs"]}

    def wait_until_quiet(self, where: Path) -> dict[str, Any]:
        """Return the status once nobody builds any more and nothing is behind."""
        wait_for(lambda: is_quiet(where), lambda: f"{self.status(where)} {read_log(where)}")
        return self.status(where)

    def build_cleanly(self, repository: Path, rev: str) -> dict[str, bytes]:
        """Return what a build of a commit gives that knows of no other."""
        folder = self.folder / "clean"
        shutil.rmtree(folder, ignore_errors=True)
        before = dict(os.environ)
        os.environ |= {"DEEDBOX_STORE": str(folder / "store"), "DEEDBOX_LIMITS": "off"}
        try:
            outcome = build(Request(repository, rev=self.head(repository, f"{rev}^{{commit}}"), output=folder / "out"))
        finally:
            os.environ.clear()
            os.environ |= before
        assert outcome.exit_code == 0, outcome.problems
        return read_tree(folder / "out")


find_place_once = cache(find_place)


def is_quiet(where: Path) -> bool:
    """Return whether nobody builds and nothing is behind, without a process of Deedbox for the question."""
    place = find_place_once(where)
    if is_busy(place.home):
        return False
    if not place.bare:
        with open_git(where) as folder:
            return load_state(place.home).entry("HEAD").tried == find_head(folder)
    central = find_central(where)
    return all(line.state != "behind" for line in look(central, load_state(central.home)).lines)


def obey_modes() -> None:
    """Let even root obey the modes of files: take CAP_DAC_OVERRIDE from this process and all that it starts."""
    import ctypes

    if os.geteuid() == 0:
        for capability in (1, 2):
            ctypes.CDLL(None).prctl(24, capability, 0, 0, 0)


def wait_for(condition: Callable[[], bool], words: Callable[[], str] = lambda: "") -> None:
    """Wait until something is so; fail with these words if it never is."""
    end = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < end, f"it never came: {words()}"
        time.sleep(0.25)


def read_tree(folder: Path) -> dict[str, bytes]:
    """Return all files below a folder by path, without the lock."""
    files = (path for path in sorted(folder.rglob("*")) if path.is_file() and path.name != ".lock")
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


def read_log(repository: Path) -> str:
    """Return the log of a repository's builds."""
    for folder in (repository / ".git", repository):
        if (folder / "deedbox" / "log").is_file():
            return (folder / "deedbox" / "log").read_text()
    return ""


def find_processes(words: str) -> list[int]:
    """Return the processes of this machine whose command line holds these words, such as a test's own folder."""
    found = []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            line = path.read_bytes().replace(b"\0", b" ").decode("utf-8", "replace")
        except OSError:
            continue
        if words in line and int(path.parent.name) != os.getpid():
            found.append(int(path.parent.name))
    return found


def note(number: int) -> dict[str, str]:
    """Return another wording of the one note."""
    return {"atlas/documents/note.md": f"# Note\n\nWord number {number}.\n"}
