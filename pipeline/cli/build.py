"""Take selectors and flags of `deedbox build`; call the line; print what was made and what is wrong."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from pipeline.cli.progress import show_progress
from pipeline.cli.session import Settings, common_options, session_of
from pipeline.cli.show import give, give_json, near, say, show_problems
from pipeline.document.formats import FORMATS
from pipeline.problems import did_you_mean

if TYPE_CHECKING:
    from pipeline.build.request import Outcome

HELP = """Build documents into build/ beside deedbox.yaml (or the folder of -o).

Without a selector all documents of all projects are built. A selector names a project, a document of it, or a document
of one period, and may hold the wildcards of a shell: atlas, atlas/charter, atlas/progress-report-2026-09,
'*/progress-report-*'.

The paths of the files that changed go to standard output.
"""


def read_formats(context: click.Context, parameter: click.Parameter, value: tuple[str, ...]) -> tuple[str, ...]:
    """Return the formats of a comma-separated list, each once; a usage error where one is unknown."""
    words = [word.strip().lower() for group in value for word in group.split(",") if word.strip()]
    for word in words:
        if word not in FORMATS:
            raise click.BadParameter(f"`{word}` is no format; {did_you_mean(word, FORMATS)}")
    return tuple(dict.fromkeys(words))


to_option = click.option(
    "--to", "formats", multiple=True, callback=read_formats, metavar="FORMATS", help=f"Of {', '.join(FORMATS)}."
)


def read_jobs(context: click.Context, parameter: click.Parameter, value: str) -> int:
    """Return how many documents to write at a time: a number, or one a processor."""
    if value == "auto":
        return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    if not value.isascii() or not value.isdigit() or int(value) < 1:
        raise click.BadParameter("wants `auto` or a number from 1")
    return int(value)


def read_executor(context: click.Context, parameter: click.Parameter, value: str) -> str:
    """Return the address of machines that write, which has to be one even where nothing is left to write."""
    if value:
        from pipeline.write.executor import check_address

        check_address(value)
    return value


@click.command("build", help=HELP)
@click.argument("selectors", nargs=-1, metavar="[PROJECT[/DOCUMENT[-PERIOD]]]...")
@click.option("--rev", metavar="REF", help="Build a commit, branch or tag instead of the files as they lie here.")
@to_option
@click.option("-o", "--output", metavar="DIR", type=click.Path(path_type=Path), help="Another output folder.")
@click.option(
    "-j", "--jobs", default="auto", callback=read_jobs, metavar="N", help="Documents at a time (default: auto)."
)
@click.option(
    "--executor",
    metavar="URL",
    default="",
    callback=read_executor,
    help="Machines that write instead, such as dask://HOST:PORT.",
)
@click.option("--force", is_flag=True, help="Build all that is selected, stale or not.")
@click.option("-n", "--dry-run", is_flag=True, help="Tell what would be built and why, write nothing.")
@click.option("--strict", is_flag=True, help="Take warnings as errors.")
@common_options
@click.pass_context
def command(context: click.Context, /, **flags: Any) -> int:
    """Build documents."""
    from pipeline.processes.fork_server import RENDERERS, WRITERS
    from pipeline.processes.limits import read_limits

    if read_limits():  # first of all: their imports go on beside ours
        if not flags["dry_run"] and not flags["executor"] and not _is_cache_inside(context):
            WRITERS.start()
        RENDERERS.start()
    from pipeline.build.build import build
    from pipeline.build.request import Request
    from pipeline.cli.place import find_root_at

    settings = session_of(context).settings
    output = flags.pop("output")
    root, inside = find_root_at(settings.directory, flags["rev"])
    request = Request(root=root, inside=inside, output=settings.directory / output if output else None, **flags)
    with show_progress(settings) as report:
        outcome = build(request, report)
    if settings.format == "json":
        give_json(settings, outcome.exit_code, outcome.problems, **_facts(outcome))
    else:
        _show(outcome, settings, root, dry_run=request.dry_run)
    return outcome.exit_code


def _is_cache_inside(context: click.Context) -> bool:
    """Return whether the cache folder lies in the repository: then nothing is loaded from it, and the build says so."""
    from pipeline.host.cache import find_cache, is_inside_tree

    return is_inside_tree(find_cache(), os.path.realpath(session_of(context).settings.directory))


def _facts(outcome: Outcome) -> dict[str, Any]:
    fields = ("project", "document", "format", "path", "reason", "fresh")
    return {
        "revision": outcome.revision,
        "dirty": outcome.dirty,
        "output": str(outcome.output),
        "steps": [{field: getattr(step, field) for field in fields} for step in outcome.steps],
        "written": list(outcome.written),
        "held": list(outcome.held),
    }


def _show(outcome: Outcome, settings: Settings, root: Path, *, dry_run: bool) -> None:
    show_problems(outcome.problems, settings, root)
    if outcome.exit_code and not outcome.held:
        say("nothing was written; files built earlier are as they were", settings)
    elif dry_run:
        _show_steps(outcome, settings)
    else:
        _show_written(outcome, settings)


def _show_steps(outcome: Outcome, settings: Settings) -> None:
    """Print what would be built and why; with -v also what would not."""
    for step in outcome.steps:
        if not step.fresh or settings.verbosity > 0:
            give(f"{step.path}: {step.reason}", settings)
    stale = sum(not step.fresh for step in outcome.steps)
    say(f"{_files(stale)} would be built" if stale else "all files are up to date", settings)


def _show_written(outcome: Outcome, settings: Settings) -> None:
    folder = near(outcome.output)
    for step in outcome.steps:
        if not step.fresh:
            say(f"{step.path}: {step.reason}", settings, least=1)
    for path in outcome.written:
        give(f"{folder}/{path}", settings)
    state = "with changes that are not committed" if outcome.dirty else "as committed"
    if outcome.held:
        say(f"what was built of {', '.join(outcome.held)} earlier is as it was", settings)
    nothing = "no other file has changed" if outcome.held else "all files are up to date"
    done = f"{_files(len(outcome.written))} written" if outcome.written else nothing
    say(f"{done}; revision {outcome.revision[:7] or 'none'}, {state}; open {folder}/index.html", settings)


def _files(count: int) -> str:
    return f"{count} file{'s' if count != 1 else ''}"
