"""Take a project as it is at a commit; list its configuration items in a tag; list, compare and verify such tags."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from pipeline import __version__
from pipeline.archive.tag import save_tag, wants_signature
from pipeline.build.build import plan_only
from pipeline.build.request import Request
from pipeline.build.run import BuildRun
from pipeline.inspect.history import check_whole
from pipeline.model.load import list_projects, load_settings
from pipeline.plan.records import DocumentFacts
from pipeline.problems import (
    DONE,
    SOURCES_WRONG,
    USAGE,
    Problem,
    Stop,
    did_you_mean,
    has_errors,
)
from pipeline.sources.baselines import (
    NAME,
    PREFIX,
    Baseline,
    Item,
    Listing,
    hash_sources,
    is_message,
    list_changes,
    make_message,
    read_baselines,
)
from pipeline.sources.commit import read_commit_of
from pipeline.sources.git import repository as git
from pipeline.sources.git.refs import Signature, read_signature
from pipeline.sources.git.work_tree import read_status
from pipeline.sources.scope import is_shared
from pipeline.sources.snapshot import Snapshot
from pipeline.sources.worktree import read_worktree


@dataclass(frozen=True, slots=True)
class CreateOutcome:
    """The baseline that was made; None where the sources are wrong."""

    problems: tuple[Problem, ...]
    baseline: Baseline | None
    exit_code: int


@dataclass(frozen=True, slots=True)
class DiffOutcome:
    """What differs between two baselines, or a baseline and a commit: items before and after."""

    problems: tuple[Problem, ...]
    old: str
    new: str
    changes: tuple[tuple[Item | None, Item | None], ...]
    exit_code: int


@dataclass(frozen=True, slots=True)
class Verdict:
    """What came of verifying one baseline."""

    baseline: Baseline
    signature: Signature
    problems: tuple[Problem, ...]

    @property
    def is_good(self) -> bool:
        """Return whether the list is that of the commit's files, and no signature is wrong."""
        return not has_errors(self.problems)


def create_baseline(root: Path, given: str, words: str, rev: str = "", sign: bool | None = None) -> CreateOutcome:
    """Tag a commit (the one that is checked out, if none is named) with the list of a project's items.

    `given` is `PROJECT/NAME`, or `NAME` where there is one project; `sign` None leaves it to Git's settings. Stop where
    the name is taken or cannot be a tag, where changes are not committed, or history is cut off.
    """
    project, name = _part(root, given)
    tag = f"{PREFIX}{project}/{name}"
    _check_name(name)
    if not is_message(words):
        hint = "say what was agreed, and by whom"
        message = "a baseline needs words that are none of its list's and no signature's"
        raise Stop(Problem("DB483", message, hint=hint), exit_code=USAGE)
    with git.open_git(root) as folder:
        if git.find_tag(folder, tag):
            hint = "a baseline is never moved: choose another name, such as one with a number"
            raise Stop(Problem("DB483", f"there is a baseline `{project}/{name}` already", hint=hint), exit_code=USAGE)
        if not rev and read_status(folder):
            hint = "commit them, or name the commit with --rev"
            raise Stop(Problem("DB482", "there are changes that are not committed", hint=hint), exit_code=SOURCES_WRONG)
        sha = git.find_commit(folder, rev or "HEAD")
    problems, listing = _collect(root, sha, project, name)
    if listing is None:
        return CreateOutcome(problems, None, SOURCES_WRONG)
    with git.open_git(root) as folder:
        signed = wants_signature(folder) if sign is None else sign
        made = save_tag(folder, tag, sha, make_message(words, listing), sign=signed)
        baseline = next(one for one in read_baselines(folder) if one.object == made)
    return CreateOutcome(problems, baseline, DONE)


def list_baselines(root: Path, project: str = "") -> tuple[Baseline, ...]:
    """Return all baselines, or those of a project, oldest first."""
    with git.open_git(root) as folder:
        return tuple(one for one in read_baselines(folder) if project in ("", one.project))


def find_baseline(root: Path, given: str) -> Baseline:
    """Return the baseline that `PROJECT/NAME` (or `NAME`, where only one has it) names; Stop if there is none."""
    known = list_baselines(root)
    text = given.removeprefix(PREFIX)
    found = [one for one in known if text in (f"{one.project}/{one.name}", one.name)]
    if len(found) == 1:
        return found[0]
    names = [f"{one.project}/{one.name}" for one in (found or known)]
    message = f"several projects have a baseline `{text}`" if found else f"there is no baseline `{text}`"
    hint = ", ".join(names) if found else did_you_mean(text, names)
    raise Stop(Problem("DB485", message, hint=hint), exit_code=USAGE)


def diff_baselines(root: Path, first: str, second: str = "") -> DiffOutcome:
    """Return what differs between a baseline and another one, or the files as they lie here if none is named.

    Stop where there is no such baseline, or its list cannot be read.
    """
    old = find_baseline(root, first)
    before = _listing_of(old)
    if second:
        new = find_baseline(root, second)
        problems: tuple[Problem, ...] = ()
        after: Listing | None = _listing_of(new)
        label = f"{new.project}/{new.name}"
    else:
        problems, after = _collect(root, "", before.project, "")
        label = "now"
    if after is None:
        return DiffOutcome(problems, first, label, (), SOURCES_WRONG)
    changes = tuple(list_changes(before.items, after.items))
    return DiffOutcome(problems, f"{old.project}/{old.name}", label, changes, DONE)


def verify_baselines(root: Path, given: Iterable[str] = ()) -> tuple[Verdict, ...]:
    """Return what came of holding baselines (all, if none is named) against the files of their commits."""
    named = tuple(find_baseline(root, one) for one in given)
    with git.open_git(root) as repository:
        return tuple(_verify(repository, one) for one in named or list_baselines(root))


def _part(root: Path, given: str) -> tuple[str, str]:
    """Return project and name; Stop where there is no such project, or several and none is named."""
    snapshot = read_worktree(root)
    settings, problems = load_settings(snapshot)
    if settings is None:
        raise Stop(*snapshot.problems, *problems)
    known = list_projects(snapshot, settings)
    project, slash, name = given.removeprefix(PREFIX).rpartition("/")
    if not slash and len(known) == 1:
        return known[0], name
    if project not in known:
        message = f"there is no project `{project}`" if slash else "the baseline's name says no project"
        hint = did_you_mean(project, known) if slash else f"write PROJECT/NAME; projects here: {', '.join(known)}"
        raise Stop(Problem("DB381", message, hint=hint), exit_code=USAGE)
    return project, name


def _check_name(name: str) -> None:
    if not NAME.fullmatch(name) or len(name) > 80:
        hint = "use letters, digits, hyphens, underscores and single dots, 80 at most"
        raise Stop(Problem("DB483", f"`{name}` cannot be the name of a baseline", hint=hint), exit_code=USAGE)


def _collect(root: Path, sha: str, project: str, name: str) -> tuple[tuple[Problem, ...], Listing | None]:
    """Return the problems of a project's sources, and its items; None where there are errors."""
    with plan_only(Request(root=root, rev=sha or None, selectors=(project,))) as run:
        problems = run.list_problems()
        if has_errors(problems):
            return problems, None
        check_whole(run.context.snapshot)
        return problems, _list_items(run, project, name)


def _listing_of(baseline: Baseline) -> Listing:
    if baseline.listing is None:
        message = f"the tag `{baseline.tag}` holds no list of items that can be read"
        raise Stop(
            Problem("DB486", message, hint="`deedbox baseline create` writes such tags"), exit_code=SOURCES_WRONG
        )
    return baseline.listing


def _list_items(run: BuildRun, project: str, name: str) -> Listing:
    """Return the configuration items of a project: its documents, its files and the shared ones, sorted by id."""
    snapshot = run.context.snapshot
    facts = {task.name: task.facts for task in run.tasks if task.project == project}
    own = {path for path in snapshot.files if path.startswith(f"{project}/") or is_shared(path)}
    paths = sorted(own.union(*(one.sources for one in facts.values())))
    digests = {path: sha256(snapshot.read(path)).hexdigest() for path in paths}
    documents = (_make_document(id, facts[id], digests) for id in sorted(facts))
    files = (_make_file(path, snapshot, digests[path]) for path in paths)
    return Listing(project, name, f"Deedbox {__version__}", (*documents, *files))


def _make_document(id: str, facts: DocumentFacts, digests: dict[str, str]) -> Item:
    return Item(
        id=id,
        type=facts.type,
        status=facts.state,
        version=facts.version,
        hash=hash_sources(digests, facts.sources),
        title=facts.title,
        revision=facts.commit,
        date=facts.date,
        sources=tuple(sorted(facts.sources)),
    )


def _make_file(path: str, snapshot: Snapshot, digest: str) -> Item:
    last = snapshot.changes().find_last((path,))
    revision, date = (last.id, last.time.date().isoformat()) if last else ("", "")
    return Item(path, "source", "committed", revision[:12], digest, revision=revision, date=date)


def _verify(repository: git.Repository, baseline: Baseline) -> Verdict:
    """Return what differs between a baseline's list and its commit; nothing is built for it."""
    signature = read_signature(repository, baseline.tag) if baseline.is_signed else Signature("none")
    problems = [*_check_signature(baseline, signature)]
    if baseline.listing is None:
        problems.append(_make_problem("DB486", baseline, "the tag holds no list of items that can be read"))
    else:
        snapshot = read_commit_of(repository, baseline.commit)
        problems += [*_check_head(baseline, baseline.listing), *_check_items(baseline, baseline.listing, snapshot)]
    return Verdict(baseline, signature, tuple(problems))


def _check_head(baseline: Baseline, listing: Listing) -> Iterator[Problem]:
    if (listing.project, listing.name) != (baseline.project, baseline.name):
        message = f"the list is that of `{listing.project}/{listing.name}`: somebody gave the tag another name"
        yield _make_problem("DB487", baseline, message)
    if not baseline.is_canonical:
        yield _make_problem(
            "DB487", baseline, "the list is not written as Deedbox writes it: somebody changed it by hand"
        )


def _check_items(baseline: Baseline, listing: Listing, snapshot: Snapshot) -> Iterator[Problem]:
    """Give a problem for each item that is missing, altered, extra, or listed twice."""
    listed = {item.id: item.hash for item in listing.files}
    found = {path: sha256(snapshot.read(path)).hexdigest() for path in listed if path in snapshot}
    if len({item.id for item in listing.items}) != len(listing.items):
        yield _make_problem("DB487", baseline, "an item is listed twice")
    for path, digest in listed.items():
        if path not in found:
            yield _make_problem("DB487", baseline, f"`{path}` is listed, and the commit has no such file")
        elif found[path] != digest:
            yield _make_problem(
                "DB487", baseline, f"`{path}` is not what the list says: its SHA-256 is {found[path][:12]}…"
            )
    for path in snapshot.paths():
        if path not in listed and (path.startswith(f"{listing.project}/") or is_shared(path)):
            yield _make_problem("DB487", baseline, f"the commit has `{path}`, which is not listed")
    for item in listing.documents:
        if item.hash != hash_sources(listed, item.sources):
            yield _make_problem("DB487", baseline, f"document `{item.id}` has another hash than its sources")


def _check_signature(baseline: Baseline, signature: Signature) -> Iterator[Problem]:
    if signature.state == "bad":
        yield _make_problem("DB488", baseline, f"the signature is wrong: {signature.words}")
    elif signature.state == "unknown":
        hint = "set gpg.ssh.allowedSignersFile to a file of who may sign, or import the signer's key"
        message = f"the signature of {baseline.project}/{baseline.name} cannot be checked here: {signature.words}"
        yield Problem("DB489", message, hint=hint, severity="warning")


def _make_problem(code: str, baseline: Baseline, message: str) -> Problem:
    return Problem(code, f"{baseline.project}/{baseline.name}: {message}", hint=_HINTS[code])


_HINTS = {
    "DB486": "`deedbox baseline create` writes such tags",
    "DB487": "fetch the tag from where it was made; `git show` tells who wrote it and when",
    "DB488": "ask the signer; do not rely on this baseline until it is clear",
}
