"""Take the words of a command line; call the line of rooms; print, and give an exit code."""

from __future__ import annotations

import sys

from pipeline.cli.fast import try_fast


def main(arguments: list[str] | None = None) -> int:
    """Run one command line (the process's own if None) and return its exit code."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    code = try_fast(words)
    if code is not None:
        return code
    from pipeline.cli.program import main as run

    return run(words)


__all__ = ["main"]
