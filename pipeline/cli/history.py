"""Take the names of documents; ask for their revisions; print a line for each, newest first."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import click

from pipeline.cli.session import common_options, session_of
from pipeline.cli.show import give, give_json, show_problems

if TYPE_CHECKING:
    from pipeline.controls.revisions import Revision
    from pipeline.inspect.history import DocumentHistory

HELP = """Print the revisions of documents, newest first, as Git has them.

A revision is a commit that changed what the document is made from, or approved it. A commit approves by a line
`Approved-by: Name <address>` at the end of its message; `Reviewed-by:` names who reviewed.
Nothing is written.

The document is named as for build: atlas/charter, atlas/progress-report-2026-09, 'atlas/*'.
"""
STATES = {"draft": "draft", "approved": "approved", "changed": "changed since approval"}


@click.command("history", help=HELP)
@click.argument("selectors", nargs=-1, required=True, metavar="PROJECT/DOCUMENT...")
@click.option("--rev", metavar="REF", help="Up to a commit, branch or tag instead of the last commit.")
@common_options
@click.pass_context
def command(context: click.Context, /, **flags: Any) -> int:
    """Print the revisions of documents."""
    from pipeline.build.request import Request
    from pipeline.cli.place import find_root_at
    from pipeline.inspect.history import history

    settings = session_of(context).settings
    root, inside = find_root_at(settings.directory, flags["rev"])
    outcome = history(Request(root=root, inside=inside, **flags))
    if settings.format == "json":
        documents = [_record(one) for one in outcome.documents]
        give_json(settings, outcome.exit_code, outcome.problems, documents=documents, revision=outcome.revision)
        return outcome.exit_code
    if outcome.exit_code:
        show_problems(outcome.problems, settings, root)
    for one in outcome.documents:
        for line in _lines(one):
            give(line, settings)
    return outcome.exit_code


def _lines(one: DocumentHistory) -> Iterator[str]:
    yield f"{one.document}: {_head(one)}"
    if one.is_changed:
        yield "    draft: changes that are not committed yet"
    widths = [max((len(row.version) for row in one.revisions.rows), default=0), _width(one)]
    for row in one.revisions.rows:
        commit, version = row.commit, "" if one.is_stated else f"{row.version:<{widths[0]}}  "
        day = commit.time.date().isoformat()
        yield f"    {version}{day}  {commit.id[:7]}  {commit.author:<{widths[1]}}  {commit.subject}".rstrip()
        if trailers := _trailers(row):
            yield f"        {trailers}"


def _head(one: DocumentHistory) -> str:
    if not one.version:
        return "not committed yet"
    state = ", ".join(part for part in (f"version {one.version}", STATES.get(one.state, "")) if part)
    return f"{state} (stated in its front matter)" if one.is_stated else state


def _width(one: DocumentHistory) -> int:
    return min(max((len(row.commit.author) for row in one.revisions.rows), default=0), 30)


def _trailers(row: Revision) -> str:
    approved = f"approved by {', '.join(row.commit.approved_by)}" if row.is_approval else ""
    reviewed = f"reviewed by {', '.join(row.commit.reviewed_by)}" if row.commit.reviewed_by else ""
    return "; ".join(part for part in (approved, reviewed) if part)


def _record(one: DocumentHistory) -> dict[str, Any]:
    return {
        "document": one.document,
        "title": one.title,
        "version": one.version,
        "state": one.state,
        "stated": one.is_stated,
        "changed": one.is_changed,
        "revisions": [
            {
                "version": row.version,
                "state": row.state,
                "approval": row.is_approval,
                "commit": row.commit.id,
                "date": row.commit.time.date().isoformat(),
                "author": row.commit.author,
                "change": row.commit.subject,
                "approved_by": list(row.commit.approved_by) if row.is_approval else [],
                "reviewed_by": list(row.commit.reviewed_by),
            }
            for row in one.revisions.rows
        ],
    }
