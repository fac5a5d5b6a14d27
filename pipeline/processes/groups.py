"""Take a command of ours; run it at the head of a process group of its own; give its answer, and end all of the group.

The standard input of such a process is its leash: whoever started it holds the other end. The kernel closes that
however the starter dies, and the process ends its whole group then: nothing outlives its command.
"""

from __future__ import annotations

import os
import signal
import subprocess
from collections.abc import Mapping
from contextlib import suppress
from selectors import EVENT_READ, DefaultSelector
from threading import Thread
from time import monotonic
from typing import IO, Any

from pipeline.processes.children import NEUTRAL

LARGEST_ANSWER = 16_000_000  # bytes: far more than the problems of a build that are kept


def start_group(command: list[str], environment: Mapping[str, str], **streams: Any) -> subprocess.Popen[bytes]:
    """Start a command at the head of its own group, in a folder where nobody can have planted code; OSError if not."""
    return subprocess.Popen(command, env=environment, cwd=NEUTRAL, start_new_session=True, **streams)


def hear(process: subprocess.Popen[bytes], longest: float, words: bytes = b"") -> bytes:
    """Give a child its words, return its one line, and end it with its group; TimeoutError where it takes longer."""
    with process:
        try:
            if words and process.stdin is not None:
                with suppress(BrokenPipeError):
                    process.stdin.write(words)
                    process.stdin.flush()
            return _read_line(process, longest)
        finally:
            if process.stdin is not None:  # it sees that it is done
                with suppress(OSError):
                    process.stdin.close()
            with suppress(subprocess.TimeoutExpired):
                process.wait(timeout=10)
            end_group(process.pid, signal.SIGKILL)
            process.wait()


def end_group(pid: int, how: int = signal.SIGTERM) -> None:
    """Ask a process and all that it started to end, or end them at once with SIGKILL; nothing where they have ended."""
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(pid, how)


def hold_leash() -> None:
    """Let this process and its group end with whoever started it; it must lead a group of its own."""
    Thread(target=_follow, daemon=True).start()


def read_words() -> bytes:
    """Return the one line that the starter has written, before the leash is held."""
    said = bytearray()
    while not said.endswith(b"\n"):
        part = os.read(0, 65536)
        if not part:
            break
        said += part
    return bytes(said)


def _follow() -> None:
    while os.read(0, 1):
        pass
    os.killpg(0, signal.SIGKILL)


def _read_line(process: subprocess.Popen[bytes], longest: float) -> bytes:
    """Return the one line that a child says; what it had started may hold its output open for longer."""
    stream: IO[bytes] = process.stdout  # type: ignore[assignment]
    end, said = monotonic() + longest, bytearray()
    with DefaultSelector() as selector:
        selector.register(stream, EVENT_READ)
        while not said.endswith(b"\n") and len(said) < LARGEST_ANSWER:
            if not selector.select(max(0.0, end - monotonic())):
                raise TimeoutError
            part = os.read(stream.fileno(), 65536)
            if not part:
                break
            said += part
    return bytes(said)
