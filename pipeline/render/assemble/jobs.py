"""Take a project and the document types; find which documents there are to make; give jobs and problems."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from pipeline.model.narrative import Narrative
from pipeline.model.project import Project
from pipeline.model.subjects import BY_NAME
from pipeline.problems import Place, Problem
from pipeline.render.templates.doctypes import DocumentType


@dataclass(frozen=True, slots=True)
class Job:
    """One document to make: of which type, for which period, from which narrative or file.

    `name` is unique in the project and names the outputs: `charter`, `progress-report-2026-09`, `documents/runbook`.
    """

    project: str
    doctype: DocumentType
    name: str
    period: str = ""
    narrative: Narrative | None = None
    file: str = ""

    @property
    def main(self) -> str:
        """Return the path of the file that holds the document's own words, "" if there is none."""
        return self.narrative.path if self.narrative else self.file


def list_jobs(project: Project, doctypes: Mapping[str, DocumentType]) -> tuple[tuple[Job, ...], tuple[Problem, ...]]:
    """Return the documents that a project's sources call for, in a fixed order, and what keeps others away."""
    jobs: list[Job] = []
    problems: list[Problem] = []
    for doctype in doctypes.values():
        for found in _FIND[doctype.each](project, doctype):
            (jobs if isinstance(found, Job) else problems).append(found)  # type: ignore[arg-type]
    return tuple(jobs), tuple(problems)


def _find_project(project: Project, doctype: DocumentType) -> Iterator[Job | Problem]:
    if doctype.phases and project.info.phase not in doctype.phases:
        return
    path = f"{project.id}/{doctype.narrative}" if doctype.narrative else ""
    narrative = project.narratives.get(path)
    missing = [BY_NAME[need].path for need in doctype.needs if need not in project.files]
    if missing:
        # Without facts and without words nobody asks for the document; words alone wait for their facts.
        if narrative is not None:
            message = f"the {doctype.title.lower()} of {project.id} is not made, since it needs {', '.join(missing)}"
            hint = "add or mend the file, or delete the narrative"
            yield Problem("DB306", message, Place(path), hint, "warning")
        return
    if narrative is None and doctype.optional:
        return
    if path and narrative is None and doctype.narrative_required:
        message = f"the {doctype.title.lower()} of {project.id} is not made, since `{path}` does not exist"
        hint = f"write it with the sections {', '.join(want.title for want in doctype.sections if want.required)}"
        yield Problem("DB306", message, Place(path), hint, "warning")
        return
    yield Job(project.id, doctype, doctype.id, narrative=narrative)


def _find_periods(project: Project, doctype: DocumentType) -> Iterator[Job | Problem]:
    known = {progress.period for progress in project.progress}
    for period in sorted(known | _narrated(project, doctype)):
        path = f"{project.id}/{doctype.narrative.replace('{period}', period)}" if doctype.narrative else ""
        narrative = project.narratives.get(path)
        if period not in known:
            hint = f"add {project.id}/progress/{period}.yaml, or rename the file to the period it reports"
            yield Problem("DB307", f"there is no progress file for the period {period}", Place(path), hint)
        elif narrative is not None or not path:
            yield Job(project.id, doctype, f"{doctype.id}-{period}", period, narrative)


def _narrated(project: Project, doctype: DocumentType) -> set[str]:
    before, found, after = f"{project.id}/{doctype.narrative}".partition("{period}")
    if not found:
        return set()
    return {
        path[len(before) : len(path) - len(after)]
        for path in project.narratives
        if path.startswith(before) and path.endswith(after)
    }


def _find_documents(project: Project, doctype: DocumentType) -> Iterator[Job | Problem]:
    root = f"{project.id}/"
    for path in project.documents:
        yield Job(project.id, doctype, posixpath.splitext(path.removeprefix(root))[0], file=path)


_FIND = {"project": _find_project, "period": _find_periods, "document": _find_documents}
