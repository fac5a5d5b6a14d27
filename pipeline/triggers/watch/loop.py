"""Take a request; build it, and again whenever something has moved; tell of each build; end when asked to.

What should be built is what lies in the work tree; what was built is in the stamp of the last good build. Hints only
say when to compare the two, so a hint that is lost, late or wrong costs time and nothing else.
"""

from __future__ import annotations

import gc
import os
import subprocess
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path
from time import monotonic

from pipeline.build.request import Report, Request
from pipeline.host.engine import read_line_engine
from pipeline.problems import DONE, MACHINE_LACKS, OUR_BUG, Problem, Stop
from pipeline.processes.groups import end_group
from pipeline.processes.limits import free_memory
from pipeline.sources.stats import read_marks
from pipeline.triggers.watch.builder import Builder
from pipeline.triggers.watch.debounce import Debounce, Patience
from pipeline.triggers.watch.event_source import POLLING, EventSource
from pipeline.triggers.watch.events import Built, Event, Noticed, Ran, Started
from pipeline.triggers.watch.focus import Superseded
from pipeline.triggers.watch.notify import read_node
from pipeline.triggers.watch.places import Places, find_places
from pipeline.triggers.watch.wakeups import Wakeups

_YOUNG = 2.5  # seconds until a change shows on any file system
_FIRST_RETRY = 1.0
_MOST_TRIES = 10  # builds, while somebody goes on saving, before `once` is content
_MOST_GIVEN_UP = 3  # whole builds in a row, for somebody who goes on saving
# What may be otherwise next time though no source has moved: a worker that was killed, a machine that lacked something.
_PASSING_CODES = frozenset({"DB431", "DB439", "DB449"})
_PASSING_ENDS = frozenset({MACHINE_LACKS, OUR_BUG})


@dataclass(frozen=True, slots=True)
class Options:
    """How to watch: `run` is the command after a good build; `poll` looks often and asks for no events.

    `pages` is a folder for web pages of all documents, where the build itself makes none.
    """

    once: bool = False
    run: str = ""
    poll: bool = False
    pages: Path | None = None
    patience: Patience = field(default_factory=Patience)


@dataclass
class Watch:
    """A watch at work.

    `tell` hears of all that is worth a line, `ended` of every whole build; `crash` keeps an exception of ours and gives
    its place.
    """

    request: Request
    options: Options
    tell: Callable[[Event], None]
    crash: Callable[[Exception], str]
    report: Report = lambda done, total, words: None
    ended: Callable[[Built], None] = lambda built: None
    builds: int = 0
    _wakeups: Wakeups = field(default_factory=Wakeups)
    _event_source: EventSource = field(init=False)
    _builder: Builder = field(init=False)
    _debounce: Debounce = field(init=False)
    _places: Places | None = None
    _shown: tuple[Problem, ...] = ()
    _changed: tuple[str, ...] = ()
    _code: int | None = None
    _given_up: int = 0
    _retry: float = _FIRST_RETRY
    _due: float = 0.0
    _node: int = 0
    _is_old: bool = False

    def __post_init__(self) -> None:
        self._builder = Builder(self.request, self.options.pages, self.tell, self.crash, self.report)
        self._event_source = EventSource(self._wakeups, self._notice, lambda: self._builder.output)
        if self.options.poll:
            self._event_source.mode = POLLING
        self._debounce = Debounce(self._wakeups, self.options.patience, self._tell_lock)

    def run(self) -> int:
        """Return the exit code of the last build under `once`; else go on until an exception ends it."""
        try:
            self._find_places()
            self.tell(Started(self.request.root, self._event_source.mode))
            self._wakeups.give()
            self._debounce.wait(self._places)
            while True:
                self._wakeups.take()
                self._build()
                if self.options.once and self._is_content():
                    return self._code or DONE
                self._find_places()
                self._prove()
                gc.collect()  # now nobody waits, and a build itself collects hardly ever
                self._wait()
        finally:
            self._event_source.disarm()

    # Waiting.

    def _wait(self) -> None:
        """Return when there is something to build, and it is quiet."""
        patience = 0.0
        while True:
            hinted = self._wakeups.wait(patience)
            if hinted:
                self._build_focus()
                self._debounce.wait(self._places)
            self._wakeups.take()
            if self._has_moved(hinted=hinted):
                if not hinted:
                    self._settle_by_looking()
                return
            patience = self._read_patience()
            if read_node(self.request.root) != self._node:
                self._find_places()

    def _settle_by_looking(self) -> None:
        """Without events it is quiet when two looks see the same."""
        end = monotonic() + self.options.patience.ceiling
        paths = list(self._builder.look.marks) if self._builder.look else []
        before, now = b"", read_marks(paths)
        while before != now and monotonic() < end:
            self._wakeups.wait_for_next(self.options.patience.quiet)
            before, now = now, read_marks(paths)
        self._debounce.wait(self._places)

    def _read_patience(self) -> float:
        """Return after how many seconds to look without a hint."""
        patience = self.options.patience
        longest = patience.poll if self._event_source.mode == POLLING else patience.rescan
        return min(longest, max(0.0, self._due - monotonic())) if self._due else longest

    def _has_moved(self, *, hinted: bool) -> bool:
        return bool(self._due and monotonic() >= self._due) or self._builder.has_moved(hinted=hinted)

    def _is_content(self) -> bool:
        return self._code is not None and (not self._has_moved(hinted=False) or self.builds >= _MOST_TRIES)

    def _find_places(self) -> None:
        """Find where all lies, and watch there; a root that is gone may come back with another branch."""
        try:
            self._node = read_node(self.request.root)
            self._places = find_places(self.request.root)
            self._event_source.arm(self._places)
        except Stop:
            self._places = None
            self._event_source.disarm()

    def _prove(self) -> None:
        if self._places and self._builder.look:
            self._event_source.prove(self._places, self._builder.look.folders)

    # Building.

    def _build_focus(self) -> None:
        """Build what somebody waits for while it is still to be seen whether all is quiet; not after a failure."""
        self._debounce.pause()
        if self._places is None or self._code != DONE or self.options.once or self._debounce.list_locks(self._places):
            return
        places = self._places
        built = self._builder.build_focus(lambda: self._debounce.wait(places))
        if built:
            self._changed += built.changed
            self._count(built)

    def _build(self) -> None:
        self._due = 0.0
        try:
            built = self._builder.build_whole(self._report)
        except Superseded:
            self._given_up += 1
            return
        self._given_up = 0
        self._code = built.exit_code
        self._plan_next(built)
        is_known, self._changed = bool(self._changed), (*self._changed, *built.changed)
        built = replace(built, changed=tuple(sorted(set(self._changed))))
        self.ended(built)
        # Of what a focused build has told already, nothing is said again.
        has_news = built.say_what() if is_known else built.written or built.changed
        if has_news or built.problems != self._shown or not self.builds:
            self._count(built)
        self._changed = ()
        self._warn_if_old()
        if built.exit_code == DONE and built.written and self.options.run:
            code = run_command(self.options.run, self.request.root, self._builder.output, built.written)
            self.tell(Ran(self.options.run, code))

    def _count(self, built: Built) -> None:
        self.builds += 1
        self._shown = built.problems if built.is_whole else self._shown
        self.tell(replace(built, number=self.builds))

    def _report(self, done: int, total: int, words: str) -> None:
        """Show how far a whole build is; give it up for somebody who has saved, who gets his document first."""
        self.report(done, total, words)
        may_give_up = self._builder.focuses and self._code == DONE and not self.options.once
        if may_give_up and self._wakeups.is_set and self._given_up < _MOST_GIVEN_UP:
            look = self._builder.look
            if look and look.has_moved():
                raise Superseded

    def _plan_next(self, built: Built) -> None:
        """Build again unasked where the machine may have mended, or where a change may not have shown yet."""
        codes = {problem.code for problem in built.problems}
        look = self._builder.look
        if look is None:
            self._due = monotonic() + self.options.patience.poll
        elif built.exit_code in _PASSING_ENDS or codes & _PASSING_CODES:
            self._due = monotonic() + self._retry
            self._retry = min(self._retry * 2, self.options.patience.retry)
        else:
            self._retry = _FIRST_RETRY
            if not self._builder.is_stamped and look.is_young:
                self._due = monotonic() + _YOUNG

    # Telling.

    def _notice(self, problem: Problem) -> None:
        self.tell(Noticed(problem))

    def _tell_lock(self, path: Path) -> None:
        seconds = self.options.patience.lock
        message = f"Git has held {path} for more than {seconds:.0f} s; it is not waited for any longer"
        hint = f"if no Git command is running, remove it: rm '{path}'"
        self._notice(Problem("DB444", message, hint=hint, severity="warning"))

    def _warn_if_old(self) -> None:
        if not self._is_old and self._code == DONE and not read_line_engine().is_steady():
            self._is_old = True
            message = "Deedbox or a library of it was changed: this watch still builds as before"
            self._notice(Problem("DB446", message, hint="end it with Ctrl-C and start it again", severity="warning"))


def run_command(command: str, folder: Path, output: Path, written: Iterable[str]) -> int:
    """Return the exit code of a command; it gets the paths of the written files on standard input, one a line.

    What it prints goes to standard error: standard output is for our own data. If we are interrupted, so is it.
    """
    paths = "".join(f"{output / name}\n" for name in written)
    process = subprocess.Popen(
        command,
        shell=True,
        cwd=folder if folder.is_dir() else None,
        env={**os.environ, "DEEDBOX_OUTPUT": str(output)},
        stdin=subprocess.PIPE,
        stdout=sys.stderr,
        start_new_session=True,
    )
    free_memory(process.pid)
    try:
        # A command that does not read what it is given is no error.
        process.communicate(os.fsencode(paths))
    except BaseException:
        end_group(process.pid)
        process.wait()
        raise
    return process.returncode
