"""Take ends that nobody wants (a bug, Ctrl-C, a closed pipe); check words and exit code of each."""

from __future__ import annotations

import os
import pty
import select
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

BROKEN = """
import sys
from pipeline.cli import commands, main
import click

@click.command("broken")
def command():
    {statement}

commands.COMMANDS["broken"] = ("broken_command", "Fail.")
sys.modules["broken_command"] = type(sys)("broken_command")
sys.modules["broken_command"].command = command
sys.exit(main(["broken"]))
"""


def run_broken(statement: str, machine: dict[str, str], **more: str) -> subprocess.CompletedProcess[str]:
    script = BROKEN.format(statement=statement)
    environment = {**machine, **more}
    return subprocess.run([sys.executable, "-c", script], env=environment, capture_output=True, text=True, check=False)


def test_bug_is_one_line_with_the_path_of_a_log_that_holds_the_traceback(tmp_path, machine):
    done = run_broken("raise RuntimeError('wires crossed')", machine, DEEDBOX_CACHE=str(tmp_path))
    assert (done.returncode, done.stdout) == (3, "")
    assert len(done.stderr.splitlines()) == 1
    log = Path(done.stderr.split()[-1])
    assert log.is_relative_to(tmp_path)
    text = log.read_text()
    assert "Traceback" in text
    assert "RuntimeError: wires crossed" in text


def test_bug_is_logged_elsewhere_if_the_cache_cannot_be_written(tmp_path, machine):
    (tmp_path / "file").write_text("not a folder")
    done = run_broken("1 / 0", machine, DEEDBOX_CACHE=str(tmp_path / "file"), TMPDIR=str(tmp_path))
    assert done.returncode == 3
    assert Path(done.stderr.split()[-1]).parent == tmp_path


def test_recursion_without_end_is_a_bug_like_any_other(machine):
    done = run_broken("f = lambda: f(); f()", machine)
    assert done.returncode == 3
    assert "Traceback" not in done.stderr


def test_interrupt_is_exit_130(machine):
    done = run_broken("import os, signal; os.kill(os.getpid(), signal.SIGINT)", machine)
    assert done.returncode == 130
    assert "interrupted" in done.stderr
    assert "Traceback" not in done.stderr


def test_reader_that_has_seen_enough_is_no_error(machine):
    command = [sys.executable, "-I", "-m", "pipeline", "schema", "project"]
    process = subprocess.Popen(command, env=machine, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert process.stdout is not None and process.stderr is not None
    process.stdout.close()
    assert process.stderr.read() == b""
    process.stderr.close()
    assert process.wait() == 0


CTRL_C = "\x03"
TALK = {"Organisation": "City Registry\n", "Name of the project": "Beacon\n", "Project Manager": "Jan Novák\n"}


def ask_on_terminal(
    command: list[str], environment: dict[str, str], talk: dict[str, str], timeout: float = 60
) -> tuple[int, str]:
    """Run a command on a terminal; give each answer once its question is there; return exit code and all shown."""
    child, terminal = pty.fork()
    if child == 0:
        os.execve(command[0], command, environment)
    shown, answers, deadline = "", dict(talk), time.monotonic() + timeout
    while time.monotonic() < deadline:
        ready, _, _ = select.select([terminal], [], [], 1)
        if ready and not (data := read_or_end(terminal)):
            break
        shown += data.decode(errors="replace") if ready else ""
        if answers and next(iter(answers)) in shown:
            os.write(terminal, answers.pop(next(iter(answers))).encode())
        elif not ready and not answers and CTRL_C in talk.values():
            os.write(terminal, CTRL_C.encode())  # the first may come just before Python waits, and then it is not seen
    else:
        os.kill(child, signal.SIGKILL)
    _, status = os.waitpid(child, 0)
    os.close(terminal)
    return os.waitstatus_to_exitcode(status), shown


def read_or_end(terminal: int) -> bytes:
    try:
        return os.read(terminal, 4096)
    except OSError:  # Linux says so when the other side is gone
        return b""


@pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")
def test_init_asks_three_things_on_a_terminal(tmp_path, machine):
    command = [sys.executable, "-I", "-m", "pipeline", "init", str(tmp_path / "new")]
    code, shown = ask_on_terminal(command, {**machine, "TERM": "xterm"}, TALK)
    assert code == 0, shown
    assert "Organisation" in shown
    assert "name: Jan Novák" in (tmp_path / "new/people.yaml").read_text()
    assert (tmp_path / "new/beacon/project.yaml").is_file()


@pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")
def test_interrupt_at_a_question_leaves_nothing(tmp_path, machine):
    command = [sys.executable, "-I", "-m", "pipeline", "init", str(tmp_path / "new")]
    code, _ = ask_on_terminal(
        command, {**machine, "TERM": "xterm"}, {"Organisation": "City Registry\n", "Name of": CTRL_C}
    )
    assert code == 130
    assert not (tmp_path / "new").exists()
