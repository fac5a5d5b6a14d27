"""Take the risks of a project and a day; judge them as they stood; give rows with level, trend and exposure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from pipeline.controls.measure import Light, judge
from pipeline.model.base import natural
from pipeline.model.info import Tolerances
from pipeline.model.people import Person
from pipeline.model.project import Project
from pipeline.model.registers.risks import Risk
from pipeline.model.settings import Scales

ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class RiskRow:
    """An open risk as it stood on one day; `before` is its level at the end of the period before, 0 if it is new.

    `inherent_level` is that of its first assessment, `residual_level` that expected after the response, 0 where none is
    stated. `stale` says that its last review is too long ago, `ownerless` that nobody active looks after it, `above`
    that its level is above the appetite.
    """

    risk: Risk
    likelihood: int
    impact: int
    level: int
    band: str
    before: int
    inherent_level: int = 0
    residual_level: int = 0
    above: bool = False
    stale: bool = False
    ownerless: bool = False

    @property
    def expected(self) -> Decimal | None:
        """Return probability × exposure in money (expected monetary value); None where either is not stated."""
        if self.risk.probability is None or self.risk.exposure is None:
            return None
        return expected_value(self.risk.probability, self.risk.exposure)


@dataclass(frozen=True, slots=True)
class RiskView:
    """The open risks of a project on one day, gravest first.

    `exposure` is the expected monetary value of all threats, `chances` that of all opportunities, in the project's
    currency; `unvalued` counts the open threats that state no probability or no sum.
    """

    open: tuple[RiskRow, ...]
    exposure: Decimal
    light: Light
    chances: Decimal = ZERO
    unvalued: int = 0

    @property
    def contingency(self) -> Decimal:
        """Return the contingency that the open risks call for: Σ P × exposure of threats less that of opportunities."""
        return max(self.exposure - self.chances, ZERO)

    @property
    def high(self) -> tuple[RiskRow, ...]:
        """Return the open threats in the highest band."""
        return tuple(row for row in self.open if row.band == "high" and row.risk.kind == "threat")

    @property
    def stale(self) -> tuple[RiskRow, ...]:
        """Return the open risks whose last review is too long ago."""
        return tuple(row for row in self.open if row.stale)

    @property
    def ownerless(self) -> tuple[RiskRow, ...]:
        """Return the open risks that nobody active looks after."""
        return tuple(row for row in self.open if row.ownerless)

    @property
    def above(self) -> tuple[RiskRow, ...]:
        """Return the open threats above the appetite."""
        return tuple(row for row in self.open if row.above)


def expected_value(probability: Decimal, sum_at_stake: Decimal) -> Decimal:
    """Return the expected monetary value P × I: `probability` in percent, the sum in money (risk exposure, Boehm)."""
    return sum_at_stake * probability / 100


def compute_risks(project: Project, day: date, before: date | None, scales: Scales) -> RiskView:
    """Return the open risks on a day; `before` is the last day of the period before, for the trend."""
    judged = (risk for risk in project.risks if risk.open_on(day) and risk.level_on(day))
    rows = tuple(_row(risk, project, day, before, scales) for risk in judged)
    ranked = tuple(sorted(rows, key=lambda row: (-row.level, -row.impact, natural(row.risk.id))))
    threats = tuple(row for row in ranked if row.risk.kind == "threat")
    chances = _sum(row for row in ranked if row.risk.kind == "opportunity")
    high = sum(row.band == "high" for row in threats)
    light = judge_high(high, project.info.tolerances)
    return RiskView(ranked, _sum(threats), light, chances, sum(row.expected is None for row in threats))


def judge_high(high: int, tolerances: Tolerances) -> Light:
    """Return the light of the number of open high threats: green without one, amber up to the tolerance."""
    return judge(high, 0, tolerances.high_risks)


def _sum(rows: Iterable[RiskRow]) -> Decimal:
    return sum((row.expected or ZERO for row in rows), ZERO)


def _row(risk: Risk, project: Project, day: date, before: date | None, scales: Scales) -> RiskRow:
    assessment = risk.assessment_on(day)
    assert assessment is not None  # level_on is above 0
    level = assessment.level
    return RiskRow(
        risk=risk,
        likelihood=assessment.likelihood,
        impact=assessment.impact,
        level=level,
        band=scales.level_name(level),
        before=risk.level_on(before) if before and risk.raised <= before else 0,
        inherent_level=min(risk.assessments, key=lambda one: one.date).level,
        residual_level=risk.residual.level if risk.residual else 0,
        above=bool(scales.appetite) and risk.kind == "threat" and level > (scales.appetite or 0),
        # A later review proves that it was looked after; it says nothing of the day before.
        stale=risk.reviewed <= day and (day - risk.reviewed).days > scales.review_days,
        ownerless=not _is_active(project.people.get(risk.owner), day),
    )


def _is_active(person: Person | None, day: date) -> bool:
    return person is not None and person.active_on(day)
