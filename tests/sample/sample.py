"""Take the sample repository; commit a copy and build it with the command, once a test run; give where it lies."""

from __future__ import annotations

import fcntl
import json
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from golden.repositories import clean_environment, make_repository, run_git

HERE = Path(__file__).parents[2]
SOURCE = HERE / "repository"
# One document of each kind: what the tests of every day look at.
SOME = (
    "atlas/charter", "atlas/stakeholder-matrix", "atlas/progress-report-2026-10", "atlas/documents/migration-runbook",
    "atlas/documents/security-architecture", "beacon/closure-report", "beacon/documents/handover-checklist",
)  # fmt: skip


@dataclass(frozen=True)
class Sample:
    """The committed copy of the sample repository and the folder with its documents."""

    root: Path
    output: Path

    def files(self, ending: str) -> dict[str, Path]:
        """Return the documents of a format by name, such as `atlas/charter`."""
        found = sorted(self.output.rglob(f"*.{ending}"))
        return {
            path.relative_to(self.output).with_suffix("").as_posix(): path
            for path in found
            if path.parent != self.output
        }

    def manifest(self) -> Any:
        """Return the manifest as plain data."""
        return json.loads((self.output / "manifest.json").read_text(encoding="utf-8"))


def make_once(folder: Path, make: Callable[[Sample], None]) -> Sample:
    """Return what `make` puts into a folder, made by whichever worker of a test run comes first; the others wait."""
    sample, done = Sample(folder / "repository", folder / "build"), folder / "done"
    folder.mkdir(exist_ok=True)
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not done.exists():
            make(sample)
            done.touch()
    return sample


def build_sample(folder: Path, selectors: Sequence[str] = ()) -> Sample:
    """Return a committed copy of the sample repository with these documents, or with all of them."""

    def build(sample: Sample) -> None:
        make_repository(SOURCE, sample.root, "Record both projects")
        run_deedbox(sample.root, "build", *selectors, "-o", str(sample.output))

    return make_once(folder, build)


def copy_repository(sample: Sample, folder: Path) -> Path:
    """Return a copy of the sample's repository, with its history, that a test may change."""
    run_git(sample.root, "clone", "--quiet", "--no-hardlinks", str(sample.root), str(folder))
    return folder


def run_deedbox(root: Path, *words: str) -> Mapping[str, Any]:
    """Return what a command of Deedbox answers; AssertionError with its words if it does not end well."""
    command = [sys.executable, "-I", "-m", "pipeline", *words, "-C", str(root), "--format", "json"]
    environment = clean_environment(PYTHONPATH=str(HERE))
    done = subprocess.run(command, cwd=HERE, env=environment, capture_output=True, encoding="utf-8", check=False)
    answer: Mapping[str, Any] = json.loads(done.stdout or "{}")
    assert done.returncode == 0, f"exit code {done.returncode}: {answer.get('problems')} {done.stderr[-3000:]}"
    return answer
