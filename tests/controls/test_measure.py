"""Take numbers and reasons; calculate with them as measures; check that nothing is rounded and no reason lost."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from pipeline.controls.measure import REASONS, Measure, measure, total, undefined

MONEY = st.decimals(0, 10**10, places=2)


def test_value_of_a_decimal_is_the_decimal() -> None:
    assert measure(Decimal("740000.05"), "money").value == Decimal("740000.05")
    assert measure(Decimal("999999999999.99"), "money").value == Decimal("999999999999.99")


def test_third_is_exact_and_its_decimal_is_cut_late() -> None:
    third = measure(100, "money").over(measure(3, "ratio"), "never", "money")
    assert third.exact == Fraction(100, 3)
    assert str(third.value) == "33.33333333333333333333333333"
    assert (third + third + third).value == 100


def test_division_by_nothing_has_the_reason_and_no_number() -> None:
    share = measure(5, "money").over(measure(0, "money"), "not yet: nothing")
    assert (share.exact, share.value, share.unit, share.reason) == (None, None, "ratio", "not yet: nothing")


def test_what_is_made_of_the_undefined_is_undefined_for_the_first_reason() -> None:
    one, other, known = undefined("money", "first"), undefined("money", "second"), measure(1, "money")
    for made in (one + other, one - other, one * other, one.over(other, "zero"), known + one, one - known):
        assert (made.exact, made.reason) == (None, "first")
    assert known.over(other, "zero", "percent") == Measure(None, "percent", "second")


def test_percent_is_a_hundred_times_the_ratio() -> None:
    assert measure(1, "money").over(measure(8, "money"), "zero", "percent").value == Decimal("12.5")


def test_every_reason_says_whether_to_wait() -> None:
    assert all(
        reason.split(":")[0] in ("not yet", "not measurable", "not achievable", "not needed") for reason in REASONS
    )
    assert len(set(REASONS)) == len(REASONS)


@given(st.lists(MONEY, max_size=8))
def test_sum_of_measures_is_the_sum_of_decimals(amounts: list[Decimal]) -> None:
    assert total((measure(one, "money") for one in amounts), "money").value == sum(amounts, Decimal(0))


@given(MONEY, st.integers(1, 5000))
def test_parts_of_an_amount_make_it_up_again(amount: Decimal, parts: int) -> None:
    part = measure(amount, "money").over(measure(parts, "ratio"), "zero", "money")
    assert total([part] * parts, "money").value == amount
