"""Take an exception that nobody expected; write what a maintainer needs to a log file; give its path."""

from __future__ import annotations

import os
import platform
import sys
import tempfile
import traceback
from pathlib import Path

from pipeline import __version__
from pipeline.visible import show_lines


def save_traceback(error: BaseException) -> Path:
    """Return the path of a new log file with versions, command line and traceback."""
    lines = [
        f"deedbox {__version__}, Python {platform.python_version()}, {platform.platform()}",
        f"arguments: {sys.argv[1:]}",
        "",
        *traceback.format_exception(error),
    ]
    return _write(show_lines("\n".join(lines)).encode("utf-8", "backslashreplace"))


def _write(data: bytes) -> Path:
    """The cache folder may be read-only or missing: then the folder for temporary files has to do."""
    for folder in (_log_folder(), None):
        try:
            if folder is not None:
                folder.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
                folder.mkdir(mode=0o700, exist_ok=True)
            descriptor, path = tempfile.mkstemp(prefix="deedbox-", suffix=".log", dir=folder)
        except OSError:
            continue
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
        return Path(path)
    return Path("(no log: this machine has no folder to write to)")


def _log_folder() -> Path | None:
    from pipeline.host.cache import find_cache, find_fault_of_cache

    cache = find_cache()
    return Path(cache) / "log" if cache and not find_fault_of_cache(cache) else None
