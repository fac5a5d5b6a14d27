"""Take a mirror of a hosted repository; fetch all branches and tags from where it was cloned; change nothing else."""

from __future__ import annotations

import os
from pathlib import Path

from pipeline.problems import MACHINE_LACKS, USAGE, Problem, Stop
from pipeline.sources.git import repository as git
from pipeline.sources.git.settings import AS_USUAL

REMOTE = "origin"
_ALL = ("+refs/heads/*:refs/heads/*", "+refs/tags/*:refs/tags/*")


def fetch_all(root: Path) -> None:
    """Bring the branches and tags of a bare repository to those of `origin`; what is gone there goes here.

    Where to fetch from and as whom is the business of the repository's own configuration alone. Stop (exit 2) without
    an `origin`, (exit 4) if it cannot be reached.
    """
    with git.open_git(root) as folder:
        code, address, _ = git.ask(folder, "config", "--get", f"remote.{REMOTE}.url", environment=AS_USUAL)
        if code or not address.strip():
            hint = "make it with: git clone --mirror ADDRESS"
            raise Stop(Problem("DB467", f"{root} has no remote `{REMOTE}` to fetch from", hint=hint), exit_code=USAGE)
        options = (
            "--quiet",
            "--prune",
            "--no-tags",
            "--no-recurse-submodules",
            "--no-write-fetch-head",
            "--no-auto-gc",
        )
        code, _, errors = git.ask(folder, "fetch", *options, REMOTE, *_ALL, environment=_surroundings(), remote=True)
    if code:
        said = next((line for line in errors.splitlines() if line.strip()), "no reason given").removeprefix("fatal: ")
        words = f"{root} cannot fetch from `{REMOTE}`: {said}"
        raise Stop(Problem("DB467", words, hint="try it by hand, as the same user: git fetch"), exit_code=MACHINE_LACKS)


def _surroundings() -> dict[str, str]:
    """Nobody is there to answer a question, so ssh must not ask one either."""
    shell = {} if "GIT_SSH_COMMAND" in os.environ else {"GIT_SSH_COMMAND": "ssh -o BatchMode=yes"}
    return {**AS_USUAL, "GIT_NO_LAZY_FETCH": "0", **shell}
