"""Take networks whose odds are known; simulate them; compare with analysis, published figures and single passes."""

from __future__ import annotations

import subprocess
import sys
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from network_plans import RELIABLE, activity, reliable

from pipeline.controls.calendar import WorkCalendar
from pipeline.controls.monte_carlo import (
    SEED,
    Distribution,
    Simulation,
    ThreePoint,
    compute_odds,
    compute_simulation,
    find_day,
    list_estimates,
)
from pipeline.controls.network import Activity, compute_network
from pipeline.controls.planning import Standing
from pipeline.model.schedule import Link, Task

RUNS = 50_000
DISTRIBUTIONS: tuple[Distribution, ...] = ("beta_pert", "triangular", "uniform")


def three(optimistic: str | int, likely: str | int, pessimistic: str | int) -> ThreePoint:
    return ThreePoint(Decimal(optimistic), Decimal(likely), Decimal(pessimistic))


def near(value: float, tolerance: float) -> object:
    return pytest.approx(Decimal(str(value)), abs=Decimal(str(tolerance)))


def simulate_reliable(distribution: Distribution, runs: int = RUNS) -> Simulation:
    estimates = {id: three(*row[:3]) for id, row in RELIABLE.items()}
    return compute_simulation(reliable(), estimates, distribution=distribution, runs=runs)


# T9: the network of Reliable Construction, simulated 200,000 times elsewhere.


def test_reliable_construction_with_beta_pert_is_as_published() -> None:
    found = simulate_reliable("beta_pert")
    assert (found.mean, found.sd) == (near(44.32, 0.05), near(2.93, 0.05))
    assert (found.p80, found.p90) == (near(46.8, 0.05), near(48.2, 0.05))
    assert found.probability(Decimal(47)) == near(0.816, 0.01)
    indices = {"E": 0.83, "F": 0.83, "L": 0.74, "K": 0.16, "D": 0.10, "G": 0.10, "H": 0.10, "M": 0.10, "I": 0.07}
    for id, index in indices.items():
        assert found.criticality[id] == near(index, 0.01), id
    assert [found.criticality[id] for id in "ABC"] == [1, 1, 1]


def test_reliable_construction_with_triangular_is_as_published() -> None:
    found = simulate_reliable("triangular")
    assert (found.mean, found.sd) == (near(46.22, 0.05), near(3.70, 0.05))
    assert found.probability(Decimal(47)) == near(0.595, 0.01)


# Analysis: (optimistic, likely, pessimistic), distribution, mean, variance.
KNOWN: tuple[tuple[tuple[int, int, int], Distribution, Decimal, Decimal], ...] = (
    # The PERT formula says 4/9 for the variance; (μ−a)(b−μ)/7 is that of the distribution.
    ((2, 4, 6), "beta_pert", Decimal(4), Decimal(4) / 7),
    ((1, 2, 9), "beta_pert", Decimal(3), Decimal(2 * 6) / 7),
    ((0, 0, 6), "beta_pert", Decimal(1), Decimal(1 * 5) / 7),
    ((0, 6, 6), "beta_pert", Decimal(5), Decimal(5 * 1) / 7),
    ((2, 4, 6), "triangular", Decimal(4), Decimal(4 + 16 + 36 - 8 - 12 - 24) / 18),
    ((1, 2, 9), "triangular", Decimal(4), Decimal(1 + 4 + 81 - 2 - 9 - 18) / 18),
    ((2, 4, 6), "uniform", Decimal(4), Decimal(16) / 12),
    ((1, 2, 9), "uniform", Decimal(5), Decimal(64) / 12),
)


@pytest.mark.parametrize(("estimate", "distribution", "mean", "variance"), KNOWN)
def test_single_task_has_the_mean_and_variance_of_its_distribution(
    estimate: tuple[int, int, int], distribution: Distribution, mean: Decimal, variance: Decimal
) -> None:
    found = compute_simulation([activity("A", 1)], {"A": three(*estimate)}, distribution=distribution, runs=200_000)
    assert found.sd is not None
    # Four standard errors of the mean; the variance of a sample is known to a hundredth.
    assert found.mean == near(float(mean), float(4 * (variance / 200_000).sqrt()))
    assert found.sd**2 == pytest.approx(variance, rel=Decimal("0.015"))
    low, _, high = estimate
    assert low <= found.quantile(Decimal(0)) and found.quantile(Decimal(1)) <= high


def test_longer_of_two_uniform_tasks_takes_two_thirds() -> None:
    both = {"A": three(0, 0, 1), "B": three(0, 0, 1)}
    found = compute_simulation([activity("A", 1), activity("B", 1)], both, distribution="uniform", runs=200_000)
    assert found.mean == near(2 / 3, 0.003)
    assert found.probability(Decimal("0.5")) == near(0.25, 0.005)
    assert found.criticality["A"] == near(0.5, 0.005)
    # Two equal durations are rare but real, and then both are critical.
    assert 1 <= found.criticality["A"] + found.criticality["B"] < Decimal("1.001")


def test_quantiles_of_beta_pert_are_those_of_the_beta_distribution() -> None:
    # Where α and β are whole numbers, the distribution function is that of a binomial of five trials.
    from math import comb

    from pipeline.controls.sampling import STEPS, quantiles_beta_pert

    for mode, alpha in ((0.0, 1), (0.25, 2), (0.5, 3), (0.75, 4), (1.0, 5)):
        for step, x in enumerate(quantiles_beta_pert(mode).tolist()):
            share = sum(comb(5, k) * x**k * (1 - x) ** (5 - k) for k in range(alpha, 6))
            assert share == pytest.approx(step / STEPS, abs=2e-6)


def test_straight_lines_between_quantiles_move_the_mean_by_next_to_nothing() -> None:
    from pipeline.controls.sampling import quantiles_beta_pert, quantiles_triangular

    for mode in (number / 20 for number in range(21)):
        for quantiles, mean in ((quantiles_beta_pert, (1 + 4 * mode) / 6), (quantiles_triangular, (1 + mode) / 3)):
            knots = quantiles(mode)
            assert (knots[0], knots[-1]) == (0, 1)
            assert (knots[1:] + knots[:-1]).mean() / 2 == pytest.approx(mean, abs=1e-4)


@pytest.mark.parametrize("distribution", DISTRIBUTIONS)
def test_certain_durations_give_the_length_of_the_single_pass(distribution: Distribution) -> None:
    plan = [
        activity("A", "2.5"),
        activity("B", 4, "A SS+1"),
        activity("C", 3, "A FF+2, B SF-1"),
        activity("D", 1, "B, C FS-2", not_before=Decimal(9)),
    ]
    same = {one.id: ThreePoint(one.duration, one.duration, one.duration) for one in plan}
    network = compute_network(plan)
    for estimates in ({}, same):
        found = compute_simulation(plan, estimates, distribution=distribution, runs=10)
        assert (found.mean, found.sd, found.p10, found.p90) == (network.length, 0, network.length, network.length)
        assert {id for id, share in found.criticality.items() if share} == set(network.critical)


def test_seed_decides_and_is_named() -> None:
    one, again = simulate_reliable("beta_pert", 500), simulate_reliable("beta_pert", 500)
    assert one == again
    assert (one.distribution, one.runs, one.seed) == ("beta_pert", 500, SEED)
    other = compute_simulation(reliable(), {"A": three(1, 2, 3)}, runs=500, seed=7)
    assert other != compute_simulation(reliable(), {"A": three(1, 2, 3)}, runs=500, seed=8)


# Sum, median and P80 of a thousand lengths, in parts of a day. Written down once: another processor, another system or
# another release of numpy has to give the same.
PINNED: dict[Distribution, tuple[int, int, int]] = {
    "beta_pert": (2_664_418_253, 2_655_810, 2_807_470),
    "triangular": (2_777_646_128, 2_769_155, 2_959_313),
}


@pytest.mark.parametrize("distribution", PINNED)
def test_lengths_are_the_same_on_every_machine(distribution: Distribution) -> None:
    lengths = simulate_reliable(distribution, 1000).lengths
    assert (sum(lengths), lengths[499], lengths[799]) == PINNED[distribution]


def test_size_of_a_block_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    from pipeline.controls import sampling

    whole = simulate_reliable("beta_pert", 1000)
    monkeypatch.setattr(sampling, "BLOCK", 14 * 7)
    assert simulate_reliable("beta_pert", 1000) == whole


def test_another_task_leaves_the_draws_of_the_others_alone() -> None:
    estimates = {"A": three(2, 4, 9), "B": three(1, 1, 2)}
    alone = compute_simulation([activity("A", 1)], estimates, runs=200)
    beside = compute_simulation([activity("B", 1), activity("A", 1)], estimates, runs=200)
    # B never takes longer than A: the lengths are those of A.
    assert beside.lengths == alone.lengths


def test_curve_rises_from_the_shortest_run_to_the_longest() -> None:
    found = simulate_reliable("triangular", 1000)
    curve = found.curve
    assert len(curve) == 101
    assert [point.length for point in curve] == sorted(point.length for point in curve)
    assert (curve[0].length, curve[80].length, curve[100].length) == (
        found.quantile(Decimal(0)), found.p80, found.quantile(Decimal(1)),
    )  # fmt: skip
    assert all(found.probability(point.length) >= point.probability for point in curve)


def test_quantile_is_the_run_that_keeps_its_share() -> None:
    found = Simulation("uniform", 5, 1, tuple(60_000 * days for days in (1, 2, 3, 4, 9)), {})
    assert [found.quantile(Decimal(share)) for share in ("0", "0.2", "0.21", "0.5", "0.8", "0.81", "1")] == [
        1, 1, 2, 3, 4, 9, 9,
    ]  # fmt: skip
    assert [found.probability(Decimal(days)) for days in ("0.9", "1", "8.9", "9")] == [
        0, Decimal("0.2"), Decimal("0.8"), 1,
    ]  # fmt: skip
    assert found.mean == Decimal("3.8")
    assert found.sd == pytest.approx(Decimal("9.7").sqrt())


def test_single_run_has_no_spread() -> None:
    found = compute_simulation([activity("A", 3)], {}, runs=1)
    assert (found.mean, found.sd) == (3, None)


def test_plan_without_activities_takes_no_time() -> None:
    found = compute_simulation([], {}, runs=3)
    assert (found.mean, found.criticality) == (0, {})


def test_deadline_that_is_missed_makes_its_chain_critical() -> None:
    plan = [activity("A", 5, finish_by=Decimal(4)), activity("B", 9)]
    assert compute_simulation(plan, {}, runs=2).criticality == {"A": 1, "B": 1}
    assert compute_network(plan).critical == ("A", "B")


def test_what_is_left_of_a_task_is_a_share_of_its_estimate() -> None:
    assert three(2, 4, 9).scaled(Decimal("0.5")) == three(1, 2, "4.5")


def test_estimates_are_those_of_the_tasks_that_are_not_done() -> None:
    values = {"work_package": "WP1", "title": "T", "owner": "ann.owner", "effort": 1}
    values["baseline"] = {"start": date(2026, 3, 2), "finish": date(2026, 3, 6)}
    estimate = {"optimistic": 2, "likely": 4, "pessimistic": 12}  # expected: 5
    estimated = Task.model_validate({"id": "T1", "estimate": estimate, **values})
    certain = Task.model_validate({"id": "T2", "duration": 5, **values})
    day = date(2026, 3, 2)
    found = list_estimates(
        {
            "T1": Standing(estimated, Decimal(50), day, None, Decimal("2.5")),
            "T2": Standing(certain, Decimal(0), None, None, Decimal(5)),
            "T3": Standing(estimated, Decimal(100), day, day, Decimal(0)),
        }
    )
    assert found == {"T1": three(1, 2, 6)}


@pytest.mark.parametrize("wrong", [(3, 2, 4), (1, 5, 4), (4, 4, 3)])
def test_estimate_out_of_order_is_refused(wrong: tuple[int, int, int]) -> None:
    with pytest.raises(ValueError, match="optimistic"):
        three(*wrong)


def test_what_cannot_be_simulated_is_refused() -> None:
    with pytest.raises(ValueError, match="one run"):
        compute_simulation([activity("A", 1)], {}, runs=0)
    with pytest.raises(ValueError, match="circle"):
        compute_simulation([activity("A", 1, "B"), activity("B", 1, "A")], {})
    with pytest.raises(ValueError, match="too long"):
        compute_simulation([activity("A", 10**12), activity("B", 1)], {"B": three(1, 1, 10**14)})


def test_lengths_become_dates_over_the_working_calendar() -> None:
    start, calendar = date(2026, 3, 5), WorkCalendar()  # a Thursday
    days = {"0": "03-05", "0.2": "03-05", "1": "03-05", "1.01": "03-06", "2": "03-06", "3": "03-09", "6.5": "03-13"}
    assert {length: f"{find_day(Decimal(length), start, calendar):%m-%d}" for length in days} == days
    found = Simulation("uniform", 4, 1, tuple(60_000 * days for days in (1, 2, 3, 4)), {})
    odds = {4: "0", 5: "0.25", 6: "0.5", 7: "0.5", 8: "0.5", 9: "0.75", 10: "1"}
    assert {day: compute_odds(found, date(2026, 3, day), start, calendar) for day in odds} == {
        day: Decimal(share) for day, share in odds.items()
    }


def test_a_start_on_a_weekend_counts_from_monday() -> None:
    assert find_day(Decimal(1), date(2026, 3, 7), WorkCalendar()) == date(2026, 3, 9)


def test_numpy_is_loaded_only_by_a_simulation() -> None:
    script = (
        "import sys, pipeline.controls.monte_carlo as m; print('numpy' in sys.modules); m.compute_simulation([], {})"
    )
    done = subprocess.run(
        [sys.executable, "-c", f"{script}; print('numpy' in sys.modules)"],
        cwd=Path(__file__).parents[2], capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert done.stdout.split() == ["False", "True"]


@st.composite
def plans(draw: st.DrawFn) -> tuple[list[Activity], dict[str, ThreePoint]]:
    activities, estimates = [], {}
    for number in range(draw(st.integers(1, 7))):
        days = sorted(draw(st.lists(st.decimals(0, 30, places=2), min_size=3, max_size=3)))
        kinds = st.tuples(st.integers(0, number - 1), st.sampled_from(["FS", "SS", "FF", "SF"]), st.integers(-3, 5))
        links = draw(st.lists(kinds, max_size=3)) if number else []
        before = tuple(Link(f"T{at}", kind, lag) for at, kind, lag in links)  # type: ignore[arg-type]
        activities.append(Activity(f"T{number}", days[1], before))
        if draw(st.booleans()):
            estimates[f"T{number}"] = ThreePoint(*days)
    return activities, estimates


@given(plans(), st.sampled_from(DISTRIBUTIONS))
@settings(max_examples=60, deadline=None)
def test_odds_are_in_order_and_each_run_has_a_critical_activity(
    plan: tuple[list[Activity], dict[str, ThreePoint]], distribution: Distribution
) -> None:
    activities, estimates = plan
    found = compute_simulation(activities, estimates, distribution=distribution, runs=64)
    assert found.quantile(Decimal(0)) <= found.p10 <= found.p50 <= found.p80 <= found.p90
    assert found.quantile(Decimal(0)) <= found.mean <= found.quantile(Decimal(1))
    assert found.probability(found.p80) >= Decimal("0.8")
    assert all(0 <= share <= 1 for share in found.criticality.values())
    assert sum(found.criticality.values()) >= 1


@given(plans())
@settings(max_examples=60, deadline=None)
def test_one_run_is_the_single_pass_over_what_was_drawn(
    plan: tuple[list[Activity], dict[str, ThreePoint]],
) -> None:
    activities, estimates = plan
    found = compute_simulation(activities, estimates, runs=1)
    # Each task draws from a stream of its own, so alone it draws what it drew in the plan.
    drawn = {
        id: compute_simulation([Activity(id, Decimal(0))], {id: one}, runs=1).mean for id, one in estimates.items()
    }
    single = compute_network(Activity(one.id, drawn.get(one.id, one.duration), one.links) for one in activities)
    assert found.mean == single.length
    assert {id for id, share in found.criticality.items() if share} == set(single.critical)
