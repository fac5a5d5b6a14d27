"""Take a project repository; run the line up to the documents without writing; print every problem."""

from __future__ import annotations

import click

from pipeline.cli.session import common_options, session_of
from pipeline.cli.show import give_json, say, show_problems

HELP = """Look for problems in all sources, build nothing.

Each problem is one line with file, line and column, a code and what is wrong; a hint how to mend it follows. They go to
standard output.
"""


@click.command("check", help=HELP)
@click.option("--rev", metavar="REF", help="Check a commit, branch or tag instead of the files as they lie here.")
@click.option("--strict", is_flag=True, help="Take warnings as errors.")
@common_options
@click.pass_context
def command(context: click.Context, /, rev: str | None, strict: bool) -> int:
    """Check the sources."""
    from pipeline.processes.fork_server import RENDERERS
    from pipeline.processes.limits import read_limits

    if read_limits():  # first of all: its imports go on beside ours
        RENDERERS.start()
    from pipeline.build.build import check
    from pipeline.build.request import Request
    from pipeline.cli.place import find_root_at

    settings = session_of(context).settings
    root, inside = find_root_at(settings.directory, rev)
    outcome = check(Request(root=root, inside=inside, rev=rev, strict=strict))
    if settings.format == "json":
        give_json(settings, outcome.exit_code, outcome.problems, revision=outcome.revision, dirty=outcome.dirty)
        return outcome.exit_code
    show_problems(outcome.problems, settings, root, as_data=True)
    if not outcome.problems:
        say("no problems", settings)
    return outcome.exit_code
