"""Take what rows measured; keep it as JSON with the machine it was measured on; give it back, and a table of it."""

from __future__ import annotations

import json
import os
import platform
import re
import subprocess
from collections.abc import Mapping
from dataclasses import asdict
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from benchmarks.measure import ROOT, Measured
from benchmarks.rows import ROWS, WRONG, Row
from benchmarks.where import write_where
from tests.conformance.pandoc import find_pandoc

RESULTS = ROOT / "benchmarks" / "results"
_WHERE = RESULTS / "where.json"
PAGE = ROOT / "docs" / "performance.md"
_REGION = re.compile(r"(<!-- made: ([a-z]+) -->\n\n)(.*?)(\n\n<!-- end -->)", re.DOTALL)
_PACKAGES = (
    "weasyprint",
    "typst",
    "pypandoc-binary",
    "python-docx",
    "lxml",
    "distributed",
    "vl-convert-python",
)
_HEAD = ("what", "against", "measured", "to reach", "met")

Record = Mapping[str, Any]


def save_result(
    row: Row, measured: Measured, state: str, seconds: float, before: tuple[float, ...], *, quick: bool
) -> Record:
    """Return what is kept of a row, after writing it to benchmarks/results/NAME.json."""
    record = {
        "row": row.name,
        "what": row.what,
        "against": row.against,
        "value": round(measured.value, 4),
        "unit": row.unit.strip(),
        "reach": row.reach,
        "met": row.is_met(measured.value),
        "quick": quick,
        "seconds": round(seconds, 1),
        "state": state,
        "load": {"before": before, "after": os.getloadavg()},
        "machine": read_machine(),
        "versions": read_versions(),
        "measured": asdict(measured),
    }
    RESULTS.mkdir(exist_ok=True)
    file = RESULTS / f"{row.name}{'-quick' if quick else ''}.json"
    file.write_text(json.dumps(record, indent=2) + "\n", "utf-8")
    return record


def read_results(*, quick: bool) -> dict[str, Record]:
    """Return what was kept, by row."""
    files = {row.name: RESULTS / f"{row.name}{'-quick' if quick else ''}.json" for row in ROWS}
    return {name: json.loads(file.read_text("utf-8")) for name, file in files.items() if file.exists()}


def write_table(records: Mapping[str, Record]) -> str:
    """Return the table of all rows that were measured, as Markdown."""
    lines = [_HEAD, ("---",) * len(_HEAD)]
    lines += [_write_row(row, records[row.name]) for row in ROWS if row.name in records]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)


def save_where(found: Mapping[str, Any]) -> None:
    """Keep the profile as benchmarks/results/where.json."""
    RESULTS.mkdir(exist_ok=True)
    _WHERE.write_text(json.dumps(found, indent=2) + "\n", "utf-8")


def write_page(text: str) -> str:
    """Return docs/performance.md with the table of what is kept, what it was measured on, and the profile."""
    records = read_results(quick=False)
    regions = {
        "benchmarks": f"{write_table(records)}\n\n{_write_machine(records)}",
        "where": write_where(json.loads(_WHERE.read_text("utf-8"))),
    }
    return _REGION.sub(lambda one: f"{one[1]}{regions[one[2]]}{one[4]}", text)


def _write_row(row: Row, record: Record) -> tuple[str, ...]:
    met = {True: "yes", False: "**no**", None: ""}[row.is_met(record["value"])]
    return row.what, row.against, _write_value(row, record), row.reach, met


def _write_value(row: Row, record: Record) -> str:
    value, measured = record["value"], record["measured"]
    text = f"{value:.0f}{row.unit}" if row.unit in (" MB", f" {WRONG}") else f"{value:.2f}{row.unit}"
    if row.unit == f" {WRONG}":
        text = "passed" if not value else text
    sides = f" ({_seconds(measured['ours'])} to {_seconds(measured['theirs'])})" if measured["theirs"] else ""
    return text + sides


def _seconds(value: float) -> str:
    return f"{value * 1000:.0f} ms" if value < 1 else f"{value:.2f} s" if value < 10 else f"{value:.0f} s"


def _write_machine(records: Mapping[str, Record]) -> str:
    last = list(records.values())[-1]
    machine, versions = last["machine"], last["versions"]
    loads = [record["load"]["before"][0] for record in records.values()]
    tools = ", ".join(f"{name} {number}" for name, number in versions.items())
    return (
        f"Measured on {machine['cores']} cores of {machine['processor']}, {machine['system']}; load of the machine"
        f" before a row {min(loads):.1f} to {max(loads):.1f}. {tools}.\n\n{_write_states(records)}"
    )


def _write_states(records: Mapping[str, Record]) -> str:
    """Return which rows were measured on which commit of this repository."""
    states: dict[str, list[str]] = {}
    for name, record in records.items():
        states.setdefault(record["state"], []).append(f"`{name}`")
    if len(states) == 1:
        return f"All rows on the state of commit {next(iter(states))}."
    return " ".join(f"On the state of commit {state}: {', '.join(names)}." for state, names in states.items())


def read_state() -> str:
    """Return the commit that is measured, in short, with a "+" where the files differ from it."""
    others = _git("status", "--porcelain", "pipeline", "templates", "benchmarks", ":!benchmarks/results")
    return _git("rev-parse", "--short=10", "HEAD") + ("+" if others else "")


def _git(*words: str) -> str:
    return subprocess.run(["git", *words], cwd=ROOT, capture_output=True, encoding="utf-8", check=True).stdout.strip()


def read_machine() -> dict[str, Any]:
    """Return what the machine is."""
    found = re.search(r"model name\s*: (.*)", Path("/proc/cpuinfo").read_text("utf-8"))
    cores = len(os.sched_getaffinity(0))
    return {"processor": found[1] if found else platform.machine(), "cores": cores, "system": platform.system()}


def read_versions() -> dict[str, str]:
    """Return the versions of what was measured and of what it was measured against."""
    found = {
        "Python": platform.python_version(),
        "Git": _ask("git"),
        "make": _ask("make"),
        "pandoc": _ask(find_pandoc()),
    }
    for name in _PACKAGES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            continue
    return found


def _ask(program: str) -> str:
    said = subprocess.run([program, "--version"], capture_output=True, encoding="utf-8", check=True).stdout
    found = re.search(r"\d+(?:\.\d+)+", said)
    return found[0] if found else said.strip()
