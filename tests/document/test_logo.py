"""Take a theme with a logo, and prose in another language; render and write them; see picture, problem and language."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.problems import Stop
from pipeline.render.theme_file import load_theme

HOUSE = (Path(__file__).parents[2] / "templates" / "theme.yaml").read_bytes()


def test_the_house_has_no_logo() -> None:
    assert load_theme().logo == ""


def test_a_repository_names_its_logo() -> None:
    assert load_theme(b"logo: theme/logo.svg\n").logo == "theme/logo.svg"


@pytest.mark.parametrize("logo", ["1", "true", "{file: theme/logo.svg}", "[]"])
def test_a_logo_that_is_no_path_is_a_problem(logo: str) -> None:
    with pytest.raises(Stop) as stop:
        load_theme(f"logo: {logo}\n".encode())
    assert [problem.code for problem in stop.value.problems] == ["DB310"]
