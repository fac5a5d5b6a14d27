"""Take repositories; build and publish in each what branches and tags call for; print what could not be built."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from pipeline.cli.session import Settings, common_options, session_of
from pipeline.cli.show import give_json, near, say, show_problems, show_stop
from pipeline.problems import DONE, SOURCES_WRONG, USAGE, Problem, Stop

if TYPE_CHECKING:
    from pipeline.triggers.hooks.place import Place

HELP = """Build what should be built and is not: after a crash, from a timer, or by hand.

In a bare repository every branch and tag that the settings on its default branch name is published; in a work tree the
commit that is checked out is built. Without DIR it is the repository that you stand in. Where a builder is at work
already, nothing is done: it finds all that is new. Exit code 1 if something could not be built.
"""


@click.command("reconcile", help=HELP)
@click.argument("folders", nargs=-1, metavar="[DIR]...", type=click.Path(path_type=Path))
@click.option("--all", "every", is_flag=True, help="Take all bare repositories in the folders DIR.")
@click.option("--fetch", is_flag=True, help="First fetch from `origin`: for a mirror of a hosted repository.")
@click.option("--drop", metavar="NAME", help="First give up what a branch or tag has published.")
@click.option("--retry", is_flag=True, help="Also try at once what has failed and waits for its turn.")
@click.option("--background", is_flag=True, hidden=True, help="Leave the Git command that calls: hooks say this.")
@click.option("--leashed", is_flag=True, hidden=True, help="End with who started this: `serve` says it.")
@common_options
@click.pass_context
def command(
    context: click.Context,
    /,
    folders: tuple[Path, ...],
    every: bool,
    fetch: bool,
    drop: str | None,
    retry: bool,
    background: bool,
    leashed: bool,
) -> int:
    """Build what is behind."""
    from pipeline.processes.groups import hold_leash
    from pipeline.triggers.hooks.builder import drop_variables, leave_caller

    if leashed:
        hold_leash()
    (leave_caller if background else drop_variables)()
    session = session_of(context)
    if background:  # what is told here is in the log already
        session.settings = replace(session.settings, verbosity=-1)
    settings = session.settings
    roots = _list_roots(settings, folders, every=every)
    results = [_take(settings, root, fetch=fetch, drop=drop, retry=retry) for root in roots]
    code = max((code for code, _ in results), default=DONE)
    problems = tuple(problem for _, found in results for problem in found)
    if settings.format == "json":
        give_json(settings, code, problems, repositories=[str(root) for root in roots])
    return code


def _list_roots(settings: Settings, folders: tuple[Path, ...], *, every: bool) -> list[Path]:
    named = [settings.directory / folder for folder in folders] or [settings.directory]
    if not every:
        return named
    for folder in named:
        if not folder.is_dir():
            raise click.BadParameter(f"there is no folder '{folder}'", param_hint="'DIR'")
    found = sorted(
        path.parent for folder in named for path in folder.glob("*/HEAD") if (path.parent / "objects").is_dir()
    )
    if not found:
        say(f"no bare repository in {', '.join(map(near, named))}", settings)
    return found


def _take(
    settings: Settings, root: Path, *, fetch: bool, drop: str | None, retry: bool
) -> tuple[int, tuple[Problem, ...]]:
    """One repository that cannot be used does not stop the others."""
    try:
        code, problems = _reconcile(settings, root, fetch=fetch, drop=drop, retry=retry)
    except Stop as stop:
        code, problems = stop.exit_code, stop.problems
        if settings.format != "json":
            say(f"{root}:", settings, least=-9)
            show_stop(stop, settings)
        return code, problems
    if settings.format != "json":
        show_problems(problems, settings, None)
    return code, problems


def _reconcile(
    settings: Settings, root: Path, *, fetch: bool, drop: str | None, retry: bool
) -> tuple[int, tuple[Problem, ...]]:
    from pipeline.triggers.hooks.place import find_place

    place = find_place(root)
    if not place.bare:
        if fetch or drop is not None:
            hint = "--fetch and --drop are for repositories that publish"
            raise Stop(Problem("DB453", f"{place.root} is not a bare repository", hint=hint), exit_code=USAGE)
        return _build_here(place)
    from pipeline.triggers.central.apart import fetch_apart
    from pipeline.triggers.central.place import find_central
    from pipeline.triggers.central.reconcile import drop as give_up
    from pipeline.triggers.central.reconcile import reconcile
    from pipeline.triggers.central.view import FAILED

    central = find_central(root)
    refresh = partial(fetch_apart, central.place.root) if fetch else None
    if refresh is not None:
        refresh()
    if drop is not None:
        say(f"{give_up(central, drop)}: given up", settings)
    view = reconcile(central, tell=lambda words: say(words.partition("\n")[0], settings), retry=retry, refresh=refresh)
    if view is None:
        say("another builder is at work here and will find what is new", settings)
        return DONE, ()
    wrong = any(line.state == FAILED for line in view.lines)
    problems = (*view.problems, *(problem for line in view.lines for problem in line.problems))
    return SOURCES_WRONG if wrong else DONE, tuple(dict.fromkeys(problems))


def _build_here(place: Place) -> tuple[int, tuple[Problem, ...]]:
    from pipeline.triggers.hooks.builder import keep_built

    entry = keep_built(place, wait=True)
    if entry is None:
        return DONE, ()
    return (SOURCES_WRONG if entry.exit_code else DONE), entry.problems
