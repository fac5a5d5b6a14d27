"""Take a scheduler and workers of Dask in processes of their own; have documents written there; check the files."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing import get_context
from pathlib import Path

import pytest
from pool_tasks import make_letter

from pipeline.document.theme import Theme
from pipeline.document.tree import Document
from pipeline.problems import MACHINE_LACKS, USAGE, Stop
from pipeline.write.executor import open_executor
from pipeline.write.pool import write_documents

FORMATS = ("pdf", "docx")
ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module", autouse=True)
def fonts(pytestconfig: pytest.Config) -> Iterator[None]:
    """Keep the workers out of the user's cache folder."""
    with pytest.MonkeyPatch.context() as patch:
        if "DEEDBOX_CACHE" not in os.environ:
            patch.setenv("DEEDBOX_CACHE", str(pytestconfig.cache.mkdir("deedbox")))  # type: ignore[union-attr]
        yield


@contextmanager
def run(module: str, *words: str, folder: Path) -> Iterator[subprocess.Popen[bytes]]:
    """Run a program of Dask until the block ends; what it says goes to a file in the folder."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "DASK_DISTRIBUTED__WORKER__DAEMON": "False"}
    with (folder / f"{module.rpartition('.')[2]}.log").open("ab") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", module, *words], cwd=folder, env=environment, stdout=log, stderr=log
        )
    try:
        yield process
    finally:
        process.kill()
        process.wait()


@contextmanager
def start_scheduler(folder: Path) -> Iterator[str]:
    """Give the address of a scheduler on a free port of this machine."""
    file = folder / "scheduler.json"
    words = ("--host", "127.0.0.1", "--port", "0", "--no-dashboard", "--scheduler-file", str(file))
    with run("distributed.cli.dask_scheduler", *words, folder=folder):
        for _ in range(1200):
            if file.exists() and file.read_text(encoding="utf-8").endswith("}"):
                break
            time.sleep(0.1)
        yield str(json.loads(file.read_text(encoding="utf-8"))["address"]).removeprefix("tcp://")


def start_worker(address: str, folder: Path) -> contextmanager[subprocess.Popen[bytes]]:  # type: ignore[type-arg]
    words = (f"tcp://{address}", "--nthreads", "1", "--no-nanny", "--no-dashboard", "--local-directory", str(folder))
    return run("distributed.cli.dask_worker", *words, folder=folder)  # type: ignore[return-value]


@pytest.mark.soak
def test_two_workers_of_dask_write_the_same_files_even_if_one_is_killed(
    sample_document: Document, theme: Theme, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("distributed")
    documents = [sample_document, *(make_letter(f"p/{number}") for number in range(12)), sample_document]
    monkeypatch.setenv("DEEDBOX_LIMITS", "off")
    here = list(write_documents(documents, theme, FORMATS))
    with (
        start_scheduler(tmp_path) as address,
        start_worker(address, tmp_path) as one,
        start_worker(address, tmp_path),
        open_executor(f"dask://{address}") as executor,
    ):
        executor._client.wait_for_workers(2, timeout=120)  # type: ignore[attr-defined]
        there = write_documents(documents, theme, FORMATS, executor=executor)
        first = next(there)
        one.kill()
        assert [first, *there] == here


def test_a_build_by_dask_leaves_the_files_of_a_build_here(tmp_path: Path) -> None:
    pytest.importorskip("distributed")
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "GIT_CONFIG_NOSYSTEM": "1"}

    def deedbox(*words: str) -> None:
        command = [sys.executable, "-I", "-m", "pipeline", *words]
        done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr

    deedbox("init", "papers", "--yes", "--organisation", "Registry", "--project", "Atlas", "--manager", "Ilse Brandt")
    build = ("build", "-C", "papers", "atlas/charter", "--to", "docx,pdf")
    deedbox(*build, "-o", "here")
    with start_scheduler(tmp_path) as address, start_worker(address, tmp_path):
        deedbox(*build, "-o", "there", "--force", "--executor", f"dask://{address}")
    here, there = (tmp_path / "papers" / name / "atlas" for name in ("here", "there"))
    names = {path.name for path in here.iterdir()}
    assert names == {"charter.docx", "charter.pdf"}
    assert {name: (there / name).read_bytes() for name in names} == {name: (here / name).read_bytes() for name in names}


def test_an_executor_that_fails_is_a_problem_of_each_document(theme: Theme) -> None:
    documents = [make_letter("p/one"), make_letter("p/two")]
    with ProcessPoolExecutor(1, get_context("spawn"), initializer=os._exit, initargs=(3,)) as executor:
        made = list(write_documents(documents, theme, ("docx",), executor=executor))
    assert [[(p.code, p.message.partition(":")[0]) for p in one.problems] for one in made] == [
        [("DB437", "p/one could not be written elsewhere")],
        [("DB437", "p/two could not be written elsewhere")],
    ]
    assert not any(one.files for one in made)


@pytest.mark.parametrize("address", ["", "dask://", "http://localhost:8786", "localhost:8786"])
def test_an_address_of_no_executor_stops_with_a_hint(address: str) -> None:
    with pytest.raises(Stop) as stop, open_executor(address):
        pass
    assert stop.value.exit_code == USAGE
    assert [(p.code, p.hint) for p in stop.value.problems] == [("DB438", "such as dask://localhost:8786")]


def test_a_scheduler_without_workers_stops_instead_of_waiting_for_ever(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("distributed")
    monkeypatch.setattr("pipeline.write.executor._PATIENCE", 1)
    with start_scheduler(tmp_path) as address, pytest.raises(Stop) as stop, open_executor(f"dask://{address}"):
        pass
    assert stop.value.exit_code == MACHINE_LACKS
    assert [p.message for p in stop.value.problems] == [f"the Dask scheduler at dask://{address} has no workers"]


def test_a_scheduler_that_is_not_there_stops_with_what_to_start(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("distributed")
    monkeypatch.setattr("pipeline.write.executor._PATIENCE", 1)
    with pytest.raises(Stop) as stop, open_executor("dask://127.0.0.1:9"):
        pass
    (problem,) = stop.value.problems
    assert problem.message == "no Dask scheduler answers at dask://127.0.0.1:9"
    assert "dask scheduler" in problem.hint
