"""Take a document's facts, what earlier builds kept and what lies in the output folder; decide what is stale and why.

Whether a file is fresh follows from its key and from its bytes alone. The reasons tell a person what changed the key;
where they cannot be found out, the decision is the same.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from pipeline.plan.reasons import CURRENT, EDITED, FORCED, FORGOTTEN, MISSING, NEVER, Reasons
from pipeline.plan.records import Basis, Kept


@dataclass(frozen=True, slots=True)
class Step:
    """One file of the output folder, by its path in there: `reason` says why it is written, or why not if `fresh`."""

    project: str
    document: str
    format: str
    path: str
    reason: str
    fresh: bool = False


@dataclass(frozen=True, slots=True)
class Folder:
    """What lies in the output folder: `digest` gives the SHA-256 of the file at a path, "" if there is none.

    `basis` tells what a document (`atlas/charter`) was last made from.
    """

    digest: Callable[[str], str]
    basis: Callable[[str], Basis | None]


def make_steps(
    project: str, name: str, now: Basis, kept: Kept | None, folder: Folder, reasons: Reasons, *, force: bool = False
) -> tuple[Step, ...]:
    """Return one step for each format of the document `name` of a project, made from the basis `now`.

    `kept` is what the key of that basis stands for, None if that is not known.
    """
    paths = {format: f"{project}/{name}.{format}" for format in now.formats}
    there = {format: folder.digest(path) for format, path in paths.items()}
    right = {format for format in paths if kept is not None and there[format] == kept.files[format].sha256}
    before = None if right == paths.keys() else folder.basis(f"{project}/{name}")
    changed = () if right == paths.keys() else reasons.find(project, before, now)
    return tuple(
        Step(project, name, format, path, CURRENT, fresh=True)
        if format in right and not force
        else Step(project, name, format, path, _choose(there[format], before, changed, right=format in right))
        for format, path in paths.items()
    )


def _choose(there: str, before: Basis | None, changed: tuple[str, ...], *, right: bool) -> str:
    """Return the reason that tells most: what changed in the sources goes before the state of the file."""
    if right:
        return FORCED
    if before is None:
        return FORGOTTEN if there else NEVER
    return "; ".join(changed) or (EDITED if there else MISSING)
