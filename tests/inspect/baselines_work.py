"""Take a temporary folder; make a project repository in Git with one author and one clock; commit, tag and build."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from git_work import name_person, run_git, write_files

START = 1_774_000_000  # 2026-03-20T09:46:40Z
PROJECT = """\
id: {id}
name: {name}
title: Records of {name}
summary: One place for all records.
phase: planning
start: 2026-01-01
end: 2026-12-31
status_date: 2026-03-31
currency: EUR
sensitivity: internal
roles: {{project_owner: ann.owner, project_manager: max.manager, steering_committee: [ann.owner]}}
objectives:
  - {{id: O1, title: Find every record}}
scope: {{included: [The archive]}}
success_criteria:
  - {{id: SC1, title: Records are found faster, baseline: 9 days, target: 3 days, measured_by: Sample}}
tolerances: {{schedule_days: 10, cost_percent: 5}}
"""
REGISTER = "---\nstandfirst: What there is.\n---\n\n# Scope\n\nAll documents.\n"
FILES: Mapping[str, str] = {
    ".gitignore": "/build/\n/.deedbox/\n",
    "deedbox.yaml": "schema_version: 1\nname: Sample office\nformats: [html]\n",
    "people.yaml": "people:\n  - {id: ann.owner, name: Ann Owner, role: Director}\n"
    "  - {id: max.manager, name: Max Manager, role: Head of projects}\n",
    **{
        f"{id}/{path}": text.format(id=id, name=id.capitalize())
        for id in ("atlas", "beacon")
        for path, text in (("project.yaml", PROJECT), ("documents/notes.md", "# {name} notes\n\nWord of {name}.\n"))
    },
}

MAX = "Max Manager <max@example.org>"


@dataclass
class Papers:
    """A project repository; each commit and each tag is a day after the one before."""

    root: Path
    days: int = 0

    @property
    def when(self) -> str:
        return f"{START + 86_400 * self.days} +0000"

    def environment(self) -> dict[str, str]:
        return {**os.environ, **name_person(MAX, self.when)}

    def git(self, *words: str, data: bytes = b"", check: bool = True) -> str:
        return run_git(self.root, *words, author=MAX, when=self.when, data=data, environment=os.environ, check=check)

    def write(self, files: Mapping[str, str]) -> None:
        write_files(self.root, files)

    def commit(self, files: Mapping[str, str], message: str = "Change") -> str:
        self.write(files)
        self.git("add", "--all")
        self.git("commit", "--quiet", "--allow-empty", "--message", message)
        self.days += 1
        return self.git("rev-parse", "HEAD")

    def tag(self, name: str, message: str, commit: str = "HEAD") -> None:
        """Write an annotated tag by hand."""
        words = ("tag", "--annotate", "--force", "--cleanup=verbatim", "--file=-", name, commit)
        self.git(*words, data=message.encode())
