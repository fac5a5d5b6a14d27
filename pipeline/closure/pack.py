"""Take a project that may be closed; gather all that it leaves, in one folder; give the files of its package."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from hashlib import sha256
from pathlib import Path

from msgspec import structs

from pipeline import __version__
from pipeline.archive.descent import read_plain
from pipeline.closure.bag import PAYLOAD, Sign, make_bag
from pipeline.closure.history import History, make_history, read_whole, write_originals
from pipeline.closure.index import make_index
from pipeline.closure.issued import Paper, Press, Report
from pipeline.closure.items import Hashed, Item, hash_item
from pipeline.closure.ledger.check import check_ledger
from pipeline.closure.ledger.entries import (
    Issue,
    Line,
    add_issues,
    carry_lines,
    holds,
    list_leaves,
    make_salt,
    write_lines,
)
from pipeline.closure.ledger.file import LEDGER
from pipeline.closure.ledger.merkle import compute_root
from pipeline.closure.readme import README, make_readme
from pipeline.closure.registers import LISTS, make_registers
from pipeline.closure.rules import Ruled
from pipeline.closure.statements import make_closure, make_provenance
from pipeline.host.config import read_host
from pipeline.model.load import list_projects, load_whole
from pipeline.model.project import Project
from pipeline.model.settings import Settings
from pipeline.problems import Place, Problem, Stop
from pipeline.sources.commit import LINK, SUBMODULE, read_commit
from pipeline.sources.git import repository as git
from pipeline.sources.git import stream as git_stream
from pipeline.sources.paths import check_paths
from pipeline.sources.scope import is_shared
from pipeline.sources.snapshot import Snapshot

LARGEST_SALT = 1_000_000  # bytes


@dataclass(frozen=True, slots=True)
class Order:
    """What is to be packed: a project at a commit (`snapshot` is that commit), the day it closed, what was ruled."""

    root: Path
    snapshot: Snapshot
    settings: Settings
    project: str
    day: date
    ruled: tuple[Ruled, ...]
    folder: Path
    store: Path | None
    jobs: int
    sign: Sign | None
    report: Report


@dataclass(frozen=True, slots=True)
class Packed:
    """The files of a package with their hashes, the root of its ledger, and warnings about what is not in it."""

    files: tuple[Hashed, ...]
    root: str
    papers: int
    problems: tuple[Problem, ...]


def pack(order: Order) -> Packed:
    """Return all files of a project's package; what is not in memory lies in the order's folder."""
    seed = _find_seed(order)
    history = _make_history(order, seed)
    papers, baselines, warnings = _build(order, history)
    project = _load(history, order)
    sources, left_out = _copy_sources(order, history)
    lines = _make_ledger(order, papers, seed, history.rename)
    leaves = list_leaves(lines)
    root = compute_root(leaves).hex()
    payload = [
        *(Item(f"documents/{paper.path}", paper.file) for paper in papers),
        *(Item(f"registers/{path}", data) for path, data in make_registers(project)),
        *sources,
        *_bundle(order, history),
        Item(LEDGER, write_lines(lines)),
        Item("closure.json", make_closure(project, order.day, order.ruled, left_out, order.settings.closure)),
        Item("provenance.json", _state(order, history, baselines)),
    ]
    hashed = [hash_item(replace(item, path=PAYLOAD + item.path)) for item in payload]
    info = _make_info(order, project, {"Ledger-Root": f"SHA-256 {root}", "Ledger-Size": str(len(leaves))})
    files = make_bag(hashed, info, _make_tags(order, project, papers, len(hashed)), order.sign)
    return Packed(files, root, len(papers), (*warnings, *history.names_left))


def _find_seed(order: Order) -> bytes:
    """Return what the ledger's salts are made from: the secret of the host's settings, else the closing commit."""
    salt = read_host(order.root).salt
    if not salt:
        return sha256(f"deedbox ledger {order.snapshot.revision}".encode()).digest()
    path = Path(salt)
    try:
        data = read_plain(path.parent, path.name, LARGEST_SALT)
    except OSError as error:
        raise _make_salt_stop(error.strerror or str(error)) from None
    if data is None:
        raise _make_salt_stop("there is no plain file of at most a megabyte")
    return sha256(data).digest()


def _make_salt_stop(words: str) -> Stop:
    hint = "mend `closure: salt` in the host's settings, or DEEDBOX_CLOSURE_SALT"
    return Stop(Problem("DB507", f"the file with the salt cannot be read: {words}", hint=hint))


def _make_history(order: Order, seed: bytes) -> History:
    closure, tip = order.settings.closure, order.snapshot.revision
    if closure.history == "full":
        return read_whole(order.root, tip)
    others = [name for name in list_projects(order.snapshot, order.settings) if name != order.project]
    return make_history(order.root, tip, order.project, others, closure.people_mode, seed, order.folder / "history")


def _build(order: Order, history: History) -> tuple[tuple[Paper, ...], dict[str, str], list[Problem]]:
    """Return what was built, what came of each baseline, and warnings.

    Nothing can be built without people: then the documents are those of the repository that is closed.
    """
    root, tip, back = history.root, history.tip, dict[str, str]()
    if order.settings.closure.people_mode == "none":
        root, tip, back = order.root, order.snapshot.revision, dict(history.originals)
    press = Press(root, order.project, order.store, order.jobs, order.report)
    papers = press.build(tip, order.folder / "build")
    outcomes: dict[str, str] = {}
    warnings = []
    for number, mark in enumerate(history.marks):
        rev = back.get(mark.commit, mark.commit)
        more, problem = press.build_baseline(mark.name, rev, order.folder / f"baseline-{number}")
        papers += more
        outcomes[mark.name] = problem.message if problem else "built"
        warnings += [problem] if problem else []
    return papers, outcomes, warnings


def _load(history: History, order: Order) -> Project:
    """Return the project as the package knows it: with the people that it names."""
    without = order.settings.closure.people_mode == "none"
    snapshot = order.snapshot if without else read_commit(history.root, history.tip)
    return load_whole(snapshot, order.project)


def _copy_sources(order: Order, history: History) -> tuple[tuple[Item, ...], tuple[Problem, ...]]:
    """Return the project's and the shared files, written to the order's folder, and what is not among them."""
    with git.open_git(history.root) as folder:
        entries = git.read_entries(folder, git.find_tree(folder, history.tip), f"commit {history.tip[:12]}")
        own = [entry for entry in entries if entry.path.startswith(f"{order.project}/") or is_shared(entry.path)]
        unsafe, named = check_paths(entry.path for entry in own)
        links = [entry.path for entry in own if entry.mode in (LINK, SUBMODULE)]
        taken = [entry for entry in own if entry.path not in unsafe and entry.path not in links]
        target = order.folder / "sources"
        git_stream.copy_blobs(folder, {target / f"{at:06}": entry.id for at, entry in enumerate(taken)})
    items = tuple(Item(f"sources/{entry.path}", target / f"{at:06}") for at, entry in enumerate(taken))
    hidden = (Problem("DB509", "is a link or a submodule", Place(path), severity="warning") for path in links)
    return items, (*(problem for problem in named if problem.place.file in unsafe), *hidden)


def _bundle(order: Order, history: History) -> Iterator[Item]:
    if order.settings.closure.history == "none":
        return
    target = order.folder / "history.bundle"
    with git.open_git(history.root) as folder:
        git_stream.write_bundle(folder, history.refs, target)
    yield Item("history.bundle", target)
    if history.originals:
        yield Item("commits.txt", write_originals(history.originals))


def _make_ledger(order: Order, papers: Iterable[Paper], seed: bytes, rename: Callable[[str], str]) -> tuple[Line, ...]:
    """Return what was issued before for this project, then each file of the package that was not."""
    before = check_ledger(order.snapshot.read(LEDGER)).lines if LEDGER in order.snapshot else ()
    renamed = (
        structs.replace(line, entry=structs.replace(line.entry, path=rename(line.entry.path)))
        for line in before
        if line.entry
    )
    own = [line for line in renamed if line.entry and line.entry.path.startswith(f"{order.project}/")]
    lines = carry_lines((), own)
    known = {line.entry.path: line for line in own if line.entry is not None}
    times = _read_times(order, papers)
    new = [
        Issue(paper.path, paper.revision, times.get(paper.revision, paper.date), paper.sha256)
        for paper in papers
        if paper.path not in known or not holds(known[paper.path], paper.sha256)
    ]
    return add_issues(lines, new, lambda issue: make_salt(seed, issue))


def _read_times(order: Order, papers: Iterable[Paper]) -> dict[str, str]:
    with git.open_git(order.root) as folder:
        revisions = {paper.revision for paper in papers if paper.revision}
        return {one: git.read_commit_facts(folder, one).time.isoformat() for one in sorted(revisions)}


def _state(order: Order, history: History, baselines: dict[str, str]) -> bytes:
    snapshot = order.snapshot
    time = snapshot.time.isoformat()
    return make_provenance(order.project, snapshot.revision, time, history, baselines, order.settings.closure)


def _make_info(order: Order, project: Project, more: dict[str, str]) -> dict[str, str]:
    manager = project.manager.name if project.manager and order.settings.closure.people_mode != "none" else ""
    fields = {
        "Source-Organization": project.info.organisation or project.settings.organisation or "",
        "Contact-Name": manager,
        "External-Identifier": order.project,
        "External-Description": f"{project.info.title}: closure package",
        "Bagging-Date": order.snapshot.time.date().isoformat(),
        "Bag-Software-Agent": f"Deedbox {__version__}",
        "Closing-Commit": order.snapshot.revision,
        **more,
    }
    return {name: value for name, value in fields.items() if value}


def _make_tags(order: Order, project: Project, papers: Iterable[Paper], count: int) -> Iterator[Item]:
    closure = order.settings.closure
    words = {"project": " of the project and the shared files", "full": " of the whole repository"}
    bundle = words.get(closure.history)
    facts = {
        "title": f"{project.info.name}, {project.info.title}",
        "closed": order.day.isoformat(),
        "count": str(count),
    }
    rebuilds = bundle is not None and closure.people_mode != "none"
    yield Item(README, make_readme(facts, bundle=bundle, signed=order.sign is not None, rebuilds=rebuilds))
    shown = {
        "title": facts["title"],
        "Closed on": facts["closed"],
        "Commit": order.snapshot.revision[:12],
        "Sensitivity": project.info.sensitivity,
        "Signed": "yes" if order.sign else "no",
    }
    links = [
        ("README.txt", "README.txt", "what this is, and how to check it without us"),
        *((f"data/registers/{name}.csv", name.capitalize(), "as a table (CSV)") for name in LISTS),
        ("data/closure.json", "closure.json", "rules that were checked, waivers, approvals"),
        ("data/provenance.json", "provenance.json", "what made the documents"),
        ("data/ledger.jsonl", "ledger.jsonl", "one line for each file that was issued"),
        *([("data/history.bundle", "history.bundle", f"the Git history{bundle}")] if bundle else []),
    ]
    yield Item("index.html", make_index(papers, shown, links))
