"""Take a project repository; read its ledger as it is and as it was in each commit; give what happened to it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import UTC
from pathlib import Path

from pipeline.archive.descent import read_plain
from pipeline.archive.folder import save_files
from pipeline.archive.manifest import FileEntry, load_manifest
from pipeline.archive.names import is_safe
from pipeline.archive.outputs import Outputs
from pipeline.build.last_build import list_built
from pipeline.closure.ledger.check import Checked, check_grown, check_ledger
from pipeline.closure.ledger.entries import Issue, Line, add_issues, holds, write_lines
from pipeline.problems import USAGE, Place, Problem, Stop
from pipeline.sources.git import repository as git
from pipeline.sources.salt import make_salt

LEDGER = "ledger.jsonl"  # stands beside deedbox.yaml, and is committed like any other file
BROKEN = "DB516"
_LARGEST = 200_000_000  # bytes, of some 700,000 documents
_NO_LEDGER = "is a link, no plain file, or larger than any ledger; nothing of it is read"


def check_repository(root: Path) -> tuple[Checked, tuple[Problem, ...]]:
    """Return the ledger of a repository, and what is wrong with it: in itself, and against each commit that held it.

    An empty one is returned where there is none and never was.
    """
    data = read_plain(root, LEDGER, _LARGEST)
    if data is None and os.path.lexists(root / LEDGER):
        return check_ledger(b""), (Problem(BROKEN, _NO_LEDGER, Place(LEDGER)),)
    checked = check_ledger(data or b"")
    findings = [*checked.findings, *_compare_versions(root, checked.lines)]
    return checked, tuple(Problem(BROKEN, words, Place(LEDGER)) for words in dict.fromkeys(findings))


def record_build(root: Path, output: Path) -> tuple[Line, ...]:
    """Add a line for each file of the last build that the ledger does not hold yet; return the new lines.

    Stop where the build is a draft, or its files are not those that it wrote, or the ledger is broken.
    """
    checked, problems = check_repository(root)
    if problems:
        raise Stop(*problems)
    issues = tuple(_read_issues(root, output))
    latest = {line.entry.path: line for line in checked.lines if line.entry is not None}
    new = [one for one in issues if one.path not in latest or not holds(latest[one.path], one.sha256)]
    grown = add_issues(checked.lines, new, lambda issue: make_salt())
    if new:
        save_files(root, {LEDGER: write_lines(grown)})
    return grown[len(checked.lines) :]


def _compare_versions(root: Path, lines: tuple[Line, ...]) -> Iterator[str]:
    """Yield what each version, from the newest to the oldest, holds otherwise than the one before it did."""
    later, name = lines, "the file as it lies here"
    with git.open_git(root) as folder:
        for sha in git.read_commits_of(folder, LEDGER) if git.find_head(folder) else ():
            found = git.read_file(folder, sha, LEDGER)
            earlier = check_ledger(found).lines if found is not None else ()
            for words in check_grown(earlier, later):
                yield f"{words}: commit {sha[:12]} held it, {name} does not hold it so"
            later, name = earlier, f"commit {sha[:12]}"


def _read_issues(root: Path, output: Path) -> Iterator[Issue]:
    manifest = load_manifest(output)
    if manifest is None:
        raise Stop(Problem("DB499", f"there is no build in {output}", hint="deedbox build"), exit_code=USAGE)
    built = list_built(output, root, {entry.path.rpartition(".")[0] for entry in manifest.files})
    outputs = Outputs(output)
    with git.open_git(root) as folder:
        times: dict[str, str] = {}
        for entry in manifest.files:
            _check_file(outputs, entry, built.get(entry.path, ""))
            revision = entry.revision.commit
            if revision not in times:
                times[revision] = git.read_commit_facts(folder, revision).time.astimezone(UTC).isoformat()
            yield Issue(entry.path, revision, times[revision], entry.sha256)


def _check_file(outputs: Outputs, entry: FileEntry, built: str) -> None:
    """Raise Stop unless a file is what was built, for which the list beside it is no proof."""
    place = Place(f"{outputs.folder.name}/{entry.path}")
    if entry.draft or not entry.revision.commit:
        raise Stop(Problem("DB499", "is a draft", place, "commit the sources and build again"), exit_code=USAGE)
    if not is_safe(entry.path) or built != entry.sha256 or outputs.digest(entry.path) != entry.sha256:
        hint = "build again here: deedbox build (with a store, see deedbox doctor)"
        raise Stop(Problem("DB499", "is not what was built", place, hint), exit_code=USAGE)
