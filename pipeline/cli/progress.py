"""Take how far a build is; draw a bar on a terminal, plain lines elsewhere, nothing where quiet is asked for."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from pipeline.cli.session import Settings
from pipeline.cli.show import has_colour, is_live, say
from pipeline.streams import below, guarded_errors
from pipeline.visible import show

Report = Callable[[int, int, str], None]


@contextmanager
def show_progress(settings: Settings) -> Iterator[Report]:
    """Give the function that a build calls with (done, total, words).

    A total of 0 is unknown; where nothing is done either, there are only words to show.
    """
    if settings.verbosity < 0:
        yield lambda done, total, words: None
    elif is_live():
        with _bar(settings) as report:
            yield report
    else:
        yield lambda done, total, words: _say_line(done, total, words, settings)


def _say_line(done: int, total: int, words: str, settings: Settings) -> None:
    if words:
        say(f"[{done:{len(str(total))}}/{total or '?'}] {words}" if done or total else words, settings)


@contextmanager
def _bar(settings: Settings) -> Iterator[Report]:
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    console = Console(file=below(sys.stderr), no_color=not has_colour(sys.stderr, settings))
    words = TextColumn("{task.description}", markup=False)
    columns = (BarColumn(bar_width=24), MofNCompleteColumn(), TimeRemainingColumn(compact=True), words)
    # The bar takes over standard error, so that what a library says there stands above it: that is guarded anew.
    with Progress(*columns, console=console, transient=True) as progress, guarded_errors():
        task = progress.add_task("reading the sources", total=None)

        def report(done: int, total: int, said: str) -> None:
            progress.update(task, completed=done, total=total or None, description=show(said))

        yield report
