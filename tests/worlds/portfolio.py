"""Take projects and their snapshot; render the documents that are wanted, in this process; give them and problems."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from pipeline.document.theme import Theme
from pipeline.model.project import Project
from pipeline.problems import Problem
from pipeline.render.assemble.document import Rendered
from pipeline.render.assemble.portfolio import load_look, render_project
from pipeline.sources.snapshot import Snapshot


@dataclass(frozen=True, slots=True)
class Portfolio:
    """The documents of all projects, the theme they are set in, and what is wrong; `known` are all (project, name)."""

    theme: Theme
    rendered: tuple[Rendered, ...]
    known: tuple[tuple[str, str], ...]
    problems: tuple[Problem, ...]


def render_portfolio(projects: Iterable[Project], snapshot: Snapshot, wants: Callable[[str, str], bool]) -> Portfolio:
    """Return the wanted documents of several projects, rendered; Stop where the theme cannot be used."""
    look = load_look(snapshot)
    papers = {project.id: render_project(project, look, snapshot, wants) for project in projects}
    rendered = tuple(document for one in papers.values() for document in one.rendered)
    known = tuple((id, name) for id, one in papers.items() for name in one.known)
    found = (problem for one in papers.values() for problem in one.problems)
    return Portfolio(
        look.theme, rendered, known, (*look.problems, *found, *(p for one in rendered for p in one.problems))
    )
