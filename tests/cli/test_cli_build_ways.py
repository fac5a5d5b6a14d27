"""Take one repository; build it by one worker and by many, without workers, from stores near and far; compare bytes."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from forked_command import run_forked

BUILD = ("build", "atlas/charter", "atlas/documents/welcome", "--to", "docx,pdf,html")


@pytest.fixture(scope="module")
def expected(starter: Path, tmp_path_factory: pytest.TempPathFactory, machine: dict[str, str]) -> dict[str, bytes]:
    """What one worker makes in an empty place, by path."""
    folder = shutil.copytree(starter, tmp_path_factory.mktemp("ways") / "papers")
    run(folder, machine, "-j1", DEEDBOX_LIMITS="memory=3000")
    return read_outputs(folder)


def run(folder: Path, machine: dict[str, str], *words: str, **environment: str) -> str:
    done = run_forked((*BUILD, "-C", folder, *words), folder, {**machine, **environment})
    assert done.returncode == 0, done.stderr
    return done.stderr


def read_outputs(folder: Path) -> dict[str, bytes]:
    files = (path for path in (folder / "build").rglob("*") if path.is_file() and path.name != ".lock")
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


def test_expected_files_are_there(expected: dict[str, bytes]) -> None:
    assert {"build/atlas/charter.pdf", "build/atlas/documents/welcome.docx"} < expected.keys()


def test_eight_workers_or_none_at_all_make_the_same(
    starter: Path, tmp_path: Path, machine: dict[str, str], expected: dict[str, bytes]
) -> None:
    many, none = (shutil.copytree(starter, tmp_path / name) for name in ("many", "none"))
    run(many, machine, "-j8", DEEDBOX_LIMITS="memory=3000")
    assert read_outputs(many) == expected
    run(none, machine)
    assert read_outputs(none) == expected


def test_without_limits_no_process_is_started_that_writes(
    starter: Path, tmp_path: Path, machine: dict[str, str]
) -> None:
    one = shutil.copytree(starter, tmp_path / "one")
    assert starts_server(one, machine, "memory=3000")
    assert not starts_server(one, machine, "off")


def starts_server(folder: Path, machine: dict[str, str], limits: str) -> bool:
    """Return whether a build of a document starts the server from which workers are forked."""
    script = (
        "import sys; from pipeline.cli import main; code = main(['build', '--force', '-q', 'atlas/charter']);"
        " from pipeline.processes.fork_server import RENDERERS, WRITERS;"
        " print(bool(WRITERS.pid and RENDERERS.pid)); sys.exit(code)"
    )
    done = subprocess.run(
        [sys.executable, "-c", script],
        cwd=folder,
        env={**machine, "DEEDBOX_LIMITS": limits},
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.splitlines()[-1] == "True"


def test_the_store_of_this_machine_or_of_another_gives_the_same_without_writing_a_document(
    starter: Path, tmp_path: Path, machine: dict[str, str], expected: dict[str, bytes]
) -> None:
    one = shutil.copytree(starter, tmp_path / "one")
    host = {**machine, "DEEDBOX_CACHE_REMOTE": f"file://{tmp_path}/remote", "DEEDBOX_CACHE_WRITE": "true"}
    other = shutil.copytree(one, tmp_path / "other")
    assert "atlas/charter" in run(one, host)
    made = read_outputs(one)
    assert made.keys() == expected.keys()
    shutil.rmtree(one / "build")
    for folder in (one, other):
        assert "[1/" not in run(folder, host)
        assert read_outputs(folder) == made
