"""Take a snapshot and the name of a project; run model, controls and render; give facts and packed trees.

This reads all that contributors write, so it runs in a confined process: `pipeline.build.renderer` calls the functions
at the end of this file by their names. Nothing is opened there: each source file is asked for over the pipe.
"""

from __future__ import annotations

import json
import pickle
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cache, cached_property, partial

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
from pipeline.plan.records import (
    DocumentFacts,
    FigureSet,
    LookFacts,
    ProjectFacts,
    SourceFacts,
    pack_project,
)
from pipeline.plan.select import Selection
from pipeline.plan.trace import make_trace
from pipeline.problems import USAGE, Problem, Stop, did_you_mean, has_errors
from pipeline.processes.frames import join_frames
from pipeline.processes.tasks import describe_fault
from pipeline.render.assemble.document import Rendered
from pipeline.render.assemble.portfolio import Look, load_look, render_project
from pipeline.render.questions import BASELINES, HISTORY, READ, TELL, ask_for
from pipeline.sources.scope import find_id, make_scope
from pipeline.sources.snapshot import Blob, Snapshot
from pipeline.write.drawings import pack_document


@dataclass
class DirectRenderer:
    """Renders the projects of a snapshot in this process. `tell` hears which file's document is rendered next."""

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


_renderers: list[DirectRenderer] = []  # that of the repository which this process is at


def open_session(step: bytes) -> bytes:
    """Begin with a repository; the step is a pickle of what is known of it before anything of it is read."""
    bare, ids, settings, selection = pickle.loads(step)
    files = {path: Blob(partial(ask_for, READ, path), id) for path, id in ids.items()}
    history, baselines = (cache(partial(ask_for, what)) for what in (HISTORY, BASELINES))
    here: Snapshot = replace(bare, files=files, changes=history, baselines=baselines)
    _renderers[:] = [DirectRenderer(here, settings, selection, partial(ask_for, TELL))]
    return join_frames({})


def give_look(step: bytes) -> bytes:
    """Answer with the facts of the look and the theme."""
    return _answer(_look)


def render(step: bytes) -> bytes:
    """Answer with the facts and the trees of the project that the step names."""
    return _answer(partial(_render, step.decode("utf-8", "surrogateescape")))


def compute(step: bytes) -> bytes:
    """Answer with the computed figures of a project and period: the step is both, as JSON."""
    return _answer(partial(_compute, *json.loads(step)))


def _look() -> bytes:
    facts, theme = _renderers[0].look
    return join_frames({"facts": facts}, (theme,))


def _render(name: str) -> bytes:
    facts, packed = _renderers[0].render(name)
    _renderers[0].snapshot.let_go()
    documents = [(name, one.id, one.charts, one.pngs) for name, one in packed.items()]
    return join_frames({"facts": pack_project(facts), "documents": documents}, (one.data for one in packed.values()))


def _compute(name: str, period: str | None) -> bytes:
    found = _renderers[0].compute(name, period)
    day = found.day.isoformat() if found.day else ""
    head = {"period": found.period, "day": day, "currency": found.currency}
    return join_frames({**head, "found": found.problems}, (pack(found.figures),))


def _answer(work: Callable[[], bytes]) -> bytes:
    """Return what the work gives; where it stops or fails, what is to be said of that."""
    try:
        return work()
    except Stop as stop:
        return join_frames({"problems": stop.problems, "exit_code": stop.exit_code})
    except MemoryError:
        raise
    except Exception as error:
        return join_frames({"failure": describe_fault(error)})
