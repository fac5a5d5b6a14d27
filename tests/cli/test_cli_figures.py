"""Take the starter repository; ask for its computed figures by command; check values, origins, JSON and exit codes."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Deedbox = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def papers(starter: Path, tmp_path: Path) -> Path:
    """A copy of the starter that a test may change."""
    return shutil.copytree(starter, tmp_path / "papers")


def read(done: subprocess.CompletedProcess[str]) -> dict[str, Any]:
    document: dict[str, Any] = json.loads(done.stdout)
    assert document["exit_code"] == done.returncode
    return document


def test_figure_is_printed_with_formula_and_the_lines_it_came_from(papers: Path, deedbox: Deedbox) -> None:
    done = deedbox("figures", "atlas", "bac", "-v", "-C", "papers")
    assert done.returncode == 0, done.stderr
    value, formula, origin = done.stdout.splitlines()[:3]
    assert value.startswith("bac = ")
    assert value.endswith(" EUR")
    assert "Σ budget lines" in formula
    budget = (papers / "atlas/budget.yaml").read_text().splitlines()
    numbers = [int(part.partition(":")[0]) for part in origin.partition("budget.yaml:")[2].split(", lines ")[:1]]
    numbers += [int(number) for number in origin.partition(", lines ")[2].split(", ") if number]
    assert [number for number in numbers if "years:" not in budget[number - 1]] == []
    assert len(numbers) == sum("years:" in line for line in budget)


def test_changed_amount_changes_the_figure_by_the_same_money(papers: Path, deedbox: Deedbox) -> None:
    before = read(deedbox("figures", "atlas", "--format", "json", "-C", "papers"))["figures"]["bac"]["value"]
    budget = papers / "atlas/budget.yaml"
    budget.write_text(budget.read_text().replace("38000.00", "38000.01", 1))
    after = read(deedbox("figures", "atlas", "--format", "json", "-C", "papers"))["figures"]["bac"]["value"]
    assert round(after - before, 6) == 0.01


def test_json_names_every_figure_with_unit_formula_and_places_that_exist(papers: Path, deedbox: Deedbox) -> None:
    document = read(deedbox("figures", "atlas", "--format", "json", "-C", "papers"))
    assert (document["project"], document["currency"]) == ("atlas", "EUR")
    assert {"bac", "pv", "ev", "ac", "cpi", "spi", "eac", "tcpi", "spi_t"} <= set(document["figures"])
    for name, figure in document["figures"].items():
        assert figure["formula"], name
        assert (figure["value"] is None) == bool(figure["reason"]), name
        for place in figure["sources"]:
            lines = (papers / place["file"]).read_text().splitlines()
            assert lines[place["line"] - 1].strip(), (name, place)


def test_figures_of_a_work_package_come_from_its_own_lines_alone(papers: Path, deedbox: Deedbox) -> None:
    figures = read(deedbox("figures", "atlas", "ac", "--format", "json", "-C", "papers"))["figures"]
    whole = {(one["file"], one["line"]) for one in figures["ac"]["sources"]}
    parts = [{(o["file"], o["line"]) for o in one["sources"]} for name, one in figures.items() if "[" in name]
    assert len(parts) > 1
    assert set().union(*parts) <= whole
    assert all(one < whole for one in parts)


def test_single_records_are_left_out_until_asked_for(papers: Path, deedbox: Deedbox) -> None:
    assert "[" not in "".join(line for line in deedbox("figures", "atlas", "-C", "papers").stdout if " = " in line)
    named = deedbox("figures", "atlas", "cpi[WP1]", "-C", "papers").stdout
    assert named.startswith("cpi[WP1] = ")
    assert named.count(" = ") == 2  # the value, and the sign within the formula


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("atals",), "did you mean `atlas`?"),
        (("atlas", "cpa"), "did you mean `cpi`?"),
        (("atlas", "--period", "1999-01"), "has no period `1999-01`"),
        ((), "Missing argument"),
    ],
)
def test_unknown_name_is_a_usage_error_with_the_nearest(
    papers: Path, deedbox: Deedbox, words: tuple[str, ...], said: str
) -> None:
    done = deedbox("figures", *words, "-C", "papers")
    assert (done.returncode, done.stdout) == (2, "")
    assert said in done.stderr
    assert "Traceback" not in done.stderr


def test_wrong_sources_give_their_problems_and_no_figures(papers: Path, deedbox: Deedbox) -> None:
    budget = papers / "atlas/budget.yaml"
    budget.write_text(budget.read_text().replace("category: staff", "category: stuff", 1))
    done = deedbox("figures", "atlas", "-C", "papers")
    assert (done.returncode, done.stdout) == (1, "")
    assert "budget.yaml:" in done.stderr
    assert "DB205" in done.stderr


def test_undefined_figure_says_why_in_words(papers: Path, deedbox: Deedbox) -> None:
    for path in (papers / "atlas/progress").iterdir():
        path.unlink()
    done = deedbox("figures", "atlas", "cpi", "-C", "papers")
    assert done.stdout.splitlines()[0] == "cpi = not yet: no progress is reported"
