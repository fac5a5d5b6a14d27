"""Take a world and words for `deedbox watch`; run it as a process; give what it told, and wait for what it makes."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from threading import Condition, Thread
from typing import Any

from papers_world import Result, World

HERE = Path(__file__).parents[2]
PATIENCE = 60.0  # seconds: a machine may be busy; nothing here waits longer than it has to
Event = dict[str, Any]


class Watcher:
    """A running `deedbox watch --format jsonl`, and the events that it has told so far."""

    def __init__(
        self, world: World, words: Sequence[str] = (), *, before: Sequence[str] = (), script: str = "", **variables: str
    ) -> None:
        self.world = world
        self.events: list[Event] = []
        self._told = Condition()
        program = ["-c", script] if script else ["-m", "pipeline"]
        self.process = subprocess.Popen(
            [*before, sys.executable, *program, "watch", "--format", "jsonl", "-C", str(world.root), *words],
            env={**os.environ, "PYTHONPATH": str(HERE), **variables},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        self.errors: list[str] = []
        self._readers = [Thread(target=self._read_events), Thread(target=self._read_errors)]
        for reader in self._readers:
            reader.start()

    @property
    def builds(self) -> list[Event]:
        """Return what was told of builds."""
        return [event for event in self.events if event["event"] == "built"]

    def wait_for(self, wanted: Callable[[Event], bool], *, since: int = 0) -> Event:
        """Return the first event, told after so many others, that is wanted."""
        with self._told:
            found = self._told.wait_for(lambda: [one for one in self.events[since:] if wanted(one)], PATIENCE)
        assert found, f"never told: {self.events}, {self.errors}"
        return found[0]

    def wait_for_build(self, since: int = 0, **facts: object) -> Event:
        """Return the first build, told after so many events, with these facts."""
        return self.wait_for(
            lambda one: one["event"] == "built" and all(one[k] == v for k, v in facts.items()), since=since
        )

    def wait_until_right(self) -> None:
        """Wait until the outputs are those of a clean build of what lies there now."""
        clean = self._build_clean()
        assert clean.exit_code == 0, clean.problems
        wait_until(
            lambda: self._differ(clean) == [], lambda: f"{self._differ(clean)}: {self.events[-3:]} {self.errors}"
        )

    def send(self, number: int) -> None:
        """Send a signal to the watcher alone."""
        self.process.send_signal(number)

    def end(self, number: int = signal.SIGINT) -> int:
        """End it with a signal; return its exit code."""
        self.send(number)
        return self.join()

    def join(self) -> int:
        """Wait until it ends; return its exit code."""
        code = self.process.wait(PATIENCE)
        for reader in self._readers:
            reader.join(PATIENCE)
        return code

    def kill(self) -> None:
        """Kill it at once, and all that it started; nothing happens if it has ended."""
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGKILL)
        self.join()
        for stream in (self.process.stdout, self.process.stderr):
            if stream:
                stream.close()

    def _build_clean(self) -> Result:
        """Build cleanly; the watcher's own files may come and go while the sources are listed."""
        while True:
            try:
                return self.world.build_clean()
            except FileNotFoundError:
                continue

    def _differ(self, clean: Result) -> list[str]:
        there: Mapping[str, bytes] = read_outputs(self.world)
        return sorted(name for name in there.keys() | clean.files.keys() if there.get(name) != clean.files.get(name))

    def _read_events(self) -> None:
        assert self.process.stdout
        for line in self.process.stdout:
            with self._told:
                self.events.append(json.loads(line))
                self._told.notify_all()

    def _read_errors(self) -> None:
        assert self.process.stderr
        self.errors.extend(self.process.stderr)


def read_outputs(world: World) -> Mapping[str, bytes]:
    """Return the outputs, empty as long as files come and go."""
    try:
        return world.outputs()
    except FileNotFoundError:
        return {}


def wait_until(is_so: Callable[[], bool], tell: Callable[[], str] = lambda: "") -> None:
    """Wait until something is so, and fail if it never is."""
    end = time.monotonic() + PATIENCE
    while not is_so():
        assert time.monotonic() < end, tell()
        time.sleep(0.05)


def list_workers(pid: int) -> list[int]:
    """Return the processes of a process that write documents: those that its fork server has started."""
    return [worker for server in find_fork_servers(pid, "pipeline.write.preload") for worker in list_children(server)]


def find_fork_servers(pid: int, preload: str = "pipeline.") -> list[int]:
    """Return the fork servers of a process, or those that have loaded a module."""
    return [
        child for child in list_children(pid) if f"pipeline.processes.forked {preload}" in read_process(child, "args")
    ]


def read_process(pid: int, what: str) -> str:
    """Return what `ps` says of a process, nothing if it is gone."""
    command = ["ps", "-ww", "-o", f"{what}=", "-p", str(pid)]
    return subprocess.run(command, capture_output=True, text=True, check=False).stdout


def list_children(pid: int) -> list[int]:
    """Return the processes that a process has started and that are still there."""
    found = subprocess.run(["ps", "-o", "pid=", "--ppid", str(pid)], capture_output=True, text=True, check=False)
    return [int(word) for word in found.stdout.split()]
