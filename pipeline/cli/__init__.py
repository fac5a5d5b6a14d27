"""Take the words of a command line; call the line of rooms; print, and give an exit code."""

from __future__ import annotations

import gc
import sys

from pipeline.cli.fast import try_fast
from pipeline.processes.children import restart_isolated

# Modules, records and trees are many objects that stay, hardly any of them in circles: to look through them again
# and again for garbage would be a fifth of a build. A watch collects all the same, less often.
_SELDOM = (100_000, 50, 100)
# MB that a command itself may fill; the processes that read what contributors wrote have limits of their own.
_MEMORY = 4096


def main(arguments: list[str] | None = None) -> int:
    """Run one command line (the process's own if None) and return its exit code."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    if arguments is None:
        restart_isolated(words)
    code = try_fast(words)
    if code is not None:
        return code
    gc.set_threshold(*_SELDOM)
    from pipeline.cli.program import main as run
    from pipeline.processes.limits import limit_command

    if arguments is None:
        limit_command(_MEMORY)
        sys.unraisablehook = _hear
    code = run(words)
    if arguments is None:
        gc.freeze()  # the process ends: to look for garbage once more would take longer than all else of its end
    return code


def _hear(found: sys.UnraisableHookArgs) -> None:
    """Pass on what went wrong while something was dropped, but for want of memory: that is said once, in one line."""
    if not issubclass(found.exc_type, MemoryError):
        sys.__unraisablehook__(found)


__all__ = ["main"]
