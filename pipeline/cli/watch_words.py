"""Take what happens while somebody watches; print each as one line, with its problems below, or as JSON."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from pipeline.cli.session import Settings
from pipeline.cli.show import SCHEMA_VERSION, Line, Painted, count_words, give_document, is_live, problem_lines, say
from pipeline.sources.clock import read_clock
from pipeline.streams import below
from pipeline.triggers.watch.events import Built, Ended, Event, Noticed, Ran, Serving, Started, make_record
from pipeline.visible import show

_MODES = {"events": "", "polling": ", looking for changes every second"}


@dataclass(frozen=True, slots=True)
class Show:
    """Prints what it is told; `start` goes before the place of a problem, so that a terminal finds the file."""

    settings: Settings
    start: str

    def tell(self, told: Event) -> None:
        """Print one event."""
        if self.settings.format == "jsonl":
            record = {"schema_version": SCHEMA_VERSION, **make_record(told)}
            give_document(json.dumps(record, ensure_ascii=False, sort_keys=True), self.settings)
            return
        for kind, tell in _SHOWN:
            if isinstance(told, kind):
                tell(self, told)

    def report(self, done: int, total: int, words: str) -> None:
        """Show how far a build is, on a terminal, over the line that will tell of it; else only what is no count."""
        if self.settings.format == "jsonl" or self.settings.verbosity < 0:
            return
        if done and is_live():
            self._draw(f"  {done} of {total or '?'}: {words}" if done != total else "")
        elif words and not done and not total:
            self._draw("")
            say(words, self.settings)

    def show_started(self, told: Started) -> None:
        """Say that watching begins."""
        say(f"watching {told.root}{_MODES[told.mode]}; Ctrl-C ends it", self.settings)

    def show_built(self, built: Built) -> None:
        """Say what was written, why, and how long it took; list the problems."""
        what = built.say_what() or ("index" if built.written else "")
        why = built.say_why()
        because = f": {why}" if why else ""
        seconds = f"{built.seconds:.1f} s"
        if built.exit_code:
            errors = count_words(built.problems)
            self._line((Painted("nothing written", "red"), f" ({errors}; {seconds}){because}"), least=-9)
        elif what:
            self._line(f"{what} ({seconds}){because}")
        else:
            self._line(f"up to date ({seconds}){because}")
        for problem in built.problems:
            for line in problem_lines(problem, self.start):
                say(line, self.settings, least=-9 if problem.severity == "error" else 0)
        for path in built.written:
            say(f"  {path}", self.settings, least=1)

    def show_noticed(self, told: Noticed) -> None:
        """Say what a person should know."""
        first, *rest = problem_lines(told.problem, self.start)
        self._line(first)
        for line in rest:
            say(line, self.settings)

    def show_ran(self, told: Ran) -> None:
        """Say how a command ended, unless well."""
        if told.code:
            self._line(f"`{told.command}` ended with exit code {told.code}")

    def show_serving(self, told: Serving) -> None:
        """Say where the preview is."""
        say(f"preview at {told.url}", self.settings)

    def show_ended(self, told: Ended) -> None:
        """Say that it is over."""
        self._draw("")
        say("ended; files built earlier are as they were", self.settings, least=1)

    def _line(self, words: Line, least: int = 0) -> None:
        self._draw("")
        parts = (words,) if isinstance(words, str) else words
        say((f"{read_clock().astimezone():%H:%M:%S} ", *parts), self.settings, least)

    def _draw(self, words: str) -> None:
        """Write over the line at the foot of the terminal."""
        if is_live():
            stream = below(sys.stderr)
            columns = os.get_terminal_size(stream.fileno()).columns
            stream.write(f"\r\x1b[K{show(words)[: columns - 1]}")
            stream.flush()


_SHOWN: tuple[tuple[type, Callable[[Show, Any], None]], ...] = (
    (Started, Show.show_started),
    (Built, Show.show_built),
    (Noticed, Show.show_noticed),
    (Ran, Show.show_ran),
    (Serving, Show.show_serving),
    (Ended, Show.show_ended),
)
