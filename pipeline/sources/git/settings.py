"""Take an open repository and the name of one of Git's settings; ask Git as a hook would; give value and origin."""

from __future__ import annotations

from pipeline.sources.git import repository as git
from pipeline.sources.git.stops import make_refusal

# Git itself reads the machine's settings when it looks for hooks or fetches, so this question must see them too.
AS_USUAL = {"GIT_CONFIG_NOSYSTEM": "0"}


def read_path_setting(folder: git.Folder, name: str) -> tuple[str, str]:
    """Return a setting that names a path, with `~` filled in, and its scope: system, global, local, worktree, command.

    Both are "" where it is not set.
    """
    code, output, _ = git.ask(folder, "config", "--show-scope", "--path", "-z", "--get", name, environment=AS_USUAL)
    parts = output.decode("utf-8", "surrogateescape").split("\0")
    return (parts[1], parts[0]) if code == 0 and len(parts) >= 2 else ("", "")


def save_setting(folder: git.Folder, name: str, value: str) -> None:
    """Write a setting into the repository's own configuration; Stop where Git refuses."""
    code, _, errors = git.ask(folder, "config", "--local", name, value)
    if code:
        raise make_refusal(folder.top, "config", errors)
