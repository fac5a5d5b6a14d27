"""Take what a closing found and made; state it for readers and programs; give closure.json and provenance.json."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from pipeline import __version__
from pipeline.closure.history import History
from pipeline.closure.rules import Ruled, list_follow_ons, list_sign_offs
from pipeline.document.formats import FORMATS
from pipeline.host.engine import read_line_engine
from pipeline.model.project import Project
from pipeline.model.settings import Closure
from pipeline.problems import Problem

SCHEMA_VERSION = 1


def make_closure(
    project: Project, day: date, ruled: Iterable[Ruled], left_out: Iterable[Problem], settings: Closure
) -> bytes:
    """Return closure.json: rules, waivers, approvals, what is handed on, retention, sensitivity, what is left out."""
    return _dump(
        {
            "schema_version": SCHEMA_VERSION,
            "project": {"id": project.id, "name": project.info.name, "title": project.info.title},
            "closed": day.isoformat(),
            "sensitivity": project.info.sensitivity,
            "retention": _make_retention(day, settings.retention_years),
            "rules": [_make_rule(one) for one in ruled],
            "sign_offs": [
                {"document": path, "version": version, "date": approved, "approved_by": person}
                for path, version, approved, person in list_sign_offs(project)
            ],
            "follow_on_actions": list(list_follow_ons(project)),
            "left_out": [{"path": one.place.file, "why": one.message} for one in left_out],
        }
    )


def make_provenance(
    project: str, commit: str, time: str, history: History, baselines: Mapping[str, str], settings: Closure
) -> bytes:
    """Return provenance.json: the commit, what made the documents, and how to make them again."""
    engine = read_line_engine()
    can = settings.history != "none" and settings.people_mode != "none"
    return _dump(
        {
            "schema_version": SCHEMA_VERSION,
            "project": project,
            "commit": commit,
            "time": time,
            "history": {
                "holds": settings.history,
                "people": settings.people_mode,
                "bundle": "history.bundle" if settings.history != "none" else None,
                "commit": history.tip if settings.history != "none" else None,
                "folder": _find_folder(history),
                "originals": "commits.txt" if settings.history == "project" else None,
            },
            "baselines": [{"name": name, "outcome": outcome} for name, outcome in sorted(baselines.items())],
            "formats": list(FORMATS),
            "generator": f"Deedbox {__version__}",
            "engine": {"digest": engine.digest, "parts": dict(sorted(engine.parts.items()))},
            "rebuild": _HOW if can else ["The package does not hold what the documents were made from."],
        }
    )


_HOW = [
    "Install the versions that are named under engine.",
    "deedbox verify PACKAGE --rebuild",
    "Or by hand: git clone data/history.bundle history; copy data/commits.txt to history/.git/deedbox-commits; then "
    f"deedbox build PROJECT --rev COMMIT --to {','.join(FORMATS)} in the folder (history.commit and history.folder "
    "here).",
]


def _find_folder(history: History) -> str:
    from pipeline.sources.git.repository import open_git

    with open_git(history.root) as folder:
        return folder.prefix


def _make_retention(day: date, years: int | None) -> dict[str, Any] | None:
    if years is None:
        return None
    last = day.replace(year=day.year + years, day=min(day.day, 28) if day.month == 2 else day.day)
    return {"years": years, "until": last.isoformat()}


def _make_rule(one: Ruled) -> dict[str, Any]:
    found = [
        {"place": str(problem.place), "code": problem.code, "message": problem.message} for problem in one.findings
    ]
    record = {"id": one.rule.id, "title": one.rule.title, "outcome": one.outcome, "findings": found}
    return {**record, "reason": one.reason} if one.reason else record


def _dump(value: Any) -> bytes:
    return (json.dumps(value, ensure_ascii=False, indent=2) + "\n").encode()
