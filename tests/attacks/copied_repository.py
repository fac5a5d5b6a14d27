"""Take a temporary folder; make in it a repository as a stranger might hand it over; run Deedbox on it."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from git_work import write_files

from pipeline.processes.children import make_python_command

PATIENCE = 100  # seconds: only what hangs takes so long
FILES: Mapping[str, str] = {
    ".gitignore": "/build/\n",
    "deedbox.yaml": "schema_version: 1\nname: Tiny office\nformats: [html]\n",
    "people.yaml": "people:\n  - {id: ann.owner, name: Ann Owner, role: Director}\n"
    "  - {id: max.manager, name: Max Manager, role: Head of projects}\n",
    "atlas/project.yaml": """\
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
""",
    "atlas/documents/note.md": "# Note\n\nFirst word.\n",
}


@dataclass
class Copied:
    """A repository in `root` of which a stranger may have written every byte; `trap` shows whether anything ran."""

    folder: Path
    environment: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        home = self.folder / "home"
        home.mkdir()
        (home / ".gitconfig").write_text("[user]\n\tname = Ilse\n\temail = ilse@example.org\n")
        self.environment = {
            "PATH": os.environ["PATH"],
            "HOME": str(home),
            "DEEDBOX_CACHE": os.environ.get("DEEDBOX_CACHE", str(home / "cache")),
            "LC_ALL": "C.UTF-8",
            "GIT_CONFIG_NOSYSTEM": "1",
        }
        self.root.mkdir()
        self.git("init", "--quiet", "--initial-branch=main")
        self.write(FILES)
        self.commit()

    @property
    def root(self) -> Path:
        return self.folder / "copied"

    @property
    def ran(self) -> Path:
        return self.folder / "ran"

    @property
    def trap(self) -> str:
        """A program that leaves a trace, and otherwise does nothing."""
        file = self.folder / "trap"
        file.write_text(f'#!/bin/sh\necho "$0" "$@" >>"{self.ran}"\n[ -t 0 ] || cat\n')
        file.chmod(0o755)
        return str(file)

    def run(
        self, *words: str, data: bytes = b"", cwd: Path | None = None, **more: str
    ) -> subprocess.CompletedProcess[bytes]:
        environment = {**self.environment, **more}
        where = cwd or self.root
        return subprocess.run(words, cwd=where, env=environment, input=data, capture_output=True, timeout=PATIENCE)

    def git(self, *words: str, data: bytes = b"") -> str:
        done = self.run("git", *words, data=data)
        assert done.returncode == 0, done.stderr
        return done.stdout.decode().strip()

    def deedbox(self, *words: str, cwd: Path | None = None, **more: str) -> tuple[int, str]:
        """Return exit code and all words of a command; it never shows a traceback."""
        done = self.run(*make_python_command("pipeline", *words), cwd=cwd, **more)
        said = (done.stdout + done.stderr).decode()
        assert "Traceback" not in said, said
        return done.returncode, said

    def write(self, files: Mapping[str, str | bytes]) -> None:
        write_files(self.root, files)

    def commit(self) -> str:
        self.git("add", "--all")
        self.git("commit", "--quiet", "--allow-empty", "--message", "Change")
        return self.git("rev-parse", "HEAD")

    def touch(self) -> None:
        """Let every file look changed, so that Git reads it again."""
        for file in self.root.rglob("*"):
            if file.is_file() and ".git" not in file.relative_to(self.root).parts:
                os.utime(file, (1, 1))
