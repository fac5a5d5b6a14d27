"""Take a repository's place; find the files from which Git knows what is checked out and what to ignore; give them."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from pipeline.sources.baselines import PREFIX
from pipeline.sources.git.place import find_shared, read_small
from pipeline.sources.git.repository import Folder, run

_LONGEST = 8192  # bytes of a file that names a branch
_DEEPEST = 5  # names of branches that name one another: Git follows no more


def list_state_files(folder: Folder) -> tuple[Path, ...]:
    """Return the files, present or not, that decide what Git says of the work tree: HEAD, its branch, index, rules.

    Baselines are among them: a document may list them.
    """
    private, shared = folder.git_dir, find_shared(folder.git_dir)
    references = [top / name for name in _list_references(private) for top in (private, shared)]
    common = [shared / name for name in ("packed-refs", "reftable/tables.list", "config", "shallow", "info/exclude")]
    own = [private / name for name in ("HEAD", "index", "config.worktree", "commondir", "info/attributes")]
    baselines = _list_tags(shared / "refs/tags" / PREFIX)
    rules = [above / name for above in _list_above(folder) for name in (".gitignore", ".gitattributes")]
    # In a work tree of its own `.git` is a file that names the repository; as a folder it changes with every command.
    link = [path for path in (folder.top / ".git",) if path.is_file()]
    return (*link, *own, *references, *common, *baselines, *rules, *_list_settings(folder))


def _list_references(git_dir: Path) -> Iterator[str]:
    """Give the branch that HEAD names, and what that names in turn, as far as it is a file of its own."""
    name, shared = "HEAD", find_shared(git_dir)
    for _ in range(_DEEPEST):
        text = next((read for top in (git_dir, shared) if (read := _read_text(top / name))), "")
        start, _, name = text.partition("ref: ")
        name = name.strip()
        if start or not name or ".." in name:
            return
        yield name


def _list_tags(folder: Path) -> tuple[Path, ...]:
    """Return a folder of tags with all that is in it: a new tag shows in its folder, a moved one in its file."""
    return (folder, *sorted(folder.rglob("*")))


def _list_above(folder: Folder) -> tuple[Path, ...]:
    """Return the folders from the repository's top down to the one that holds the project's folder."""
    parts = folder.prefix.rstrip("/").split("/")[:-1] if folder.prefix else None
    return () if parts is None else tuple(folder.top.joinpath(*parts[:depth]) for depth in range(len(parts) + 1))


def _list_settings(folder: Folder) -> Iterator[Path]:
    """Give the user's own files of settings and rules; the machine's are not read."""
    named = os.fsdecode(run(folder, "config", "--path", "--default", "", "--get", "core.excludesFile")).strip()
    home, base = os.environ.get("HOME", ""), os.environ.get("XDG_CONFIG_HOME", "")
    places = [Path(base) if base else Path(home, ".config")] if base or home else []
    yield from (place / "git" / name for place in places for name in ("config", "ignore", "attributes"))
    yield from (Path(home, ".gitconfig") for _ in range(bool(home)))
    yield from (Path(name) for name in (named, os.environ.get("GIT_CONFIG_GLOBAL", "")) if name)


def _read_text(path: Path) -> str:
    return (read_small(path, _LONGEST) or b"").decode("utf-8", "replace")
