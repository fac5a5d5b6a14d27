"""Take words for Git and a folder; start Git by its full path, told what it may know; give what it says, bounded.

GitPython keeps the process and ends it where nobody wants it any more. Its own way to start one is not used: it hands
on the whole environment and lets the system look for the program, in the current folder too where `PATH` says so.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from selectors import EVENT_READ, EVENT_WRITE, DefaultSelector
from subprocess import PIPE
from threading import Lock
from time import monotonic
from typing import Any

from pipeline.processes.children import find_program, make_environment
from pipeline.processes.limits import limit_child, read_limits
from pipeline.sources.git import stops as git_stops

# Beside what any child may know: whose settings are read and how far a search goes, who writes, who signs, how a remote
# is reached. What a hook is told of its repository is not among it, nor what names code, hooks, pagers or logs.
KEPT = (
    "GIT_CONFIG_COUNT", "GIT_CONFIG_GLOBAL", "GIT_CONFIG_KEY_*", "GIT_CONFIG_SYSTEM", "GIT_CONFIG_VALUE_*",
    "GIT_CEILING_DIRECTORIES", "GIT_DISCOVERY_ACROSS_FILESYSTEM", "GIT_TEST_ASSUME_DIFFERENT_OWNER",
    "EMAIL", "GIT_AUTHOR_*", "GIT_COMMITTER_*",
    "DBUS_SESSION_BUS_ADDRESS", "DISPLAY", "GNUPGHOME", "GPG_AGENT_INFO", "GPG_TTY", "SSH_AGENT_PID", "SSH_AUTH_SOCK",
    "WAYLAND_DISPLAY", "XAUTHORITY",
)  # fmt: skip
REMOTE = (
    "ALL_PROXY", "GIT_ALLOW_PROTOCOL", "GIT_ASKPASS", "GIT_HTTP_*", "GIT_PROXY_COMMAND", "GIT_SSH", "GIT_SSH_COMMAND",
    "GIT_SSH_VARIANT", "GIT_SSL_*", "HTTPS_PROXY", "HTTP_PROXY", "NO_PROXY", "SSH_ASKPASS", "SSH_ASKPASS_REQUIRE",
    "SSL_CERT_DIR", "SSL_CERT_FILE", "all_proxy", "http_proxy", "https_proxy", "no_proxy",
)  # fmt: skip
ENVIRONMENT = {
    "GIT_ALLOW_PROTOCOL": "",  # no transport at all, whatever settings say
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_EDITOR": ":",
    "GIT_GRAFT_FILE": os.devnull,
    "GIT_LITERAL_PATHSPECS": "1",
    "GIT_NO_LAZY_FETCH": "1",
    "GIT_NO_REPLACE_OBJECTS": "1",
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_PAGER": "cat",
    "GIT_TERMINAL_PROMPT": "0",
    "LANGUAGE": "C",
    "LC_ALL": "C",
}
LARGEST_OUTPUT = 512 << 20  # bytes of one answer that is read whole
LARGEST_WORDS = 64 << 10  # bytes of what it has to complain about
LONGEST = 300  # seconds for one answer
FETCH = 1800  # seconds for one fetch; whoever has it done apart ends it then
SHORT = 60  # the same, for what Git can tell without reading objects
_PIECE = 1 << 18
_QUICK = frozenset({"check-attr", "check-ref-format", "config", "rev-parse", "symbolic-ref"})
_HEAVY = frozenset({"add", "bundle", "commit", "fast-export", "fast-import", "fetch", "pack-objects"})
HEAVIEST = 4096  # MB for these
_lock = Lock()


@dataclass(frozen=True, slots=True)
class Bounds:
    """How much of an answer is taken: bytes, parts that end with NUL (0 for any number), and seconds."""

    bytes: int = LARGEST_OUTPUT
    parts: int = 0
    seconds: float = LONGEST


class Exceeded(Exception):
    """An answer of Git is longer than is taken, or takes longer; its word is "large", "many" or "slow"."""


def find_command(arguments: Sequence[str]) -> str:
    """Return which of Git's commands these words ask for, behind its general options."""
    at = 0
    while at < len(arguments) and arguments[at].startswith("-"):
        at += 2 if arguments[at] == "-c" else 1
    return arguments[at] if at < len(arguments) else ""


def list_foreign() -> tuple[str, ...]:
    """Return the variables of Git around us that no Git of ours is told: a hook's word for its own repository."""
    known = {*make_environment((*KEPT, *REMOTE)), "GIT_QUARANTINE_PATH"}
    return tuple(name for name in os.environ if name.startswith("GIT_") and name not in known)


def load_gitpython() -> tuple[Any, str]:
    """Return GitPython and the program; Stop without Git. It runs that when it is loaded, so it is told which."""
    program = find_program("git")
    if program is None:
        raise git_stops.make_git_missing()
    if "git" not in sys.modules:
        with _lock, _said(dict.fromkeys(list_foreign()), GIT_PYTHON_GIT_EXECUTABLE=program, GIT_PYTHON_REFRESH="quiet"):
            import git
    import git

    return git, program


@contextmanager
def _said(hidden: Mapping[str, None], **words: str) -> Iterator[None]:
    """Change our own environment for a moment: GitPython takes it as it is when it is loaded."""
    wanted = {**hidden, **words}
    before = {name: os.environ.get(name) for name in wanted}
    _put(wanted)
    try:
        yield
    finally:
        _put(before)


def _put(values: Mapping[str, str | None]) -> None:
    for name, value in values.items():
        os.environ.pop(name, None)
        if value is not None:
            os.environ[name] = value


def start_git(folder: Path, words: Sequence[str], environment: Mapping[str, str], *, remote: bool = False) -> Any:
    """Return a Git command that has just begun in a folder, with pipes for its input, output and errors.

    `remote` tells it how other machines are reached. Stop where there is no Git.
    """
    python, program = load_gitpython()
    own = {name: value for name, value in ENVIRONMENT.items() if not (remote and name == "GIT_ALLOW_PROTOCOL")}
    surroundings = {**make_environment((*KEPT, *(REMOTE if remote else ()))), **own, **environment}
    command = [program, "--no-pager", *words]
    try:
        process = subprocess.Popen(command, stdin=PIPE, stdout=PIPE, stderr=PIPE, cwd=folder, env=surroundings)
    except (FileNotFoundError, NotADirectoryError):
        raise git_stops.make_no_repository(folder) from None
    limits = read_limits()
    if limits is not None:
        # A small pack can hold what makes a huge object.
        heavy = find_command(words) in _HEAVY
        limit_child(process.pid, max(limits.memory, HEAVIEST) if heavy else limits.memory)
    return python.cmd.Git.AutoInterrupt(process, command)


def converse(process: Any, data: bytes, bounds: Bounds) -> tuple[int, bytes, str]:
    """Give a process its input, return its exit code, output and the start of its error words; Exceeded past bounds."""
    talk = _Talk(process.proc, data, bounds)
    try:
        talk.run()
    except BaseException:
        process.proc.kill()
        raise
    finally:
        for stream in (process.proc.stdin, process.proc.stdout, process.proc.stderr):
            with suppress(OSError):
                stream.close()
        process.proc.wait()
    return process.proc.returncode, b"".join(talk.output), bytes(talk.errors).decode("utf-8", "replace").strip()


class _Talk:
    """One exchange with a process: all three pipes are served, so that neither side waits for the other."""

    def __init__(self, process: subprocess.Popen[bytes], data: bytes, bounds: Bounds) -> None:
        self.process, self.rest, self.bounds = process, memoryview(data), bounds
        self.output: list[bytes] = []
        self.errors = bytearray()
        self.size = self.parts = 0
        self.end = monotonic() + bounds.seconds

    def run(self) -> None:
        process = self.process
        assert process.stdin and process.stdout and process.stderr
        with DefaultSelector() as selector:
            selector.register(process.stdout, EVENT_READ, self._take)
            selector.register(process.stderr, EVENT_READ, self._hear)
            if self.rest:
                os.set_blocking(process.stdin.fileno(), False)
                selector.register(process.stdin, EVENT_WRITE, self._give)
            else:
                process.stdin.close()
            while selector.get_map():
                ready = selector.select(max(0.0, self.end - monotonic()))
                if not ready:
                    raise Exceeded("slow")
                for key, _ in ready:
                    if not key.data(key.fd):
                        selector.unregister(key.fileobj)
        try:
            process.wait(max(0.1, self.end - monotonic()))
        except subprocess.TimeoutExpired:
            raise Exceeded("slow") from None

    def _give(self, descriptor: int) -> bool:
        try:
            self.rest = self.rest[os.write(descriptor, self.rest[:_PIECE]) :]
        except BlockingIOError:
            return True
        except OSError:  # it ended before it had read all, and says why
            self.rest = self.rest[:0]
        if not self.rest and self.process.stdin:
            with suppress(OSError):
                self.process.stdin.close()
        return bool(self.rest)

    def _take(self, descriptor: int) -> bool:
        piece = os.read(descriptor, _PIECE)
        self.output.append(piece)
        self.size += len(piece)
        self.parts += piece.count(b"\0")
        if self.size > self.bounds.bytes:
            raise Exceeded("large")
        if self.bounds.parts and self.parts > self.bounds.parts:
            raise Exceeded("many")
        return bool(piece)

    def _hear(self, descriptor: int) -> bool:
        piece = os.read(descriptor, _PIECE)
        self.errors += piece[: max(0, LARGEST_WORDS - len(self.errors))]
        return bool(piece)


def choose_bounds(command: str) -> Bounds:
    """Return the usual bounds of an answer to one of Git's commands.

    A fetch has twice its time here: the process that does it is ended first, and that is what is told.
    """
    if command == "fetch":
        return Bounds(seconds=2 * FETCH)
    return Bounds(seconds=SHORT if command in _QUICK else LONGEST)
