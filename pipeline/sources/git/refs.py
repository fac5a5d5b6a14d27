"""Take an open repository; give branches and tags with their commits; check who signed a tag; fetch all anew."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from pipeline.problems import MACHINE_LACKS, USAGE, Problem, Stop
from pipeline.sources.git import repository as git
from pipeline.sources.text import make_line

BRANCH, TAG = "refs/heads/", "refs/tags/"
NOTHING = frozenset({"0" * 40, "0" * 64})  # what Git writes for "there is no such object"

REMOTE = "origin"
_ALL = ("+refs/heads/*:refs/heads/*", "+refs/tags/*:refs/tags/*")
State = Literal["none", "good", "bad", "unknown"]
# What Git and the programs say → what it means, the first that is found. gpg(1), doc/DETAILS; builtin/verify-tag.c.
_MEANINGS: tuple[tuple[str, State], ...] = (
    ("[GNUPG:] BADSIG", "bad"),
    ("[GNUPG:] REVKEYSIG", "bad"),
    ("[GNUPG:] GOODSIG", "good"),
    ("[GNUPG:] EXPKEYSIG", "unknown"),
    ("[GNUPG:] ERRSIG", "unknown"),
    ("allowedSignersFile needs to be configured", "unknown"),
    ("No principal matched", "unknown"),
    ("Could not verify signature", "bad"),
    ("incorrect signature", "bad"),
    ("cannot run", "unknown"),
)


@dataclass(frozen=True, slots=True)
class Ref:
    """A branch or a tag: its full name (`refs/heads/main`) and the commit that it stands for."""

    name: str
    commit: str

    @property
    def short(self) -> str:
        """Return the name as people say it, `main` or `v1.0`."""
        return self.name.removeprefix(BRANCH).removeprefix(TAG)

    @property
    def is_tag(self) -> bool:
        """Return whether it is a tag."""
        return self.name.startswith(TAG)


def read_refs(folder: git.Repository) -> tuple[Ref, ...]:
    """Return all branches and tags by name; without those that name no commit, or one that is not here."""
    form = "--format=%(refname)%00%(objecttype)%00%(objectname)%00%(*objecttype)%00%(*objectname)"
    output = git.run(folder, "for-each-ref", form, BRANCH, TAG)
    return tuple(_read_lines(folder, output))


def _read_lines(folder: git.Repository, output: bytes) -> Iterator[Ref]:
    rows = [line.decode("utf-8", "surrogateescape").split("\0") for line in output.split(b"\n") if line]
    # A tag of a tag is rare, but somebody may push a thousand: one question for all.
    nested = _find_commits(folder, [sha for _, _, sha, inner_kind, _ in rows if inner_kind == "tag"])
    for name, kind, sha, inner_kind, inner_sha in rows:
        inner = nested.get(sha, "") if inner_kind == "tag" else inner_sha if inner_kind == "commit" else ""
        commit = sha if kind == "commit" else inner
        if commit:
            yield Ref(name, commit)


def _find_commits(folder: git.Repository, tags: list[str]) -> dict[str, str]:
    """Return the commit behind each of these tags, without those that stand for something else."""
    if not tags:
        return {}
    asked = "".join(f"{sha}^{{commit}}\n" for sha in tags).encode()
    output = git.run(folder, "cat-file", "--batch-check=%(objecttype) %(objectname)", standard_input=asked)
    answers = (line.partition(" ") for line in output.decode("ascii", "replace").split("\n"))
    return {tag: sha for tag, (kind, _, sha) in zip(tags, answers, strict=False) if kind == "commit"}


def read_default_branch(folder: git.Repository) -> str:
    """Return the full name of the branch that HEAD names, there or not yet; "" for a detached HEAD."""
    code, output, _ = git.ask(folder, "symbolic-ref", "--quiet", "HEAD")
    name = output.decode("utf-8", "surrogateescape").strip()
    return name if code == 0 and name.startswith(BRANCH) else ""


@dataclass(frozen=True, slots=True)
class Signature:
    """What Git says of a signature: its state, and in its own words who signed or what is wrong."""

    state: State
    words: str = ""


def read_signature(folder: git.Repository, tag: str) -> Signature:
    """Return the state of a signed tag's signature: good, bad, or unknown where it cannot be checked here."""
    code, _, said = git.ask(folder, "verify-tag", "--raw", "--end-of-options", f"refs/tags/{tag}")
    found = next((state for sign, state in _MEANINGS if sign in said), None)
    state: State = found or ("good" if code == 0 else "unknown")
    return Signature("unknown" if state == "good" and code else state, _tell(said))


def _tell(said: str) -> str:
    lines = [line.removeprefix("[GNUPG:] ").removeprefix("error: ") for line in said.splitlines()]
    return make_line(next((line for line in lines if "sig" in line.lower()), next(iter(lines), "")), 200)


def fetch_all(root: Path) -> None:
    """Bring the branches and tags of a bare repository to those of `origin`; what is gone there goes here.

    Where to fetch from and as whom is the business of the repository's own configuration alone. Stop (exit 2) without
    an `origin`, (exit 4) if it cannot be reached.
    """
    with git.open_git(root) as folder:
        code, address, _ = git.ask(folder, "config", "--get", f"remote.{REMOTE}.url", environment=git.AS_USUAL)
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
    return {**git.AS_USUAL, "GIT_NO_LAZY_FETCH": "0", **shell}
