"""Take a number of projects; write so many, made from the sample's Atlas, into a Git repository; give its folder.

Each project has the 47 files behind four documents: a charter with 17 tables (12 pages), a progress report with 13
tables and three charts (9), a risk register (4), minutes of a meeting (2). The register is a type of the office's own,
which has it instead of the work plan. Names and figures differ, and nothing is left to chance: the same number gives
the same commits.
"""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
SAMPLE = ROOT / "repository"
REGISTER_ROWS = 2000
_PERIOD = "2026-10"
_NAMES = ("Harbour", "Lantern", "Meridian", "Orchard", "Quarry", "Saddle", "Tideway", "Viaduct", "Windmill", "Yarrow")
_BATCHES = 10  # commits in which the projects come
_BEGUN = 1_793_000_000  # a day in October 2026, in seconds since 1970; each commit is an hour after the one before
_AMOUNT = "148000.00"
_SETTINGS = """\
schema_version: 1
name: Portfolio office
organisation: Portfolio office
language: en
formats: [{formats}]
sensitivities: [public, internal, confidential]
rules: {{DB269: "off", DB306: "off"}}
"""
_LEFT_OUT = re.compile(
    rf"business-case\.|stakeholder-matrix\.md|work-plan\.md|documents/(?!2026)|reports/(?!{_PERIOD})"
)
_ACTION_LOG = """\
---
id: action-log
title: Action log
each: project
---
{{ title_block(document.title, kicker=project.name) }}

{{ table(actions, [
  col("No.", "id", width=0.08), col("Action", "title", width=0.34), col("Owner", "owner.name", width=0.16),
  col("Raised", "raised", width=0.12), col("Due", "due", width=0.12), col("Status", "status", "term", width=0.08),
  col("Source", "source", width=0.1),
], caption="All actions", id="tbl-actions") }}
"""
_OFFICE = """\
id: office
name: Office
title: Office of the portfolio
summary: It keeps the log of all actions.
phase: executing
start: 2026-01-05
end: 2026-12-18
status_date: 2026-10-30
currency: EUR
sensitivity: internal
roles: {project_owner: birgit.aaltonen, project_manager: ines.duarte, steering_committee: [birgit.aaltonen]}
objectives:
  - {id: O1, title: Know of every action who does it by when}
scope: {included: [All actions]}
success_criteria:
  - {id: SC1, title: Actions done in time, baseline: half, target: nine in ten, measured_by: This log}
tolerances: {schedule_days: 10, cost_percent: 5}
"""
_RISK_REGISTER = """\
---
id: risk-register
title: Risk register
each: project
---
{{ title_block(document.title, kicker=project.name) }}

{{ heading("All risks") }}

{{ table(risks, [
  col("No.", "id", width=0.06), col("Risk", "title", width=0.2), col("Cause", "cause", width=0.2),
  col("Effect", "effect", width=0.2), col("Response", "response", width=0.2), col("Owner", "owner.name", width=0.14),
], caption="Risks, their causes and what is done", id="tbl-all-risks") }}

{{ heading("Open risks") }}

{{ table(open_risks, [
  col("No.", "id", width=0.08), col("Risk", "title", width=0.5), col("Owner", "owner.name", width=0.3),
  col("Level", "level", align="right", width=0.12),
], caption="The gravest first", id="tbl-open-risks") }}
"""
_VERBS = ("Agree", "Check", "Collect", "Confirm", "Correct", "Describe", "Move", "Order", "Test", "Write")
_THINGS = (
    "the retention periods of the maritime records", "the export of the scan archive", "the training plan",
    "the list of key users", "the keys of the north basement", "the tariff of the hosting contract",
    "the sample for rehearsal 2",
)  # fmt: skip
_OWNERS = ("casper.lund", "ines.duarte", "pavel.dvorak", "tomasz.wilk", "elif.demir")


class Repository:
    """A project repository in a folder of its own; each commit is made by one person, an hour after the one before."""

    def __init__(self, root: Path, formats: Iterable[str] = ("docx", "pdf")) -> None:
        self.root = root
        self.ids: list[str] = []
        self._commits = 0
        root.mkdir(parents=True)
        self.git("init", "--quiet", "--initial-branch=main")
        self.write(
            {
                ".gitignore": "/build/\n/.deedbox/\n",
                "deedbox.yaml": _SETTINGS.format(formats=", ".join(formats)),
                "people.yaml": (SAMPLE / "people.yaml").read_text("utf-8"),
            }
        )
        self.commit("Open the office")

    def git(self, *words: str) -> str:
        """Return what a Git command prints."""
        when = f"{_BEGUN + 3600 * self._commits} +0000"
        person = {f"GIT_{who}_{what}": "office" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}
        surroundings = {**os.environ, **person, "GIT_AUTHOR_DATE": when, "GIT_COMMITTER_DATE": when}
        command = ["git", "-C", str(self.root), "-c", "gc.auto=0", "-c", "core.autocrlf=false", *words]
        done = subprocess.run(command, env=surroundings, check=True, capture_output=True, encoding="utf-8")
        return done.stdout.strip()

    def write(self, files: Mapping[str, str | bytes]) -> None:
        """Write files, by their path."""
        for path, text in files.items():
            file = self.root / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(text.encode() if isinstance(text, str) else text)

    def read(self, path: str) -> str:
        """Return the text of a file."""
        return (self.root / path).read_text("utf-8")

    def commit(self, message: str) -> None:
        """Commit all that there is."""
        self.git("add", "--all")
        self.git("commit", "--quiet", "--message", message)
        self._commits += 1

    def change_figure(self, project: str, amount: int) -> None:
        """Give the largest line of a project's budget another amount, and commit that."""
        path = f"{project}/budget.yaml"
        self.write({path: re.sub(r"(B05\n(?:.*\n){3} *years: \{2026: )[0-9.]+", rf"\g<1>{amount}.00", self.read(path))})
        self.commit(f"Change the budget of {project}")


def make_portfolio(root: Path, count: int, formats: Iterable[str] = ("docx", "pdf")) -> Repository:
    """Return a repository of so many projects, committed in some batches."""
    office = Repository(root, formats)
    office.write({"templates/work-plan.md.j2": _RISK_REGISTER})
    size = max(1, -(-count // _BATCHES))
    for start in range(0, count, size):
        for number in range(start, min(start + size, count)):
            office.ids.append(_id(number))
            office.write(_make_project(number))
        office.commit(f"Open {len(office.ids)} projects")
    # As Git does by itself in a repository that grew as large, at a moment of its own choice.
    office.git("gc", "--quiet")
    return office


def make_register(root: Path) -> Repository:
    """Return a repository of one project whose action log has two thousand rows, and a type of document for it."""
    office = Repository(root, ("docx",))
    office.ids.append("office")
    rows = "".join(map(_make_action, range(1, REGISTER_ROWS + 1)))
    office.write(
        {
            "office/project.yaml": _OFFICE,
            "office/registers/actions.yaml": f"actions:\n{rows}",
            "templates/action-log.md.j2": _ACTION_LOG,
        }
    )
    office.commit("Open the log")
    return office


def _make_action(number: int) -> str:
    month, day = 2 + number % 8, 1 + number % 27
    fields = {
        "id": f"A-{number:04}",
        "title": f"{_VERBS[number % 10]} {_THINGS[number % 7]}, part {number % 13 + 1}",
        "status": "open",
        "raised": f"2026-{month:02}-{day:02}",
        "owner": _OWNERS[number % 5],
        "due": f"2026-{month + 1:02}-{day:02}",
        "source": f"Meeting {number % 40 + 1}",
    }
    lines = (f"    {name}: {value}\n" for name, value in fields.items())
    return "  -" + "".join(lines)[3:]


def _make_project(number: int) -> dict[str, str | bytes]:
    """Return the files of a project: those of Atlas with another name and a budget of its own."""
    id, name = _id(number), f"{_NAMES[number % 10]} {number + 1}"
    files: dict[str, str | bytes] = {}
    for path, text in _sample().items():
        if isinstance(text, bytes):
            files[f"{id}/{path}"] = text
            continue
        own = re.sub(r"\bAtlas\b", name, text).replace(_AMOUNT, f"{148_000 + 10 * number}.00")
        files[f"{id}/{path}"] = own.replace("id: atlas\n", f"id: {id}\n") if path == "project.yaml" else own
    return files


def _id(number: int) -> str:
    return f"{_NAMES[number % 10].lower()}-{number + 1:04}"


@cache
def _sample() -> Mapping[str, str | bytes]:
    """Return the files of Atlas that four documents need, by their path in the project; pictures are bytes."""
    top = SAMPLE / "atlas"
    paths = (path.relative_to(top).as_posix() for path in sorted(top.rglob("*")) if path.is_file())
    return {path: _read(top / path) for path in paths if not _LEFT_OUT.match(path)}


def _read(file: Path) -> str | bytes:
    return file.read_bytes() if file.suffix == ".png" else file.read_text("utf-8")
