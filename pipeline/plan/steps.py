"""Take a document's facts, what earlier builds kept and what lies in the output folder; decide what is stale and why.

Whether a file is fresh follows from its key and from its bytes alone. The reasons tell a person what changed the key;
where they cannot be found out, the decision is the same.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache, cached_property, partial

from pipeline.plan.reasons import CURRENT, EDITED, FORCED, FORGOTTEN, MISSING, NEVER, Reasons
from pipeline.plan.records import Basis, Kept


@dataclass(frozen=True)
class Step:
    """One file of the output folder, by its path in there; it is not written if it is `fresh`.

    `explain` gives the reason: to find it, long files may have to be read and compared.
    """

    project: str
    document: str
    format: str
    path: str
    explain: Callable[[], str] = field(repr=False, compare=False)
    fresh: bool = False

    @cached_property
    def reason(self) -> str:
        """Return why the file is written, or why not; it is found out when it is first asked for."""
        return self.explain()


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
    find = cache(partial(reasons.find, project, before, now))
    return tuple(
        Step(project, name, format, path, lambda: CURRENT, fresh=True)
        if format in right and not force
        else Step(project, name, format, path, partial(_choose, there[format], before, find, right=format in right))
        for format, path in paths.items()
    )


def _choose(there: str, before: Basis | None, find: Callable[[], tuple[str, ...]], *, right: bool) -> str:
    """Return the reason that tells most: what changed in the sources goes before the state of the file."""
    if right:
        return FORCED
    if before is None:
        return FORGOTTEN if there else NEVER
    return "; ".join(find()) or (EDITED if there else MISSING)
