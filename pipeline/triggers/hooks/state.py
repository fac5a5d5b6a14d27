"""Take what became of builds, by branch or tag; keep it in one file; give it back, and refuse a second writer.

The file says what failed and since when. What is built is read from the outputs themselves, so that a lost file costs a
build and no document.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from msgspec import convert, to_builtins
from msgspec.structs import replace

from pipeline.problems import Problem, Stop
from pipeline.stored import BROKEN, Stored
from pipeline.triggers.hooks.disk import save_record

SCHEMA_VERSION = 1
MOST_PROBLEMS = 200  # kept of one build: enough to mend, little enough to read
MOST_KEPT = 4000  # problems of all builds together: beyond that each keeps its first few
FEW = 5
BEGUN = -2  # the exit code of a try that was begun, and of which nothing was recorded since


class Entry(Stored, frozen=True):
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


class State(Stored, frozen=True):
    """All entries by full name of the ref; `serial` counts the writings, `policy` is what settings last said."""

    serial: int = 0
    entries: Mapping[str, Entry] = {}
    policy: Mapping[str, Any] = {}

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
        return convert(raw, State) if raw.pop("schema_version") == SCHEMA_VERSION else State()
    except (OSError, AttributeError, *BROKEN):
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
    shown = after
    if sum(len(entry.problems) for entry in after.entries.values()) > MOST_KEPT:
        few = {name: replace(entry, problems=entry.problems[:FEW]) for name, entry in after.entries.items()}
        shown = replace(after, entries=few)
    raw = {"schema_version": SCHEMA_VERSION, **to_builtins(shown)}
    save_record(home / "state.json", f"{json.dumps(raw, indent=1, sort_keys=True)}\n".encode())
    return after
