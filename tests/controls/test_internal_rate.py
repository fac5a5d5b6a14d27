"""Take amounts with one, several or no internal rate of return; find the rates; check them against answers and NPV."""

from __future__ import annotations

from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from test_cash_flows import Flows, flows, series

from pipeline.controls import cash_flows
from pipeline.controls.cash_flows import compute_irr, compute_npv, compute_profile
from pipeline.controls.measure import measure, undefined


def rates_of(amounts: Flows, decimals: int = 3) -> list[str]:
    return [f"{rate:.{decimals}f}" for rate in compute_irr(amounts).rates]


# Sources: documentation and tests of numpy-financial; the last four by hand.
@pytest.mark.parametrize(
    ("amounts", "rates"),
    [
        (flows(-100, 39, 59, 55, 20), ["28.095"]),
        (flows(-100, 0, 0, 74), ["-9.550"]),
        (flows(-250000, 100000, 150000, 200000, 250000, 300000), ["56.723"]),
        (flows(-150000, 15000, 25000, 35000, 45000, 60000), ["5.243"]),
        (flows(-100, 100, 0, -7), ["-67.889", "-8.330"]),
        (flows(-5, 10.5, 1, -8, 1), ["-87.020", "8.860", "70.956"]),
        (flows(0, -100, 0, 121, 0), ["10.000"]),
        # A double root, which touches zero and does not cross it, and a threefold one.
        (flows(-100, 220, -121), ["10.000"]),
        (flows(-1000, 3000, -3000, 1000), ["0.000"]),
        (flows(-0.01, 160), ["1599900.000"]),
    ],
)
def test_every_rate_of_return_is_found(amounts: Flows, rates: list[str]) -> None:
    assert rates_of(amounts) == rates


def test_one_rate_is_the_rate_of_return_and_several_are_told_apart() -> None:
    one, several = compute_irr(flows(-100, 110)), compute_irr(flows(-100, 100, 0, -7))
    assert one.rate == measure(10, "percent")
    assert several.rate == undefined("percent", cash_flows.SEVERAL)


@pytest.mark.parametrize(
    ("amounts", "reason"),
    [
        (flows(100, 39, 59), cash_flows.NO_OUTLAY),
        (flows(-100, -39, 0), cash_flows.NO_RETURN),
        (flows(0, 0), cash_flows.NO_FLOWS),
        ((), cash_flows.NO_FLOWS),
        (flows(-100, 240, -160), cash_flows.NO_ROOT),
    ],
)
def test_flows_without_a_rate_of_return_say_why(amounts: Flows, reason: str) -> None:
    found = compute_irr(amounts)
    assert (found.rates, found.rate) == ((), undefined("percent", reason))


def test_fifty_years_have_one_rate() -> None:
    assert rates_of(flows(-1000, *[100] * 50)) == ["9.911"]


@settings(deadline=None)
@given(series)
def test_net_present_value_at_a_rate_of_return_is_zero(amounts: Flows) -> None:
    for rate in compute_irr(amounts).rates:
        growth = 1 + rate / 100
        size = sum(abs(amount) / growth**time for time, amount in enumerate(amounts))
        assert abs(compute_npv(rate, amounts)) <= size * Decimal("1e-15")


@settings(deadline=None)
@given(st.lists(st.integers(1, 10**6), min_size=1, max_size=5), st.lists(st.integers(0, 10**6), min_size=1, max_size=9))
def test_investment_first_and_returns_later_have_one_rate_at_most(spent: list[int], gained: list[int]) -> None:
    found = compute_irr(flows(*(-amount for amount in spent), *gained))
    assert (len(found.rates), found.reason) == ((1, "") if any(gained) else (0, cash_flows.NO_RETURN))


@settings(deadline=None)
@given(series)
def test_rates_are_at_most_as_many_as_the_sign_changes_and_one_at_least_where_those_are_odd(amounts: Flows) -> None:
    signs = [amount > 0 for amount in amounts if amount]
    changes = sum(one != other for one, other in pairwise(signs))
    rates = compute_irr(amounts).rates
    assert list(rates) == sorted(set(rates))
    assert changes % 2 <= len(rates) <= changes


@pytest.mark.parametrize(
    "amounts",
    [flows(-100, 100, 0, -7), flows(-5, 10.5, 1, -8, 1), flows(-100, 39, 59, 55, 20), flows(-0.01, 160), flows(1, 2)],
)
def test_profile_reaches_beyond_every_rate_and_changes_its_sign_there(amounts: Flows) -> None:
    rates = compute_irr(amounts).rates
    points = compute_profile(amounts, Decimal(8), rates)
    assert -100 < points[0].rate < min((*rates, 1))
    assert points[-1].rate > max((*rates, 16))
    assert [point.rate for point in points] == sorted(point.rate for point in points)
    assert 10 <= len(points) <= 26
    crossed = sum((one.npv > 0) != (other.npv > 0) for one, other in pairwise(points))
    assert crossed == len(rates)


def test_profile_of_a_rate_near_total_loss_still_shows_its_other_side() -> None:
    amounts = flows(-100, 0.5)
    (rate,) = compute_irr(amounts).rates
    points = compute_profile(amounts, Decimal(8), (rate,))
    assert f"{rate:.1f}" == "-99.5"
    assert points[0].npv > 0 > points[1].npv
