"""Take the projects of repository/; plan them; check that their baselines and forecasts follow from their own tasks."""

from __future__ import annotations

from pathlib import Path

import pytest
from controls_work import TIME

from pipeline.controls.planning import compute_plan
from pipeline.model.load import load_project, load_settings
from pipeline.model.project import Project
from pipeline.sources.snapshot import Snapshot

SAMPLE = Path(__file__).parents[2] / "repository"
PROJECTS = ("atlas", "beacon")


def load(name: str) -> Project:
    paths = (SAMPLE / "deedbox.yaml", SAMPLE / "people.yaml", *(SAMPLE / name).rglob("*.yaml"))
    files = {path.relative_to(SAMPLE).as_posix(): path.read_text(encoding="utf-8") for path in paths}
    snapshot = Snapshot.of(files, TIME)
    settings, _ = load_settings(snapshot)
    assert settings is not None
    project = load_project(snapshot, settings, name).project
    assert project is not None
    return project


@pytest.mark.parametrize("name", PROJECTS)
def test_baselines_follow_from_durations_and_links(name: str) -> None:
    plan = compute_plan(load(name), None)
    planned = {row.id: (row.start, row.finish) for row in plan.tasks}
    assert planned == {row.id: (row.baseline_start, row.baseline_finish) for row in plan.tasks}
    assert len(planned) > 20
    assert {row.id: row.computed for row in plan.milestones} == {row.id: row.baseline for row in plan.milestones}


def test_forecasts_stated_for_atlas_follow_from_its_progress() -> None:
    atlas = load("atlas")
    for progress in atlas.progress:
        plan = compute_plan(atlas, progress)
        rows = [row for row in plan.milestones if not row.reached]
        assert {row.id: row.computed for row in rows} == {row.id: row.stated for row in rows}, progress.period
        assert plan.finish == rows[-1].computed
