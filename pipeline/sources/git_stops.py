"""Take what Git refused to do; find the words that a person can act on; give a Stop with its exit code."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from pipeline.problems import MACHINE_LACKS, SOURCES_WRONG, USAGE, Problem, Stop, did_you_mean

# What Git says (with LC_ALL=C) → code, message, hint, exit code. The first row that matches is used.
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
