"""Take what became of builds, by branch or tag; keep it in one file; give it back, and refuse a second writer.

The file says what failed and since when. What is built is read from the outputs themselves, so that a lost file costs a
build and no document.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from pipeline.problems import Place, Problem, Stop
from pipeline.triggers.hooks.disk import save_record

SCHEMA_VERSION = 1
MOST_PROBLEMS = 200  # kept of one build: enough to mend, little enough to read
MOST_KEPT = 4000  # problems of all builds together: beyond that each keeps its first few
FEW = 5
LONGEST_WORDS = 2000  # characters of one text of a problem
BEGUN = -2  # the exit code of a try that was begun, and of which nothing was recorded since


@dataclass(frozen=True, slots=True)
class Entry:
    """What is known of one branch, tag or work tree. Times are ISO, UTC; commits are full ids; "" is unknown.

    `built` is the commit of the last good build, `tried` that of the last one, whose `exit_code` and `problems` these
    are; `version` is that of the Deedbox that tried. `tries` counts the tries of one commit that may yet end otherwise:
    each is recorded before it is begun, so that one at which the builder itself was killed counts too.
    `published` is the name of its folder, `inside` the folder of the commit that was built, "" for its top.
    """

    built: str = ""
    built_at: str = ""
    tried: str = ""
    tried_at: str = ""
    exit_code: int = 0
    version: str = ""
    tries: int = 0
    published: str = ""
    inside: str = ""
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class State:
    """All entries by full name of the ref; `serial` counts the writings, `policy` is what settings last said."""

    serial: int = 0
    entries: Mapping[str, Entry] = field(default_factory=dict)
    policy: Mapping[str, Any] = field(default_factory=dict)

    def entry(self, name: str) -> Entry:
        """Return the entry of a ref; an empty one if nothing is known."""
        return self.entries.get(name, Entry())

    def with_entry(self, name: str, entry: Entry | None) -> State:
        """Return the state with another entry for a ref; with none for None."""
        entries = {key: one for key, one in self.entries.items() if key != name}
        return replace(self, entries=entries if entry is None else {**entries, name: entry})


def load_state(home: Path) -> State:
    """Return what was recorded; an empty state where nothing was, or nothing that this version can read."""
    try:
        raw = json.loads((home / "state.json").read_bytes())
        if raw["schema_version"] != SCHEMA_VERSION:
            return State()
        entries = {str(name): _read_entry(one) for name, one in raw["entries"].items()}
        return State(int(raw["serial"]), entries, dict(raw["policy"]))
    except (OSError, ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return State()


def save_state(home: Path, state: State) -> State:
    """Record a state in place of the one that it was made from, and return it as it is now on disk.

    Stop (exit 1) if somebody else has recorded another one meanwhile: the lock does not hold on this file system.
    """
    if load_state(home).serial not in (state.serial, 0):
        message = f"{home / 'state.json'} was changed by another builder, although this one holds the lock"
        hint = "keep the repository on a file system with locks (flock), or let one machine build"
        raise Stop(Problem("DB458", message, hint=hint))
    after = replace(state, serial=state.serial + 1)
    many = sum(len(entry.problems) for entry in after.entries.values()) > MOST_KEPT
    raw = {
        "schema_version": SCHEMA_VERSION,
        "serial": after.serial,
        "policy": after.policy,
        "entries": {name: _record_entry(entry, FEW if many else None) for name, entry in after.entries.items()},
    }
    save_record(home / "state.json", f"{json.dumps(raw, indent=1, sort_keys=True)}\n".encode())
    return after


def make_problem(raw: Mapping[str, Any]) -> Problem:
    """Return the problem that was written down as plain values."""
    place = Place(**raw.get("place", {}))
    words = {name: str(raw.get(name, ""))[:LONGEST_WORDS] for name in ("code", "message", "hint")}
    return Problem(place=place, severity="warning" if raw.get("severity") == "warning" else "error", **words)


def _record_entry(entry: Entry, most: int | None) -> dict[str, Any]:
    return asdict(replace(entry, problems=entry.problems[:most]))


def _read_entry(raw: Mapping[str, Any]) -> Entry:
    return Entry(**{**raw, "problems": tuple(make_problem(one) for one in raw["problems"])})
