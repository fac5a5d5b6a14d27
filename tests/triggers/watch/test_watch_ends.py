"""Take a watch; ask it to end at the worst of moments; check that it does, says so, and leaves nobody behind."""

from __future__ import annotations

import os
import signal
import time

import pytest
from watcher import find_fork_servers, list_workers, read_process, wait_until

PDF = "schema_version: 1\nname: Sample office\nformats: [pdf]\n"
RUN = "import sys\nfrom pipeline.cli import main\nsys.exit(main(sys.argv[1:]))\n"

# The signal comes when the last of those who hear it is in place, and before anything else is done.
HEARD_FIRST = """
import os, signal
listen = signal.signal
def listen_and_send(number, handler):
    before = listen(number, handler)
    if number == signal.SIGHUP:
        signal.signal = listen
        os.kill(os.getpid(), {number})
    return before
signal.signal = listen_and_send
"""
# The signal comes while the lock is held under which each thread starts.
LOCKED = """
import os, signal, threading
class Limbo(dict):
    def __setitem__(self, thread, value):
        super().__setitem__(thread, value)
        is_main = threading.current_thread() is threading.main_thread()
        if is_main and signal.getsignal(signal.SIGTERM) != signal.SIG_DFL and not self.__dict__:
            self.sent = True
            os.kill(os.getpid(), {number})
threading._limbo = Limbo()
"""


@pytest.mark.parametrize("before", [HEARD_FIRST, LOCKED], ids=["when it is heard first", "under a lock"])
@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 0)])
def test_a_signal_is_heard_at_any_moment(watching, before, number, code):
    watcher = watching(ready=False, script=before.format(number=int(number)) + RUN)
    assert watcher.join() == code
    assert watcher.events[-1]["event"] == "ended"
    assert watcher.errors == []


@pytest.mark.parametrize("with_server", [False, True], ids=["workers", "their server too"])
def test_workers_that_do_not_answer_hold_up_no_end(world, watching, with_server):
    world.write({"deedbox.yaml": PDF})
    watcher = watching("-j", "2", DEEDBOX_LIMITS="")
    workers, servers = list_workers(watcher.process.pid), find_fork_servers(watcher.process.pid)
    assert len(workers) == 2
    try:
        for one in (*(servers if with_server else ()), *workers):
            os.kill(one, signal.SIGSTOP)
        assert watcher.end() == 130
        assert watcher.events[-1]["event"] == "ended"
        for one in filter(is_there, (*servers, *workers)):
            os.kill(one, signal.SIGCONT)
        wait_until(lambda: not any(map(is_there, (*servers, *workers))))
    finally:
        for one in filter(is_there, (*servers, *workers)):
            os.kill(one, signal.SIGKILL)


def test_an_interrupt_of_a_terminal_is_not_told_by_processes_that_are_still_loading(world, watching):
    world.write({"deedbox.yaml": PDF})
    watcher = watching(ready=False, DEEDBOX_LIMITS="")
    wait_until(lambda: len(find_fork_servers(watcher.process.pid)) == 2)
    servers = find_fork_servers(watcher.process.pid)
    while not watcher.builds:
        for server in servers:
            os.kill(server, signal.SIGINT)
        time.sleep(0.02)
    assert watcher.builds[0]["exit_code"] == 0
    assert watcher.end() == 130
    assert watcher.errors == []


def is_there(pid: int) -> bool:
    return read_process(pid, "stat").strip()[:1] not in ("", "Z")
