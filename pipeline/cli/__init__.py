"""Take the words of a command line; call the line of rooms; print, and give an exit code."""

from pipeline.cli.program import main

__all__ = ["main"]
