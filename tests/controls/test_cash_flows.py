"""Take amounts whose figures are published or plain to see; work them out; check values, reasons and what must hold."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from pipeline.controls import cash_flows
from pipeline.controls.cash_flows import (
    compute_bcr,
    compute_discounted_payback,
    compute_mirr,
    compute_npv,
    compute_payback,
    compute_roi,
)
from pipeline.controls.measure import undefined

Flows = tuple[Decimal, ...]
money = st.integers(-10_000_000, 10_000_000).map(lambda cents: Decimal(cents) / 100)
gains = st.integers(0, 10_000_000).map(lambda cents: Decimal(cents) / 100)
rates = st.integers(-5000, 30_000).map(lambda hundredths: Decimal(hundredths) / 100)
series = st.lists(money, min_size=2, max_size=12).map(tuple)


def flows(*amounts: float) -> Flows:
    return tuple(Decimal(str(amount)) for amount in amounts)


def shown(value: Decimal | None, decimals: int = 2) -> str:
    return "none" if value is None else f"{value:.{decimals}f}"


# The first amount is of now. Sources: numpy-financial's documentation and tests; Microsoft's page on NPV and MIRR.


def test_net_present_value_of_published_examples() -> None:
    assert shown(compute_npv(Decimal(8), flows(-40000, 5000, 8000, 12000, 30000))) == "3065.22"
    assert shown(compute_npv(Decimal(5), flows(-15000, 1500, 2500, 3500, 4500, 6000))) == "122.89"
    assert shown(compute_npv(Decimal(10), flows(-10000, 3000, 4200, 6800))) == "1307.29"
    assert shown(compute_npv(Decimal(8), flows(-40000, 8000, 9200, 10000, 12000, 14500))) == "1922.06"


def test_spreadsheets_discount_the_first_amount_and_ours_does_not() -> None:
    ours, later = flows(-10000, 3000, 4200, 6800), flows(0, -10000, 3000, 4200, 6800)
    assert shown(compute_npv(Decimal(10), later)) == "1188.44"
    assert compute_npv(Decimal(10), later) * Decimal("1.1") == pytest.approx(compute_npv(Decimal(10), ours))
    assert shown(compute_npv(Decimal(5), flows(0, -15000, 1500, 2500, 3500, 4500, 6000))) == "117.04"


@pytest.mark.parametrize(
    ("amounts", "finance", "reinvestment", "answer"),
    [
        (flows(-120000, 39000, 30000, 21000, 37000, 46000), 10, 12, "12.61"),
        (flows(-120000, 39000, 30000, 21000), 10, 12, "-4.80"),
        (flows(-120000, 39000, 30000, 21000, 37000, 46000), 10, 14, "13.48"),
        (flows(100, 200, -50, 300, -200), 5, 6, "34.28"),
        (flows(-4500, -800, 800, 800, 600, 600, 800, 800, 700, 3000), 8, 5.5, "6.66"),
    ],
)
def test_modified_internal_rate_of_published_examples(
    amounts: Flows, finance: float, reinvestment: float, answer: str
) -> None:
    assert shown(compute_mirr(amounts, Decimal(finance), Decimal(str(reinvestment))).value) == answer


@pytest.mark.parametrize(
    ("amounts", "years"),
    [
        (flows(-30000, 11000, 14000, 10000, 7000, 12000), "2.50"),
        (flows(-200000, 80000, 120000, 80000), "2.00"),
        (flows(-1000, 400, 400, 400), "2.50"),
        (flows(-100, 0, 0, 0, 400), "3.25"),
        (flows(50, -100, 100), "1.50"),
        # Recovered once, then spent again: only the last recovery is one for good.
        (flows(-100, 120, -50, 60), "2.50"),
    ],
)
def test_payback_is_interpolated_between_years(amounts: Flows, years: str) -> None:
    assert shown(compute_payback(amounts).value) == years


def test_discounted_payback_is_that_of_the_present_values() -> None:
    amounts = flows(-10000, 3000, 4200, 6800)
    # By hand: −10000, −7272.73, −3801.65, +1307.29: two years and 3801.65 of the 5108.94 of the third.
    assert shown(compute_discounted_payback(Decimal(10), amounts).value, 3) == "2.744"
    assert shown(compute_payback(amounts).value, 3) == "2.412"
    assert compute_discounted_payback(Decimal(30), amounts).reason == cash_flows.NOT_RECOVERED


def test_benefit_cost_ratio_and_return_on_investment() -> None:
    costs, benefits = flows(30000, 0, 0, 0, 0, 0), flows(0, 11000, 14000, 10000, 7000, 12000)
    assert shown(compute_bcr(Decimal(12), costs, benefits).value) == "1.31"
    assert shown(compute_roi(costs, benefits).value) == "80.00"


def test_what_is_not_defined_is_nothing_with_its_reason() -> None:
    rate, none, spent, gained = Decimal(4), flows(0, 0), flows(-5, -5), flows(5, 5)
    assert compute_payback(none) == undefined("years", cash_flows.NO_FLOWS)
    assert compute_payback(spent) == undefined("years", cash_flows.NOT_RECOVERED)
    assert compute_payback(gained) == undefined("years", cash_flows.NOT_OWED)
    assert compute_payback(flows(-100, 120, -50, 10)) == undefined("years", cash_flows.NOT_RECOVERED)
    assert compute_mirr(none, rate, rate) == undefined("percent", cash_flows.NO_FLOWS)
    assert compute_mirr(spent, rate, rate) == undefined("percent", cash_flows.NO_RETURN)
    assert compute_mirr(gained, rate, rate) == undefined("percent", cash_flows.NO_OUTLAY)
    assert compute_bcr(rate, none, gained) == undefined("ratio", cash_flows.NO_COSTS)
    assert compute_roi(none, gained) == undefined("percent", cash_flows.NO_COSTS)


@pytest.mark.parametrize("rate", [-100, -150])
def test_rate_at_which_money_vanishes_is_refused(rate: int) -> None:
    with pytest.raises(ValueError, match="above −100 percent"):
        compute_npv(Decimal(rate), flows(1, 2))


@settings(deadline=None)
@given(series, series, rates, st.integers(-50, 50).map(Decimal))
def test_net_present_value_is_linear_in_the_flows(one: Flows, other: Flows, rate: Decimal, factor: Decimal) -> None:
    size = min(len(one), len(other))
    one, other = one[:size], other[:size]
    mixed = tuple(mine + factor * theirs for mine, theirs in zip(one, other, strict=True))
    expected = compute_npv(rate, one) + factor * compute_npv(rate, other)
    assert abs(compute_npv(rate, mixed) - expected) < Decimal("0.000001")


@settings(deadline=None)
@given(st.lists(st.tuples(gains, gains), min_size=1, max_size=12), rates)
def test_ratio_is_above_one_where_the_net_present_value_is_above_zero(
    pairs: list[tuple[Decimal, Decimal]], rate: Decimal
) -> None:
    costs, benefits = zip(*pairs, strict=True)
    assume(any(costs))
    value = compute_npv(rate, benefits) - compute_npv(rate, costs)
    assume(abs(value) > Decimal("1e-15"))
    ratio = compute_bcr(rate, costs, benefits).value
    assert ratio is not None
    assert (ratio > 1) == (value > 0)


@settings(deadline=None)
@given(series)
def test_payback_without_discounting_is_the_discounted_one_at_rate_zero(amounts: Flows) -> None:
    assert compute_discounted_payback(Decimal(0), amounts) == compute_payback(amounts)


@settings(deadline=None)
@given(series)
def test_outlay_is_paid_back_within_the_horizon_or_never(amounts: Flows) -> None:
    years = compute_payback(amounts).value
    assert (years is not None) == (sum(amounts) >= 0 and any(sum(amounts[: at + 1]) < 0 for at in range(len(amounts))))
    assert years is None or 0 < years <= len(amounts) - 1
