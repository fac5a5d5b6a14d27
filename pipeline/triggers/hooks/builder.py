"""Take a work tree's place; build what is checked out until it is built; record and log what came of it.

However many hooks call at once, one builder works: it looks again after each build, and once more after it has given
the lock back, so that a call that came too late for the one finds the other, or its own turn.
"""

from __future__ import annotations

import os
from contextlib import suppress
from time import monotonic, sleep

from msgspec.structs import replace

from pipeline.archive.lock import try_lock
from pipeline.problems import DONE, SOURCES_WRONG, USAGE, Problem
from pipeline.sources.clock import read_clock
from pipeline.sources.commit import read_commit
from pipeline.sources.git.repository import find_head, open_git
from pipeline.sources.git.run import list_foreign
from pipeline.triggers.hooks.child import LOST, Built, build_commit
from pipeline.triggers.hooks.disk import append_log, clear_errors, clear_halves, make_home, show_busy
from pipeline.triggers.hooks.place import Place
from pipeline.triggers.hooks.state import BEGUN, Entry, load_state, save_state
from pipeline.visible import show

HEAD = "HEAD"
MOST_TRIES = 3  # of a build that ends without an answer, one after the other
FINAL = (SOURCES_WRONG, USAGE)  # exit codes that the same commit would earn again
_QUIET, _LATEST, _STEP = 0.25, 3.0, 0.08  # seconds: without a change, at most, between two looks
_UNDER_WAY = ("index.lock", "rebase-merge", "rebase-apply")


def leave_caller() -> None:
    """Cut this process loose from the Git command that started it: terminal, descriptors, variables, priority."""
    with suppress(OSError):
        os.setsid()
    os.closerange(3, 256)  # a lock or a pipe of the caller must not be held by a builder
    with suppress(OSError):
        os.nice(5)
    drop_variables()


def drop_variables() -> None:
    """Forget what Git tells its hooks of their repository: ours is named, and it may be another one."""
    drop_hook_variables()
    os.environ.pop("GIT_QUARANTINE_PATH", None)


def drop_hook_variables() -> None:
    """Forget the same, save where the objects of a push wait to be accepted."""
    for name in list_foreign():
        del os.environ[name]


def wants_wait(place: Place) -> bool:
    """Return whether the settings that are checked out ask Git to wait for the documents."""
    from pipeline.model.load import load_settings

    settings, _ = load_settings(read_commit(place.root, HEAD))
    return settings is not None and settings.hooks.wait


def keep_built(place: Place, *, wait: bool = False, why: str = "") -> Entry | None:
    """Build until what is checked out has been built, and return how that ended.

    Return None if another builder is at it: it will find what is new. With `wait`, wait for it, and do not wait for
    Git to come to rest. Stop (exit 4) if nothing can be recorded.
    """
    with clear_errors(place.home):
        make_home(place.home, place.git_dir)
        make_home(place.log.parent, place.shared)
        while True:
            with try_lock(place.home / "lock", wait=wait) as held:
                if not held:
                    return None
                with show_busy(place.home):
                    clear_halves(place.home)
                    entry = _build_until_equal(place, wait, why)
            if _read_head(place) in ("", entry.tried):
                return entry


def _build_until_equal(place: Place, wait: bool, why: str) -> Entry:
    tried = ""
    while True:
        head = _read_head(place) if wait else _wait_for_rest(place)
        entry = load_state(place.home).entry(HEAD)
        again = entry.exit_code in (LOST, BEGUN) and entry.tries < MOST_TRIES
        if not head or (head == tried and not again):
            return entry
        tried = head
        begun = begin_entry(entry, head)
        save_state(place.home, load_state(place.home).with_entry(HEAD, begun))
        _record(place, begun, build_commit(place.root, head), why)


def _record(place: Place, begun: Entry, built: Built, why: str) -> None:
    append_log(place.log, describe(f"{place.root} {why}".strip(), begun.tried, built))
    save_state(place.home, load_state(place.home).with_entry(HEAD, end_entry(begun, built)))


def begin_entry(before: Entry, commit: str) -> Entry:
    """Return what is to be recorded before a build: it stands if nobody lives to record how the build ended."""
    from pipeline import __version__

    is_same = before.tried == commit and before.version == __version__
    tries = (before.tries if is_same else 0) + 1
    return replace(
        before,
        tried=commit,
        tried_at=read_clock().isoformat(),
        exit_code=BEGUN,
        problems=(_not_ended(tries),),
        tries=tries,
        version=__version__,
    )


def end_entry(begun: Entry, built: Built) -> Entry:
    """Return what is to be recorded after a build."""
    now = read_clock().isoformat()
    tries = 0 if built.exit_code in (DONE, *FINAL) else begun.tries
    after = replace(begun, tried_at=now, exit_code=built.exit_code, problems=built.problems, tries=tries)
    return replace(after, built=begun.tried, built_at=now) if built.exit_code == DONE else after


def _not_ended(tries: int) -> Problem:
    words = "the builder itself was ended while it built this commit"
    hint = f"this was try {tries}; the machine was stopped or ran out of memory, or the commit is made to do harm"
    return Problem("DB470", words, hint=hint)


def describe(what: str, commit: str, built: Built) -> str:
    """Return the lines of the log for a build: what, which commit, how it ended, every problem."""
    end = f"built, {built.written} files written" if built.exit_code == DONE else f"failed ({built.exit_code})"
    lines = (f"{what}: commit {commit[:12]} {end}", *(f"    {problem}" for problem in built.problems))
    return "\n".join(map(show, lines))  # a line end in a name begins no line of the log


def _wait_for_rest(place: Place) -> str:
    """Return the commit that is checked out once that has not changed for a while: a rebase makes many in a row."""
    start = since = monotonic()
    head = _read_head(place)
    while monotonic() - since < _QUIET and monotonic() - start < _LATEST:
        sleep(_STEP)
        now = _read_head(place)
        if now != head or any((place.git_dir / name).exists() for name in _UNDER_WAY):
            head, since = now, monotonic()
    return head


def _read_head(place: Place) -> str:
    with open_git(place.root) as folder:
        return find_head(folder)
