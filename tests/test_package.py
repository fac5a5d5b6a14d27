"""Take pyproject.toml, what setup.py lists, and the tree; compare; tell whether an installed Deedbox would be whole."""

from __future__ import annotations

import tomllib
from pathlib import Path

from setuptools import find_packages

ROOT = Path(__file__).resolve().parents[1]


def _settings() -> dict[str, object]:
    return tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["setuptools"]


def test_every_package_is_listed_for_the_wheel() -> None:
    listed = find_packages(str(ROOT), include=["pipeline", "pipeline.*"])  # as setup.py does
    found = {".".join(file.parent.relative_to(ROOT).parts) for file in (ROOT / "pipeline").rglob("*.py")}
    assert set(listed) == found


def test_every_data_file_is_listed_for_the_wheel() -> None:
    data = _settings()["package-data"]
    listed = set()
    for package, patterns in data.items():  # type: ignore[attr-defined]
        folder = ROOT / ("templates" if package == "pipeline.templates" else package.replace(".", "/"))
        listed |= {file for pattern in patterns for file in folder.rglob(pattern.replace("**", "*")) if file.is_file()}
        listed |= {file for pattern in patterns for file in folder.glob(pattern) if file.is_file()}
    starter = {file for file in (ROOT / "pipeline/archive/starter").rglob("*") if file.is_file()}
    others = {file for file in (ROOT / "pipeline").rglob("*") if file.is_file() and "__pycache__" not in file.parts}
    missing = {file for file in others - starter if file.suffix != ".py"} - listed
    assert not missing
    assert {file for file in (ROOT / "templates").iterdir() if file.is_file()} <= listed


def test_tests_stand_in_the_folder_of_what_they_test() -> None:
    """Those of the last folders are about the whole: attacks, comparisons, judges, golden repositories, the sample."""
    apart = {"attacks", "compared", "conformance", "golden", "sample"}
    folders = {file.parent.relative_to(ROOT / "tests") for file in (ROOT / "tests").rglob("test_*.py")}
    assert not {
        folder.as_posix()
        for folder in folders
        if folder.parts and folder.parts[0] not in apart and not (ROOT / "pipeline" / folder).is_dir()
    }
