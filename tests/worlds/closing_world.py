"""Take a temporary folder; write two small projects into a real repository, one ready to close; give it to tests."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from forked_command import run_forked
from git_work import run_git, write_files

ENGINE = Path(__file__).parents[2]
TITLES = (
    "Introduction", "Effectiveness", "Cost, schedule and scope", "Project management evaluation", "Acceptance",
    "Transition", "Business implementation", "Governance and team", "Lessons and best practices", "Recommendations",
)  # fmt: skip
REVISIONS = """---
revisions:
  - {version: "1.0", date: 2026-09-28, by: jon.weir, change: Approved, approved_by: ada.moreau}
---

"""
NAME = "mill-closure-2026-09-28"


@dataclass(frozen=True)
class Closed:
    """A repository with the project `mill`, its package as a zip, and the folder into which that was unpacked."""

    root: Path
    package: Path
    folder: Path


def make_prose(titles: tuple[str, ...]) -> str:
    """Return an approved narrative with these sections."""
    return REVISIONS + "\n\n".join(f"# {title}\n\nThe wheel grinds with every tide." for title in titles) + "\n"


SETTINGS = """schema_version: 1
name: Tidewater Museum
organisation: Tidewater Museum
# The order of the index.
projects:
  - alder
  - mill
formats: [html]
rules: {DB306: "off"}
"""
PEOPLE = """people:
  - {id: ada.moreau, name: Ada Moreau, role: Director, email: ada.moreau@example.org, phone: "+00 555 0101"}
  - {id: jon.weir, name: Jon Weir, role: Keeper of the building, email: jon.weir@example.org}
  - {id: tess.alder, name: Tess Quillfeather, role: Gardener, email: tess@secret.example}
"""
PROJECT = """id: {id}
name: {name}
title: {title}
summary: One sentence.
phase: {phase}
start: 2026-07-06
end: 2026-09-30
status_date: 2026-09-28
currency: EUR
sensitivity: internal
{closed}roles:
  project_owner: {owner}
  project_manager: {manager}
objectives: [{{id: O1, title: The wheel turns.}}]
scope: {{included: [Wheel]}}
success_criteria:
  - {{id: SC1, title: Days, baseline: none, target: 120 a year, measured_by: Log}}
tolerances: {{schedule_days: 10, cost_percent: 5}}
"""
LESSONS = """lessons:
  - id: L-01
    title: Measure first
    category: Wood
    kind: success
    event: The old wheel was measured.
    cause: Nobody had a drawing.
    effect: The new one fits.
    recommendation: Measure.
    owner: jon.weir
    raised: 2026-09-01
"""
MILL = {
    "mill/project.yaml": PROJECT.format(
        id="mill", name="Mill", title="Repair of the tide mill", phase="closed", closed="closed: 2026-09-28\n",
        owner="ada.moreau", manager="jon.weir",
    ),
    "mill/registers/lessons.yaml": LESSONS,
    "mill/closure-report.md": make_prose(TITLES),
    "mill/documents/log.md": "# Log of the miller\n\nThe sluice was cleaned of barnacles by Ada Moreau.\n",
}  # fmt: skip
ALDER = {
    "alder/project.yaml": PROJECT.format(
        id="alder", name="Alder", title="A garden of alders", phase="executing", closed="", owner="tess.alder",
        manager="tess.alder",
    ),
    "alder/documents/plan.md": "# Plan of the garden\n\nA secret path of alders.\n",
}  # fmt: skip


class World:
    """A repository in a folder; each commit is one hour after the one before."""

    def __init__(self, root: Path, *options: str) -> None:
        self.root = root
        self.commits = 0
        root.mkdir(parents=True)
        self.git("init", "--quiet", "--initial-branch=main", *options)

    def git(self, *words: str, author: str = "Jon Weir <jon.weir@example.org>") -> str:
        when = f"{1_790_000_000 + 3600 * self.commits} +0200"
        return run_git(self.root, *words, author=author, when=when, environment=surroundings())

    def write(self, files: Mapping[str, str | bytes]) -> None:
        write_files(self.root, files)

    def commit(self, files: Mapping[str, str | bytes], message: str, **more: str) -> str:
        self.write(files)
        self.git("add", "--all")
        self.git("commit", "--quiet", "--allow-empty", "--message", message, **more)
        self.commits += 1
        return self.git("rev-parse", "HEAD")

    def merge(self, branch: str, message: str) -> str:
        self.git("merge", "--quiet", "--no-ff", "--message", message, branch)
        self.commits += 1
        return self.git("rev-parse", "HEAD")


def surroundings(**more: str) -> dict[str, str]:
    """Return this process's environment without what Git or a clock could take from it, and `more`."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("GIT_", "LC_", "SOURCE_DATE"))}
    return {**kept, "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1", **more}


def make_world(root: Path) -> World:
    """Return a repository with a project that is ready to close, `mill`, and one that is not, `alder`."""
    world = World(root)
    shared = {"deedbox.yaml": SETTINGS, "people.yaml": PEOPLE, ".gitignore": "build/\n.deedbox/\n"}
    world.commit(ALDER, "Start the garden", author="Tess Quillfeather <tess@secret.example>")
    world.commit(shared, "Write down what all projects share")
    world.commit(MILL, "Record the mill")
    world.commit({"alder/documents/plan.md": "# Plan of the garden\n\nMore secret alders.\n"}, "Plant secret alders")
    world.commit({"mill/documents/log.md": f"{MILL['mill/documents/log.md']}\nIt grinds.\n"}, "Note that it grinds")
    world.commit({"alder/documents/plan.md": "# Plan of the garden\n\nNo alders.\n"}, "Cut the secret alders")
    return world


def run(*words: str, cwd: Path | None = None, **more: str) -> tuple[int, Any, str]:
    """Return exit code, JSON and standard error of a command of Deedbox."""
    environment = surroundings(**{"DEEDBOX_LIMITS": "off", **more})
    done = run_forked((*words, "--format", "json"), cwd or ENGINE, environment)
    return done.returncode, json.loads(done.stdout) if done.stdout else None, done.stderr
