"""Take the table of computed figures and small projects; compute all; check names, origins and reasons."""

from __future__ import annotations

from datetime import date

import pytest
from controls_work import FILES, TIME, schedule, task

from pipeline.controls.catalogue import Computed, compute_all
from pipeline.controls.figure_table import FIGURES
from pipeline.controls.figures import Figures
from pipeline.controls.origins import GROUPS, Origins
from pipeline.model.load import load_project, load_settings
from pipeline.sources.snapshot import Snapshot

BUDGET = """\
lines:
  - {id: B01, title: Work, category: staff, work_package: WP1, years: {2026: 1000}}
  - {id: B02, title: More, category: staff, work_package: WP2, years: {2026: 500}}
contingency: 100
"""
PACKAGES = "{id: WP1, title: One, owner: ann.owner}, {id: WP2, title: Two, owner: ann.owner}"
PLAN = schedule(task("T1", 5) + task("T2", 5, "WP2"), packages=PACKAGES)
JULY = "status_date: 2026-07-31\ntasks: {T1: 40, T2: 10}\ncosts:\n  B01: {actual: 300}\n  B02: {actual: 20}\n"
AUGUST = "status_date: 2026-08-31\ntasks: {T1: 50}\ncosts:\n  B01: {actual: 400}\n"


def compute(day: str = "2026-08-31", **files: str) -> dict[str, Computed]:
    named = {f"p/{name.replace('__', '/').replace('_', '-')}.yaml": text for name, text in files.items()}
    snapshot = Snapshot.of({**FILES, **named}, TIME)
    settings, _ = load_settings(snapshot)
    assert settings is not None
    loaded = load_project(snapshot, settings, "p")
    assert loaded.project is not None
    on = date.fromisoformat(day)
    computed = compute_all(
        Figures(loaded.project, on, settings.scales), Origins(loaded.project, loaded.where, on), FIGURES
    )
    return {one.name: one for one in computed}


def lines(one: Computed) -> list[str]:
    return [f"{place.file}:{place.line}" for place in one.places]


@pytest.fixture(scope="module")
def figures() -> dict[str, Computed]:
    return compute(budget=BUDGET, schedule=PLAN, progress__2026_07=JULY, progress__2026_08=AUGUST)


def test_every_figure_has_a_formula_and_groups_of_origins_that_exist() -> None:
    for entry in FIGURES:
        assert entry.formula, entry.name
        assert entry.origins, entry.name
        assert set(entry.origins) <= GROUPS.keys(), entry.name


def test_no_name_is_given_twice() -> None:
    names = [(type(entry).__name__, entry.name) for entry in FIGURES]
    assert len(names) == len(set(names))


def test_value_carried_over_is_named_in_the_file_of_its_period(figures: dict[str, Computed]) -> None:
    assert figures["ac"].value == 420
    assert lines(figures["ac"]) == ["p/progress/2026-07.yaml:5", "p/progress/2026-08.yaml:4"]


def test_figure_of_an_earlier_day_knows_nothing_of_later_files() -> None:
    earlier = compute("2026-07-31", budget=BUDGET, schedule=PLAN, progress__2026_07=JULY, progress__2026_08=AUGUST)
    assert earlier["ac"].value == 320
    assert {line.partition(":")[0] for line in lines(earlier["ac"])} == {"p/progress/2026-07.yaml"}


def test_figure_of_a_package_comes_from_its_own_lines(figures: dict[str, Computed]) -> None:
    assert figures["ac[WP2]"].value == 20
    assert lines(figures["ac[WP2]"]) == ["p/progress/2026-07.yaml:5"]
    assert lines(figures["bac[WP1]"]) == ["p/budget.yaml:2"]


def test_sum_of_the_packages_is_the_project(figures: dict[str, Computed]) -> None:
    for name in ("bac", "pv", "ev", "ac"):
        parts = [one.value for key, one in figures.items() if key.startswith(f"{name}[")]
        assert sum(parts) == figures[name].value  # type: ignore[arg-type]


def test_figures_without_progress_say_why_they_are_missing() -> None:
    figures = compute(budget=BUDGET, schedule=PLAN)
    assert (figures["cpi"].value, figures["cpi"].reason) == (None, "not yet: no progress is reported")
    assert figures["npv"].reason == "not yet: there is no business case, or no option is chosen"
    assert figures["p80"].reason == "not yet: no task that is left has a three-point estimate"


def test_project_without_budget_and_schedule_computes_without_a_fault() -> None:
    figures = compute()
    assert all((one.value is None) == bool(one.reason) for one in figures.values())
    assert figures["cpi"].reason == "not yet: there is no budget"
