"""Take an open repository; ask Git for its branches, tags and default branch; give them with their commits."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from pipeline.sources.git import repository as git

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
    rows = [line.decode("utf-8", "surrogateescape").split("\0") for line in output.split(b"\n") if line]
    # A tag of a tag is rare, but somebody may push a thousand: one question for all.
    nested = _find_commits(folder, [sha for _, _, sha, inner_kind, _ in rows if inner_kind == "tag"])
    for name, kind, sha, inner_kind, inner_sha in rows:
        inner = nested.get(sha, "") if inner_kind == "tag" else inner_sha if inner_kind == "commit" else ""
        commit = sha if kind == "commit" else inner
        if commit:
            yield Ref(name, commit)


def _find_commits(folder: git.Folder, tags: list[str]) -> dict[str, str]:
    """Return the commit behind each of these tags, without those that stand for something else."""
    if not tags:
        return {}
    asked = "".join(f"{sha}^{{commit}}\n" for sha in tags).encode()
    output = git.run(folder, "cat-file", "--batch-check=%(objecttype) %(objectname)", standard_input=asked)
    answers = (line.partition(" ") for line in output.decode("ascii", "replace").split("\n"))
    return {tag: sha for tag, (kind, _, sha) in zip(tags, answers, strict=False) if kind == "commit"}


def read_default_branch(folder: git.Folder) -> str:
    """Return the full name of the branch that HEAD names, there or not yet; "" for a detached HEAD."""
    code, output, _ = git.ask(folder, "symbolic-ref", "--quiet", "HEAD")
    name = output.decode("utf-8", "surrogateescape").strip()
    return name if code == 0 and name.startswith(BRANCH) else ""
