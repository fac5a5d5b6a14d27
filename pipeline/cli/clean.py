"""Take an output folder; remove what builds put there and nothing else; print what was removed."""

from __future__ import annotations

from pathlib import Path

import click

from pipeline.cli.session import Settings, common_options, session_of
from pipeline.cli.show import give, give_json, near, say
from pipeline.problems import DONE

HELP = """Remove what builds made: the files that build/manifest.json lists, the index, the manifest itself.

Files that Deedbox did not make stay where they are.
"""


@click.command("clean", help=HELP)
@click.option("-o", "--output", metavar="DIR", type=click.Path(path_type=Path), help="Another output folder.")
@common_options
@click.pass_context
def command(context: click.Context, /, output: Path | None) -> int:
    """Remove what builds made."""
    from pipeline.archive.save import remove_build

    settings = session_of(context).settings
    folder = settings.directory / output if output else _default_output(settings.directory)
    removed = remove_build(folder, notify=lambda words: say(words, settings))
    if settings.format == "json":
        give_json(settings, DONE, (), removed=list(removed), output=str(folder))
    else:
        _show(removed, folder, settings)
    return DONE


def _default_output(directory: Path) -> Path:
    """Return the folder that deedbox.yaml names; its default if the settings are broken: `clean` works all the same."""
    from pipeline.model.load import load_settings
    from pipeline.sources.root import find_root
    from pipeline.sources.worktree import read_worktree

    root = find_root(directory)
    settings, _ = load_settings(read_worktree(root))
    return root / (settings.output if settings else "build")


def _show(removed: tuple[str, ...], folder: Path, settings: Settings) -> None:
    for name in removed:
        give(f"{near(folder)}/{name}", settings)
    done = f"{len(removed)} files removed" if removed else "nothing to remove"
    left = f"; {near(folder)} stays, it holds files that Deedbox did not make" if removed and folder.exists() else ""
    say(f"{done}{left}", settings)
