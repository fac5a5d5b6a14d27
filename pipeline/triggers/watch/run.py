"""Take the command of `--exec` and the files that a build wrote; run it as the user's shell would; give its code."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path


def run_command(command: str, folder: Path, output: Path, written: Iterable[str]) -> int:
    """Return the exit code of a command; it gets the paths of the written files on standard input, one a line.

    What it prints goes to standard error: standard output is for our own data. If we are interrupted, so is it.
    """
    paths = "".join(f"{output / name}\n" for name in written)
    process = subprocess.Popen(
        command,
        shell=True,
        cwd=folder if folder.is_dir() else None,
        env={**os.environ, "DEEDBOX_OUTPUT": str(output)},
        stdin=subprocess.PIPE,
        stdout=sys.stderr,
        start_new_session=True,
    )
    _free(process.pid)
    try:
        # A command that does not read what it is given is no error.
        process.communicate(os.fsencode(paths))
    except BaseException:
        _end(process)
        raise
    return process.returncode


def _free(pid: int) -> None:
    """Take from a command the limit on memory that is meant for us alone."""
    with suppress(ImportError, AttributeError, OSError):
        import resource

        _, most = resource.prlimit(pid, resource.RLIMIT_DATA)
        resource.prlimit(pid, resource.RLIMIT_DATA, (most, most))


def _end(process: subprocess.Popen[bytes]) -> None:
    """End a command and all that it started."""
    with suppress(OSError):
        os.killpg(process.pid, signal.SIGTERM)
    process.wait()
