"""Take the words of `deedbox hooks`; put hooks in, take them out, tell of them, or run what they ask for."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import click

from pipeline.cli.session import Settings, common_options, session_of
from pipeline.cli.show import give, give_json, near, say, show_problems
from pipeline.problems import DONE, SOURCES_WRONG, USAGE, Problem, Stop

if TYPE_CHECKING:
    from pipeline.triggers.hooks.install import HookState
    from pipeline.triggers.hooks.place import Place

HELP = """Let Git start the builds: after each commit, merge, checkout of a branch and rebase.

Hooks that are there already stay and run first. In a bare repository, which a team pushes to, --bare puts in hooks that
check what is pushed and publish the documents of branches and tags.
"""
INSTALL_HELP = """Put hooks into this repository, beside those that are there.

A commit then returns at once and the documents follow; `hooks: {wait: true}` in deedbox.yaml lets it wait for them.
"""
UNINSTALL_HELP = "Take the hooks out; what was there before is put back byte for byte."
STATUS_HELP = "Tell which hooks are there; exit code 1 if one of them is missing."

_STATES = {
    "ours": "installed",
    "older": "installed by another Deedbox or Python: run `deedbox hooks install` again",
    "foreign": "somebody else's",
    "none": "not there",
}
_bare = click.option("--bare", is_flag=True, help="For a bare repository: check and publish what is pushed.")
_shared = click.option("--shared", is_flag=True, help="Also where other repositories use the same folder of hooks.")


@click.group("hooks", help=HELP)
@common_options
def command() -> None:
    """Stand for its sub-commands."""


@command.command("install", help=INSTALL_HELP)
@_bare
@_shared
@click.option("--publish", metavar="DIR", help="With --bare: publish into DIR instead of publish/ in the repository.")
@click.option(
    "--folder", metavar="DIR", help="With --bare: publish from DIR of the commits, where several could be meant."
)
@common_options
@click.pass_context
def install(context: click.Context, /, bare: bool, shared: bool, publish: str | None, folder: str | None) -> int:
    """Put hooks in."""
    from pipeline.triggers.hooks.install import install_hooks

    settings = session_of(context).settings
    place = _find_place(settings, bare=bare)
    if publish is not None:
        _set_publish(place, settings, publish)
    if folder is not None:
        _set_folder(place, folder)
    problems = install_hooks(place, shared=shared)
    return _tell(settings, place, problems, "installed")


@command.command("uninstall", help=UNINSTALL_HELP)
@_bare
@_shared
@common_options
@click.pass_context
def uninstall(context: click.Context, /, bare: bool, shared: bool) -> int:
    """Take hooks out."""
    from pipeline.triggers.hooks.install import uninstall_hooks

    settings = session_of(context).settings
    place = _find_place(settings, bare=bare)
    return _tell(settings, place, uninstall_hooks(place, shared=shared), "not installed any more")


@command.command("status", help=STATUS_HELP)
@_bare
@common_options
@click.pass_context
def status(context: click.Context, /, bare: bool) -> int:
    """Tell of hooks."""
    from pipeline.triggers.hooks.install import is_installed, read_hooks
    from pipeline.triggers.hooks.place import find_place

    settings = session_of(context).settings
    place = find_place(settings.directory)
    hooks, code = read_hooks(place), DONE if is_installed(place) else SOURCES_WRONG
    if settings.format == "json":
        give_json(settings, code, (), installed=code == DONE, **_facts(place, hooks))
        return code
    for hook in hooks:
        kept = ", and runs another one first" if hook.kept else ""
        give(f"{hook.name}: {_STATES[hook.state]}{kept}", settings)
    say(f"{'installed' if code == DONE else 'not installed'}; hooks are in {near(place.hooks.path)}", settings)
    return code


@command.command("run", hidden=True, help="Build what is checked out, in the background: hooks call this.")
@click.option("--decide", is_flag=True, help="Wait for the documents if the settings say so.")
@common_options
@click.pass_context
def run(context: click.Context, /, decide: bool) -> int:
    """Build for a hook; a hook never fails, so all that is wrong is told or logged."""
    from pipeline.triggers.hooks.builder import drop_variables, keep_built, leave_caller
    from pipeline.triggers.hooks.place import find_place

    settings = session_of(context).settings
    (drop_variables if decide else leave_caller)()
    place = find_place(settings.directory)
    if not decide:
        keep_built(place)
        return DONE
    if not _wants_wait(place):
        _start_alone(place)
        return DONE
    entry = keep_built(place, wait=True)
    if entry is not None:
        show_problems(entry.problems, settings, place.root)
        say(f"deedbox: commit {entry.tried[:7]} {'built' if entry.exit_code == DONE else 'not built'}", settings)
    return DONE


@command.command("receive", hidden=True, help="Check what is pushed, from standard input: pre-receive calls this.")
@common_options
@click.pass_context
def receive(context: click.Context) -> int:
    """Check what is pushed; exit code 1 refuses it."""
    from pipeline.triggers.central.receive import check_push
    from pipeline.triggers.hooks.builder import drop_hook_variables

    drop_hook_variables()
    settings = session_of(context).settings
    verdict = check_push(settings.directory, sys.stdin.buffer.read())
    for words, problems in verdict.found:
        say(words, settings, least=-9)
        show_problems(problems, settings, None)
    return SOURCES_WRONG if verdict.refused else DONE


def _wants_wait(place: Place) -> bool:
    from pipeline.triggers.hooks.builder import wants_wait

    try:
        return wants_wait(place)
    except Stop:  # wrong settings: the build will say what is wrong with them
        return False


def _start_alone(place: Place) -> None:
    from subprocess import DEVNULL

    from pipeline.processes.children import make_python_command
    from pipeline.processes.groups import start_group
    from pipeline.triggers.hooks.child import make_surroundings
    from pipeline.triggers.hooks.disk import open_log

    place.log.parent.mkdir(parents=True, exist_ok=True)
    with open_log(place.log) as log:
        command = make_python_command("pipeline", "-C", str(place.root), "hooks", "run")
        start_group(command, make_surroundings(), stdin=DEVNULL, stdout=log, stderr=log)


def _find_place(settings: Settings, *, bare: bool) -> Place:
    from pipeline.triggers.hooks.place import find_place

    place = find_place(settings.directory)
    if place.bare != bare:
        raise Stop(_wrong_kind(place), exit_code=USAGE)
    return place


def _wrong_kind(place: Place) -> Problem:
    if place.bare:
        return Problem("DB453", f"{place.root} is a bare repository", hint="with --bare its hooks check and publish")
    hint = "without --bare its hooks build what is checked out"
    return Problem("DB453", f"{place.root} is not a bare repository", hint=hint)


def _set_publish(place: Place, settings: Settings, folder: str) -> None:
    from pipeline.triggers.central.place import save_publish_folder

    if not place.bare:
        raise Stop(_wrong_kind(place), exit_code=USAGE)
    save_publish_folder(place, settings.directory / folder)


def _set_folder(place: Place, folder: str) -> None:
    from pipeline.triggers.central.place import save_chosen_folder

    if not place.bare:
        raise Stop(_wrong_kind(place), exit_code=USAGE)
    save_chosen_folder(place, folder)


def _tell(settings: Settings, place: Place, problems: tuple[Problem, ...], done: str) -> int:
    from pipeline.triggers.hooks.install import read_hooks

    code = SOURCES_WRONG if any(problem.code == "DB455" for problem in problems) else DONE
    if settings.format == "json":
        give_json(settings, code, problems, **_facts(place, read_hooks(place)))
        return code
    show_problems(problems, settings, None)
    say(f"hooks in {near(place.hooks.path)} are {done}", settings)
    return code


def _facts(place: Place, hooks: tuple[HookState, ...]) -> dict[str, Any]:
    return {
        "folder": str(place.hooks.path),
        "reach": place.hooks.reach,
        "bare": place.bare,
        "log": str(place.log),
        "hooks": [{"name": hook.name, "state": hook.state, "kept": hook.kept} for hook in hooks],
    }
