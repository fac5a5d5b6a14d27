"""Take the words of a command line; run the command; turn every end, good or bad, into an exit code."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Sequence
from typing import Any

import click

from pipeline import __version__
from pipeline.cli.commands import Commands
from pipeline.cli.session import Session, common_options
from pipeline.cli.show import say, show_stop
from pipeline.problems import DONE, INTERRUPTED, MACHINE_LACKS, OUR_BUG, USAGE, Stop
from pipeline.streams import guarded_streams

HELP = """Build a project's documents, as Word and PDF, from Markdown and YAML in Git.

Data goes to standard output, words to standard error.

Exit codes: 0 done, 1 the sources are wrong, 2 usage or configuration, 3 a bug of Deedbox, 4 something is missing on
this machine, 130 interrupted.
"""


@click.group(
    cls=Commands,
    help=HELP,
    epilog="deedbox COMMAND --help tells more about one command.",
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.version_option(__version__, prog_name="deedbox", message="%(prog)s %(version)s")
@common_options
def program() -> None:
    """Stand for the bare command; all work is in the commands."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command line (the process's own if None) and return its exit code."""
    session = Session()
    words = list(sys.argv[1:] if arguments is None else arguments)
    with guarded_streams():
        try:
            result: Any = program.main(words, prog_name="deedbox", standalone_mode=False, obj=session)
        except BaseException as error:
            return _end(error, session)
    return result if isinstance(result, int) else DONE


def _end(error: BaseException, session: Session) -> int:
    """Return the exit code of an error, after the words for it."""
    try:
        for kind, end in _ENDS:
            if isinstance(error, kind):
                return end(error, session)
    except MemoryError as more:
        return _no_memory(more, session)
    raise error


_NO_MEMORY = b"deedbox: there is not enough memory for this; files built earlier are as they were\n"


def _exit(error: Any, session: Session) -> int:
    return int(error.exit_code)


def _no_command(error: Any, session: Session) -> int:
    for line in (error.ctx.get_help() if error.ctx else str(error)).split("\n"):
        say(line, session.settings, least=-9)
    return USAGE


def _usage(error: Any, session: Session) -> int:
    words = error.format_message().replace("\n\t", " ")  # click lists the values of a choice so
    say(f"deedbox: {words}", session.settings, least=-9)
    context = getattr(error, "ctx", None)
    if context is not None:
        say(f"Try `{context.command_path} --help`.", session.settings)
    return USAGE


def _stop(error: Any, session: Session) -> int:
    show_stop(error, session.settings)
    return int(error.exit_code)


def _interrupted(error: Any, session: Session) -> int:
    say("", session.settings, least=-9)
    say("deedbox: interrupted; files built earlier are as they were", session.settings, least=-9)
    return INTERRUPTED


def _our_bug(error: Any, session: Session) -> int:
    from pipeline.cli.crash import save_traceback

    path = save_traceback(error)
    say(f"deedbox: this is a bug of Deedbox ({type(error).__name__}); the details are in {path}", session.settings, -9)
    return OUR_BUG


def _no_memory(error: Any, session: Session) -> int:
    """Say in one line that there is no memory left, in a way that needs none."""
    os.write(2, _NO_MEMORY)
    return MACHINE_LACKS


_ENDS: tuple[tuple[type[BaseException], Callable[[Any, Session], int]], ...] = (
    (click.exceptions.Exit, _exit),
    (click.exceptions.NoArgsIsHelpError, _no_command),
    (click.Abort, _interrupted),
    (click.ClickException, _usage),
    (Stop, _stop),
    (KeyboardInterrupt, _interrupted),
    (MemoryError, _no_memory),
    (Exception, _our_bug),
)
