"""Take the name of a document; plan it; print what made it stale or that nothing did, and why it was built last."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import click

from pipeline.cli.build import to_option
from pipeline.cli.session import Settings, common_options, session_of
from pipeline.cli.show import give, give_json, show_problems
from pipeline.plan.reasons import NEVER

if TYPE_CHECKING:
    from pipeline.inspect.why import Explanation
    from pipeline.plan.changes import Difference
    from pipeline.plan.reasons import Change

HELP = """Tell why a document is stale, or why it is not.

For each file: what makes it stale. Then every source that changed since the document was built, with the YAML keys or
the lines that differ, and the reason for which it was built last. -v lists all its sources. Nothing is written.

The document is named as for build: atlas/charter, atlas/progress-report-2026-09, 'atlas/*'.
"""


@click.command("why", help=HELP)
@click.argument("selectors", nargs=-1, required=True, metavar="PROJECT/DOCUMENT...")
@click.option(
    "--rev", metavar="REF", help="Compare with a commit, branch or tag instead of the files as they lie here."
)
@to_option
@click.option("-o", "--output", metavar="DIR", type=click.Path(), help="Another output folder.")
@common_options
@click.pass_context
def command(context: click.Context, /, **flags: Any) -> int:
    """Tell why a document is stale."""
    from pipeline.build.request import Request
    from pipeline.cli.place import find_root_at
    from pipeline.inspect.why import why

    settings = session_of(context).settings
    output = flags.pop("output")
    root, inside = find_root_at(settings.directory, flags["rev"])
    outcome = why(Request(root=root, inside=inside, output=settings.directory / output if output else None, **flags))
    if settings.format == "json":
        documents = [_record(one) for one in outcome.documents]
        give_json(settings, outcome.exit_code, outcome.problems, documents=documents, revision=outcome.revision)
        return outcome.exit_code
    if outcome.exit_code:
        show_problems(outcome.problems, settings, root)
    for one in outcome.documents:
        for line in _lines(one, settings):
            give(line, settings)
    return outcome.exit_code


def _lines(one: Explanation, settings: Settings) -> Iterator[str]:
    yield f"{one.document}: {'up to date' if one.is_fresh else 'stale'}"
    for step in one.steps:
        if not step.fresh:
            yield f"    {step.path}: {step.reason}"
    if one.changes:
        yield "  changed since its last build" + (", with no effect on it" if one.is_fresh else "")
    for change in one.changes:
        yield from _change_lines(change)
    if one.last is not None:
        place = one.last.revision[:7] or "no commit"
        draft = ", as a draft" if one.last.draft else ""
        reasons = ["it was the first time" if reason == NEVER else reason for reason in one.last.reasons]
        yield f"  last built at {place}{draft}: {'; '.join(reasons) or 'the reason is not known'}"
    if settings.verbosity > 0:
        yield "  made from"
        yield from (f"    {path}" for path in one.sources)


def _change_lines(change: Change) -> Iterator[str]:
    yield f"    {change.path}" if change.state == "changed" else f"    {change.path} is {change.state}"
    yield from (f"        {_words(one)}" for one in change.differences)


def _words(one: Difference) -> str:
    if not one.old and not one.new:
        return one.place
    return f"{one.place}: {one.old or 'nothing'} → {one.new or 'nothing'}"


def _record(one: Explanation) -> dict[str, Any]:
    last = one.last
    return {
        "document": one.document,
        "fresh": one.is_fresh,
        "files": [{name: getattr(step, name) for name in ("path", "format", "fresh", "reason")} for step in one.steps],
        "changes": [
            {
                "path": change.path,
                "state": change.state,
                "differences": [{"place": d.place, "old": d.old, "new": d.new} for d in change.differences],
            }
            for change in one.changes
        ],
        "last": last and {"revision": last.revision, "draft": last.draft, "reasons": list(last.reasons)},
        "sources": list(one.sources),
    }
