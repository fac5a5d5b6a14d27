"""Take documents, some of which go wrong in every way; have real workers write them; check what came of each."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from random import Random  # noqa: TID251 (seeded)
from threading import Event, Thread

import pytest
from pool_tasks import MUCH, give_much, make_letter, misbehave, pack_letter

from pipeline.document.theme import Theme
from pipeline.document.tree import Asset, Document, Figure, Section
from pipeline.problems import MACHINE_LACKS, Problem, Stop
from pipeline.processes.fork_server import WRITERS
from pipeline.processes.limits import Limits
from pipeline.write import write_document
from pipeline.write.pool import run_steps, write_documents
from pipeline.write.step import pack_step, read_answer, run_step
from pipeline.write.workers import Workers, stop_workers

FORMATS = ("docx", "pdf", "html")
ROOT = Path(__file__).parents[2]
HERE = Path(__file__).parent
# Long enough for the first document of a cold worker on a busy machine.
TIGHT = Limits(memory=1024, processor=10, time=30)
# A picture of ten times ten times … rectangles: small, well-formed, and never drawn to its end.
ENDLESS = (
    b'<svg xmlns="http://www.w3.org/2000/svg" width="100" height="100"><defs><rect id="r0" width="1" height="1"/>'
    + b"".join(b'<g id="r%d">%s</g>' % (n, b'<use href="#r%d"/>' % (n - 1) * 10) for n in range(1, 13))
    + b'</defs><use href="#r12"/></svg>'
)


@pytest.fixture(scope="module", autouse=True)
def workers(pytestconfig: pytest.Config) -> Iterator[None]:
    """Keep the workers out of the user's cache folder, and end them with these tests."""
    with pytest.MonkeyPatch.context() as patch:
        if "DEEDBOX_CACHE" not in os.environ:
            patch.setenv("DEEDBOX_CACHE", str(pytestconfig.cache.mkdir("deedbox")))  # type: ignore[union-attr]
        yield
        stop_workers()


def make_picture_letter(name: str, picture: Asset) -> Document:
    figure = Figure(asset="picture.svg", alt="A picture", width=100.0, height=100.0)
    return replace(make_letter(name), sections=(Section((figure,)),), assets={"picture.svg": picture})


def test_files_are_the_same_whoever_writes_them(
    sample_document: Document, theme: Theme, monkeypatch: pytest.MonkeyPatch
) -> None:
    documents = [sample_document, make_letter("p/first"), make_letter("p/second", "Other words."), sample_document]
    monkeypatch.setenv("DEEDBOX_LIMITS", "off")
    here = list(write_documents(documents, theme, FORMATS))
    monkeypatch.delenv("DEEDBOX_LIMITS")
    assert {tuple(one.files) for one in here} == {FORMATS}
    assert [one.files["pdf"][:5] for one in here] == [b"%PDF-"] * 4
    for jobs in (1, 2, 8):
        assert list(write_documents(documents, theme, FORMATS, jobs)) == here


@pytest.mark.parametrize(
    ("way", "code", "words"),
    [
        ("allocates", "DB433", "bad/allocates needs more than 1024 MB"),
        ("leaves", "DB431", "the process that wrote bad/leaves died (exit code 7)"),
        ("crashes", "DB431", "the process that wrote bad/crashes died (signal SIGSEGV)"),
        ("is-killed", "DB431", "the process that wrote bad/is-killed died (signal SIGKILL)"),
    ],
)
def test_a_document_that_ends_its_worker_is_the_only_one_lost(way: str, code: str, words: str, theme: Theme) -> None:
    names = ("good/one", f"bad/{way}", "good/two", "good/three")
    made = list(run_steps((pack_letter(name, theme) for name in names), 2, TIGHT, misbehave))
    assert [(p.code, p.message) for one in made for p in one.problems] == [(code, words)]
    assert all(p.hint for one in made for p in one.problems)
    assert [tuple(one.files) for one in made] == [("pdf",), (), ("pdf",), ("pdf",)]
    again = list(run_steps((pack_letter(name, theme) for name in names[::2]), 2, TIGHT, misbehave))
    assert again == made[::2]


@pytest.mark.parametrize(
    ("way", "limits", "words"),
    [
        ("sleeps", Limits(time=8), "bad/sleeps is not written after 8 s"),
        ("ponders", Limits(time=8), "bad/ponders is not written after 8 s"),
        ("computes", Limits(processor=2), "bad/computes is not written after 2 s of computing"),
    ],
)
def test_a_document_without_end_is_ended(way: str, limits: Limits, words: str, theme: Theme) -> None:
    names = (f"bad/{way}", "good/one", "good/two")
    made = list(run_steps((pack_letter(name, theme) for name in names), 2, limits, misbehave))
    assert [(p.code, p.message) for one in made for p in one.problems] == [("DB432", words)]
    assert [tuple(one.files) for one in made] == [(), ("pdf",), ("pdf",)]
    stop_workers()


def test_one_worker_protects_as_two_do(theme: Theme) -> None:
    made = list(run_steps([pack_letter(name, theme) for name in ("bad/crashes", "good/one")], 1, TIGHT, misbehave))
    assert [tuple(one.files) for one in made] == [(), ("pdf",)]


def test_a_picture_that_is_never_drawn_to_its_end_costs_its_document_alone(theme: Theme) -> None:
    endless = make_picture_letter("p/endless", Asset(ENDLESS, "image/svg+xml", 100, 100))
    steps = [(one.id, pack_step(one, theme, ("pdf",))) for one in (make_letter("p/one"), endless, make_letter("p/two"))]
    made = list(run_steps(steps, 2, Limits(memory=1024, processor=3, time=60)))
    assert [tuple(one.files) for one in made] == [("pdf",), (), ("pdf",)]
    assert [p.code for one in made for p in one.problems] in (["DB432"], ["DB433"], ["DB431"])
    assert "p/endless" in made[1].problems[0].message
    stop_workers()


def test_an_exception_of_ours_is_a_problem_that_names_its_line(theme: Theme) -> None:
    lost = replace(make_letter("p/lost"), sections=(Section((Figure(asset="nowhere.png", alt="A picture"),)),))
    made = list(write_documents([lost, make_letter("p/one")], theme, ("pdf",), 2))
    (problem,) = made[0].problems
    assert problem.code == "DB434"
    assert problem.message.startswith("p/lost could not be written: KeyError: 'nowhere.png' (")
    assert ".py:" in problem.message
    assert made[1].files and not made[1].problems


def test_a_stop_of_a_writer_stops_the_build_with_its_problems(theme: Theme) -> None:
    name, step = "p/one", pack_step(make_letter("p/one"), theme, ("pdf",), engine="another")
    with pytest.raises(Stop) as stop:
        list(run_steps([(name, step)], 1, TIGHT))
    assert stop.value.exit_code == MACHINE_LACKS
    (problem,) = stop.value.problems
    assert isinstance(problem, Problem) and problem.code == "DB436"


def test_a_pool_whose_idle_worker_was_killed_works_on(theme: Theme) -> None:
    steps = [pack_letter(f"p/{number}", theme) for number in range(3)]
    before = list(run_steps(steps, 1, TIGHT))
    for path in Path("/proc").glob("[0-9]*/stat"):
        if is_child_of_server(path):
            os.kill(int(path.parent.name), signal.SIGKILL)
    assert list(run_steps(steps, 1, TIGHT)) == before


def test_a_worker_that_cannot_be_started_is_a_problem_that_passes(tmp_path: Path) -> None:
    code = (
        "import os, resource\n"
        "from pipeline.processes.fork_server import WRITERS\n"
        "from pipeline.processes.limits import Limits\nfrom pipeline.write.pool import run_steps\n"
        "from pool_tasks import give_much\n"
        "if __name__ == '__main__':\n"
        f"    WRITERS.search = ({str(HERE)!r},)\n"
        "    WRITERS.start()\n"
        "    resource.setrlimit(resource.RLIMIT_NOFILE, (64, 64))\n"
        "    held = []\n"
        "    try:\n"
        "        while True: held.append(os.open(os.devnull, os.O_RDONLY))\n"
        "    except OSError: pass\n"
        "    (lost,) = run_steps([('p/one', b'')], 1, Limits(), give_much)\n"
        "    for one in held: os.close(one)\n"
        "    (made,) = run_steps([('p/one', b'')], 1, Limits(), give_much)\n"
        "    print(*(f'{one.code} {one.message}' for one in lost.problems), len(made.files), made.problems)\n"
    )
    script = tmp_path / "build.py"
    script.write_text(code, encoding="utf-8")
    path = os.pathsep.join((str(ROOT), str(HERE)))
    done = subprocess.run(
        [sys.executable, script], env={**os.environ, "PYTHONPATH": path}, capture_output=True, text=True, check=False
    )
    assert done.stdout == "DB439 no process could be started that would write p/one 1 ()\n", done.stderr


def test_workers_that_are_killed_at_any_moment_hold_up_nobody(theme: Theme) -> None:
    """The answers are larger than a pipe, so that many workers die in the middle of one."""
    steps = [(f"p/{number}", b"") for number in range(200)]
    chance, is_over = Random(7), Event()

    def kill_some() -> None:
        while not is_over.wait(chance.uniform(0.0, 0.03)):
            for path in Path("/proc").glob("[0-9]*/stat"):
                if is_child_of_server(path) and chance.random() < 0.5:
                    with suppress(ProcessLookupError):
                        os.kill(int(path.parent.name), signal.SIGKILL)

    killer = Thread(target=kill_some)
    killer.start()
    try:
        made = list(run_steps(steps, 2, TIGHT, give_much))
    finally:
        is_over.set()
        killer.join()
    lost = [one.problems[0] for one in made if one.problems]
    assert len(made) == 200 and 0 < len(lost) < 200
    assert {problem.code for problem in lost} == {"DB431"}
    assert all(one.files["pdf"] == MUCH for one in made if not one.problems)
    assert not [one for one in run_steps(steps[:4], 2, TIGHT, give_much) if one.problems]


def is_child_of_server(stat: Path) -> bool:
    """Return whether a process is a worker of this one: a child of its fork server."""
    return read_parent(stat) == WRITERS.pid


def read_parent(stat: Path) -> int:
    """Return the process that started another one, -1 where that has ended."""
    try:
        return int(stat.read_text().rpartition(")")[2].split()[1])
    except OSError:
        return -1


def list_children(pid: int) -> list[int]:
    return [int(path.parent.name) for path in Path("/proc").glob("[0-9]*/stat") if read_parent(path) == pid]


def test_documents_are_asked_for_as_they_are_wanted(theme: Theme) -> None:
    asked: list[str] = []

    def ask() -> Iterator[tuple[str, bytes]]:
        for number in range(100):
            asked.append(f"p/{number}")
            yield pack_letter(asked[-1], theme)

    made = run_steps(ask(), 1, TIGHT)
    next(made)
    assert len(asked) == Workers(1, TIGHT, run_step).ahead
    made.close()  # type: ignore[attr-defined]


def test_of_large_steps_fewer_are_under_way() -> None:
    asked: list[str] = []

    def ask() -> Iterator[tuple[str, bytes]]:
        for number in range(12):
            asked.append(f"p/{number}")
            yield asked[-1], bytes(10_000_000)

    made = run_steps(ask(), 1, TIGHT, give_much)
    next(made)
    assert len(asked) == 4
    assert len(list(made)) == 11


def test_a_thread_that_cannot_be_started_is_a_problem_that_passes() -> None:
    before = threading.stack_size(2**46)  # so much that none can start
    try:
        (lost,) = run_steps([("p/one", b"")], 3, TIGHT, give_much)
    finally:
        threading.stack_size(before)
    (made,) = run_steps([("p/one", b"")], 3, TIGHT, give_much)
    assert [problem.code for problem in lost.problems] == ["DB439"] and not lost.files
    assert made.files["pdf"] == MUCH


def test_no_process_outlives_a_killed_build(tmp_path: Path) -> None:
    code = (
        "from pathlib import Path\nfrom pool_tasks import wait_for_ever\n"
        "from pipeline.processes.limits import Limits\nfrom pipeline.processes.fork_server import WRITERS\n"
        "from pipeline.write.pool import run_steps\n"
        "if __name__ == '__main__':\n"
        f"    WRITERS.search = ({str(HERE)!r},)\n"
        "    list(run_steps([('a', b''), ('b', b'')], 2, Limits(), wait_for_ever))\n"
    )
    script = tmp_path / "build.py"
    script.write_text(code, encoding="utf-8")
    path = os.pathsep.join((str(ROOT), str(HERE)))
    build = subprocess.Popen([sys.executable, script], env={**os.environ, "PYTHONPATH": path})
    started: list[int] = []

    def has_two_workers() -> bool:
        servers = list_children(build.pid)
        started[:] = [*servers, *(worker for server in servers for worker in list_children(server))]
        return len(servers) == 1 and len(started) == 3

    wait_for(has_two_workers)
    build.kill()
    build.wait()
    wait_for(lambda: not any(map(is_alive, started)))


@pytest.mark.parametrize("end", ["os._exit(0)", "os.kill(os.getpid(), 9)", "sys.exit()"])
def test_nothing_is_said_of_a_build_that_ended_while_a_worker_was_started(tmp_path: Path, end: str) -> None:
    code = (
        "import os, sys\nfrom pipeline.processes.fork_server import WRITERS, _open_pipes, _send\n"
        "with _open_pipes() as (_, theirs, _, report):\n"
        "    _send(WRITERS._ensure_running(), 100, (theirs, report))\n"
        f"    {end}\n"
    )
    script = tmp_path / "build.py"
    script.write_text(code, encoding="utf-8")
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run([sys.executable, script], env=environment, capture_output=True, check=False)
    assert (done.stdout, done.stderr) == (b"", b"")


def wait_for(condition: object) -> None:
    for _ in range(1200):
        if condition():  # type: ignore[operator]
            return
        time.sleep(0.1)
    raise AssertionError("it did not come to pass in two minutes")


def is_alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def test_a_step_is_bytes_that_any_process_can_take(sample_document: Document, theme: Theme) -> None:
    answer = run_step(pack_step(sample_document, theme, FORMATS))
    assert isinstance(answer, bytes)
    assert read_answer(answer) == write_document(sample_document, theme, FORMATS)
