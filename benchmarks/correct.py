"""Take numbers of steps and of kills; build that often, see that what is left is right; give how often it is not."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from random import Random
from shutil import rmtree

from benchmarks.bench import Bench
from benchmarks.measure import ROOT, Measured, deedbox, drop_store, run, surroundings
from benchmarks.portfolio import Repository, make_portfolio
from pipeline.archive.names import LOCK, STAGE

_SEED = 20_261_122
_STATES = 6
_LATEST = 1.05  # of the time that a build takes

Files = Mapping[str, bytes]


def measure_sequences(bench: Bench) -> Measured:
    """Return 0 if every build of a long random sequence left what a clean one leaves, else 1."""
    steps = bench.size("steps")
    words = ("-q", "-p", "no:cacheprovider", "-m", "soak", "tests/build/test_any_sequence.py")
    command = [sys.executable, "-m", "pytest", *words]
    done = subprocess.run(
        command,
        cwd=ROOT,
        env=surroundings({"DEEDBOX_STEPS": str(steps)}),
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    said = {} if done.returncode == 0 else {"said": done.stdout[-3000:]}
    return Measured(float(done.returncode != 0), more={"steps": steps, **said})


@dataclass(frozen=True, slots=True)
class _State:
    commit: str
    files: Files


def measure_kills(bench: Bench) -> Measured:
    """Return after how many killed builds a file was torn or stale, or the next build did not repair all of it."""
    place = bench.place("kills")
    office = make_portfolio(place / "papers", 1, ("docx", "html"))
    states = list(_make_states(office, place / "clean"))
    chance = Random(_SEED)
    durations = {cold: _time_build(office, states[0], cold=cold) for cold in (True, False)}
    build_state(office, states[0])
    now, wrong = 0, []
    for number in range(bench.size("kills")):
        to = (now + chance.randrange(1, _STATES)) % _STATES
        cold = chance.random() < 0.5
        moment = chance.uniform(0, _LATEST) * durations[cold]
        fault = _kill_and_repair(office, states[now], states[to], moment, cold=cold)
        if fault:
            wrong.append(f"{number}, after {moment:.3f} s: {fault}")
            rmtree(office.root / "build", ignore_errors=True)
            build_state(office, states[to])
        now = to
    return Measured(len(wrong), more={"moments": bench.size("kills"), "wrong": wrong[:10]})


def _kill_and_repair(office: Repository, old: _State, new: _State, moment: float, *, cold: bool) -> str:
    """Kill the build that leads from one state to another, build again; return what was wrong, "" for nothing."""
    office.git("checkout", "--quiet", "--detach", new.commit)
    if cold:
        drop_store(office.root)
    with subprocess.Popen(
        deedbox("build", "-q", "-C", str(office.root)), env=surroundings(), stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    ) as process:  # fmt: skip
        time.sleep(moment)
        process.kill()
    left = read_outputs(office)
    torn = [path for path, data in left.items() if data not in (old.files.get(path), new.files.get(path))]
    if torn:
        return f"torn: {', '.join(torn)}"
    build_state(office, new)
    made = read_outputs(office)
    differing = sorted(path for path in made.keys() | new.files.keys() if made.get(path) != new.files.get(path))
    return f"not repaired: {', '.join(differing)}" if differing else ""


def _make_states(office: Repository, clean: Path) -> Iterator[_State]:
    """Give states of the repository, each with what a clean build in a clone of its own leaves."""
    for number in range(_STATES):
        office.change_figure(office.ids[0], 170_000 + 10 * number)
        commit = office.git("rev-parse", "HEAD")
        office.git("clone", "--quiet", str(office.root), str(clean))
        run(deedbox("build", "-q", "-C", str(clean)))
        yield _State(commit, _read(clean / "build"))
        rmtree(clean)
        drop_store(clean)


def _time_build(office: Repository, state: _State, *, cold: bool) -> float:
    """Return the seconds of a build into an empty folder, with the store emptied or full."""
    rmtree(office.root / "build", ignore_errors=True)
    if cold:
        drop_store(office.root)
    return build_state(office, state)


def build_state(office: Repository, state: _State) -> float:
    """Return the seconds of a build of a state."""
    office.git("checkout", "--quiet", "--detach", state.commit)
    return run(deedbox("build", "-q", "-C", str(office.root)))


def read_outputs(office: Repository) -> Files:
    """Return what everybody may see in the output folder."""
    return _read(office.root / "build")


def _read(top: Path) -> Files:
    paths = ((path.relative_to(top), path) for path in top.rglob("*") if path.is_file())
    return {name.as_posix(): path.read_bytes() for name, path in paths if not {LOCK, STAGE} & {*name.parts}}
