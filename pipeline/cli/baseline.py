"""Take words about baselines; create, list, show, compare or verify them; print what came of it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from pipeline.cli.session import Settings, common_options, session_of
from pipeline.cli.show import give, give_json, say, show_problems
from pipeline.problems import DONE, SOURCES_WRONG

if TYPE_CHECKING:
    from pipeline.inspect.baselines import Verdict
    from pipeline.sources.baselines import Baseline, Item

HELP = """Make, list, compare and verify baselines.

A baseline is an annotated tag with the list of a project's configuration items: each document and each file with its
status, version and hash. `deedbox build --rev baseline/PROJECT/NAME` builds the documents as they were.
"""


@click.group("baseline", help=HELP)
@common_options
def command() -> None:
    """Stand for the words behind it."""


@command.command("create")
@click.argument("name", metavar="PROJECT/NAME")
@click.option("-m", "--message", required=True, metavar="WORDS", help="What was agreed, and by whom.")
@click.option("--rev", default="", metavar="REF", help="Tag this commit instead of the one that is checked out.")
@click.option("--sign/--no-sign", default=None, help="Sign the tag, or not, whatever Git's settings say.")
@common_options
@click.pass_context
def create(context: click.Context, /, name: str, message: str, rev: str, sign: bool | None) -> int:
    """Tag a commit with the list of a project's items.

    The project may be left out where there is one. The tag is signed where Git is set up to sign (tag.gpgSign, or a
    user.signingKey).
    """
    from pipeline.inspect.baselines import create_baseline

    settings, root = _open(context)
    outcome = create_baseline(root, name, message, rev, sign)
    made = outcome.baseline
    if settings.format == "json":
        record = _record(made, whole=True) if made else None
        give_json(settings, outcome.exit_code, outcome.problems, baseline=record)
        return outcome.exit_code
    show_problems(outcome.problems, settings, root)
    if made:
        give(made.tag, settings)
        say(f"{_count(made)}; {'signed' if made.is_signed else 'not signed'}; git push origin {made.tag}", settings)
    return outcome.exit_code


@command.command("list")
@click.argument("project", default="", metavar="[PROJECT]")
@common_options
@click.pass_context
def list_all(context: click.Context, /, project: str) -> int:
    """Print all baselines, oldest first, or those of a project."""
    from pipeline.inspect.baselines import list_baselines

    settings, root = _open(context)
    found = list_baselines(root, project)
    if settings.format == "json":
        give_json(settings, DONE, (), baselines=[_record(one) for one in found])
        return DONE
    width = max((len(_name(one)) for one in found), default=0)
    for one in found:
        give(
            f"{_name(one):<{width}}  {one.time.date().isoformat()}  {one.commit[:7]}  {_count(one)}  {one.words}",
            settings,
        )
    if not found:
        say("there are no baselines yet: deedbox baseline create PROJECT/NAME -m WORDS", settings)
    return DONE


@command.command("show")
@click.argument("name", metavar="PROJECT/NAME")
@common_options
@click.pass_context
def show(context: click.Context, /, name: str) -> int:
    """Print a baseline with its items."""
    from pipeline.inspect.baselines import find_baseline

    settings, root = _open(context)
    found = find_baseline(root, name)
    if settings.format == "json":
        give_json(settings, DONE, (), baseline=_record(found, whole=True))
        return DONE
    for line in _show(found):
        give(line, settings)
    return DONE


@command.command("diff")
@click.argument("first", metavar="PROJECT/NAME")
@click.argument("second", default="", metavar="[PROJECT/NAME]")
@common_options
@click.pass_context
def diff(context: click.Context, /, first: str, second: str) -> int:
    """Print what differs between two baselines, or between one and the files as they lie here."""
    from pipeline.inspect.baselines import diff_baselines

    settings, root = _open(context)
    outcome = diff_baselines(root, first, second)
    if settings.format == "json":
        changes = [{"id": (old or new).id, "before": _item(old), "after": _item(new)} for old, new in outcome.changes]  # type: ignore[union-attr]
        give_json(settings, outcome.exit_code, outcome.problems, old=outcome.old, new=outcome.new, changes=changes)
        return outcome.exit_code
    if outcome.exit_code:
        show_problems(outcome.problems, settings, root)
    for old, new in outcome.changes:
        give(_compare(old, new), settings)
    if not outcome.exit_code:
        say(f"{_plural(len(outcome.changes), 'item')} of {outcome.old} differ in {outcome.new}", settings)
    return outcome.exit_code


@command.command("verify")
@click.argument("names", nargs=-1, metavar="[PROJECT/NAME]...")
@common_options
@click.pass_context
def verify(context: click.Context, /, names: tuple[str, ...]) -> int:
    """Hold baselines against the files of their commits, and check their signatures; all, if none is named.

    Exit code 1 if a list does not fit its commit, or a signature is wrong.
    """
    from pipeline.inspect.baselines import verify_baselines

    settings, root = _open(context)
    verdicts = verify_baselines(root, names)
    code = DONE if all(one.is_good for one in verdicts) else SOURCES_WRONG
    problems = [problem for one in verdicts for problem in one.problems]
    if settings.format == "json":
        found = [{**_record(one.baseline), "good": one.is_good, "signature": one.signature.state} for one in verdicts]
        give_json(settings, code, problems, baselines=found)
        return code
    show_problems(problems, settings, root)
    for one in verdicts:
        give(_judge(one), settings)
    return code


def _open(context: click.Context) -> tuple[Settings, Path]:
    from pipeline.sources.root import find_root

    settings = session_of(context).settings
    return settings, find_root(settings.directory)


def _name(one: Baseline) -> str:
    return f"{one.project}/{one.name}"


def _count(one: Baseline) -> str:
    if one.listing is None:
        return "no list that can be read"
    return f"{_plural(len(one.listing.documents), 'document')}, {_plural(len(one.listing.files), 'file')}"


def _plural(count: int, word: str) -> str:
    return f"{count} {word}{'' if count == 1 else 's'}"


def _show(one: Baseline) -> Iterator[str]:
    yield f"{_name(one)}: {_count(one)}"
    yield f"  {one.words}"
    signed = "signed" if one.is_signed else "not signed"
    yield f"  commit {one.commit[:12]}, tagged on {one.time.date().isoformat()} by {one.author}, {signed}"
    for item in one.listing.items if one.listing else ():
        yield f"    {item.hash[:12]}  {item.version or '–':<12}  {item.status or '–':<9}  {item.id}"


def _compare(old: Item | None, new: Item | None) -> str:
    if old is None or new is None:
        item, sign = (old, "-") if old else (new, "+")
        return f"{sign} {item.id}  {item.version}  {item.status}" if item else ""
    facts = [
        f"{name} {getattr(old, name) or '–'} → {getattr(new, name) or '–'}"
        for name in ("type", "status", "version")
        if getattr(old, name) != getattr(new, name)
    ]
    content = ["content"] if old.hash != new.hash else []
    return f"~ {new.id}  {', '.join([*facts, *content])}"


def _judge(one: Verdict) -> str:
    state = {
        "none": "not signed",
        "good": "signature good",
        "bad": "signature WRONG",
        "unknown": "signature not checked",
    }
    return f"{_name(one.baseline)}: {'good' if one.is_good else 'BAD'}, {state[one.signature.state]}"


def _item(item: Item | None) -> dict[str, Any] | None:
    names = ("type", "status", "version", "hash", "title", "revision", "date")
    return {name: getattr(item, name) for name in names} if item else None


def _record(one: Baseline, *, whole: bool = False) -> dict[str, Any]:
    record = {
        "project": one.project,
        "name": one.name,
        "tag": one.tag,
        "commit": one.commit,
        "date": one.time.date().isoformat(),
        "by": one.author,
        "message": one.words,
        "signed": one.is_signed,
    }
    if not whole or one.listing is None:
        return record
    return {**record, "items": [{"id": item.id, **(_item(item) or {})} for item in one.listing.items]}
