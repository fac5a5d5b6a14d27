"""Take the command of `--exec` and the files that a build wrote; run it as the user's shell would; give its code."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

from pipeline.processes.groups import end_group
from pipeline.processes.limits import free_memory


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
    free_memory(process.pid)
    try:
        # A command that does not read what it is given is no error.
        process.communicate(os.fsencode(paths))
    except BaseException:
        end_group(process.pid)
        process.wait()
        raise
    return process.returncode
