"""Take a folder with fresh files; make it a Git repository; commit them, so that the first build is no draft."""

from __future__ import annotations

from pathlib import Path

from pipeline.sources.git import repository as git

# No hook and no signing key of the user's: they may ask something, and nobody would see the question.
_QUIETLY = ("-c", "core.hooksPath=/dev/null", "-c", "commit.gpgSign=false")
_FALLBACK = {"user.name": "Deedbox", "user.email": "deedbox@localhost.invalid"}


def find_repository(folder: Path) -> Path | None:
    """Return the top of the work tree around a folder that may not exist yet, or None if there is none."""
    existing = next(path for path in (folder, *folder.resolve().parents) if path.exists())
    marked = (path for path in (existing.resolve(), *existing.resolve().parents) if (path / ".git").exists())
    return next(marked, None)


def save_first_commit(folder: Path, words: str) -> str:
    """Make the folder a repository unless it is one, commit all its files, return the new commit's id."""
    if not (folder / ".git").exists():
        git.make_repository(folder)
    with git.open_git(folder) as found:
        git.run(found, *_QUIETLY, "add", "--all")
        git.run(found, *_QUIETLY, *_identity(found), "commit", "--quiet", "--message", words)
        return git.find_head(found)


def _identity(found: git.Folder) -> tuple[str, ...]:
    """Return the options for what the user's own configuration does not say."""
    known = set(git.run(found, "config", "--list", "--name-only").decode("utf-8", "replace").split("\n"))
    return tuple(word for key in _FALLBACK.keys() - known for word in ("-c", f"{key}={_FALLBACK[key]}"))
