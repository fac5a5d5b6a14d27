"""Take what a process and its libraries write to standard output and error; let it through as `visible` gives it."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any, TextIO, cast

from pipeline.visible import show_lines


class Guarded:
    """A stream through which no text comes as it is: a traceback, a warning, the words of a library. `below` is raw."""

    def __init__(self, below: TextIO) -> None:
        self.below = below

    def write(self, text: str) -> int:
        """Write text, made visible."""
        self.below.write(show_lines(text))
        return len(text)

    def writelines(self, lines: Iterable[str]) -> None:
        """Write texts, made visible."""
        for line in lines:
            self.write(line)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.below, name)


def below(stream: TextIO) -> TextIO:
    """Return the stream under a guard, for words that were made visible before and may have colour."""
    return stream.below if isinstance(stream, Guarded) else stream


@contextmanager
def guarded_errors() -> Iterator[None]:
    """Guard standard error for the time of the block, whatever stream that is by then."""
    before = sys.stderr
    guard = sys.stderr = cast("TextIO", Guarded(before))
    try:
        yield
    finally:
        if sys.stderr is guard:
            sys.stderr = before


@contextmanager
def guarded_streams() -> Iterator[None]:
    """Guard standard output and standard error for the time of the block."""
    before = sys.stdout
    guard = sys.stdout = cast("TextIO", Guarded(before))
    try:
        with guarded_errors():
            yield
    finally:
        if sys.stdout is guard:
            sys.stdout = before
