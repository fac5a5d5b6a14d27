"""Take an output folder; remove what builds put there and nothing else; print what was removed."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import click

from pipeline.cli.session import Settings, common_options, session_of
from pipeline.cli.show import give, give_json, near, say
from pipeline.problems import DONE

HELP = """Remove what builds made: the files that build/manifest.json lists, the index, the manifest itself.

Files that Deedbox did not make stay where they are. With --store, what builds keep in the cache folder goes too: for
this repository, for those that are gone, and what earlier versions kept in .deedbox.
"""


@click.command("clean", help=HELP)
@click.option("-o", "--output", metavar="DIR", type=click.Path(path_type=Path), help="Another output folder.")
@click.option("--store", is_flag=True, help="Remove what is kept in the cache folder too.")
@common_options
@click.pass_context
def command(context: click.Context, /, output: Path | None, store: bool) -> int:
    """Remove what builds made."""
    from pipeline.archive.save import remove_build
    from pipeline.cli.place import find_output_at
    from pipeline.sources.root import find_root

    settings = session_of(context).settings
    root = find_root(settings.directory) if store or not output else None
    folder = settings.directory / output if output else find_output_at(root or settings.directory)
    removed = remove_build(folder, notify=lambda words: say(words, settings))
    stores = tuple(map(str, _remove_stores(root))) if root and store else ()
    if settings.format == "json":
        give_json(settings, DONE, (), removed=list(removed), output=str(folder), stores=list(stores))
    else:
        _show(removed, folder, settings)
        for path in stores:
            give(path, settings)
    return DONE


def _remove_stores(root: Path) -> Iterator[Path]:
    from pipeline.archive.store import find_store
    from pipeline.archive.store.sweep import is_ours, remove_old, remove_stores
    from pipeline.host.cache import STORES, find_cache
    from pipeline.sources.git.repository import open_git, run
    from pipeline.sources.places import STORE

    cache, old = find_cache(), root / STORE
    yield from remove_stores(find_store(root), Path(cache) / STORES if cache else None)
    if is_ours(old):
        with open_git(root) as folder:
            is_tracked = run(folder, "ls-files", "-z", "--", f":(icase){folder.prefix}{STORE}")
        if not is_tracked:
            yield from remove_old(old)


def _show(removed: tuple[str, ...], folder: Path, settings: Settings) -> None:
    for name in removed:
        give(f"{near(folder)}/{name}", settings)
    done = f"{len(removed)} files removed" if removed else "nothing to remove"
    left = f"; {near(folder)} stays, it holds files that Deedbox did not make" if removed and folder.exists() else ""
    say(f"{done}{left}", settings)
