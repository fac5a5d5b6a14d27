"""Take the name of a project; close it; print what is still open, or where its package is and what proves it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from pipeline.cli.build import read_jobs
from pipeline.cli.progress import show_progress
from pipeline.cli.session import Settings, common_options, session_of
from pipeline.cli.show import give, give_json, near, say, show_problems

if TYPE_CHECKING:
    from pipeline.closure.close import Closed
    from pipeline.closure.rules import Ruled

HELP = """Seal a finished project: one zip with its documents, records, sources and history that proves itself.

First the closing rules are checked: phase, deliverables, issues, changes, checklist, lessons, sign-offs, problems,
committed. What is still open is listed with its place, and nothing is written. A rule that is waived stands in the
package with the reason.

The package is a BagIt bag; `deedbox verify` checks it, and so do sha512sum, git and ssh-keygen.
"""


@click.command("close", help=HELP)
@click.argument("project")
@click.option(
    "--waive", "rules", multiple=True, metavar="RULE", help="Close though this rule is open; needs a --reason."
)
@click.option("--reason", "reasons", multiple=True, metavar="TEXT", help="Why; one for each --waive, in their order.")
@click.option("-o", "--output", metavar="DIR", type=click.Path(path_type=Path), help="Folder for the package.")
@click.option("--key", metavar="FILE", type=click.Path(path_type=Path), help="Key to sign with, not the settings'.")
@click.option("--unsigned", is_flag=True, help="Do not sign, whatever the settings say.")
@click.option(
    "-j", "--jobs", default="auto", callback=read_jobs, metavar="N", help="Documents at a time (default: auto)."
)
@common_options
@click.pass_context
def command(context: click.Context, /, **flags: Any) -> int:
    """Close a project."""
    from pipeline.closure.close import Closing, close
    from pipeline.sources.root import find_root

    settings = session_of(context).settings
    rules, reasons = flags.pop("rules"), flags.pop("reasons")
    if len(rules) != len(reasons):
        raise click.UsageError("each --waive needs its own --reason", context)
    places = {name: settings.directory / flags[name] if flags[name] else None for name in ("output", "key")}
    root = find_root(settings.directory)
    closing = Closing(root=root, waivers=tuple(zip(rules, reasons, strict=True)), **{**flags, **places})
    with show_progress(settings) as report:
        closed = close(closing, report)
    if settings.format == "json":
        give_json(settings, closed.exit_code, closed.problems, **_facts(closed))
    else:
        _show(closed, settings, root, closing.project)
    return closed.exit_code


def _facts(closed: Closed) -> dict[str, Any]:
    return {
        "revision": closed.revision,
        "package": str(closed.package) if closed.package else None,
        "files": closed.files,
        "documents": closed.papers,
        "size": closed.size,
        "ledger_root": closed.ledger_root,
        "signed": closed.signed,
        "rules": [_rule(one) for one in closed.ruled],
    }


def _rule(one: Ruled) -> dict[str, Any]:
    return {
        "id": one.rule.id,
        "title": one.rule.title,
        "outcome": one.outcome,
        "reason": one.reason,
        "findings": [str(problem) for problem in one.findings],
    }


def _show(closed: Closed, settings: Settings, root: Path, project: str) -> None:
    show_problems(closed.problems, settings, root, as_data=closed.package is None)
    for one in closed.ruled:
        if one.outcome == "waived":
            say(f"waived: {one.rule.title.lower()} ({len(one.findings)} open): {one.reason}", settings)
    if closed.package is None:
        names = ", ".join(one.rule.id for one in closed.ruled if one.outcome == "open")
        say(f"{project} cannot be closed yet; open: {names}; no package was written", settings)
        return
    give(near(closed.package), settings)
    signed = "signed" if closed.signed else "not signed (name a key under `closure: key`, or with --key)"
    say(
        f"{closed.files} files, {closed.papers} of them documents, {closed.size / 1e6:.1f} MB; revision "
        f"{closed.revision[:7]}; ledger root {closed.ledger_root[:16]}; {signed}",
        settings,
    )
