"""Take words for Deedbox; run them in a fork of a process that has the rooms loaded; give what the command says.

To load the rooms takes longer than most of what tests ask of a command. What is about the start of a command, about its
processes or about signals runs a process of its own instead.
"""

from __future__ import annotations

import atexit
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

# Nothing that is loaded here starts a thread: a process that has any cannot be forked safely.
_SERVER = """
import importlib, json, os, socket, sys, time
from pipeline.cli import main
from pipeline.cli.commands import COMMANDS
for name in ("program", *COMMANDS):
    if name not in ("serve", "watch"):
        importlib.import_module(COMMANDS[name][0] if name in COMMANDS else "pipeline.cli.program")
for name in ("build.rendering", "write.html", "write.charts", "closure.close", "closure.verify.verify"):
    importlib.import_module(f"pipeline.{name}")
line = socket.socket(fileno=int(sys.argv[1]))
while True:
    data, places, _, _ = socket.recv_fds(line, 1 << 17, 3)
    if not data:
        os._exit(0)
    child = os.fork()
    if not child:
        break
    for place in places:
        os.close(place)
    line.send(str(child).encode())
    line.send(str(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])).encode())
line.close()
for number, place in enumerate(places):
    os.dup2(place, number)
    os.close(place)
asked = json.loads(data)
os.environ.clear()
os.environ.update(asked["environment"])
time.tzset()
os.chdir(asked["cwd"])
sys.argv[:] = ["deedbox", *asked["words"]]
sys.exit(main())
"""
_lines: list[socket.socket] = []


def run_forked(
    words: Sequence[str | Path], cwd: Path, environment: Mapping[str, str], timeout: float = 120
) -> subprocess.CompletedProcess[str]:
    """Return what `deedbox` says to these words; nobody types anything."""
    line = _open()
    asked = json.dumps({"words": [*map(str, words)], "cwd": str(cwd), "environment": dict(environment)}).encode()
    with tempfile.TemporaryFile() as output, tempfile.TemporaryFile() as errors, Path(os.devnull).open("rb") as nothing:
        socket.send_fds(line, [asked], [nothing.fileno(), output.fileno(), errors.fileno()])
        child = int(line.recv(64))
        line.settimeout(timeout)
        try:
            code = int(line.recv(64))
        except TimeoutError:
            os.kill(child, signal.SIGKILL)
            raise
        said = []
        for file in (output, errors):
            file.seek(0)
            said.append(file.read().decode())
    return subprocess.CompletedProcess(["deedbox", *map(str, words)], code, *said)


def _open() -> socket.socket:
    """Return the line to the process that has the rooms loaded, which is started when it is first wanted."""
    if not _lines:
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            command = [sys.executable, "-I", "-c", _SERVER, str(theirs.fileno())]
            server = subprocess.Popen(command, pass_fds=[theirs.fileno()], stdin=subprocess.DEVNULL)
        _lines.append(ours)
        atexit.register(lambda: (ours.close(), server.wait()))
    return _lines[0]
