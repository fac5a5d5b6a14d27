"""Take the projects and what is selected of them; render each document that they call for; give all of them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from pipeline.model.load import load_narrative
from pipeline.model.project import Project
from pipeline.problems import Problem
from pipeline.render.corporate import load_corporate
from pipeline.render.doctypes import DocumentType, house_templates, load_doctypes
from pipeline.render.document import Rendered, render_document
from pipeline.render.jobs import Job, list_jobs
from pipeline.render.theme import Theme, load_theme
from pipeline.sources.snapshot import Snapshot

_THEME = "theme/theme.yaml"


@dataclass(frozen=True, slots=True)
class Portfolio:
    """The documents of all projects, the theme they are set in, and what is wrong; `known` are all (project, name)."""

    theme: Theme
    rendered: tuple[Rendered, ...]
    known: tuple[tuple[str, str], ...]
    problems: tuple[Problem, ...]


def render_portfolio(projects: Iterable[Project], snapshot: Snapshot, wants: Callable[[str, str], bool]) -> Portfolio:
    """Return the wanted documents, rendered; Stop where the theme cannot be used."""
    own = snapshot.read(_THEME) if _THEME in snapshot else None
    theme = load_theme(house_templates()["templates/theme.yaml"], own, _THEME)
    corporate = load_corporate(snapshot, theme.page)
    theme = replace(theme, corporate=corporate.data, page=corporate.page or theme.page)
    doctypes, problems = load_doctypes(snapshot)
    templates = {**house_templates(), **{path: snapshot.read(path) for path in snapshot.paths("templates/")}}
    found: list[Problem] = [*corporate.problems, *problems]
    known: list[tuple[str, str]] = []
    rendered: list[Rendered] = []
    for project in projects:
        project, faults = _with_narratives(project, snapshot, doctypes.values())
        found.extend(faults)
        jobs, amiss = list_jobs(project, doctypes)
        found.extend(amiss)
        known.extend((job.project, job.name) for job in jobs)
        rendered.extend(
            _render(project, job, snapshot, theme, templates) for job in jobs if wants(job.project, job.name)
        )
    found.extend(problem for one in rendered for problem in one.problems)
    return Portfolio(theme, tuple(rendered), tuple(known), tuple(found))


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


def _render(project: Project, job: Job, snapshot: Snapshot, theme: Theme, templates: dict[str, bytes]) -> Rendered:
    return render_document(project, job, snapshot, theme, templates)
