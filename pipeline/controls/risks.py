"""Take the risks of a project and a day; judge them as they stood; give rows with level, trend and exposure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from pipeline.controls.lights import Light, judge
from pipeline.model.base import natural
from pipeline.model.registers.risks import Risk
from pipeline.model.settings import Scales

# Open high threats up to which the light is green, and amber.
HIGH_AMBER, HIGH_RED = 0, 2


@dataclass(frozen=True, slots=True)
class RiskRow:
    """An open risk as it stood on one day; `before` is its level at the end of the period before, 0 if it is new."""

    risk: Risk
    likelihood: int
    impact: int
    level: int
    band: str
    before: int

    @property
    def expected(self) -> Decimal | None:
        """Return probability × exposure in money (expected monetary value); None where either is not stated."""
        if self.risk.probability is None or self.risk.exposure is None:
            return None
        return self.risk.exposure * self.risk.probability / 100


@dataclass(frozen=True, slots=True)
class RiskView:
    """The open risks of a project on one day, gravest first."""

    open: tuple[RiskRow, ...]
    exposure: Decimal
    light: Light

    @property
    def high(self) -> tuple[RiskRow, ...]:
        """Return the open threats in the highest band."""
        return tuple(row for row in self.open if row.band == "high" and row.risk.kind == "threat")


def compute_risks(risks: tuple[Risk, ...], day: date, before: date | None, scales: Scales) -> RiskView:
    """Return the open risks on a day; `before` is the last day of the period before, for the trend."""
    rows = tuple(_row(risk, day, before, scales) for risk in risks if risk.open_on(day) and risk.level_on(day))
    ranked = tuple(sorted(rows, key=lambda row: (-row.level, -row.impact, natural(row.risk.id))))
    exposure = sum((row.expected or Decimal(0) for row in ranked if row.risk.kind == "threat"), Decimal(0))
    high = sum(row.band == "high" and row.risk.kind == "threat" for row in ranked)
    return RiskView(ranked, exposure, judge(high, HIGH_AMBER, HIGH_RED))


def _row(risk: Risk, day: date, before: date | None, scales: Scales) -> RiskRow:
    assessment = risk.assessment_on(day)
    assert assessment is not None  # level_on is above 0
    earlier = risk.level_on(before) if before and risk.raised <= before else 0
    level = assessment.level
    return RiskRow(risk, assessment.likelihood, assessment.impact, level, scales.level_name(level), earlier)
