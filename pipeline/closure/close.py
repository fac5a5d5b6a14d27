"""Take the wish to close a project; check the closing rules; pack, sign and save its package; give what came of it."""

from __future__ import annotations

import shutil
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path

from pipeline.archive.folder import clear_errors
from pipeline.archive.inside import find_output
from pipeline.archive.lock import lock_folder
from pipeline.archive.names import check_output
from pipeline.archive.save import hide_from_git
from pipeline.archive.scratch import open_scratch
from pipeline.archive.store.place import find_store
from pipeline.build.build import plan_only
from pipeline.build.request import Request
from pipeline.build.run import BuildRun
from pipeline.closure.bag import Sign, save_bag
from pipeline.closure.issued import Report
from pipeline.closure.ledger.check import check_ledger
from pipeline.closure.ledger.file import BROKEN, LEDGER
from pipeline.closure.pack import Order, Packed, pack
from pipeline.closure.rules import Ruled, State, check_rules
from pipeline.closure.sign import find_key, sign
from pipeline.host.config import read_host
from pipeline.model.load import Loaded, list_projects, load_project, load_settings
from pipeline.model.settings import Settings
from pipeline.problems import (
    DONE,
    MACHINE_LACKS,
    SOURCES_WRONG,
    USAGE,
    Place,
    Problem,
    Stop,
    did_you_mean,
    sort_problems,
)
from pipeline.sources.commit import read_commit
from pipeline.sources.scope import is_shared
from pipeline.sources.snapshot import Snapshot
from pipeline.sources.worktree import read_worktree


@dataclass(frozen=True, slots=True)
class Closing:
    """What is asked for: `waivers` are pairs of a rule and a reason; `key` signs in place of the settings' one."""

    root: Path
    project: str
    waivers: tuple[tuple[str, str], ...] = ()
    output: Path | None = None
    key: Path | None = None
    unsigned: bool = False
    jobs: int = 1


@dataclass(frozen=True, slots=True)
class Closed:
    """What came of it: the package is None where rules are open; `ruled` says what came of each of them."""

    problems: tuple[Problem, ...]
    ruled: tuple[Ruled, ...]
    revision: str
    exit_code: int
    package: Path | None = None
    files: int = 0
    papers: int = 0
    size: int = 0
    ledger_root: str = ""
    signed: bool = False


def close(closing: Closing, report: Report = lambda done, total, words: None) -> Closed:
    """Seal a project's package, or tell what is still open; an older package stays until the new one is whole."""
    work = read_worktree(closing.root)
    settings, loaded = _load(closing, work)
    ruled = _check(closing, work, loaded)
    still_open = tuple(problem for one in ruled if one.outcome == "open" for problem in one.findings)
    if still_open or loaded.project is None:
        return Closed(sort_problems(still_open), ruled, work.revision, SOURCES_WRONG)
    snapshot = read_commit(closing.root, work.revision) if work.dirty else work
    day = loaded.project.info.closed or snapshot.time.date()
    output = closing.output or find_output(closing.root, settings.output)
    signer = _find_signer(closing)
    with clear_errors(output):
        check_output(output, closing.root)
        _make_folder(output)
    with lock_folder(output, lambda words: report(0, 0, words)), open_scratch("close") as folder:
        store = find_store(closing.root) or folder / "store"
        facts = (closing.root, snapshot, settings, closing.project, day, ruled)
        order = Order(*facts, folder, store, closing.jobs, signer, report)
        with clear_errors(folder):
            packed = pack(order)
        package = _save(packed, output, closing.project, day)
    return _closed(packed, ruled, work.revision, package, signed=signer is not None)


def _load(closing: Closing, work: Snapshot) -> tuple[Settings, Loaded]:
    if not work.revision:
        raise Stop(Problem("DB500", "there is no commit to close", hint="git add . && git commit"), exit_code=USAGE)
    if work.shallow:
        words = "this clone does not have the whole history, so no package can"
        raise Stop(Problem("DB500", words, hint="git fetch --unshallow"), exit_code=MACHINE_LACKS)
    settings, problems = load_settings(work)
    if settings is None:
        raise Stop(*work.problems, *problems)
    names = list_projects(work, settings)
    if closing.project not in names:
        hint = did_you_mean(closing.project, names)
        raise Stop(Problem("DB381", f"there is no project `{closing.project}`", hint=hint), exit_code=USAGE)
    return settings, load_project(work, settings, closing.project)


def _check(closing: Closing, work: Snapshot, loaded: Loaded) -> tuple[Ruled, ...]:
    """Return what came of the rules; Stop for a project that cannot be read at all."""
    with plan_only(Request(closing.root, selectors=(closing.project,))) as planned:
        found, approved = planned.list_problems(), _find_approved(planned)
    own = tuple(problem for problem in found if _concerns(problem.place.file, closing.project))
    if loaded.project is None:
        raise Stop(*own)
    paths = tuple(path for path in work.paths() if _is_packed(path, closing.project))
    state = State(
        project=loaded.project,
        where=loaded.where,
        problems=(*own, *_check_ledger(work)),
        dirty_paths=frozenset(path for path in work.dirty_paths if _is_packed(path, closing.project)),
        paths=paths,
        approved=approved,
    )
    return check_rules(state, closing.waivers)


def _concerns(path: str, project: str) -> bool:
    """Return whether a problem in a file, or without one (""), concerns the project: no other project is to blame."""
    return "/" not in path or _is_packed(path, project)


def _is_packed(path: str, project: str) -> bool:
    """Return whether what a file says gets into the package."""
    return path.startswith(f"{project}/") or is_shared(path) or path == LEDGER


def _check_ledger(work: Snapshot) -> Iterable[Problem]:
    data = work.read(LEDGER) if LEDGER in work else b""
    return (Problem(BROKEN, words, Place(LEDGER), "deedbox ledger verify") for words in check_ledger(data).findings)


def _find_approved(planned: BuildRun) -> frozenset[str]:
    """Return the narratives of documents that Git's history says are approved, as their own pages tell it."""
    facts = (task.facts for task in planned.tasks)
    return frozenset(one.main for one in facts if one.state == "approved" and not one.stated)


def _find_signer(closing: Closing) -> Sign | None:
    if closing.unsigned:
        return None
    if closing.key is not None:
        return partial(sign, find_key(Path.cwd(), str(closing.key)))
    key = read_host(closing.root).key
    return partial(sign, find_key(closing.root, key)) if key else None


def _make_folder(output: Path) -> None:
    """A folder that was not there before is kept from Git's sight, as builds do."""
    if not output.exists():
        output.mkdir(parents=True)
        hide_from_git(output)


def _save(packed: Packed, output: Path, project: str, day: date) -> Path:
    name = f"{project}-closure-{day.isoformat()}"
    size = sum(file.size for file in packed.files)
    with clear_errors(output):
        free = shutil.disk_usage(output).free
    if size > free:
        words = f"{output} has room for {free / 1e6:,.0f} MB; the package needs {size / 1e6:,.0f} MB"
        raise Stop(Problem("DB511", words, hint="free some space, or use -o"), exit_code=MACHINE_LACKS)
    for killed in output.glob(f".{project}-closure-*.new"):
        killed.unlink(missing_ok=True)
    save_bag(output / f"{name}.zip", name, packed.files)
    return output / f"{name}.zip"


def _closed(packed: Packed, ruled: tuple[Ruled, ...], revision: str, package: Path, *, signed: bool) -> Closed:
    return Closed(
        problems=sort_problems(packed.problems),
        ruled=ruled,
        revision=revision,
        exit_code=DONE,
        package=package,
        files=len(packed.files),
        papers=packed.papers,
        size=package.stat().st_size,
        ledger_root=packed.root,
        signed=signed,
    )
