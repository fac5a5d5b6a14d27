"""Take an open repository; ask Git for its branches, tags and default branch; give them with their commits."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from pipeline.sources import git

BRANCH, TAG = "refs/heads/", "refs/tags/"
NOTHING = frozenset({"0" * 40, "0" * 64})  # what Git writes for "there is no such object"


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


def read_refs(folder: git.Folder) -> tuple[Ref, ...]:
    """Return all branches and tags by name; without those that name no commit, or one that is not here."""
    form = "--format=%(refname)%00%(objecttype)%00%(objectname)%00%(*objecttype)%00%(*objectname)"
    output = git.run(folder, "for-each-ref", form, BRANCH, TAG)
    return tuple(_read_lines(folder, output))


def _read_lines(folder: git.Folder, output: bytes) -> Iterator[Ref]:
    for line in output.splitlines():
        name, kind, sha, inner_kind, inner_sha = line.decode("utf-8", "surrogateescape").split("\0")
        if inner_kind == "tag":  # a tag of a tag: rare enough to be asked for
            inner_kind, inner_sha = "commit", git.find_object_commit(folder, sha)
        commit = sha if kind == "commit" else inner_sha if inner_kind == "commit" else ""
        if commit:
            yield Ref(name, commit)


def read_default_branch(folder: git.Folder) -> str:
    """Return the full name of the branch that HEAD names, there or not yet; "" for a detached HEAD."""
    code, output, _ = git.ask(folder, "symbolic-ref", "--quiet", "HEAD")
    name = output.decode("utf-8", "surrogateescape").strip()
    return name if code == 0 and name.startswith(BRANCH) else ""
