"""Take how long to work; save under a watch, work at random under one; give seconds of a save, and what went wrong."""

from __future__ import annotations

import re
import subprocess
import sys

from benchmarks.bench import Bench
from benchmarks.measure import ROOT, Measured, surroundings


def measure_save(bench: Bench) -> Measured:
    """Return how many seconds pass from a save to the new PDF, beyond those of WeasyPrint alone."""
    done = _run("save_to_pdf.py", "pdf", str(bench.size("save.patience")))
    found = re.search(r"^that is ([+-][0-9.]+) s", done.stdout, re.MULTILINE)
    if found is None:
        raise RuntimeError(done.stdout + done.stderr)
    return Measured(float(found[1]), more={"said": done.stdout.splitlines()[0]})


def measure_soak(bench: Bench) -> Measured:
    """Return 0 if a watch kept busy left what a clean build leaves and grew by no more than a tenth; else 1."""
    seconds = bench.size("soak.seconds")
    done = _run("watch_soak.py", str(seconds))
    said = [line for line in done.stdout.splitlines() if line][-2:]
    return Measured(float(done.returncode != 0), more={"seconds": seconds, "said": said})


def _run(script: str, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, str(ROOT / "benchmarks" / script), *words],
        cwd=ROOT,
        env=surroundings({}),
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
