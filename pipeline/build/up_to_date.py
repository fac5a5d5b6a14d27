"""Take what was seen before a build and what it made; see that nothing moved meanwhile; leave a stamp for the next."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from pipeline.archive.names import LOCK, STAGE
from pipeline.archive.outputs import Outputs
from pipeline.archive.stamp import Stamp, drop_stamp, find_stamp, make_call, read_file_clock, read_now, save_stamp
from pipeline.archive.store.place import TAG, find_store
from pipeline.build.request import Request
from pipeline.host.engine import read_line_engine
from pipeline.problems import Problem, Stop
from pipeline.sources.git.repository import Repository, open_git
from pipeline.sources.snapshot import Snapshot
from pipeline.sources.stats import find_young, read_digest, read_marks, split_marks
from pipeline.sources.tree_marks import Glance, Sight, make_sight, take_glance


@dataclass(frozen=True, slots=True)
class BuildStart:
    """A build that has begun: what it was asked for (see `make_call`), its store, the work tree before it was read."""

    call: tuple[str, ...]
    store: Path
    glance: Glance | None


def begin_build(request: Request) -> BuildStart | None:
    """Return what `note_start` does, for who builds a little later; None too where Git cannot tell."""
    with suppress(Stop), open_git(request.root, request.inside) as repository:
        return note_start(request, repository)
    return None


def note_start(request: Request, repository: Repository) -> BuildStart | None:
    """Return how all looks before a build of the work tree reads any of it; None where no stamp is to be left."""
    store = find_store(request.root) if request.stamp and not (request.rev or request.dry_run) else None
    if store is None:
        return None
    root = request.root.resolve()
    output = str(request.output.resolve()) if request.output else ""
    call = make_call(str(root), output, request.selectors, request.formats, strict=request.strict)
    lock = Path(output or root / "build") / LOCK
    return BuildStart(call, store, take_glance(repository, read_file_clock(str(root), str(lock), str(store / TAG))))


def leave_stamp(
    start: BuildStart, snapshot: Snapshot, outputs: Outputs, digests: Mapping[str, str], words: tuple[str, ...]
) -> None:
    """Leave a stamp that says what a good build saw, made and had to say; none if anything moved meanwhile.

    `digests` are those of all files that belong into the output folder, by path.
    """
    path = find_stamp(str(start.store), *start.call[:2])
    drop_stamp(path)
    stamp = _make_stamp(start, snapshot, outputs, digests, words)
    if stamp is not None:
        with suppress(OSError, ValueError):
            save_stamp(path, stamp)


def make_words(revision: str, dirty: bool, output: Path, problems: Iterable[Problem]) -> tuple[str, ...]:
    """Return what the command has to say again as long as nothing moves: state, folder, five words for each problem."""
    said = ((str(p.place), p.severity, p.code, p.message, p.hint) for p in problems)
    return (revision, "dirty" if dirty else "", str(output), *(word for problem in said for word in problem))


def _make_stamp(
    start: BuildStart, snapshot: Snapshot, outputs: Outputs, digests: Mapping[str, str], words: tuple[str, ...]
) -> Stamp | None:
    engine = read_line_engine()
    if start.glance is None or not engine.is_steady():
        return None
    now = read_file_clock(start.call[0], str(outputs.folder / LOCK), str(start.store / TAG))
    sources = make_sight(start.glance, snapshot, (outputs.folder.resolve(), start.store), now)
    made = _see_outputs(outputs, digests)
    if sources is None or made is None:
        return None
    first = len(sources.paths)
    paths = [*sources.paths, *made.paths, *map(str, engine.paths)]
    marks = sources.marks + made.marks + engine.marks + read_marks(list(map(str, engine.folders)))
    young = {**sources.young, **{first + at: digest for at, digest in made.young.items()}}
    return Stamp(start.call, words, paths, marks, young)


def _see_outputs(outputs: Outputs, digests: Mapping[str, str]) -> Sight | None:
    """Return how all that belongs into the folder looks, and that no stage is there; None if a file is another one."""
    folder = outputs.folder.resolve()
    names = (*digests, STAGE)
    paths = tuple(f"{folder}/{name}" for name in names)
    marks = read_marks(list(paths))
    now = read_now(str(folder / LOCK))
    young = {at: read_digest(paths[at]) for at in find_young(marks, now) if at < len(digests)}
    for at in young:
        outputs.forget(names[at])
    seen = dict(zip(names, split_marks(marks), strict=True))
    right = (outputs.digest(name) == digest and outputs.mark(name) == seen[name] for name, digest in digests.items())
    return Sight(paths, marks, young) if all(right) else None
