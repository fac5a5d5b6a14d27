"""Take what Git refused to do; find the words that a person can act on; give a Stop with its exit code."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from pipeline.problems import MACHINE_LACKS, SOURCES_WRONG, USAGE, Problem, Stop, did_you_mean

# What Git says (with LC_ALL=C) → code, message, hint, exit code. The first row that matches is used.
_TOO_LITTLE = (
    "DB123",
    "Git needs more memory for `{top}` than it may have",
    "a file or folder in its history may be made to be huge; DEEDBOX_LIMITS sets how much is allowed",
    SOURCES_WRONG,
)
REFUSALS = (
    (
        "dubious ownership",
        "DB113",
        "Git does not open `{top}`, because the folder belongs to somebody else",
        "if you trust it: git config --global --add safe.directory '{top}'",
        USAGE,
    ),
    (
        "not a git repository",
        "DB102",
        "`{top}` is not in a Git repository",
        "git init '{top}', then commit your files",
        USAGE,
    ),
    (
        "must be run in a work tree",
        "DB122",
        "`{top}`: the settings of its Git repository say that its files are elsewhere, or that it has none",
        "look at core.bare and core.worktree: git config --local --list",
        USAGE,
    ),
    ("out of memory", *_TOO_LITTLE),
    ("cannot allocate memory", *_TOO_LITTLE),
    (
        "promisor",
        "DB120",
        "this clone does not hold all files of the commit",
        "it is a partial clone: git fetch --refetch --no-filter",
        MACHINE_LACKS,
    ),
)


def make_refusal(top: Path, command: str, errors: str) -> Stop:
    """Return the Stop for a Git command that failed with this error text."""
    for said, code, message, hint, exit_code in REFUSALS:
        if said in errors.lower():
            return Stop(Problem(code, message.format(top=top), hint=hint.format(top=top)), exit_code=exit_code)
    first = next(iter(errors.splitlines()), "no reason given").removeprefix("fatal: ")
    return Stop(
        Problem("DB114", f"Git could not answer (`git {command}`): {first}", hint="git fsck tells more"),
        exit_code=SOURCES_WRONG,
    )


def make_special(path: Path, words: str) -> Stop:
    """Return the Stop for a file of a repository that Git would read without end, or that would run what it names."""
    hint = "somebody else made this repository? Clone it instead of copying its folder"
    return Stop(Problem("DB122", f"`{path}` {words}: Git is not asked to read it", hint=hint), exit_code=USAGE)


def make_exceeded(top: Path, command: str, exceeded: Exception) -> Stop:
    """Return the Stop for an answer of Git that is too long, or takes too long."""
    how = "does not come to its end" if str(exceeded) == "slow" else "is longer than anything that is read"
    message = f"the answer of `git {command}` in `{top}` {how}"
    hint = "its history or its Git folder may be made to be huge; git fsck tells more"
    return Stop(Problem("DB123", message, hint=hint), exit_code=SOURCES_WRONG)


def make_too_many(name: str, most: int, exceeded: Exception) -> Stop:
    """Return the Stop for a commit that has more files than are read, by what people call it."""
    words = "takes too long to list" if str(exceeded) == "slow" else f"has more than {most:,} files"
    hint = "folders that stand in one another many times? Remove them, or take another commit"
    return Stop(Problem("DB124", f"{name} {words}, and is not read", hint=hint), exit_code=SOURCES_WRONG)


def make_git_missing() -> Stop:
    """Return the Stop for a computer without Git."""
    hint = "install Git (https://git-scm.com/downloads), then open a new terminal"
    return Stop(Problem("DB100", "Git is not installed, or not on the PATH", hint=hint), exit_code=MACHINE_LACKS)


def make_no_repository(folder: Path) -> Stop:
    """Return the Stop for a folder that no Git repository holds."""
    return make_refusal(folder, "rev-parse", "not a git repository")


def make_other_repository(folder: Path) -> Stop:
    """Return the Stop for a folder where Git finds another repository than we do: a damaged one."""
    message = f"`{folder}` holds a damaged Git repository: Git itself uses another one from here"
    return Stop(Problem("DB114", message, hint="git fsck tells more; a fresh clone helps"), exit_code=SOURCES_WRONG)


def make_unknown_revision(rev: str, names: Iterable[str], *, empty: bool) -> Stop:
    """Return the Stop for a word that names no commit, with the nearest branch or tag as the hint."""
    if empty:
        problem = Problem("DB103", f"`{rev}`: this repository has no commit yet", hint="git add . && git commit")
    else:
        problem = Problem("DB104", f"no commit is called `{rev}` here", hint=did_you_mean(rev, names))
    return Stop(problem, exit_code=USAGE)


def make_missing_blob(sha: str) -> Stop:
    """Return the Stop for a file whose content this clone does not hold."""
    hint = "a partial clone? git fetch --refetch --no-filter; else git fsck tells more"
    return Stop(Problem("DB120", f"this clone lacks a file's content ({sha[:12]})", hint=hint), exit_code=MACHINE_LACKS)
