"""Take the findings about this machine; print them as a table with what mends each lack; give exit code 0 or 4."""

from __future__ import annotations

from dataclasses import asdict

import click

from pipeline.cli.machine import Finding, check_machine, check_repository
from pipeline.cli.session import Settings, common_options, session_of
from pipeline.cli.show import Painted, give, give_json, say
from pipeline.problems import DONE, MACHINE_LACKS

HELP = """Look at this machine: Python, libraries, Pango, fonts, Git, and the repository if there is one here.

Each lack comes with the command that mends it. The exit code is 4 if anything is missing. What differs from the
versions that Deedbox was made for is no lack: documents are built, and may look otherwise than on other machines.
"""


@click.command("doctor", help=HELP)
@common_options
@click.pass_context
def command(context: click.Context, /) -> int:
    """Look at this machine."""
    settings = session_of(context).settings
    findings = (*check_machine(), *check_repository(settings.directory))
    exit_code = DONE if all(finding.ok for finding in findings) else MACHINE_LACKS
    if settings.format == "json":
        give_json(settings, exit_code, (), findings=[_record(finding) for finding in findings])
    else:
        _show(findings, settings)
    return exit_code


def _record(finding: Finding) -> dict[str, object]:
    record = asdict(finding)
    return record if not finding.ok or finding.differs else {**record, "mend": []}


def _show(findings: tuple[Finding, ...], settings: Settings) -> None:
    width = max(len(finding.what) for finding in findings)
    for finding in findings:
        well = Painted("other", "yellow") if finding.differs else Painted("ok   ", "green", bold=False)
        state = well if finding.ok else Painted("lacks", "red")
        give((state, f"  {finding.what:{width}}  {finding.seen}"), settings)
        for mend in finding.mend if finding.differs or not finding.ok else ():
            give(f"{'':7}{'':{width}}  {mend}", settings)
    lacking = [finding.what for finding in findings if not finding.ok]
    say(f"lacking: {', '.join(lacking)}" if lacking else "all is there", settings)
