"""Take the projects and what is selected of them; render each document that they call for; give all of them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace

from pipeline.document.house import house_templates
from pipeline.document.theme import Theme
from pipeline.model.load import load_narrative
from pipeline.model.project import Project
from pipeline.problems import Problem
from pipeline.render.assemble.document import Rendered, render_document
from pipeline.render.assemble.jobs import Job, list_jobs
from pipeline.render.office import load_corporate
from pipeline.render.templates.doctypes import DocumentType, load_doctypes
from pipeline.render.theme_file import load_theme
from pipeline.sources.snapshot import Snapshot

_THEME = "theme/theme.yaml"


@dataclass(frozen=True, slots=True)
class Look:
    """What the documents of all projects share: their theme, their types, the templates, and what is wrong with it."""

    theme: Theme
    doctypes: Mapping[str, DocumentType]
    templates: Mapping[str, bytes]
    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class Papers:
    """The documents of one project; `known` are the names of all, rendered or not."""

    rendered: tuple[Rendered, ...]
    known: tuple[str, ...]
    problems: tuple[Problem, ...]


def load_look(snapshot: Snapshot) -> Look:
    """Return what all documents share; Stop where the theme cannot be used."""
    own = snapshot.read(_THEME) if _THEME in snapshot else None
    theme = load_theme(own, _THEME)
    corporate = load_corporate(snapshot, theme.page)
    theme = replace(theme, corporate=corporate.data, page=corporate.page or theme.page)
    doctypes, problems = load_doctypes(snapshot)
    templates = {**house_templates(), **{path: snapshot.read(path) for path in snapshot.paths("templates/")}}
    return Look(theme, doctypes, templates, (*corporate.problems, *problems))


def render_project(
    project: Project,
    look: Look,
    snapshot: Snapshot,
    wants: Callable[[str, str], bool],
    tell: Callable[[str], None] = lambda path: None,
) -> Papers:
    """Return the wanted documents of a project, rendered; its problems are not those of single documents.

    `tell` is called with the path of a document's own file before it is rendered.
    """
    project, faults = _with_narratives(project, snapshot, look.doctypes.values())
    jobs, amiss = list_jobs(project, look.doctypes)
    wanted = {job.name for job in jobs if wants(job.project, job.name)}
    last = [job for job in jobs if job.doctype.lists_documents and job.name in wanted]
    # Who lists the others needs all of them, also those that nobody wants to have.
    first = [job for job in jobs if not job.doctype.lists_documents and (last or job.name in wanted)]

    def render(job: Job, *others: Rendered) -> Rendered:
        tell(job.main or job.doctype.path)
        return render_document(project, job, snapshot, look.theme, look.templates, others)

    made = tuple(map(render, first))
    made += tuple(render(job, *made) for job in last)
    place = {job.name: at for at, job in enumerate(jobs)}
    rendered = sorted((one for one in made if one.job.name in wanted), key=lambda one: place[one.job.name])
    return Papers(tuple(rendered), tuple(job.name for job in jobs), (*faults, *amiss))


def _with_narratives(
    project: Project, snapshot: Snapshot, doctypes: Iterable[DocumentType]
) -> tuple[Project, tuple[Problem, ...]]:
    """Return the project with the narratives that the repository's own document types ask for."""
    patterns = [f"{project.id}/{doctype.narrative}" for doctype in doctypes if doctype.narrative]
    wanted = [re.compile(re.escape(pattern).replace(r"\{period\}", r"\d{4}-\d{2}")) for pattern in patterns]
    paths = (path for path in snapshot.paths(f"{project.id}/", ".md") if path not in project.narratives)
    read = {path: load_narrative(snapshot, path) for path in paths if any(one.fullmatch(path) for one in wanted)}
    narratives = {path: narrative for path, (narrative, _) in read.items()}
    problems = tuple(problem for _, found in read.values() for problem in found)
    return replace(project, narratives={**project.narratives, **narratives}), problems
