"""Take the paths of a project that nobody read; find those that look meant for us; give warnings with a hint."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from difflib import get_close_matches
from pathlib import PurePosixPath

from pipeline.model.subjects import BY_NAME, DOCUMENTS, NARRATIVES, REGISTERS, REPORTS, SUBJECTS
from pipeline.problems import Place, Problem

LEFT_ALONE = (DOCUMENTS, "images/", "meetings/", "templates/", "theme/")
OURS = (".yaml", ".yml")
PERIOD_FOLDERS = {BY_NAME["progress"].path: "progress/2026-09.yaml", REPORTS: "reports/2026-09.md"}
FILES = (*(subject.path for subject in SUBJECTS if not subject.shared and subject.name != "progress"), *NARRATIVES)


def check_strays(folder: str, unread: Iterable[str]) -> Iterator[Problem]:
    """Yield a warning for each unread path under the project's folder (with its slash) that looks meant for us."""
    for path in unread:
        inside = path.removeprefix(folder)
        meant = "" if inside.startswith(LEFT_ALONE) else _guess(inside)
        if meant:
            message = f"nobody reads {path}"
            yield Problem("DB210", message, Place(path), f"did you mean `{folder}{meant}`?", "warning")


def _guess(inside: str) -> str:
    """Return the file that was probably meant, or ""."""
    for folder, example in PERIOD_FOLDERS.items():
        if inside.startswith(folder) and inside.endswith((*OURS, ".md")):
            return example
    return _guess_record(inside) or _guess_file(inside)


def _guess_record(inside: str) -> str:
    """Return the file of one record that was probably meant: risks/R-07.yml, registers/risks/old/R-07.yaml."""
    path = PurePosixPath(inside.lower())
    folders = [folder for part in path.parts[:-1] for folder in get_close_matches(_bare(part), RECORD_FOLDERS, 1, 0.8)]
    name = PurePosixPath(inside).stem
    return f"{RECORD_FOLDERS[folders[-1]]}{name}.yaml" if folders and path.suffix in OURS else ""


def _guess_file(inside: str) -> str:
    stems = {_bare(path): path for path in FILES if _same_ending(path, inside)}
    near = get_close_matches(_bare(inside), stems, n=1, cutoff=0.8)
    return stems[near[0]] if near else ""


def _same_ending(ours: str, theirs: str) -> bool:
    return theirs.lower().endswith(OURS if ours.endswith(OURS) else ".md")


def _bare(path: str) -> str:
    """Return the name without folder, ending and plural, so that `Risk.yml` is near `registers/risks.yaml`."""
    return path.rpartition("/")[2].partition(".")[0].lower().replace("_", "-").removesuffix("s")


RECORD_FOLDERS = {_bare(subject.name): subject.folder for subject in REGISTERS}
