"""Take a built repository; build it again by command; check that nothing is loaded, nothing done, and the same said."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from pipeline.archive.store import find_store

HEAVY = (
    "jinja2",
    "pydantic",
    "msgspec",
    "docx",
    "weasyprint",
    "git",
    "click",
    "rich",
    "yaml",
    "lxml",
    "numpy",
    "multiprocessing",
)
# What a command line loads, when `-m pipeline` is taken for granted.
PROBE = f"""
import sys
from pipeline.cli import main
code = main(sys.argv[1:])
print(" ".join(sorted({{name.partition(".")[0] for name in sys.modules}} & set({HEAVY}))), code)
"""


@pytest.fixture(scope="module")
def built_once(starter: Path, tmp_path_factory: pytest.TempPathFactory, machine: dict[str, str]) -> Path:
    """A copy of the starter, built as HTML, and a second time so that no file is young any more."""
    folder = shutil.copytree(starter, tmp_path_factory.mktemp("fast") / "papers")
    for _ in range(2):
        command = [sys.executable, "-I", "-m", "pipeline", "build", "-C", str(folder), "--to", "html"]
        subprocess.run(command, env=machine, check=True, capture_output=True)
    return folder


def probe(folder: Path, machine: dict[str, str], *words: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-I", "-c", PROBE, "build", "-C", folder.name, "--to", "html", *words]
    return subprocess.run(command, cwd=folder.parent, env=machine, capture_output=True, text=True, check=False)


def test_second_build_loads_nothing_heavy_and_says_that_all_is_up_to_date(
    built_once: Path, machine: dict[str, str]
) -> None:
    done = probe(built_once, machine)
    assert done.stdout == " 0\n", done.stderr
    assert "all files are up to date; revision " in done.stderr


def test_the_fast_way_says_what_the_long_way_says(built_once: Path, machine: dict[str, str]) -> None:
    fast = probe(built_once, machine)
    store = find_store(built_once)
    assert store is not None
    shutil.rmtree(store / "stamps")
    long = probe(built_once, machine)
    assert "pydantic" in long.stdout and "pydantic" not in fast.stdout
    assert fast.stderr == long.stderr


@pytest.mark.parametrize(
    "words",
    [
        ("--force",),
        ("--rev", "HEAD"),
        ("--to", "odt"),
        *(
            pytest.param(words, marks=pytest.mark.soak)
            for words in (("--dry-run",), ("--format", "json"), ("-v",), ("nothing/here",))
        ),
    ],
    ids=" ".join,
)
def test_whatever_is_out_of_the_ordinary_goes_the_long_way(
    built_once: Path, machine: dict[str, str], words: tuple[str, ...]
) -> None:
    assert "click" in probe(built_once, machine, *words).stdout


@pytest.mark.parametrize(
    ("name", "edited"),
    [("manifest.json", False), ("index.html", True), ("atlas/charter.html", False), ("atlas/charter.html", True)],
)
def test_a_file_that_is_gone_or_edited_comes_back(
    built_once: Path, machine: dict[str, str], name: str, edited: bool
) -> None:
    file = built_once / "build" / name
    before = file.read_bytes()
    file.write_bytes(b"edited") if edited else file.unlink()
    done = probe(built_once, machine)
    assert done.stdout.endswith(" 0\n") and "all files are up to date" not in done.stderr, done.stderr
    assert file.read_bytes() == before
