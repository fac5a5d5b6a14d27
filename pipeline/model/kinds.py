"""Take the names of all kinds of record with an id; say where each is written and kept; give them as one table."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pipeline.model.project import Project


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of record with an id: its name in sentences, the subject whose files hold it, the key of its list there.

    `home` is the attribute of Project that holds the list; the Project itself if empty.
    """

    noun: str
    subject: str
    key: str
    home: str = ""


KINDS: Mapping[str, Kind] = {
    "people": Kind("person", "people", "people"),
    "objectives": Kind("objective", "project", "objectives", "info"),
    "success_criteria": Kind("success criterion", "project", "success_criteria", "info"),
    "needs": Kind("need", "project", "needs", "info"),
    "features": Kind("feature", "project", "features", "info"),
    "constraints": Kind("constraint", "project", "constraints", "info"),
    "charter_assumptions": Kind("assumption", "project", "assumptions", "info"),
    "benefits": Kind("benefit", "project", "benefits", "info"),
    "stakeholders": Kind("stakeholder", "stakeholders", "stakeholders"),
    "work_packages": Kind("work package", "schedule", "work_packages", "schedule"),
    "tasks": Kind("task", "schedule", "tasks", "schedule"),
    "milestones": Kind("milestone", "schedule", "milestones", "schedule"),
    "resources": Kind("resource", "resources", "resources", "resources"),
    "lines": Kind("budget line", "budget", "lines", "budget"),
    "options": Kind("option", "business_case", "options", "business_case"),
    "case_criteria": Kind("criterion", "business_case", "criteria", "business_case"),
    "deliverables": Kind("deliverable", "deliverables", "deliverables"),
    "risks": Kind("risk", "risks", "risks"),
    "issues": Kind("issue", "issues", "issues"),
    "changes": Kind("change", "changes", "changes"),
    "decisions": Kind("decision", "decisions", "decisions"),
    "actions": Kind("action", "actions", "actions"),
    "lessons": Kind("lesson", "lessons", "lessons"),
    "assumptions": Kind("assumption", "assumptions", "assumptions"),
    "checklist": Kind("checklist item", "closure", "checklist"),
}


def kind_records(project: Project, kind: str) -> tuple[Any, ...]:
    """Return all records of a kind, by id; KeyError if there is no such kind."""
    home = KINDS[kind].home
    holder = getattr(project, home) if home else project
    if holder is None:
        return ()
    records = getattr(holder, KINDS[kind].key)
    return tuple(records.values() if isinstance(records, Mapping) else records)


def subject_kinds(subject: str) -> tuple[str, ...]:
    """Return the kinds that the files of a subject hold."""
    return tuple(name for name, kind in KINDS.items() if kind.subject == subject)
