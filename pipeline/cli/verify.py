"""Take a closure package; verify it; print each check with its outcome, and what is wrong, file by file."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from pipeline.cli.build import read_jobs
from pipeline.cli.progress import show_progress
from pipeline.cli.session import Settings, common_options, session_of
from pipeline.cli.show import give, give_json, say, show_problems
from pipeline.problems import DONE, MACHINE_LACKS, SOURCES_WRONG

if TYPE_CHECKING:
    from pipeline.closure.verify.verify import Verified

HELP = """Prove a closure package, or say what is wrong with it, file by file.

PACKAGE is the zip, or a folder into which it was unpacked. Neither a network nor the project repository is needed, and
nothing is written but temporary files. --rebuild makes documents and registers again from the history in the package:
with the versions that made them their bytes have to be equal, with others their words and values.

Exit codes: 0 all is well, 1 something is wrong, 4 something could not be checked here.
"""


@click.command("verify", help=HELP)
@click.argument("package", type=click.Path(readable=False, path_type=Path))
@click.option(
    "--signers",
    metavar="FILE",
    type=click.Path(readable=False, path_type=Path),
    help="Keys that are trusted, as ssh-keygen has them (allowed signers).",
)
@click.option("--rebuild", is_flag=True, help="Make documents and registers again and compare.")
@click.option(
    "-j", "--jobs", default="auto", callback=read_jobs, metavar="N", help="Documents at a time (default: auto)."
)
@common_options
@click.pass_context
def command(context: click.Context, /, package: Path, signers: Path | None, rebuild: bool, jobs: int) -> int:
    """Verify a package."""
    from pipeline.closure.verify.verify import Wish, verify

    settings = session_of(context).settings
    wish = Wish(settings.directory / package, signers and settings.directory / signers, rebuild, jobs)
    for file in (wish.package, *([wish.signers] if wish.signers else ())):
        if not _is_there(file):
            raise click.UsageError(f"there is no {file}", context)
    if wish.signers and not wish.signers.is_file():
        raise click.UsageError(f"{wish.signers} is no file", context)
    with show_progress(settings) as report:
        verified = verify(wish, report)
    if settings.format == "json":
        checks = [{"name": one.name, "outcome": one.outcome, "words": one.words} for one in verified.checks]
        give_json(settings, verified.exit_code, verified.problems, checks=checks)
    else:
        _show(verified, settings)
    return verified.exit_code


def _is_there(path: Path) -> bool:
    """What may not even be looked for may be there: the check that wants to read it says that it cannot."""
    try:
        return path.exists()
    except OSError:
        return True


def _show(verified: Verified, settings: Settings) -> None:
    for one in verified.checks:
        give(f"{one.name:9} {one.outcome:7} {one.words}".rstrip(), settings)
    show_problems(verified.problems, settings, None, as_data=True)
    say(_ENDS[verified.exit_code], settings)


_ENDS = {
    DONE: "the package is whole",
    SOURCES_WRONG: "the package is not what was sealed",
    MACHINE_LACKS: "what could be checked is well; the rest could not be checked here",
}
