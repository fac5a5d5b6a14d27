"""Take a business case of three options; appraise it; check figures by hand, ranks, prices, drivers and reasons."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from pipeline.controls import appraisal, cash_flows
from pipeline.controls.appraisal import Appraisal, Value, compute_appraisal
from pipeline.controls.measure import Measure, measure, undefined
from pipeline.model.business_case import BusinessCase

# Chosen so that each figure can be checked by hand at 10 %: 1.1, 1.21, 1.331, 1.4641.
NOTHING: dict[str, Any] = {
    "id": "A",
    "title": "Carry on",
    "description": "As today",
    "do_nothing": True,
    "costs": [{"title": "Rent", "category": "infrastructure", "years": dict.fromkeys(range(2026, 2031), 100)}],
    "scores": {"EC1": 2, "EC2": 3},
}
REPAIR: dict[str, Any] = {
    "id": "B",
    "title": "Repair",
    "description": "Mend the old",
    "costs": [{"title": "Work", "category": "development", "years": {2026: 2000}}],
    "benefits": [{"title": "Time", "kind": "financial", "years": {2027: 1100, 2028: 1210}}],
    "scores": {"EC1": 3, "EC2": 5},
}
BUY: dict[str, Any] = {
    "id": "C",
    "title": "Buy",
    "description": "Take a new one",
    "chosen": True,
    "costs": [
        {"id": "C1", "title": "Licence", "category": "development", "years": {2026: 3000}},
        {"title": "Upkeep", "category": "maintenance", "years": {2027: 110, 2028: 121}},
    ],
    "benefits": [
        {"id": "G1", "title": "Time", "kind": "financial", "years": {2027: 1210, 2028: 1331}},
        {"title": "Waiting", "kind": "social", "years": {2029: 1331}},
    ],
    "residual_value": Decimal("1464.10"),
    "scores": {"EC1": 5, "EC2": 1},
}
DRIVERS = [
    {"driver": "rate", "percent": 50},
    {"driver": "costs", "percent": 10},
    {"driver": "benefits", "percent": 10},
    {"driver": "maintenance", "percent": 10},
    {"driver": "social", "percent": 10},
    {"driver": "residual_value", "percent": 10},
    {"driver": "G1", "percent": 100},
    {"driver": "support", "percent": 10},
]


def make_case(**changes: Any) -> BusinessCase:
    """Return the business case with some of its values changed."""
    values: dict[str, Any] = {
        "start": 2026,
        "horizon": 5,
        "price_base": 2026,
        "discount_rate": {"percent": 10, "terms": "real"},
        "criteria": [{"id": "EC1", "title": "Speed", "weight": 70}, {"id": "EC2", "title": "Risk", "weight": 30}],
        "options": (NOTHING, REPAIR, BUY),
        "sensitivity": tuple(DRIVERS),
    }
    return BusinessCase.model_validate(values | changes)


def value_of(appraisal: Appraisal, id: str) -> Value:
    return {row.option.id: row.value for row in appraisal.options}[id]


def cents(figure: Measure | Decimal) -> str:
    number = figure.value if isinstance(figure, Measure) else figure
    return "none" if number is None else f"{number:.2f}"


def test_figures_of_an_option_are_those_worked_out_by_hand() -> None:
    own = value_of(compute_appraisal(make_case()), "C")
    # Benefits are worth 1100 + 1100 + 1000 + 1000 now, costs 3000 + 100 + 100.
    assert (cents(own.pv_benefits), cents(own.pv_costs), cents(own.npv)) == ("4200.00", "3200.00", "1000.00")
    assert (cents(own.bcr), cents(own.tco), cents(own.gains)) == ("1.31", "3231.00", "5336.10")
    assert cents(own.roi) == "65.15"
    # −3000, −1900, −690, +641: two years and 690 of 1331; discounted −3000, −2000, −1000, 0: three years.
    assert (cents(own.payback), cents(own.discounted_payback)) == ("2.52", "3.00")
    # Inflows reinvested at 10 % are worth 4000 × 1.1⁴ in year 4: (4000 / 3000)^(1/4) × 1.1 − 1.
    # The net flows are 1000 × 1.1^t from year 1 on: x + x² + x³ + x⁴ = 3 at x = 0.8882, and the rate is 1.1 / x − 1.
    assert (cents(own.mirr), cents(own.irr)) == ("18.20", "23.85")


def test_years_show_how_the_figures_come_about() -> None:
    rows = compute_appraisal(make_case()).options[2].years
    said = [(row.year, *map(cents, (row.costs, row.benefits, row.net, row.cumulative, row.present))) for row in rows]
    assert said == [
        (2026, "3000.00", "0.00", "-3000.00", "-3000.00", "-3000.00"),
        (2027, "110.00", "1210.00", "1100.00", "-1900.00", "1000.00"),
        (2028, "121.00", "1331.00", "1210.00", "-690.00", "1000.00"),
        (2029, "0.00", "1331.00", "1331.00", "641.00", "1000.00"),
        (2030, "0.00", "1464.10", "1464.10", "2105.10", "1000.00"),
    ]
    assert [cents(row.cumulative_present) for row in rows] == ["-3000.00", "-2000.00", "-1000.00", "0.00", "1000.00"]
    assert [f"{row.factor:.4f}" for row in rows] == ["1.0000", "0.9091", "0.8264", "0.7513", "0.6830"]


def test_cost_of_ownership_is_told_by_category_and_break_even_by_year() -> None:
    nothing, repair, buy = compute_appraisal(make_case()).options
    assert buy.categories == {"development": 3000, "maintenance": 231}
    assert (nothing.break_even, repair.break_even, buy.break_even) == (None, 2028, 2029)


def test_financial_figures_leave_the_gains_of_others_out() -> None:
    buy = compute_appraisal(make_case()).options[2]
    assert (cents(buy.financial.npv), cents(buy.financial.pv_benefits)) == ("0.00", "3200.00")
    assert cents(buy.financial.irr) == "10.00"


def test_options_are_compared_with_doing_nothing() -> None:
    nothing, repair, buy = compute_appraisal(make_case()).options
    # Doing nothing costs 100 a year: 100 × (1 + 0.9091 + 0.8264 + 0.7513 + 0.6830) = 416.99 now.
    assert (cents(nothing.value.npv), nothing.gain) == ("-416.99", None)
    assert repair.gain is not None
    assert buy.gain is not None
    assert (cents(repair.gain.npv), cents(buy.gain.npv)) == ("416.99", "1416.99")
    assert cents(buy.gain.tco) == "2731.00"
    assert cents(buy.gain.bcr) == "1.51"


def test_without_an_option_to_do_nothing_nothing_is_compared() -> None:
    rows = compute_appraisal(make_case(options=(REPAIR, BUY))).options
    assert [row.gain for row in rows] == [None, None]


def test_options_are_ranked_by_net_present_value_and_again_when_the_rate_changes() -> None:
    def ranking(percent: int) -> list[str]:
        case = make_case(discount_rate={"percent": percent, "terms": "real"})
        return [row.option.id for row in compute_appraisal(case).ranking]

    assert (ranking(10), ranking(30)) == (["C", "B", "A"], ["A", "C", "B"])


def test_options_of_equal_value_share_a_rank() -> None:
    rows = compute_appraisal(make_case(options=(REPAIR, {**REPAIR, "id": "D"}, NOTHING))).options
    assert [row.rank for row in rows] == [1, 1, 3]


def test_score_is_weighted() -> None:
    rows = compute_appraisal(make_case()).options
    assert [row.score for row in rows] == [Decimal("2.3"), Decimal("3.6"), Decimal("3.8")]
    assert [row.score for row in compute_appraisal(make_case(criteria=())).options] == [None, None, None]
    assert compute_appraisal(make_case(options=({**BUY, "scores": {"EC1": 5}},))).options[0].score is None


def test_what_is_not_defined_says_why() -> None:
    nothing = value_of(compute_appraisal(make_case()), "A")
    assert nothing.irr == nothing.mirr == undefined("percent", cash_flows.NO_RETURN)
    assert nothing.payback == nothing.discounted_payback == undefined("years", cash_flows.NOT_RECOVERED)
    assert (nothing.bcr, nothing.roi) == (measure(0, "ratio"), measure(-100, "percent"))


def test_several_rates_of_return_are_all_there_with_a_profile() -> None:
    option = {**BUY, "residual_value": 0, "costs": [{"title": "T", "category": "other", "years": {2026: 100, 2029: 7}}],
              "benefits": [{"title": "G", "kind": "financial", "years": {2027: 100}}]}  # fmt: skip
    (row,) = compute_appraisal(make_case(options=(option,), sensitivity=({"driver": "rate", "percent": 10},))).options
    assert [f"{rate:.2f}" for rate in row.value.irrs] == ["-67.89", "-8.33"]
    assert row.value.irr == undefined("percent", cash_flows.SEVERAL)
    assert row.profile[0].npv < 0 < max(point.npv for point in row.profile)


def test_own_rates_for_outlays_and_returns_go_into_the_modified_rate() -> None:
    case = make_case(
        start=2026, horizon=6, finance_rate=10, reinvestment_rate=12, criteria=(), sensitivity=(),
        options=({"id": "A", "title": "T", "description": "D", "chosen": True,
                  "costs": [{"title": "C", "category": "other", "years": {2026: 120000}}],
                  "benefits": [{"title": "G", "kind": "financial",
                                "years": {2027: 39000, 2028: 30000, 2029: 21000, 2030: 37000, 2031: 46000}}]},),
    )  # fmt: skip
    assert cents(value_of(compute_appraisal(case), "A").mirr) == "12.61"


INFLATION = {"percent": 2, "base": 2026}
NOMINAL = {"percent": Decimal("12.2"), "terms": "nominal"}


def test_real_amounts_meet_a_nominal_rate_in_nominal_prices() -> None:
    # By Fisher 1.10 × 1.02 = 1.122: the value now is the same, the rate of return is the nominal one.
    real = value_of(compute_appraisal(make_case()), "C")
    nominal = value_of(compute_appraisal(make_case(discount_rate=NOMINAL, inflation=INFLATION)), "C")
    assert cents(nominal.npv) == cents(real.npv) == "1000.00"
    assert real.irr.value is not None
    assert nominal.irr.value is not None
    assert f"{(1 + real.irr.value / 100) * Decimal('1.02'):.12f}" == f"{1 + nominal.irr.value / 100:.12f}"
    assert cents(nominal.tco) == f"{3000 + 110 * Decimal('1.02') + 121 * Decimal('1.0404'):.2f}"


def test_nominal_amounts_meet_a_real_rate_in_prices_of_the_base() -> None:
    gains = [{"title": "T", "kind": "social", "years": {2028: Decimal("1258.88")}}]
    option = {**REPAIR, "chosen": True, "benefits": gains}
    case = make_case(prices="nominal", inflation=INFLATION, options=(option,), sensitivity=())
    assert cents(value_of(compute_appraisal(case), "B").gains) == cents(Decimal("1258.88") / Decimal("1.0404"))


def test_amounts_in_the_terms_of_the_rate_are_left_alone() -> None:
    case = make_case(prices="nominal", discount_rate={"percent": 10, "terms": "nominal"}, inflation=INFLATION)
    assert cents(value_of(compute_appraisal(case), "C").npv) == "1000.00"


def rows_of(case: BusinessCase) -> dict[str, appraisal.SensitivityRow]:
    return {row.driver: row for row in compute_appraisal(case).sensitivity}


def test_drivers_move_the_net_present_value_by_what_they_are_worth() -> None:
    rows = rows_of(make_case())
    said = {name: (cents(row.base), cents(row.low), cents(row.high)) for name, row in rows.items()}
    assert said == {
        "rate": ("10.00", "1499.41", "583.71"),
        "costs": ("3231.00", "1320.00", "680.00"),
        "benefits": ("5336.10", "580.00", "1420.00"),
        "maintenance": ("231.00", "1020.00", "980.00"),
        "social": ("1331.00", "900.00", "1100.00"),
        "residual_value": ("1464.10", "900.00", "1100.00"),
        "G1": ("2541.00", "-1200.00", "3200.00"),
        "support": ("0.00", "1000.00", "1000.00"),
    }


def test_drivers_are_sorted_by_their_span() -> None:
    rows = compute_appraisal(make_case()).sensitivity
    order = ["G1", "rate", "benefits", "costs", "social", "residual_value", "maintenance", "support"]
    assert [row.driver for row in rows] == order
    assert [row.span for row in rows] == sorted((row.span for row in rows), reverse=True)


def test_switching_value_is_the_change_that_eats_the_whole_net_present_value() -> None:
    rows = rows_of(make_case())
    said = {name: cents(row.switching) for name, row in rows.items()}
    assert said == {
        "rate": "138.49", "costs": "31.25", "benefits": "-23.81", "maintenance": "500.00", "social": "-100.00",
        "residual_value": "-100.00", "G1": "-45.45", "support": "none",
    }  # fmt: skip
    assert rows["support"].switching == undefined("percent", appraisal.NO_SWITCH)
    for name, row in rows.items():
        if row.switching.value is not None and name != "rate":
            middle = (row.low + row.high) / 2
            assert abs(middle + (row.high - middle) / row.percent * row.switching.value) < Decimal("1e-9")


def test_sensitivity_tells_which_option_is_best_then() -> None:
    rows = rows_of(make_case(sensitivity=({"driver": "G1", "percent": 100},)))
    assert (rows["G1"].best_low, rows["G1"].best_high) == ("B", "C")


def test_rate_without_a_single_rate_of_return_has_no_switching_value() -> None:
    case = make_case(options=({**NOTHING, "chosen": True},), sensitivity=({"driver": "rate", "percent": 10},))
    assert rows_of(case)["rate"].switching == undefined("percent", cash_flows.NO_RETURN)
    free = make_case(discount_rate={"percent": 0, "terms": "real"}, sensitivity=({"driver": "rate", "percent": 10},))
    assert rows_of(free)["rate"].switching == undefined("percent", appraisal.NO_SWITCH)


def test_without_a_choice_nothing_is_moved() -> None:
    appraisal = compute_appraisal(make_case(options=(NOTHING, REPAIR)))
    assert (appraisal.chosen, appraisal.sensitivity) == (None, ())


@pytest.mark.parametrize("id", ["A", "B", "C"])
def test_profile_of_every_option_goes_through_its_net_present_value(id: str) -> None:
    rows = {row.option.id: row for row in compute_appraisal(make_case()).options}
    at_ten = [measure(point.npv, "money") for point in rows[id].profile if point.rate == 10]
    assert at_ten == [rows[id].value.npv]
