"""Take a repository; compare what should be built with what is; print a line for each branch, tag or work tree."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import click

from pipeline.cli.session import Settings, common_options, session_of
from pipeline.cli.show import give, give_json, near, say, show_problems
from pipeline.problems import DONE, SOURCES_WRONG, Problem

if TYPE_CHECKING:
    from pipeline.triggers.hooks.place import Place
    from pipeline.triggers.hooks.state import Entry

HELP = """Tell what should be built, what is, since when, and what went wrong.

In a bare repository there is a line for each branch and tag that is published, else one for what is checked out. Exit
code 1 if one of them is behind or failed.
"""
_WRONG = ("behind", "failed")


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the status, as text and as data."""

    ref: str
    state: str
    wanted: str
    shown: str
    entry: Entry
    folder: str = ""
    problems: tuple[Problem, ...] = ()

    @property
    def text(self) -> str:
        """Return the line for a person."""

        is_part = self.shown == self.wanted
        words = {
            "built": f"built {self.shown[:7]}, {_since(self.entry)}",
            "draft": f"a draft of {self.shown[:7]} with changes that are not committed",
            "behind": f"behind: {self.wanted[:7]} is not built {'in whole' if is_part else 'yet'}; {self._before}",
            "failed": f"failed: {self.wanted[:7]}, tried {_short(self.entry.tried_at)}; {self._next}{self._before}",
            "moved": f"tag moved to {self.wanted[:7]}; the documents of {self.shown[:7]} stay",
            "gone": f"tag deleted; the documents of {self.shown[:7]} stay",
        }
        return f"{self.ref}: {words[self.state]}"

    @property
    def _next(self) -> str:
        """Return when it is tried again, or that it is given up; nothing where another try would come to the same."""
        from pipeline.triggers.hooks.tries import find_next

        if not self.entry.tries or self.state != "failed":
            return ""
        after = find_next(self.entry)
        again = f"again from {_short(after.isoformat())} on" if after else "given up: deedbox reconcile --retry"
        return f"{self.entry.tries} tries, {again}; "

    @property
    def _before(self) -> str:
        return f"there is {self.shown[:7]}, {_since(self.entry)}" if self.shown else "nothing is there"

    def facts(self) -> dict[str, Any]:
        """Return the line as data."""
        return {
            "ref": self.ref,
            "state": self.state,
            "wanted": self.wanted,
            "built": self.shown,
            "built_at": self.entry.built_at,
            "tried": self.entry.tried,
            "tried_at": self.entry.tried_at,
            "exit_code": self.entry.exit_code,
            "tries": self.entry.tries,
            "folder": self.folder,
        }


_BEGUN = "DB470"  # what is recorded of a try until its end is known


@click.command("status", help=HELP)
@common_options
@click.pass_context
def command(context: click.Context) -> int:
    """Tell how things stand."""
    from pipeline.triggers.hooks.disk import is_busy
    from pipeline.triggers.hooks.install import is_installed
    from pipeline.triggers.hooks.place import find_place

    settings = session_of(context).settings
    place = find_place(settings.directory)
    rows, more, inside = _look_central(place) if place.bare else (_look_here(place), (), place.prefix)
    busy, installed = is_busy(place.home), is_installed(place)
    code = SOURCES_WRONG if any(row.state in _WRONG for row in rows) else DONE
    problems = tuple(dict.fromkeys((*more, *(problem for row in rows for problem in row.problems))))
    if busy:  # it has begun, and has not been ended
        problems = tuple(problem for problem in problems if problem.code != _BEGUN)
    if settings.format == "json":
        facts = {"building": busy, "hooks": installed, "log": str(place.log), "refs": [row.facts() for row in rows]}
        give_json(settings, code, problems, folder=inside.rstrip("/"), **facts)
        return code
    for row in rows:
        give(row.text, settings)
    show_problems(problems, settings, place.root)
    if place.bare and inside:
        say(f"the project repository is the folder {inside} of each commit", settings)
    _say_more(settings, place, rows, busy=busy, installed=installed)
    return code


def _say_more(settings: Settings, place: Place, rows: tuple[Row, ...], *, busy: bool, installed: bool) -> None:
    if not rows:
        what = "no branch or tag that is to be published" if place.bare else "no commit"
        say(f"nothing is to be built: there is {what} yet", settings)
    if busy:
        say("a builder is at work", settings)
    if not installed:
        bare = " --bare" if place.bare else ""
        say(f"no hooks: nothing is built by itself here; to change that: deedbox hooks install{bare}", settings)
    if place.log.is_file():
        say(f"log: {near(place.log)}", settings, least=1)


def _look_here(place: Place) -> tuple[Row, ...]:
    from pipeline.triggers.hooks.status import read_work_status

    one = read_work_status(place)
    if not one.wanted:
        return ()
    problems = one.entry.problems if one.entry.tried == one.wanted else ()
    return (Row(one.branch, one.state, one.wanted, one.shown, one.entry, "", problems),)


def _look_central(place: Place) -> tuple[tuple[Row, ...], tuple[Problem, ...], str]:
    from pipeline.triggers.central.place import find_central
    from pipeline.triggers.central.view import look
    from pipeline.triggers.hooks.state import load_state

    central = find_central(place.root)
    view = look(central, load_state(central.home))
    rows = tuple(
        Row(
            f"tag {line.ref.short}" if line.ref.is_tag else line.ref.short,
            line.state,
            line.wanted,
            line.shown,
            line.entry,
            str(central.publish / line.name) if line.shown else "",
            line.problems,
        )
        for line in view.lines
    )
    return rows, view.problems, view.policy.inside


def _since(entry: Entry) -> str:
    return f"since {_short(entry.built_at)}" if entry.built_at else "nobody recorded when"


def _short(time: str) -> str:
    """Return a time to the minute, as people write it."""
    return f"{time[:10]} {time[11:16]} UTC" if time else "at some time"
