"""Take flags of `deedbox watch`; build whenever a source changes; print a line for each build, until ended."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from pipeline.cli.build import read_jobs, to_option
from pipeline.cli.session import common_options_with, session_of
from pipeline.cli.show import start_of
from pipeline.cli.watch_words import Show

if TYPE_CHECKING:
    from pipeline.build.request import Request
    from pipeline.triggers.preview import Preview
    from pipeline.triggers.watch.loop import Watch

HELP = """Build now, and again whenever a source changes, until Ctrl-C.

One line tells of each build: what was written, why, how long it took; problems follow it. A build that fails leaves the
last good files as they are. With --serve the documents are shown in a browser and renew themselves.
"""


@click.command("watch", help=HELP)
@click.argument("selectors", nargs=-1, metavar="[PROJECT[/DOCUMENT[-PERIOD]]]...")
@to_option
@click.option("-o", "--output", metavar="DIR", type=click.Path(path_type=Path), help="Another output folder.")
@click.option(
    "-j", "--jobs", default="auto", callback=read_jobs, metavar="N", help="Documents at a time (default: auto)."
)
@click.option("--strict", is_flag=True, help="Take warnings as errors.")
@click.option("--once", is_flag=True, help="Wait until nobody is saving, build once, end with the code of that build.")
@click.option("--exec", "run", default="", metavar="CMD", help="Run CMD after each good build that wrote something.")
@click.option("--poll", is_flag=True, help="Look for changes every second, do not ask the system for events.")
@click.option(
    "--serve",
    "address",
    is_flag=False,
    flag_value="",
    default=None,
    metavar="[ADDRESS]",
    help="Show the documents in a browser, at PORT or HOST:PORT (default: 127.0.0.1:8400).",
)
@common_options_with("text", "jsonl", words="Text for people (default) or a line of JSON for each event.")
@click.pass_context
def command(context: click.Context, /, **flags: Any) -> int:
    """Watch a repository."""
    from pipeline.archive.store import check_cache
    from pipeline.build.request import Request
    from pipeline.processes.fork_server import RENDERERS, WRITERS
    from pipeline.processes.limits import read_limits
    from pipeline.sources.root import find_root
    from pipeline.triggers.watch.events import Ended
    from pipeline.triggers.watch.loop import Options, Watch

    settings = session_of(context).settings
    if settings.format == "json":
        raise click.UsageError("`watch` tells of many builds: use --format jsonl", context)
    root = find_root(settings.directory)
    _refuse_bare(root)
    output = (settings.directory / flags["output"]).resolve() if flags["output"] else None
    asked = ("selectors", "formats", "jobs", "strict")
    request = Request(root=root, output=output, **{name: flags[name] for name in asked})
    options = Options(once=flags["once"], run=flags["run"], poll=flags["poll"])
    check_cache(root)
    if read_limits():
        WRITERS.start()
        RENDERERS.start()
    show = Show(settings, start_of(root))
    _leave_folder(root)
    with _serve(flags["address"], request, show) as preview:
        pages = preview.pages if preview else None
        hear = preview.hear if preview else show.tell
        watch = Watch(request, replace(options, pages=pages), hear, _save_crash, show.report)
        if preview:
            watch.ended = preview.take
        code = _run(watch)
    show.tell(Ended(watch.builds))
    return code


@contextmanager
def _serve(address: str | None, request: Request, show: Show) -> Iterator[Preview | None]:
    """Give the preview, for the time of the block; None where none is asked for, and nothing of it is loaded."""
    if address is None:
        yield None
        return
    from pipeline.triggers.preview import open_preview

    with open_preview(address, request, show.tell) as preview:
        yield preview


def _save_crash(error: Exception) -> str:
    from pipeline.cli.crash import save_traceback

    return str(save_traceback(error))


def _run(watch: Watch) -> int:
    """Return the exit code: of the build under --once, or of whoever has ended us."""
    from pipeline.build.renderer import stop_renderers
    from pipeline.cli.ending import ended_by_signals
    from pipeline.write.workers import stop_workers

    with ended_by_signals(type(watch).run) as ending:
        try:
            return watch.run()
        except BaseException:
            if not ending.asked:
                raise
            return ending.code
        finally:
            stop_workers()
            stop_renderers()


def _refuse_bare(root: Path) -> None:
    from pipeline.problems import USAGE, Problem, Stop
    from pipeline.sources.git.repository import open_git

    with open_git(root) as folder:
        if folder.bare:
            hint = "what is pushed to it is built after: deedbox hooks install --bare"
            raise Stop(Problem("DB453", f"{root} is a bare repository: nobody saves in it", hint=hint), exit_code=USAGE)


def _leave_folder(root: Path) -> None:
    """Stand where no branch can take the ground away: the root may go with another branch, and come back."""
    from pipeline.host.cache import CACHE_VARIABLE, STORE_VARIABLE
    from pipeline.problems import Stop
    from pipeline.sources.git.repository import open_git

    for name in (STORE_VARIABLE, CACHE_VARIABLE):
        if os.environ.get(name):
            os.environ[name] = str(Path(os.environ[name]).absolute())
    try:
        with open_git(root) as folder:
            os.chdir(folder.top)
    except (Stop, OSError):
        return
