"""Take a module of ours and words for it; run it in a process of its own, with limits; give its answer, or why not.

For all that reads contributors' commits and is no build: whoever asks must go on, whatever was pushed.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from subprocess import DEVNULL, PIPE
from typing import Any, NoReturn

from msgspec import convert, to_builtins

from pipeline.problems import Problem, Stop
from pipeline.processes.children import make_environment, make_python_command
from pipeline.processes.groups import hear, hold_leash, read_words, start_group
from pipeline.processes.limits import limit_builder
from pipeline.triggers.hooks.state import MOST_PROBLEMS

Words = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Lost:
    """Why there is no answer, as the end of a sentence."""

    how: str


def ask_apart(module: str, words: Words, longest: float, keep: Iterable[str] = ()) -> Words | Lost:
    """Return what a module of ours answers within `longest` seconds; raise the Stop that it has raised.

    `keep` names variables of the environment that it needs.
    """
    try:
        surroundings = make_environment(keep)
        process = start_group(make_python_command(module), surroundings, stdin=PIPE, stdout=PIPE, stderr=DEVNULL)
    except OSError as error:
        return Lost(f"no process could be started ({error.strerror or error})")
    try:
        answer = hear(process, longest, f"{json.dumps(words)}\n".encode())
    except TimeoutError:
        return Lost(f"it took more than {longest:.0f} seconds")
    return _read_answer(answer, process.returncode)


def _read_answer(answer: bytes, code: int) -> Words | Lost:
    try:
        raw = json.loads(answer)
        if "stop" in raw:
            raise Stop(*convert(raw["problems"], tuple[Problem, ...]), exit_code=int(raw["stop"]))
        return Lost(str(raw["lost"])) if "lost" in raw else dict(raw)
    except (ValueError, TypeError, KeyError):
        return Lost(f"its process was ended by signal {-code}" if code < 0 else "its process gave no answer")


def answer_apart(answer: Callable[[Words], Words], find_limits: Callable[[Words], tuple[int, int]]) -> NoReturn:
    """Read the words, answer them in one line, and end at once: with what is left of the memory nothing is tidied.

    `find_limits` gives megabytes and seconds of the processor (0 for any number) for what is asked.
    """
    try:
        asked = json.loads(read_words())
        limit_builder(*find_limits(asked))
        hold_leash()
        said = json.dumps(answer(asked)).encode()
    except Stop as stop:
        said = json.dumps({"stop": stop.exit_code, "problems": to_builtins(stop.problems[:MOST_PROBLEMS])}).encode()
    except MemoryError:
        said = b'{"lost": "it needs more memory than it may have"}'
    except Exception as error:
        said = json.dumps({"lost": f"it broke off ({type(error).__name__})"}).encode()
    with os.fdopen(os.dup(1), "wb") as file:
        file.write(said + b"\n")
    os._exit(0)
