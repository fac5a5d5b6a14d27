"""Take confined processes of both kinds; try from inside to get out; check that each attempt is refused."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from jail_tasks import ATTEMPTS

from pipeline.processes.fork_server import RENDERERS, WRITERS, ForkServer
from pipeline.processes.frames import part_frames
from pipeline.processes.landlock import read_version
from pipeline.processes.limits import Limits
from pipeline.processes.seccomp import can_refuse_calls
from pipeline.processes.worker import Worker, WorkerDied

# What only one of the two can refuse; the rest is refused by either.
FILES = {name for name in ATTEMPTS if "file" in name or "folder" in name or "link" in name or "show" in name}
# Root may raise any limit; everybody else may not, whatever the kernel has.
LIMIT = {"raise its limit"}
CALLS = set(ATTEMPTS) - FILES - LIMIT | {"change a mode", "change a time"}


@pytest.fixture(params=["writers", "renderers"])
def worker(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Worker]:
    """A worker of a server of its own, started where secrets of ours are in the environment."""
    monkeypatch.setenv("DEEDBOX_TEST_KEPT", "kept")
    monkeypatch.setenv("SECRET_TOKEN", "hunter2")
    monkeypatch.setenv("LD_LIBRARY_PATH", str(tmp_path))
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    (tmp_path / "selectors.py").write_text("raise SystemExit('planted')")
    monkeypatch.chdir(tmp_path)
    server = ForkServer({"writers": WRITERS, "renderers": RENDERERS}[request.param].preload)
    server.search = (str(Path(__file__).parent),)
    worker = Worker(Limits(), server)
    yield worker
    worker.kill()
    server.stop()


def test_whoever_reads_contributors_files_can_reach_nothing(worker: Worker, tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("secret")
    refused, _ = part_frames(worker.do("jail_tasks.attempt", str(tmp_path).encode()))
    assert set(refused) == set(ATTEMPTS)
    if os.geteuid():
        assert not refused["raise its limit"].startswith("did")
    wanted = (FILES if read_version() else set()) | (CALLS if can_refuse_calls() else set())
    if not wanted:
        pytest.skip("this kernel has neither Landlock nor seccomp: `deedbox doctor` says so")
    assert {name: outcome for name, outcome in refused.items() if name in wanted and outcome.startswith("did")} == {}
    assert (tmp_path / "secret").read_text() == "secret"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["secret", "selectors.py"]


def test_a_confined_process_knows_nothing_of_ours(worker: Worker) -> None:
    around, _ = part_frames(worker.do("jail_tasks.describe", b""))
    assert around["folder"] == "/"
    assert around["environment"]["DEEDBOX_TEST_KEPT"] == "kept"
    # Its own pipe is the only socket: not the line on which the server is told to fork. No file is a terminal.
    assert sorted(around["files"].values()).count("s") == 1 and "terminal" not in around["files"].values()
    assert not {"SECRET_TOKEN", "LD_LIBRARY_PATH", "PYTHONPATH"} & around["environment"].keys()


def test_a_confined_process_may_work_in_threads(worker: Worker) -> None:
    assert part_frames(worker.do("jail_tasks.work_in_threads", b""))[0]["done"] == [0, 1, 2, 3]


def test_questions_are_answered_by_whoever_gave_the_task(worker: Worker) -> None:
    head, _ = part_frames(worker.do("jail_tasks.ask_back", b"", lambda question: question.decode().upper()))
    assert head["answers"] == ["ONE", "TWO"]


def test_a_question_that_nobody_answers_ends_the_process(worker: Worker) -> None:
    with pytest.raises(WorkerDied):
        worker.do("jail_tasks.ask_back", b"")


def test_an_answer_that_fails_passes_on_and_ends_the_process(worker: Worker) -> None:
    def fail(question: bytes) -> None:
        raise KeyError(question)

    with pytest.raises(KeyError):
        worker.do("jail_tasks.ask_back", b"", fail)
    with pytest.raises(WorkerDied):
        worker.do("jail_tasks.describe", b"")
