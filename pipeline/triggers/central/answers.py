"""Take a question that `apart` asks of a limited process; answer it here, within the limits that it has; end.

It is the program of that process, and nothing imports it.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from pipeline.sources.git.refs import fetch_all
from pipeline.sources.git.run import HEAVIEST
from pipeline.triggers.central.apart import LONGEST, MEMORY
from pipeline.triggers.central.policy import load_publishing
from pipeline.triggers.central.receive import check_here
from pipeline.triggers.hooks.apart import Words, answer_apart


def _answer(asked: Words) -> Words:
    return _TASKS[asked["task"]](asked)


def _find_limits(asked: Words) -> tuple[int, int]:
    """A fetch waits, and unpacks what may be large: the clock bounds it, and the memory of Git's heaviest commands."""
    return (HEAVIEST, 0) if asked["task"] == "fetch" else (MEMORY, LONGEST)


def _read_settings(asked: Words) -> Words:
    return load_publishing(Path(asked["root"]), asked["commit"], asked["chosen"], asked["before"])


def _check(asked: Words) -> Words:
    return check_here(Path(asked["directory"]), asked["lines"].encode("utf-8", "surrogateescape"))


def _fetch(asked: Words) -> Words:
    fetch_all(Path(asked["root"]))
    return {}


_TASKS: dict[str, Callable[[Words], Words]] = {"settings": _read_settings, "push": _check, "fetch": _fetch}


if __name__ == "__main__":
    answer_apart(_answer, _find_limits)
