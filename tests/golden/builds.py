"""Take a repository; build it here and, by the command, in other surroundings; give what each build said and made."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from shutil import which
from typing import Any

from pipeline.build.build import build
from pipeline.build.request import Request
from pipeline.cli.show import count_words, paint, problem_lines
from pipeline.model.load import list_projects, load_project, load_settings
from pipeline.problems import Problem, Stop, sort_problems
from pipeline.render.assemble.document import Rendered
from pipeline.sources.worktree import read_worktree
from tests.worlds.portfolio import render_portfolio

from .repositories import clean_environment

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Built:
    """What a build said (problems as the command line prints them, steps as `path: reason`) and the files it left."""

    exit_code: int
    problems: tuple[str, ...]
    steps: tuple[str, ...]
    files: dict[str, bytes]


def build_here(root: Path, output: Path) -> Built:
    """Build within this process."""
    try:
        outcome = build(Request(root=root, output=output))
    except Stop as stop:
        return Built(stop.exit_code, _lines(stop.problems), (), read_files(output))
    steps = tuple(f"{step.path}: {step.reason}" for step in outcome.steps)
    return Built(outcome.exit_code, _lines(outcome.problems), steps, read_files(output))


def build_elsewhere(root: Path, output: Path, home: Path) -> Built:
    """Build with the command `deedbox build`: another process, folder, home, zone, locale, hash seed, umask and clock.

    The clock is set by `faketime` where that is installed; the rest holds without it.
    """
    home.mkdir(parents=True, exist_ok=True)
    surroundings = {
        "HOME": str(home),
        "TZ": "Pacific/Kiritimati",
        "LC_ALL": "C",
        "LANG": "tr_TR.UTF-8",
        "PYTHONHASHSEED": "4711",
        "PYTHONPATH": str(ROOT),
    }
    words = ["build", "-C", str(root), "-o", str(output), "--format", "json"]
    done = subprocess.run(
        [*_other_clock(), sys.executable, "-I", "-m", "pipeline", *words],
        cwd=home,
        env=clean_environment(**surroundings),
        umask=0o077,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        check=False,
        encoding="utf-8",
    )
    if not done.stdout:
        raise AssertionError(f"no answer from the command, exit code {done.returncode}: {done.stderr}")
    answer = json.loads(done.stdout)
    steps = tuple(f"{step['path']}: {step['reason']}" for step in answer.get("steps", ()))
    return Built(answer["exit_code"], _lines(map(_problem, answer["problems"])), steps, read_files(output))


def _other_clock() -> list[str]:
    return ["faketime", "2031-03-04 05:06:07"] if which("faketime") else []


def render_all(root: Path) -> tuple[Rendered, ...]:
    """Return every document of a repository as it is before it is written."""
    snapshot = read_worktree(root)
    settings, _ = load_settings(snapshot)
    assert settings is not None
    loaded = [load_project(snapshot, settings, name) for name in list_projects(snapshot, settings)]
    projects = [one.project for one in loaded if one.project is not None]
    return render_portfolio(projects, snapshot, lambda project, document: True).rendered


def read_files(folder: Path) -> dict[str, bytes]:
    """Return the files below a folder by path; the build's own lock is left out."""
    files = (path for path in folder.rglob("*") if path.is_file() and path.name != ".lock")
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in sorted(files)}


def _problem(record: dict[str, Any]) -> Problem:
    from pipeline.problems import Place

    place = Place(record["file"], record["line"], record["column"])
    return Problem(record["code"], record["message"], place, record["hint"], record["severity"])


def _lines(problems: Any) -> tuple[str, ...]:
    from click import unstyle

    ordered = sort_problems(problems)
    lines = [unstyle(paint(line)) for problem in ordered for line in problem_lines(problem)]
    return (*lines, count_words(ordered)) if ordered else ("no problems",)
