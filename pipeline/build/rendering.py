"""Take a snapshot and the name of a project; run model, controls and render; give facts and packed trees.

This is what reads all that contributors write, so it runs in a process of its own: see `pipeline.build.renderer`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache, cached_property

from pipeline.controls.catalogue import compute_all
from pipeline.controls.figure_table import FIGURES
from pipeline.controls.figures import Figures
from pipeline.controls.origins import Origins
from pipeline.controls.planning import check_plan
from pipeline.document.packing import Packed, pack
from pipeline.document.tree.canonical import make_digest
from pipeline.model.load import load_project
from pipeline.model.project import Project
from pipeline.model.rules.severities import apply_severities
from pipeline.model.settings import Settings
from pipeline.plan.records import DocumentFacts, FigureSet, LookFacts, ProjectFacts, SourceFacts
from pipeline.plan.select import Selection
from pipeline.plan.trace import make_trace
from pipeline.problems import USAGE, Problem, Stop, did_you_mean, has_errors
from pipeline.render.assemble.document import Rendered
from pipeline.render.assemble.portfolio import Look, load_look, render_project
from pipeline.sources.scope import find_id, make_scope
from pipeline.sources.snapshot import Snapshot
from pipeline.write.packed import pack_document


@dataclass
class ProjectRenderer:
    """Renders the projects of a snapshot, in this process. `tell` hears which file's document is rendered next."""

    snapshot: Snapshot
    settings: Settings
    selection: Selection
    tell: Callable[[str], None] = lambda path: None

    @cached_property
    def look(self) -> tuple[LookFacts, bytes]:
        """Return what is known of the look of all documents, and the theme packed; Stop where that cannot be used."""
        return LookFacts(make_digest(self._look.theme), self._look.problems), pack(self._look.theme)

    @cached_property
    def _look(self) -> Look:
        return load_look(self.snapshot)

    def render(self, name: str) -> tuple[ProjectFacts, Mapping[str, Packed]]:
        """Return the facts of a project, and the trees of its wanted documents that have no errors, by name."""
        scope = make_scope(self.snapshot, name)
        loaded = load_project(scope, self.settings, name)
        project = loaded.project
        if project is None:
            return ProjectFacts(name, problems=loaded.problems), {}
        papers = render_project(project, self._look, scope, self.selection.wants, self.tell)
        find_source = _share_sources(self.snapshot)
        documents = tuple(_make_facts(one, find_source) for one in papers.rendered)
        found = apply_severities((*check_plan(project, loaded.where), *papers.problems), self.settings)
        facts = ProjectFacts(
            project.id,
            project.info.name,
            project.info.title,
            project.info.phase,
            papers.known,
            documents,
            (*loaded.problems, *found),
            make_trace(scope, documents),
        )
        return facts, {one.job.name: pack_document(one.document) for one in papers.rendered if one.document}

    def compute(self, name: str, period: str | None) -> FigureSet:
        """Return every computed figure of a project as of a period's status date, of the newest without a period.

        Stop (exit 2) where there is no such period.
        """
        loaded = load_project(self.snapshot, self.settings, name)
        project = loaded.project
        if project is None or has_errors(loaded.problems):
            return FigureSet(loaded.problems)
        day, period = _find_day(project, period)
        origins = Origins(project, loaded.where, day)
        computed = compute_all(Figures(project, day, self.settings.scales), origins, FIGURES)
        return FigureSet(loaded.problems, period, day, project.info.currency, computed)

    def close(self) -> None:
        """Nothing is held."""


def _find_day(project: Project, period: str | None) -> tuple[date, str]:
    """Return the day that a period means, and the period that is current on it ("" before the first)."""
    progress = project.progress_of(period) if period else project.progress_on(project.as_of)
    if period and progress is None:
        hint = did_you_mean(period, (one.period for one in project.progress))
        raise Stop(Problem("DB384", f"project {project.id} has no period `{period}`", hint=hint), exit_code=USAGE)
    return (progress.status_date if progress and period else project.as_of), progress.period if progress else ""


def _share_sources(snapshot: Snapshot) -> Callable[[str, str], SourceFacts]:
    """Return what gives the facts of a source by path and digest: one object for all documents of a project."""
    return cache(lambda path, digest: SourceFacts(digest, find_id(snapshot, path)))


def _make_facts(one: Rendered, find_source: Callable[[str, str], SourceFacts]) -> DocumentFacts:
    return DocumentFacts(
        name=one.job.name,
        title=one.title,
        period=one.job.period,
        language=one.document.properties.language if one.document else "",
        commit=one.commit.id if one.commit else "",
        date=one.commit.time.date().isoformat() if one.commit else "",
        tree=make_digest(one.document) if one.document else "",
        draft=one.draft,
        sources={path: find_source(path, digest) for path, digest in one.sources.items()},
        problems=one.problems,
        type=one.job.doctype.id,
        main=one.job.main,
        version=one.control.version,
        state=one.control.state,
        stated=bool(one.control.stated),
        gone=one.gone,
    )
