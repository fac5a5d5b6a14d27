"""Take cache folders that are full, in the way, read-only or nowhere; build; see that it is said calmly, or goes on."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest
from place_world import CHARTER, Office, copy_office, make_office

from pipeline.archive.store.index import NAME
from pipeline.processes.children import make_python_command

CALM = ("Traceback", "fault", "bug of Deedbox")


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Office:
    return make_office(tmp_path_factory.mktemp("office") / "machine")


@pytest.fixture
def ours(office: Office, tmp_path: Path) -> Office:
    return copy_office(office, tmp_path / "machine")


def check(done: subprocess.CompletedProcess[str], code: int, problem: str) -> None:
    assert done.returncode == code and problem in done.stderr, done.stderr
    assert done.stderr.count(problem) == 1 and not any(word in done.stderr for word in CALM), done.stderr


def test_a_file_in_place_of_the_cache_folder_stops_the_build_with_its_name(ours: Office) -> None:
    (ours.base / "file").write_text("mine")
    done = ours.run("build", "-C", ours.papers, "--to", "pdf", "atlas/charter", DEEDBOX_CACHE=str(ours.base / "file"))
    check(done, 4, "error DB528")
    assert str(ours.base / "file") in done.stderr
    check(ours.make("atlas/charter", HOME="/dev/null/nowhere"), 4, "error DB528")


@pytest.mark.parametrize("spoil", ["files", "read-only", pytest.param("index", marks=pytest.mark.soak)])
def test_a_store_that_keeps_nothing_costs_time_alone(ours: Office, spoil: str) -> None:
    environment = {"DEEDBOX_STORE": str(ours.base / "store")}
    store = ours.base / "store"
    store.mkdir(mode=0o700)
    if spoil == "files":
        (store / "files").write_text("in the way")
    elif spoil == "index":
        (store / NAME).mkdir()
    elif os.geteuid() == 0:
        pytest.skip("root may write anywhere")
    else:
        store.chmod(0o500)
    done = ours.make("atlas/charter", **environment)
    assert done.returncode == 0 and (ours.build / CHARTER).is_file(), done.stderr
    assert done.stderr.count("warning DB52") == 1, done.stderr
    assert not any(word in done.stderr for word in CALM)
    assert ours.make("--strict", "atlas/charter", **environment).returncode == 0


def test_a_full_disk_costs_time_alone_or_is_named(ours: Office) -> None:
    """A small disk of memory holds the cache, where this machine lets us have one."""
    place = ours.base / "small"
    place.mkdir()
    words = ("-C", str(ours.papers), "build")
    script = (
        'set -e; mount -t tmpfs -o size=200k,mode=700 tmpfs "$1"; shift; store="$1"; shift; set +e; '
        'DEEDBOX_STORE="$store" "$@" --to html; echo "store $?"; '
        'DEEDBOX_CACHE="$store" "$@" --to pdf atlas/charter; echo "fonts $?"'
    )
    command = make_python_command("pipeline", *words)
    unshare = shutil.which("unshare")
    done = subprocess.run(
        [unshare or "unshare", "-m", "sh", "-c", script, "sh", place, place / "own", *command],
        env=ours.surroundings(), cwd=ours.base, capture_output=True, text=True, check=False, timeout=120,
    ) if unshare else None  # fmt: skip
    if done is None or "store" not in done.stdout:
        pytest.skip("no disk of memory can be had here")
    assert "store 0" in done.stdout and "fonts 4" in done.stdout, done.stdout + done.stderr
    assert done.stderr.count("warning DB527") == 1 and done.stderr.count("error DB528") == 1, done.stderr
    assert not any(word in done.stderr for word in CALM), done.stderr
