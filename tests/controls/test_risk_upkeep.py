"""Take published risk matrices and small registers; judge them; check responses, exposure, appetite and lights."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import date
from decimal import Decimal

from controls_work import figures_on, load

from pipeline.controls.figures import Figures
from pipeline.controls.risks import expected_value
from pipeline.model.settings import Levels, Scales

# PM² risk plan, sections 6 and 7: green up to 2, yellow 3 to 16, red from 20 (no product lies between 16 and 20).
PM2 = Scales(levels=Levels(low=(1, 2), medium=(3, 19), high=(20, 25)))
CELLS = tuple((likelihood, impact) for likelihood in range(1, 6) for impact in range(1, 6))


def test_pm2_matrix_has_3_green_19_yellow_and_3_red_cells() -> None:
    counted = Counter(PM2.level_name(likelihood * impact) for likelihood, impact in CELLS)
    assert counted == {"low": 3, "medium": 19, "high": 3}


def test_exposure_of_boehm() -> None:
    # 20 % of 1,000,000 falls to 10 %.
    before, after = (expected_value(Decimal(percent), Decimal(1_000_000)) for percent in (20, 10))
    assert (before, after) == (200_000, 100_000)


def test_contingency_is_threats_less_opportunities_of_the_open_risks() -> None:
    text = "risks:\n" + "".join(
        (
            risk("R-1", "probability: 20, exposure: 10000"),
            risk("R-2", "probability: 50, exposure: 3000.50"),
            risk("R-3", "kind: opportunity, probability: 25, exposure: 4000"),
            risk("R-4", "probability: 90, exposure: 99999, closed: 2026-07-01", status="closed"),
            risk("R-5", ""),
        )
    )
    view = figures_on(load(registers__risks=text), "2026-08-31").risks
    # 2,000 + 1,500.25 − 1,000; the closed one counts nothing, and one open threat has no price.
    assert (view.exposure, view.chances, view.contingency, view.unvalued) == (
        Decimal("3500.25"), Decimal(1000), Decimal("2500.25"), 1,
    )  # fmt: skip


def test_chances_above_the_threats_call_for_no_contingency() -> None:
    text = "risks:\n" + risk("R-1", "kind: opportunity, probability: 25, exposure: 4000")
    assert figures_on(load(registers__risks=text), "2026-08-31").risks.contingency == 0


def test_risk_above_the_appetite_unreviewed_and_without_an_active_owner_is_named() -> None:
    text = "risks:\n" + risk("R-1", "") + risk("R-2", "", reviewed="2026-08-01", owner="max.manager")
    project = load(registers__risks=text)
    gone = project.people["ann.owner"].model_copy(update={"active_to": project.info.start})
    project = replace(project, people={**project.people, "ann.owner": gone})
    view = Figures(project, date(2026, 8, 31), Scales(appetite=8, review_days=60)).risks
    assert {row.risk.id for row in view.above} == {"R-1", "R-2"}
    assert {row.risk.id for row in view.stale} == {"R-1"}
    assert {row.risk.id for row in view.ownerless} == {"R-1"}


def test_rows_carry_the_inherent_and_the_residual_level() -> None:
    more = "residual: {likelihood: 1, impact: 2}"
    (row,) = figures_on(load(registers__risks="risks:\n" + risk("R-1", more)), "2026-08-31").risks.open
    assert (row.inherent_level, row.level, row.residual_level) == (9, 9, 2)


def test_light_stated_by_hand_is_shown_and_the_computed_one_is_kept() -> None:
    stated = "lights: {schedule: {light: at_risk, reason: Strike ahead, author: ann.owner, expires: 2026-09-15}}\n"
    figures = figures_on(load(progress__2026_08="status_date: 2026-08-31\n" + stated), "2026-08-31")
    lamp = figures.lamps["schedule"]
    assert (lamp.computed, lamp.shown) == ("on_track", "at_risk")
    assert lamp.override is not None and lamp.override.reason == "Strike ahead"
    # The project's own light follows what is shown, unless it is stated itself.
    assert figures.overall == "at_risk"


def test_light_stated_for_one_period_is_not_carried_over() -> None:
    stated = "lights: {overall: {light: off_track, reason: Strike, author: ann.owner, expires: 2026-12-31}}\n"
    project = load(
        progress__2026_08="status_date: 2026-08-31\n" + stated, progress__2026_09="status_date: 2026-09-30\n"
    )
    assert figures_on(project, "2026-08-31").overall == "off_track"
    assert figures_on(project, "2026-09-30").overall == "on_track"


def test_tolerances_of_the_project_move_the_lights() -> None:
    text = "risks:\n" + "".join(risk(f"R-{n}", "", likelihood=5, impact=5) for n in (1, 2, 3))
    project = load(registers__risks=text)
    assert figures_on(project, "2026-08-31").risks.light == "off_track"
    info = project.info.model_copy(update={"tolerances": project.info.tolerances.model_copy(update={"high_risks": 3})})
    assert figures_on(replace(project, info=info), "2026-08-31").risks.light == "at_risk"


def risk(
    id: str, more: str, *, status: str = "approved", reviewed: str = "2026-06-01", owner: str = "ann.owner",
    likelihood: int = 3, impact: int = 3,
) -> str:  # fmt: skip
    return (
        f"  - {{id: {id}, title: R, category: c, cause: c, event: e, effect: f, status: {status}, raised: 2026-02-01, "
        f"raised_by: ann.owner, owner: {owner}, strategy: reduce, response: r, reviewed: {reviewed}, "
        f"assessments: [{{date: 2026-02-01, likelihood: {likelihood}, impact: {impact}}}]"
        f"{', ' + more if more else ''}}}\n"
    )
