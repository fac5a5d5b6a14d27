"""Take a project repository; record what was built, show or verify its ledger, prove an entry; print the outcome."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from msgspec import json
from msgspec.structs import asdict

from pipeline.cli.session import Settings, common_options, session_of
from pipeline.cli.show import give, give_document, give_json, say, show_problems
from pipeline.problems import DONE, SOURCES_WRONG

if TYPE_CHECKING:
    from pipeline.closure.ledger.check import Checked
    from pipeline.closure.ledger.entries import Line

HELP = """Record what was issued, and prove it.

\b
  ledger record          add the files of the last build that are not in the ledger yet; commit ledger.jsonl then
  ledger show            list the entries
  ledger verify          look for entries that were altered, dropped or moved, also against every commit
  ledger prove ENTRY     print the proof that an entry, by number or path, is in the tree (RFC 6962)
  ledger verify PROOF    check such a proof, a file, against the ledger as it is now

The ledger is the file ledger.jsonl beside deedbox.yaml: one line for each document that was issued, with its path, its
revision, the time of that commit and a salted hash of the file.
"""
ACTIONS = ("record", "show", "verify", "prove")


@click.command("ledger", help=HELP)
@click.argument("action", type=click.Choice(ACTIONS))
@click.argument("entry", required=False)
@click.option("-o", "--output", metavar="DIR", type=click.Path(path_type=Path), help="Output folder that is recorded.")
@common_options
@click.pass_context
def command(context: click.Context, /, action: str, entry: str | None, output: Path | None) -> int:
    """Work on the ledger."""
    from pipeline.cli.place import find_output_at
    from pipeline.sources.root import find_root

    settings = session_of(context).settings
    if action == "prove" and not entry:
        raise click.UsageError("prove wants the number or the path of an entry", context)
    if action in ("record", "show") and entry:
        raise click.UsageError(f"{action} takes no entry", context)
    root = find_root(settings.directory)
    if action == "record":
        return _record(root, settings.directory / output if output else find_output_at(root), settings)
    if action == "prove":
        return _prove(root, entry or "", settings)
    if action == "show":
        return _show(root, settings)
    return _verify(root, settings.directory / entry if entry else None, settings)


def _record(root: Path, output: Path, settings: Settings) -> int:
    from pipeline.closure.ledger.file import LEDGER, record_build

    new = record_build(root, output)
    if settings.format == "json":
        give_json(settings, DONE, (), recorded=[asdict(line.entry) for line in new if line.entry])
        return DONE
    for line in new:
        give(_words(line, 0), settings)
    say(f"{len(new)} recorded in {LEDGER}; commit it" if new else "everything is recorded already", settings)
    return DONE


def _show(root: Path, settings: Settings) -> int:
    checked, _ = _check(root)
    if settings.format == "json":
        entries = [asdict(line.entry) if line.entry else None for line in checked.lines]
        give_json(settings, DONE, (), entries=entries, root=checked.root, size=len(entries))
        return DONE
    for at, line in enumerate(checked.lines, 1):
        give(_words(line, at), settings)
    say(f"{len(checked.lines)} entries, root {checked.root}", settings)
    return DONE


def _verify(root: Path, proof: Path | None, settings: Settings) -> int:
    checked, problems = _check(root)
    if proof is not None:
        from pipeline.closure.ledger.proofs import check_proof

        problems = (*problems, *check_proof(proof, checked))
    code = SOURCES_WRONG if problems else DONE
    if settings.format == "json":
        give_json(settings, code, problems, root=checked.root, size=len(checked.lines))
        return code
    show_problems(problems, settings, root, as_data=True)
    if not problems:
        say(f"{len(checked.lines)} entries, all as they were; root {checked.root}", settings)
    return code


def _prove(root: Path, entry: str, settings: Settings) -> int:
    from pipeline.closure.ledger.proofs import make_proof

    checked, problems = _check(root)
    if problems:
        show_problems(problems, settings, root)
        return SOURCES_WRONG
    give_document(json.format(json.encode(make_proof(checked, entry), order="sorted"), indent=2).decode(), settings)
    return DONE


def _check(root: Path) -> tuple[Checked, tuple[Any, ...]]:
    from pipeline.closure.ledger.file import check_repository

    return check_repository(root)


def _words(line: Line, at: int) -> str:
    if line.entry is None:
        return f"{at}  erased"
    return f"{line.entry.number}  {line.entry.path}  {line.entry.revision[:12]}  {line.entry.time}"
