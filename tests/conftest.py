"""Take a test run, however it was started; let the processes that tests start hear Ctrl-C."""

from __future__ import annotations

import signal


def pytest_configure() -> None:
    """Undo what a script does that runs tests in its background: whatever they start would ignore interrupts."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)
