"""Take planned, earned and actual values; work out indices and forecasts; check published answers and identities."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from earned_work import near
from hypothesis import assume, given
from hypothesis import strategies as st

from pipeline.controls.earned_value import EarnedValue
from pipeline.controls.measure import (
    ALL_EARNED,
    BUDGET_SPENT,
    NO_BUDGET,
    NOTHING_BOOKED,
    NOTHING_EARNED,
    NOTHING_PLANNED,
    Number,
    measure,
)

NAMES = (
    "cv", "sv", "cv_percent", "sv_percent", "cpi", "spi", "eac", "eac_2", "eac_3", "etc", "vac", "tcpi", "tcpi_eac",
    "complete", "spent",
)  # fmt: skip

# A fence, four sides of 1,000 each (PMP exam preparation). By hand: 4000 ÷ (2500 ÷ 2800) = 4480, and
# 2800 + 1500 ÷ (0.892857 × 0.833333) = 2800 + 2016 = 4816. The source prints 4479, since it divides by 0.893.
FENCE = {
    "cv": "-300", "sv": "-500", "cv_percent": "-12.0", "sv_percent": "-16.7", "cpi": "0.893", "spi": "0.833",
    "eac": "4480.00", "eac_2": "4300", "eac_3": "4816.00", "etc": "1680.00", "vac": "-480.00", "tcpi": "1.25",
    "tcpi_eac": "0.893", "complete": "62.5", "spent": "70.0",
}  # fmt: skip
# Eight hours planned, eleven spent, one to go, 100 an hour: 11 of 12 hours are done, so EV = 800 × 11 ÷ 12 = 733.33.
# The source rounds midway and prints 734, −366, 0.91, 0.66.
OVERTIME = {"ev": "733.33", "cv": "-366.67", "spi": "0.917", "cpi": "0.667", "eac": "1200.00"}
# A course's status report after 12 of 22 weeks, in hundreds: BAC 248, EV 148, AC 210, PV 158. Published: SPI 0.94,
# CPI 0.7047 (0.70476, cut), 60 % complete, EAC 352, VAC −104. By hand: 248 × 210 ÷ 148 = 351.89.
COURSE = {
    "sv": "-10", "cv": "-62", "spi": "0.94", "cpi": "0.7048", "complete": "60", "eac": "352", "vac": "-104",
    "etc": "142",
}  # fmt: skip
# Half a year of a project of 100,000 (an exercise without answers): 55,000 planned, 50,000 earned, 45,000 spent.
# Ours by hand: 50 ÷ 55 = 0.909, 50 ÷ 45 = 1.111, 100,000 ÷ 1.1111 = 90,000.
HALFWAY = {"spi": "0.909", "cpi": "1.111", "sv": "-5000", "cv": "5000", "eac": "90000.00", "vac": "10000.00"}


def earned_value(bac: Number, pv: Number, ev: Number, ac: Number) -> EarnedValue:
    """Return the earned value of four known amounts of money."""
    return EarnedValue(*(measure(amount, "money") for amount in (bac, pv, ev, ac)))


EXAMPLES = {
    "fence": (earned_value(4000, 3000, 2500, 2800), FENCE),
    "overtime": (earned_value(800, 800, Fraction(800 * 11, 12), 1100), OVERTIME),
    "course": (earned_value(248, 158, 148, 210), COURSE),
    "halfway": (earned_value(100_000, 55_000, 50_000, 45_000), HALFWAY),
}


@pytest.mark.parametrize("name", EXAMPLES)
def test_answers_of_worked_examples_are_met_to_their_last_digit(name: str) -> None:
    value, wanted = EXAMPLES[name]
    assert {name: near(getattr(value, name), digits) for name, digits in wanted.items()} == dict.fromkeys(wanted, True)


def test_nothing_is_rounded_midway() -> None:
    value = earned_value(800, 800, Fraction(800 * 11, 12), 1100)
    assert value.cpi.exact == Fraction(2, 3)
    assert value.eac.exact == 1200, "800 ÷ 0.67 would be 1194.03"


def reasons(value: EarnedValue) -> dict[str, str]:
    return {name: getattr(value, name).reason for name in NAMES if getattr(value, name).exact is None}


def test_before_the_first_cost_the_trend_is_not_known() -> None:
    names = ("cpi", "eac", "eac_3", "etc", "vac", "tcpi_eac")
    assert reasons(earned_value(100, 10, 5, 0)) == dict.fromkeys(names, NOTHING_BOOKED)


def test_before_anything_is_earned_no_forecast_is_made_of_it() -> None:
    found = reasons(earned_value(100, 10, 0, 5))
    assert found == dict.fromkeys(("cv_percent", "eac", "eac_3", "etc", "vac", "tcpi_eac"), NOTHING_EARNED)


def test_before_anything_was_due_there_is_no_index_of_schedule() -> None:
    found = reasons(earned_value(100, 0, 5, 5))
    assert found == dict.fromkeys(("sv_percent", "spi", "eac_3"), NOTHING_PLANNED)


def test_nothing_brings_a_spent_budget_back() -> None:
    spent, over = earned_value(100, 90, 80, 100), earned_value(100, 90, 80, 101)
    assert spent.tcpi.reason == over.tcpi.reason == BUDGET_SPENT
    assert near(over.tcpi_eac, "0.792")


def test_finished_work_needs_no_efficiency() -> None:
    over, under = earned_value(100, 100, 100, 120), earned_value(100, 100, 100, 90)
    assert over.tcpi.reason == over.tcpi_eac.reason == under.tcpi_eac.reason == ALL_EARNED
    assert (over.eac.value, over.etc.value, over.vac.value, under.tcpi.value) == (120, 0, -20, 0)


def test_without_a_budget_there_is_no_share_of_it() -> None:
    found = reasons(earned_value(0, 0, 0, 0))
    assert (found["complete"], found["spent"]) == (NO_BUDGET, NO_BUDGET)


BAC = st.decimals(1, 10**9, places=2)
SHARE = st.fractions(0, 1, max_denominator=1000)


@given(BAC, SHARE, SHARE, st.fractions(0, 2, max_denominator=1000))
def test_forecasts_add_up_exactly(bac: Decimal, planned: Fraction, earned: Fraction, spent: Fraction) -> None:
    assume(earned > 0 and spent > 0)
    whole = Fraction(bac)
    value = earned_value(whole, whole * planned, whole * earned, whole * spent)
    assert value.eac == value.ac + value.etc
    assert value.vac == value.bac - value.eac
    assert value.eac.exact == whole / (earned / spent), "BAC ÷ CPI is the same"
    assert value.eac_2.exact == whole - (value.cv.exact or 0)
    assert value.tcpi_eac == value.cpi or value.tcpi_eac.reason == ALL_EARNED
    if value.spi.exact == 1:
        assert value.eac_3 == value.eac


@given(BAC, SHARE, SHARE, SHARE)
def test_every_figure_is_a_number_or_has_a_reason(bac: Decimal, pv: Fraction, ev: Fraction, ac: Fraction) -> None:
    value = earned_value(bac, Fraction(bac) * pv, Fraction(bac) * ev, Fraction(bac) * ac)
    for name in NAMES:
        found = getattr(value, name)
        assert (found.exact is None) == (found.value is None) == bool(found.reason)
