"""Take a repository and a project; write that project's own history into a repository of its own; give both their ids.

What is taken: the commits up to the closing one that changed the project's folder or a shared file, and annotated tags
on them. File contents are not copied, Git sees those of the repository that they come from.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from pipeline.archive.descent import write_new
from pipeline.closure.export import ARGUMENTS, Changed, Exported, quote_path, read_export
from pipeline.closure.graph import NOTHING, Kept, keep_commits
from pipeline.closure.pseudonyms import Pseudonyms
from pipeline.closure.rewriting import (
    PEOPLE,
    TITLES,
    Names,
    PeopleMode,
    Rewriting,
    is_renamed,
    is_text,
    list_addresses,
    list_everybody,
)
from pipeline.problems import Problem
from pipeline.sources.git import repository as git
from pipeline.sources.git import stream as git_stream

BRANCH = "refs/heads/main"
_NOBODY = b"Deedbox <deedbox@localhost.invalid> "
_SUBMODULE = b"160000"


@dataclass(frozen=True, slots=True)
class Mark:
    """An annotated tag that travels with the project: its name, its own id, the commit that it names."""

    name: str
    tag: str
    commit: str


@dataclass(frozen=True, slots=True)
class History:
    """A project's own history: `root` is the project repository's folder in it, in which no file is checked out.

    `tip` is the closing commit there; `originals` maps every commit of it to the one that it was made from.
    """

    root: Path
    tip: str
    refs: Mapping[str, str]
    originals: Mapping[str, str]
    marks: tuple[Mark, ...] = ()
    left_out: int = 0
    names_left: tuple[Problem, ...] = ()
    rename: Callable[[str], str] = str


def read_whole(root: Path, tip: str) -> History:
    """Return the whole history of a repository up to a commit, as it is."""
    with git.open_git(root) as folder:
        marks = list_marks(folder, tip)
        return History(
            root, tip, {"HEAD": tip, BRANCH: tip, **{f"refs/tags/{one.name}": one.tag for one in marks}}, {}, marks
        )


def make_history(
    root: Path, tip: str, project: str, others: Sequence[str], mode: PeopleMode, seed: bytes, target: Path
) -> History:
    """Return the history of one project up to a commit, written into a new repository in the folder `target`."""
    with git.open_git(root) as folder:
        marks = list_marks(folder, tip)
        objects, prefix = git_stream.find_objects(folder), folder.prefix
    every = _export(target / "all", objects, tip, marks)
    rewriting = Rewriting(project, prefix, mode, seed)
    commits = [_cut(one, rewriting) for one in every if not one.name]
    kept, places = keep_commits(commits, tip, lambda one: _approves(one, project))
    with git.open_git(target / "all") as folder:
        rewriting = _know_people(folder, rewriting, kept)
        git_stream.make_repository(target / "project", objects, is_new=len(tip) == 64)
        with git.open_git(target / "project") as own:
            found_tags = (one for one in every if one.name and places.get(one.parents[0]))
            tags = [_cut_words(one, others) for one in found_tags if _belongs(one, project, others)]
            pieces = _write(folder, kept, tags, places, rewriting)
            file = own.git_dir / "deedbox-marks"
            git_stream.feed(own, pieces, "fast-import", "--quiet", "--done", f"--export-marks={file}")
            ids = _read_marks(file)
            originals = {ids[one.commit.mark]: one.commit.original for one in kept}
            write_new(own.git_dir / git.ORIGINALS, write_originals(originals))
            refs = _read_refs(own)
    found = {one.original: ids[places[one.mark]] for one in commits if places[one.mark]}
    names = {tag.name.decode("utf-8", "replace") for tag in tags}
    own_marks = tuple(replace(mark, commit=found[mark.commit]) for mark in marks if mark.name in names)
    left_out, left = len(commits) - len(kept), tuple(rewriting.left.list_problems())
    return History(target / "project", found[tip], refs, originals, own_marks, left_out, left, rewriting.rename_path)


def list_marks(folder: git.Repository, tip: str) -> tuple[Mark, ...]:
    """Return the annotated tags on commits up to a closing one, by name."""
    form = "--format=%(objecttype) %(objectname) %(*objecttype) %(*objectname) %(refname:lstrip=2)"
    lines = git.run(folder, "for-each-ref", f"--merged={tip}", form, "refs/tags").decode("utf-8", "replace")
    words = (line.split(" ", 4) for line in lines.splitlines())
    found = (Mark(name, tag, commit) for kind, tag, what, commit, name in words if (kind, what) == ("tag", "commit"))
    return tuple(sorted(found, key=lambda mark: mark.name))


def write_originals(originals: Mapping[str, str]) -> bytes:
    """Return the lines `new original` of a map of commits."""
    return "".join(f"{new} {old}\n" for new, old in sorted(originals.items(), key=lambda pair: pair[1])).encode()


def _export(work: Path, objects: Path, tip: str, marks: Iterable[Mark]) -> tuple[Exported, ...]:
    """Return all commits up to the tip and the tags on them, as a repository of its own with just these shows them."""
    git_stream.make_repository(work, objects, is_new=len(tip) == 64)
    with git.open_git(work) as folder:
        lines = [f"create {BRANCH} {tip}\n", *(f"create refs/tags/{mark.name} {mark.tag}\n" for mark in marks)]
        git.run(folder, "update-ref", "--stdin", standard_input="".join(lines).encode())
        with git_stream.open_output(folder, *ARGUMENTS) as stream:
            return tuple(read_export(stream))


def _cut(commit: Exported, rewriting: Rewriting) -> Exported:
    """Return a commit with those changes alone that leave, under the paths that they get."""
    placed = ((change, rewriting.place(change.path)) for change in commit.changes)
    changes = [replace(change, path=place) for change, place in placed if place is not None]
    return replace(commit, changes=changes)


def _approves(commit: Exported, project: str) -> bool:
    """Return whether a commit's trailer `Approves:` names documents of the project, which needs no change of a file."""
    lines = (line.partition(b":") for line in commit.message.splitlines())
    own = (f"{project}/".encode(), b"*")
    words = (value.replace(b",", b" ").split() for key, _, value in lines if key.lower() == b"approves")
    return any(word.startswith(own) for found in words for word in found)


def _belongs(tag: Exported, project: str, others: Iterable[str]) -> bool:
    """Return whether a tag is of the project: its name speaks of no other one, its message not of others alone."""
    alien = tuple(others)
    if any(_speaks_of(tag.name, one) for one in alien):
        return False
    return _speaks_of(tag.message, project) or not any(_speaks_of(tag.message, one) for one in alien)


def _cut_words(tag: Exported, others: Iterable[str]) -> Exported:
    """Return a tag as it leaves: with its message, unless that speaks of another project too."""
    mixed = any(_speaks_of(tag.message, one) for one in others)
    return replace(tag, message=b"Baseline; the tag was %b.\n" % tag.original.encode()) if mixed else tag


def _speaks_of(text: bytes, project: str) -> bool:
    return re.search(rb"(?<![A-Za-z0-9])%b(?![A-Za-z0-9])" % re.escape(project.encode()), text) is not None


def _know_people(folder: git.Repository, rewriting: Rewriting, kept: tuple[Kept, ...]) -> Rewriting:
    """Return the rewriting with all it has to know of people: whom the project names, who wrote its commits."""
    changes = [change for one in kept for change in one.commit.changes if change.id and change.mode != _SUBMODULE]
    paths = {change.path.decode("utf-8", "surrogateescape"): change.id.decode() for change in changes}
    texts = {change.id.decode() for change in changes if is_text(change.path.decode("utf-8", "replace"))}
    versions = {change.id.decode() for change in changes if change.path == PEOPLE.encode()}
    everybody = list_everybody(git.read_blobs(folder, sorted(versions)).values())
    words = (one.commit for one in kept if not one.alien)
    lines = [line for one in words for line in (one.author, one.committer)]
    people = Names(everybody, lines)
    ordered = sorted(texts - versions)
    for start in range(0, len(ordered), 200):
        people.read(git.read_blobs(folder, ordered[start : start + 200]).values())
    people.read_titles(git.read_blobs(folder, [paths[path] for path in paths if path.endswith(TITLES)]).values())
    rewriting = replace(rewriting, named=frozenset(people.named), addresses=list_addresses(lines))
    if rewriting.mode not in ("pseudonyms", "none"):
        return rewriting
    names = {part for path in paths if is_renamed(path) for part in path.split("/")[1:]}
    hidden = Pseudonyms(everybody, lines, rewriting.seed, people.ordinary, names)
    rewriting = replace(rewriting, pseudonyms=hidden)
    for path in sorted(map(rewriting.rename_path, paths)) if rewriting.mode == "pseudonyms" else ():
        rewriting.left.note_path(path, hidden)
    return rewriting


def _write(
    folder: git.Repository, kept: tuple[Kept, ...], tags: Iterable[Exported], places: Mapping[int, int], how: Rewriting
) -> Iterator[bytes]:
    """Give the stream that `git fast-import` makes the project's own history from."""
    yield b"feature done\n"
    for one in kept:
        yield from _write_commit(one, how, lambda id: git.read_blobs(folder, (id,))[id])
    yield b"reset %b\nfrom :%d\n\n" % (BRANCH.encode(), kept[-1].commit.mark)
    for tag in tags:
        author = how.author(tag.committer) if tag.committer else _NOBODY + b"0 +0000"
        name = tag.name.decode("utf-8", "replace")
        words = how.message(tag.message, f"the tag {name}")
        yield b"tag %b\nfrom :%d\ntagger %b\n%b" % (tag.name, places[tag.parents[0]], author, _data(words))
    yield b"done\n"


def _write_commit(one: Kept, how: Rewriting, load: Callable[[str], bytes]) -> Iterator[bytes]:
    commit = one.commit
    author, committer = (_sign(line, one, how) for line in (commit.author, commit.committer))
    words = b"Nothing of this project changed here.\n" if one.alien else how.message(commit.message, _tell(commit))
    parents = one.parents
    if parents[:1] == (NOTHING,):
        # A line of history that this project joined from a side: it needs a beginning without a file.
        empty = 1_000_000_000 + commit.mark
        line = _NOBODY + commit.committer.rsplit(b"> ", 1)[-1]
        yield _head(empty, line, line, b"Before this project.\n", ())
        parents = (empty, *parents[1:])
    yield _head(commit.mark, author, committer, words, parents)
    for change in commit.changes:
        yield from _write_change(change, how, load)
    yield b"\n"


def _write_change(change: Changed, how: Rewriting, load: Callable[[str], bytes]) -> Iterator[bytes]:
    path = quote_path(
        how.rename_path(change.path.decode("utf-8", "surrogateescape")).encode("utf-8", "surrogateescape")
    )
    rewrite = how.content(change.path) if change.mode in (b"100644", b"100755") else None
    if not change.id:
        yield b"D %b\n" % path
    elif rewrite is None:
        yield b"M %b %b %b\n" % (change.mode, change.id, path)
    else:
        data = load(change.id.decode())
        news = rewrite(data)
        same = news == data
        yield b"M %b %b %b\n" % (change.mode, change.id if same else b"inline", path)
        if not same:
            yield _data(news)


def _head(mark: int, author: bytes, committer: bytes, words: bytes, parents: tuple[int, ...]) -> bytes:
    start = b"" if parents else b"reset %b\n\n" % BRANCH.encode()
    lines = b"commit %b\nmark :%d\nauthor %b\ncommitter %b\n" % (BRANCH.encode(), mark, author, committer)
    links = (b"%b :%d\n" % (b"merge" if at else b"from", parent) for at, parent in enumerate(parents))
    return start + lines + _data(words) + b"".join(links)


def _tell(commit: Exported) -> str:
    return f"the message of commit {commit.original[:12]}"


def _sign(line: bytes, one: Kept, how: Rewriting) -> bytes:
    return _NOBODY + line.rsplit(b"> ", 1)[-1] if one.alien else how.author(line)


def _data(data: bytes) -> bytes:
    return b"data %d\n%b\n" % (len(data), data)


def _read_marks(file: Path) -> dict[int, str]:
    pairs = (line.split() for line in file.read_text(encoding="ascii").splitlines())
    return {int(mark[1:]): id for mark, id in pairs}


def _read_refs(folder: git.Repository) -> dict[str, str]:
    lines = git.run(folder, "for-each-ref", "--format=%(objectname) %(refname)").decode().splitlines()
    refs = {name: id for id, name in (line.split(" ", 1) for line in lines)}
    return {"HEAD": refs[BRANCH], **refs}
