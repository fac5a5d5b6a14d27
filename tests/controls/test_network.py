"""Take published and hand-solved networks; run the critical path method; compare lengths, floats, paths and odds."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from network_plans import activity, estimated, reliable

from pipeline.controls.network import (
    Activity,
    Network,
    compute_network,
    compute_probability,
    compute_z,
    find_critical_path,
    find_driving_path,
)
from pipeline.model.schedule import Link, LinkKind

CENT = Decimal("0.01")


def floats(network: Network) -> dict[str, tuple[Decimal, Decimal]]:
    return {id: (one.total_float, one.free_float) for id, one in network.times.items()}


def starts(network: Network) -> dict[str, Decimal]:
    return {id: one.early_start for id, one in network.times.items()}


def test_reliable_construction_has_the_published_length_floats_and_odds() -> None:
    """Hillier and Lieberman, Introduction to Operations Research, chapter on project management."""
    network = compute_network(reliable())
    path = find_critical_path(network)
    assert network.length == 44
    assert path.activities == network.critical == ("A", "B", "C", "E", "F", "J", "L", "N")
    total = {"D": 4, "G": 4, "H": 4, "M": 4, "I": 2, "K": 1}
    free = {"I": 2, "K": 1, "M": 4}
    assert floats(network) == {id: (total.get(id, 0), free.get(id, 0)) for id in "ABCDEFGHIJKLMN"}
    assert path.variance == 9
    assert compute_z(network.length, path.variance, Decimal(47)) == 1
    assert round(compute_probability(network.length, path.variance, Decimal(47)), 4) == Decimal("0.8413")


def test_pert_example_of_wikipedia_has_the_published_length_and_slack() -> None:
    """Article "Program evaluation and review technique": 19.51 and slacks of 3.84 and 4.68, from rounded durations."""
    rows = {
        "a": ("2", "4", "6", ""), "b": ("3", "5", "9", ""), "c": ("4", "5", "7", "a"), "d": ("4", "6", "10", "a"),
        "e": ("4", "5", "7", "b, c"), "f": ("3", "4", "8", "d"), "g": ("3", "5", "8", "e"),
    }  # fmt: skip
    network = compute_network(estimated(id, *row) for id, row in rows.items())
    assert abs(network.length - Decimal("19.51")) <= CENT
    assert find_critical_path(network).activities == ("a", "c", "e", "g")
    slack = {"b": "3.84", "d": "4.68", "f": "4.68"}
    for id, (total, _) in floats(network).items():
        assert abs(total - Decimal(slack.get(id, "0"))) <= 2 * CENT, id


def test_exercise_of_heizer_and_render_has_the_published_slack() -> None:
    """Operations Management, chapter 3, as answered at wizedu.com/questions/717873 (slack of A to F, and the path)."""
    rows = {
        "A": ("5", "5", "7", ""), "B": ("1", "2", "5", ""), "C": ("5", "5", "5", "A"), "D": ("4", "8", "13", "A"),
        "E": ("1", "10", "17", "B, C"), "F": ("1", "5", "7", "D"), "G": ("2", "6", "9", "D"),
        "H": ("4", "4", "6", "E, F"), "I": ("2", "7", "10", "G, H"), "J": ("2", "4", "7", "I"),
        "K": ("6", "10", "13", "I"), "L": ("2", "6", "6", "J"), "M": ("2", "2", "3", "K"),
        "N": ("7", "7", "12", "L, M"),
    }  # fmt: skip
    network = compute_network(estimated(id, *row) for id, row in rows.items())
    printed = {id: round(total, 2) for id, (total, _) in floats(network).items() if id in "ABCDEF"}
    assert printed == {"A": 0, "B": 8, "C": 0, "D": Decimal("1.83"), "E": 0, "F": Decimal("1.83")}
    assert find_critical_path(network).activities == ("A", "C", "E", "H", "I", "K", "M", "N")


def test_ladder_of_all_kinds_of_link_is_as_solved_by_hand() -> None:
    """A to G with leads and lags; the sums are below.

    Forward: A 0–4. B starts 2 after A starts: 2–8. C finishes 1 after B: 4–9. D starts 3 after C starts, 7, later than
    A's finish: 7–10. E finishes 6 after D starts, at 13, so it starts at 11, after B: 11–13. F starts 2 before C is
    finished: 7–10. G starts 1 after F starts, 8, and may finish when A has: 8–12. The end is 13.
    Backward: E 11. D: 13 − 6 = 7. C: 7 − 3 = 4. B: 4 + 5 − 1 − 6 = 2. A: 2 − 2 = 0. G: 13 − 4 = 9. F: 9 − 1 = 8.
    """
    network = compute_network(
        (
            activity("A", 4),
            activity("B", 6, "A SS+2"),
            activity("C", 5, "B FF+1"),
            activity("D", 3, "A, C SS+3"),
            activity("E", 2, "D SF+6, B"),
            activity("F", 3, "C FS-2"),
            activity("G", 4, "F SS+1, A FF"),
        )
    )
    assert network.length == 13
    assert starts(network) == {"A": 0, "B": 2, "C": 4, "D": 7, "E": 11, "F": 7, "G": 8}
    assert {id: one.late_start for id, one in network.times.items()} == {
        "A": 0, "B": 2, "C": 4, "D": 7, "E": 11, "F": 8, "G": 9,
    }  # fmt: skip
    # F can slip a day before the project does, but not before G does.
    assert floats(network) == {**dict.fromkeys("ABCDE", (0, 0)), "F": (1, 0), "G": (1, 1)}
    assert find_critical_path(network).activities == ("A", "B", "C", "D", "E")
    assert find_driving_path(network, "G").activities == ("A", "B", "C", "F", "G")


def test_variance_of_a_path_counts_the_durations_that_its_length_holds() -> None:
    """The ladder again: 13 = 2 + B + 1 − C + 3 + 6, so B and C vary the end, and A, D and E do not."""
    rows = (
        activity("A", 4, spread=Decimal(60)),
        activity("B", 6, "A SS+2", spread=Decimal(6)),
        activity("C", 5, "B FF+1", spread=Decimal(3)),
        activity("D", 3, "A, C SS+3", spread=Decimal(60)),
        activity("E", 2, "D SF+6, B", spread=Decimal(60)),
    )
    assert find_critical_path(compute_network(rows)).variance == Decimal(36 + 9) / 36


def test_links_with_lead_do_not_start_before_the_project() -> None:
    network = compute_network((activity("A", 3), activity("B", 2, "A SS-5"), activity("C", 1, "A FF-3")))
    assert starts(network) == {"A": 0, "B": 0, "C": 0}
    assert find_driving_path(network, "B").activities == ("B",)
    assert starts(compute_network((activity("A", 3, not_before=Decimal(-2)),))) == {"A": 0}


def test_date_that_cannot_be_kept_gives_negative_float_to_all_before_it() -> None:
    """A 0–5 and B 5–8, which has to be finished at 6: both are 2 too late, though the end of the project is 8."""
    network = compute_network(
        (activity("A", 5), activity("B", 3, "A", finish_by=Decimal(6)), activity("C", 1), activity("D", 1, "A"))
    )
    assert {id: total for id, (total, _) in floats(network).items()} == {"A": -2, "B": -2, "C": 7, "D": 2}
    assert network.critical == ("A", "B")


def test_day_before_which_nothing_may_start_moves_the_start_and_starts_the_path() -> None:
    network = compute_network(
        (activity("A", 5), activity("B", 3, "A", not_before=Decimal("7.5")), activity("C", 1, "B"))
    )
    assert (network.length, network.times["B"].early_start) == (Decimal("11.5"), Decimal("7.5"))
    assert network.times["A"].total_float == network.times["A"].free_float == Decimal("2.5")
    assert find_critical_path(network).activities == ("B", "C")


def test_activity_without_duration_is_a_moment_on_the_path() -> None:
    network = compute_network((activity("A", 5), activity("M", 0, "A"), activity("B", 2, "M FS+1")))
    assert (network.length, find_critical_path(network).activities) == (8, ("A", "M", "B"))


def test_of_equally_long_chains_the_least_certain_one_is_given() -> None:
    rows = (
        activity("A", 2),
        activity("B", 3, "A", spread=Decimal(1)),
        activity("C", 3, "A", spread=Decimal(4)),
        activity("D", 1, "B, C"),
    )
    path = find_critical_path(compute_network(rows))
    assert (path.activities, path.variance) == (("A", "C", "D"), Decimal(16) / 36)
    assert compute_network(rows).critical == ("A", "B", "C", "D")


def test_plan_without_activities_has_no_length_and_no_path() -> None:
    network = compute_network(())
    assert (network.length, network.times, network.critical, find_critical_path(network).activities) == (0, {}, (), ())


def test_circles_and_unknown_predecessors_are_refused() -> None:
    with pytest.raises(ValueError, match="circle"):
        compute_network((activity("A", 1, "C"), activity("B", 1, "A"), activity("C", 1, "B")))
    with pytest.raises(ValueError, match="no activity X, which A names"):
        compute_network((activity("A", 1, "X"),))


def test_parts_of_days_and_sixths_of_them_add_up_without_a_rest() -> None:
    chain = [estimated("A0", "0.0001", "0.0002", "0.0004")]
    chain += [estimated(f"A{n}", "0.0001", "0.0002", "0.0004", f"A{n - 1}") for n in range(1, 600)]
    # 600 × (0.0001 + 0.0008 + 0.0004) / 6
    assert compute_network(chain).length == Decimal("0.13")


def test_without_variance_a_date_is_certain_or_out_of_reach() -> None:
    length = Decimal(10)
    assert compute_z(length, Decimal(0), Decimal(12)) is None
    assert [compute_probability(length, Decimal(0), Decimal(day)) for day in (9, 10, 11)] == [0, 1, 1]


KINDS: tuple[LinkKind, ...] = ("FS", "SS", "FF", "SF")
DURATIONS = st.decimals(0, 40, places=1)


@st.composite
def networks(draw: st.DrawFn, kinds: tuple[LinkKind, ...] = KINDS, least: int = -5) -> tuple[Activity, ...]:
    count = draw(st.integers(1, 12))
    rows = []
    for number in range(count):
        earlier = st.integers(0, number - 1) if number else st.nothing()
        links = draw(
            st.lists(st.tuples(earlier, st.sampled_from(kinds), st.integers(least, 5)), max_size=3)
            if number
            else st.just([])
        )
        found = tuple(Link(f"A{at}", kind, lag) for at, kind, lag in links)
        rows.append(Activity(f"A{number}", draw(DURATIONS), found, spread=draw(DURATIONS)))
    return tuple(rows)


def solve_slowly(activities: tuple[Activity, ...]) -> Mapping[str, Decimal]:
    """Return early starts by the rules of the four links, over and over until nothing moves."""
    at = {one.id: Decimal(0) for one in activities}
    length = {one.id: one.duration for one in activities}
    for _ in activities:
        for one in activities:
            for link in one.links:
                end = at[link.task] + (length[link.task] if link.kind in ("FS", "FF") else 0) + link.lag
                at[one.id] = max(at[one.id], end - (one.duration if link.kind in ("FF", "SF") else 0))
    return at


@given(networks())
@settings(deadline=None)
def test_early_starts_are_those_of_the_rules_of_the_links(activities: tuple[Activity, ...]) -> None:
    network = compute_network(activities)
    assert starts(network) == solve_slowly(activities)
    assert network.length == max(one.early_finish for one in network.times.values())


@given(networks())
@settings(deadline=None)
def test_feasible_networks_have_no_negative_float_and_free_never_exceeds_total(
    activities: tuple[Activity, ...],
) -> None:
    for total, free in floats(compute_network(activities)).values():
        assert 0 <= free <= total


@given(networks())
@settings(deadline=None)
def test_late_starts_keep_all_links_and_cannot_be_later(activities: tuple[Activity, ...]) -> None:
    network = compute_network(activities)
    late = {id: one.late_start for id, one in network.times.items()}
    # All at their late starts: no link is broken, the project is no longer.
    floors = tuple(Activity(one.id, one.duration, one.links, not_before=late[one.id]) for one in activities)
    assert starts(compute_network(floors)) == late
    assert compute_network(floors).length == network.length
    # Any one of them a little later: the project is longer.
    for one in activities:
        moved = late[one.id] + Decimal("0.1")
        pushed = tuple(
            Activity(a.id, a.duration, a.links, not_before=moved if a is one else Decimal(0)) for a in activities
        )
        assert compute_network(pushed).length > network.length


@given(networks(kinds=("FS",), least=0))
@settings(deadline=None)
def test_critical_path_is_as_long_as_the_project(activities: tuple[Activity, ...]) -> None:
    network = compute_network(activities)
    path = find_critical_path(network).activities
    known = {one.id: one for one in activities}
    lags = [max(link.lag for link in known[after].links if link.task == before) for before, after in pairwise(path)]
    assert sum((known[id].duration for id in path), Decimal(0)) + sum(lags) == network.length
    assert set(path) <= set(network.critical)


@given(networks(), st.randoms(use_true_random=False))
@settings(deadline=None)
def test_order_of_records_does_not_matter(activities: tuple[Activity, ...], chance: object) -> None:
    shuffled = list(activities)
    chance.shuffle(shuffled)  # type: ignore[attr-defined]
    one, other = compute_network(activities), compute_network(shuffled)
    assert one.times == other.times
    assert one.critical == other.critical
    assert find_critical_path(one) == find_critical_path(other)


@given(networks(), st.data())
@settings(deadline=None)
def test_another_link_never_shortens_the_project(activities: tuple[Activity, ...], data: st.DataObject) -> None:
    before = compute_network(activities).length
    late = data.draw(st.integers(0, len(activities) - 1))
    early = data.draw(st.integers(0, late))
    link = Link(f"A{early}", data.draw(st.sampled_from(KINDS)), data.draw(st.integers(-5, 5)))
    grown = list(activities)
    if early < late:
        old = grown[late]
        grown[late] = Activity(old.id, old.duration, (*old.links, link))
    assert compute_network(grown).length >= before
