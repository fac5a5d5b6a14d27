"""Take planned, earned and actual cost; work out variances, indices and forecasts; give earned value figures.

Terms are those of ANSI/EIA-748: PV is BCWS, EV is BCWP, AC is ACWP. Formulas follow the DAU Gold Card and the PMI
Practice Standard for Earned Value Management.
"""

from __future__ import annotations

from dataclasses import dataclass

from pipeline.controls.measure import (
    ALL_EARNED,
    BUDGET_SPENT,
    NO_BUDGET,
    NOTHING_BOOKED,
    NOTHING_EARNED,
    NOTHING_PLANNED,
    Measure,
    undefined,
)


@dataclass(frozen=True, slots=True)
class EarnedValue:
    """The earned value of a project or a part of it on one day, in money; what cannot be told says why.

    `bac` is the budget at completion without contingency and management reserve, `pv` what of it was to be done by the
    day, `ev` what is done, `ac` what was spent.
    """

    bac: Measure
    pv: Measure
    ev: Measure
    ac: Measure

    @property
    def cv(self) -> Measure:
        """Return the cost variance in money: EV − AC; negative is overspent."""
        return self.ev - self.ac

    @property
    def sv(self) -> Measure:
        """Return the schedule variance in money: EV − PV; negative is late."""
        return self.ev - self.pv

    @property
    def cv_percent(self) -> Measure:
        """Return the cost variance in percent of what is earned: CV ÷ EV."""
        return self.cv.over(self.ev, NOTHING_EARNED, "percent")

    @property
    def sv_percent(self) -> Measure:
        """Return the schedule variance in percent of what was planned: SV ÷ PV."""
        return self.sv.over(self.pv, NOTHING_PLANNED, "percent")

    @property
    def cpi(self) -> Measure:
        """Return the cost performance index: EV ÷ AC; below 1 a unit of money buys less than planned."""
        return self.ev.over(self.ac, NOTHING_BOOKED)

    @property
    def spi(self) -> Measure:
        """Return the schedule performance index: EV ÷ PV; it comes back to 1 at the end even of a late project."""
        return self.ev.over(self.pv, NOTHING_PLANNED)

    @property
    def eac(self) -> Measure:
        """Return the estimate at completion if cost goes on as so far: AC + (BAC − EV) ÷ CPI, that is BAC ÷ CPI."""
        return self.ac + self._to_earn.over(self.cpi, NOTHING_EARNED, "money")

    @property
    def eac_2(self) -> Measure:
        """Return the estimate at completion if all further work costs what was planned: AC + (BAC − EV)."""
        return self.ac + self._to_earn

    @property
    def eac_3(self) -> Measure:
        """Return the estimate at completion if lateness costs too: AC + (BAC − EV) ÷ (CPI × SPI)."""
        return self.ac + self._to_earn.over(self.cpi * self.spi, NOTHING_EARNED, "money")

    @property
    def etc(self) -> Measure:
        """Return the estimate to complete: EAC − AC."""
        return self.eac - self.ac

    @property
    def vac(self) -> Measure:
        """Return the variance at completion: BAC − EAC; negative is an overrun."""
        return self.bac - self.eac

    @property
    def tcpi(self) -> Measure:
        """Return the efficiency that would keep to the budget: (BAC − EV) ÷ (BAC − AC); none once it is spent."""
        return self._needed(self.bac - self.ac)

    @property
    def tcpi_eac(self) -> Measure:
        """Return the efficiency that the estimate at completion asks for: (BAC − EV) ÷ (EAC − AC)."""
        return self._needed(self.etc)

    @property
    def complete(self) -> Measure:
        """Return how much of the budget is earned, in percent: EV ÷ BAC."""
        return self.ev.over(self.bac, NO_BUDGET, "percent")

    @property
    def spent(self) -> Measure:
        """Return how much of the budget is spent, in percent: AC ÷ BAC."""
        return self.ac.over(self.bac, NO_BUDGET, "percent")

    @property
    def _to_earn(self) -> Measure:
        return self.bac - self.ev

    def _needed(self, money: Measure) -> Measure:
        needed = self._to_earn.over(money, BUDGET_SPENT)
        if self._to_earn.exact is None or money.exact is None or money.exact > 0:
            return needed
        return undefined("ratio", BUDGET_SPENT if self._to_earn.exact else ALL_EARNED)
