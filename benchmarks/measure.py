"""Take commands and functions; run them in turn on this machine; give their times, the ratio of pairs, the memory."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
MEMORY = "BENCH_MEMORY"  # names the file to which a build writes the most memory that it held, in KB
# What the installed script `deedbox` does.
_ENTRY = "import sys; from pipeline.cli import main; sys.exit(main())"
_WITH_MEMORY = f"""\
import os, re, sys
from pipeline.cli import main
code = main()
held = re.search(r"VmHWM:\\s*(\\d+)", open("/proc/self/status").read())[1]
open(os.environ["{MEMORY}"], "w").write(held)
sys.exit(code)
"""

Side = Callable[[], float]
_NOTHING: Mapping[str, str] = {}


@dataclass(frozen=True, slots=True)
class Measured:
    """What came of a row: its value, the seconds of both sides where there are two, and what else there is to know."""

    value: float
    ours: float = 0.0
    theirs: float = 0.0
    more: Mapping[str, Any] = field(default_factory=dict)


def deedbox(*words: str) -> list[str]:
    """Return the command that is a whole process of `deedbox` with these words."""
    return [sys.executable, "-c", _ENTRY, *words]


def run(command: Sequence[str], folder: Path | None = None, more: Mapping[str, str] = _NOTHING) -> float:
    """Return the seconds that a process took from its start to its end; ChildProcessError where it failed.

    `more` are variables of its environment.
    """
    begun = time.perf_counter()
    done = subprocess.run(
        command, cwd=folder, env=surroundings(more), stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE, check=False,
    )  # fmt: skip
    taken = time.perf_counter() - begun
    if done.returncode:
        words = done.stderr.decode(errors="replace")[-1500:]
        raise ChildProcessError(f"{' '.join(command)[:300]} ended with {done.returncode}:\n{words}")
    return taken


def run_holding(words: Sequence[str], folder: Path) -> tuple[float, int]:
    """Return the seconds of a `deedbox` command, and the most memory that its own process held, in MB."""
    file = folder / "memory"
    taken = run([sys.executable, "-c", _WITH_MEMORY, *words], more={MEMORY: str(file)})
    return taken, int(file.read_text()) // 1024


def surroundings(more: Mapping[str, str] = _NOTHING) -> dict[str, str]:
    """Return this process's environment and `more`, with this tree's code, without what a layout set for itself.

    Compiled files are kept, as they are wherever pip installs something.
    """
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("FONTCONFIG", "DEEDBOX"))}
    return {**kept, "PYTHONDONTWRITEBYTECODE": "", "PYTHONPATH": str(ROOT), **more}


def drop_store(root: Path) -> None:
    """Remove what builds of a repository have kept in the user's cache folder."""
    code = (
        "import os, sys; from pipeline.host.cache import find_store; print(find_store(os.path.realpath(sys.argv[1])))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(root)], env=surroundings(), check=True, capture_output=True, text=True
    )
    shutil.rmtree(done.stdout.rstrip("\n"), ignore_errors=True)


def hear_interrupts() -> None:
    """Let the processes that this one starts hear Ctrl-C, which ends a watch.

    In the background of a script a process ignores it, and so do those that it starts.
    """
    signal.signal(signal.SIGINT, signal.default_int_handler)


def in_turn(sides: Sequence[Side], rounds: int, warm: int = 1) -> list[tuple[float, ...]]:
    """Return the seconds of each side, round by round; every round runs all of them, the first rounds do not count."""
    return [tuple(side() for side in sides) for _ in range(warm + rounds)][warm:]


def compare(pairs: Sequence[tuple[float, ...]], *, faster: bool = False, **more: Any) -> Measured:
    """Return the median ratio of pairs (ours, theirs): how many times as long ours took, or how much faster it is."""
    ratios = [theirs / ours if faster else ours / theirs for ours, theirs in pairs]
    ours, theirs = (median(pair[side] for pair in pairs) for side in (0, 1))
    spread = [round(min(ratios), 3), round(max(ratios), 3)]
    return Measured(median(ratios), ours, theirs, {"pairs": len(pairs), "spread": spread, **more})


def settle() -> None:
    """Wait until files that were just written count as old: a build may then trust their times."""
    time.sleep(2.5)
