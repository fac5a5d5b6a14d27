"""Take a folder's name and three answers; write a starter repository that builds at once; commit it."""

from __future__ import annotations

import os
import sys
import unicodedata
from datetime import date, datetime
from pathlib import Path

import click

from pipeline.cli.session import Settings, common_options, session_of
from pipeline.cli.show import give, give_json, near, say
from pipeline.problems import DONE

HELP = """Make a new project repository in DIR that builds at once.

It asks for the organisation, the project's name and the Project Manager, or takes them from flags. The repository holds
one project with examples to write over, and is committed.
"""

_DEFAULTS = {"organisation": "Our organisation", "project": "First project", "manager": "Project Manager"}
_QUESTIONS = {"organisation": "Organisation", "project": "Name of the project", "manager": "Project Manager"}
LONGEST = 100


@click.command("init", help=HELP)
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.option("--organisation", metavar="NAME", help="Organisation that the documents come from.")
@click.option("--project", metavar="NAME", help="Short name of the first project.")
@click.option("--manager", metavar="NAME", help="Full name of the Project Manager.")
@click.option("--start", metavar="DATE", type=click.DateTime(["%Y-%m-%d"]), help="First day of the project.")
@click.option("-y", "--yes", is_flag=True, help="Ask nothing, take a default for what no flag says.")
@common_options
@click.pass_context
def command(
    context: click.Context,
    /,
    folder: Path,
    organisation: str | None,
    project: str | None,
    manager: str | None,
    start: datetime | None,
    yes: bool,
) -> int:
    """Make a starter repository."""
    from pipeline.archive.starter import Answers, check_target, latest_start

    settings = session_of(context).settings
    target = settings.directory / folder
    check_target(target)
    given = {"organisation": organisation, "project": project, "manager": manager}
    names = {name: _answer(name, value, yes) for name, value in given.items()}
    answers = Answers(**names, start=start.date() if start else latest_start(_today()))
    revision, paths = _save(target, answers)
    _show(settings, target, revision, paths)
    return DONE


def _save(target: Path, answers: object) -> tuple[str, tuple[str, ...]]:
    from pipeline.archive.starter import Answers, find_repository, make_starter, save_first_commit, save_starter
    from pipeline.cli.schema import make_schemas

    assert isinstance(answers, Answers)
    contents = make_starter(answers, make_schemas())
    around = find_repository(target)
    save_starter(target, contents)
    if around is not None and around != target.resolve():
        return "", tuple(sorted(contents))
    return save_first_commit(target, f"Start the project repository of {answers.project}"), tuple(sorted(contents))


def _today() -> date:
    """Return the clock's day: a new repository has no commit yet that could say what time it is."""
    return date.today()  # noqa: TID251


def _answer(name: str, given: str | None, yes: bool) -> str:
    if given is not None:
        return _clean(given, f"--{name}")
    if yes:
        return _DEFAULTS[name]
    if not sys.stdin.isatty() or os.environ.get("CI"):
        raise click.UsageError(f"nobody can be asked here: give --{name}, or --yes for defaults")
    asked: str = click.prompt(_QUESTIONS[name], default=_DEFAULTS[name], err=True)
    return _clean(asked, f"--{name}")


def _clean(text: str, flag: str) -> str:
    name = " ".join(text.split())
    if not name or len(name) > LONGEST or any(unicodedata.category(sign).startswith("C") for sign in name):
        raise click.UsageError(f"{flag} wants a name of 1 to {LONGEST} letters on one line")
    return name


def _show(settings: Settings, target: Path, revision: str, paths: tuple[str, ...]) -> None:
    if settings.format == "json":
        give_json(settings, DONE, (), folder=str(target), revision=revision, files=list(paths))
        return
    for path in paths if settings.verbosity > 0 else ():
        give(f"{near(target)}/{path}", settings)
    say(f"{len(paths)} files in {near(target)}, {_committed(target, revision)}", settings)
    say(f"Next: deedbox build -C {near(target)}, then open {near(target)}/build/index.html", settings)


def _committed(target: Path, revision: str) -> str:
    if revision:
        return f"committed as {revision[:7]}"
    return f"not committed, since they lie in a Git repository that was there already: git add {near(target)}"
