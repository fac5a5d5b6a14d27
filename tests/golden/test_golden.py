"""Take each golden repository; build it here and in other surroundings; fail where anything is not as accepted."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path

import pytest

from .builds import Built, build_elsewhere
from .cases import HERE, Case, list_cases
from .compare import find_differences
from .pages import LARGEST
from .repositories import make_repository
from .results import make_results, make_word_pictures
from .word_pages import MARK, find_office

CASES = list_cases()
# What these show of charts, tables, prose and problems is built twice every day; the other cases by `make soak`.
TWICE = {"charts", "markdown", "bad-prose"}
TOOLS = ("pdftotext", "pdftoppm")


@dataclass(frozen=True)
class Golden:
    """A case, what its build gave, and the printed files."""

    case: Case
    built: Built
    files: dict[str, bytes]


@pytest.fixture(scope="module", params=CASES, ids=lambda case: case.name)
def golden(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Golden:
    """Return one case after its build; skip where a program that reads its PDF is absent."""
    case: Case = request.param
    absent = [tool for tool in TOOLS if shutil.which(tool) is None]
    if absent and (case.pdf or case.pages or case.word_pages):
        pytest.skip(f"{', '.join(absent)} is not installed (package poppler-utils)")
    folder = tmp_path_factory.mktemp(case.name)
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("SOURCE_DATE_EPOCH", raising=False)
        repository = make_repository(case.source, folder / "repository")
        return Golden(case, *make_results(case, repository, folder / "build"))


def test_case_gives_what_was_accepted(golden: Golden) -> None:
    differences = find_differences(golden.case, golden.files)
    hint = f"if that is right: make accept CASE={golden.case.name}"
    assert differences == [], "\n\n".join([*differences, hint])


def test_word_pages_look_as_accepted(golden: Golden) -> None:
    if golden.case.word_pages and not find_office():
        pytest.skip(
            "LibreOffice or Liberation Sans is not installed (packages libreoffice-writer-nogui, fonts-liberation)"
        )
    differences = find_differences(golden.case, make_word_pictures(golden.case, golden.built), word=True)
    hint = f"if that is right: make accept CASE={golden.case.name}"
    assert differences == [], "\n\n".join([*differences, hint])


def test_case_ends_as_it_says(golden: Golden) -> None:
    assert golden.built.exit_code == golden.case.exit_code
    assert bool(golden.built.files) is (golden.case.exit_code == 0)


@pytest.mark.parametrize(
    "golden",
    [pytest.param(case, id=case.name, marks=[] if case.name in TWICE else [pytest.mark.soak]) for case in CASES],
    indirect=True,
)
def test_case_gives_the_same_bytes_in_other_surroundings(golden: Golden, tmp_path: Path) -> None:
    place = tmp_path / "Ein anderer Ordner, weiter unten"
    repository = make_repository(golden.case.source, place / "Kopie")
    again = build_elsewhere(repository, place / "fertig", tmp_path / "home")
    assert (again.exit_code, again.problems, again.steps) == (
        golden.built.exit_code,
        golden.built.problems,
        golden.built.steps,
    )
    assert again.files.keys() == golden.built.files.keys()
    assert [name for name, data in again.files.items() if data != golden.built.files[name]] == []


def test_page_pictures_are_small() -> None:
    large = [path.name for path in HERE.glob("*/expected/**/*.png") if path.stat().st_size > LARGEST]
    assert large == []


def test_a_dozen_pages_are_kept_as_pictures_in_both_formats() -> None:
    word = [name for name in HERE.glob("*/expected/**/*.png") if MARK in name.name]
    assert len(list(HERE.glob("*/expected/**/*.png"))) >= 12
    assert len(word) >= 4


def test_every_folder_is_a_case() -> None:
    folders = {path.name for path in HERE.iterdir() if path.is_dir() and path.name != "__pycache__"}
    assert folders == {case.name for case in CASES}
