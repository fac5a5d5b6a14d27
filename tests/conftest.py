"""Take a test run, however it was started; give it a cache folder of its own; let what it starts hear Ctrl-C."""

from __future__ import annotations

import os
import shutil
import signal

import pytest


def pytest_configure(config: pytest.Config) -> None:
    """Keep out of the user's cache folder: fonts are cut once for all runs here, stores last for one run.

    Undo what a script does that runs tests in its background: whatever they start would ignore interrupts.
    """
    if "DEEDBOX_CACHE" not in os.environ:  # the processes of pytest-xdist have it from the one that starts them
        folder = config.cache.mkdir("deedbox")  # type: ignore[union-attr]
        folder.chmod(0o755)
        shutil.rmtree(folder / "stores", ignore_errors=True)
        os.environ["DEEDBOX_CACHE"] = str(folder)
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)
