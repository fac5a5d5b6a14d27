"""Take the sample; change a figure, leave a file uncommitted, build an older commit; check what moves."""

from __future__ import annotations

from collections.abc import Mapping
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pytest
from golden.builds import read_files, render_all
from golden.print_pdf import read_pages
from golden.repositories import commit_all, run_git

from pipeline.document.tree import Document

from .sample import Sample, copy_repository, make_once, run_deedbox

BUDGET = "atlas/budget.yaml"
LINE, NEW_LINE = "66000.00, 2027: 6000.00}", "66000.00, 2027: 6700.00}"  # project management
OLD, NEW = "72,000", "72,700"
OLD_TOTAL, NEW_TOTAL = "780,000", "780,700"
LATER = "2026-11-30T09:00:00+01:00"


@pytest.fixture(scope="module")
def changed(sample: Sample, shared: Path) -> Sample:
    """Return the sample with one budget figure changed and committed, its PDFs of Atlas built anew."""
    return make_once(shared / f"changed-{len(sample.files('pdf'))}", lambda made: change_budget(sample, made))


def change_budget(sample: Sample, made: Sample) -> None:
    file = copy_repository(sample, made.root) / BUDGET
    text = file.read_text(encoding="utf-8")
    assert text.count(LINE) == 1
    file.write_text(text.replace(LINE, NEW_LINE), encoding="utf-8")
    commit_all(made.root, "Plan more project management", LATER)
    names = [name for name in sample.files("pdf") if name.startswith("atlas/")]
    run_deedbox(made.root, "build", *names, "--to", "pdf", "-o", str(made.output))


def test_a_changed_figure_changes_wherever_it_is_shown(sample: Sample, changed: Sample) -> None:
    shown = 0
    for name, path in changed.files("pdf").items():
        before, after = _text(sample.files("pdf")[name]), _text(path)
        for old, new in ((OLD, NEW), (OLD_TOTAL, NEW_TOTAL)):
            assert old not in after, name
            assert after.count(new) == before.count(old), name
            shown += before.count(old)
        assert (before == after) is (BUDGET not in _sources(sample, name)), name
    assert shown > 4


def test_documents_without_the_figure_keep_their_bytes(sample: Sample, changed: Sample) -> None:
    kept = {name for name in changed.files("pdf") if BUDGET not in _sources(sample, name)}
    assert {"atlas/stakeholder-matrix", "atlas/documents/migration-runbook"} <= kept
    for name in kept:
        assert changed.files("pdf")[name].read_bytes() == sample.files("pdf")[name].read_bytes(), name


def test_only_documents_that_use_the_budget_change_as_trees(
    sample: Sample, changed: Sample, trees: Mapping[str, Document]
) -> None:
    again = {f"{one.job.project}/{one.job.name}": one.document for one in render_all(changed.root)}
    assert again.keys() >= trees.keys()
    differ = {name for name, document in trees.items() if document != again[name]}
    assert differ == {name for name in trees if BUDGET in _sources(sample, name)}
    assert {name.partition("/")[0] for name in differ} == {"atlas"}


def test_an_older_commit_is_built_without_touching_the_work_tree(
    sample: Sample, changed: Sample, tmp_path: Path
) -> None:
    wanted = ("atlas/charter", "atlas/progress-report-2026-10")
    before = _state(changed.root)
    run_deedbox(changed.root, "build", *wanted, "--rev", "HEAD~1", "--to", "pdf", "-o", str(tmp_path / "build"))
    assert _state(changed.root) == before
    older = Sample(changed.root, tmp_path / "build")
    assert older.files("pdf").keys() == set(wanted)
    for name, path in older.files("pdf").items():
        assert path.read_bytes() == sample.files("pdf")[name].read_bytes(), name
        assert path.read_bytes() != changed.files("pdf")[name].read_bytes(), name


def test_no_document_of_a_clean_tree_is_a_draft(sample: Sample, trees: Mapping[str, Document]) -> None:
    assert {document.furniture.draft for document in trees.values()} == {""}
    assert {entry["draft"] for entry in sample.manifest()["files"]} == {False}
    for name, path in sample.files("pdf").items():
        assert "DRAFT" not in _text(path), name
    for name, path in sample.files("docx").items():
        assert b"DRAFT" not in _parts(path.read_bytes()), name


def test_every_document_made_from_what_is_not_committed_is_a_draft(sample: Sample, tmp_path: Path) -> None:
    root = copy_repository(sample, tmp_path / "repository")
    with (root / "people.yaml").open("a", encoding="utf-8") as file:
        file.write("# a remark that nobody has committed\n")
    wanted = ("atlas/documents/migration-runbook", "beacon/documents/handover-checklist")
    run_deedbox(root, "build", *wanted, "-o", str(tmp_path / "build"))
    dirty = Sample(root, tmp_path / "build")
    assert {one.document.furniture.draft for one in render_all(root) if one.document} == {"DRAFT"}
    assert {(entry["draft"], entry["path"].rpartition(".")[0] in wanted) for entry in dirty.manifest()["files"]} == {
        (True, True)
    }
    for name in wanted:
        assert all("DRAFT" in page for page in read_pages(dirty.files("pdf")[name].read_bytes())), name
        assert b"DRAFT" in _parts(dirty.files("docx")[name].read_bytes()), name


def _text(path: Path) -> str:
    return "".join(read_pages(path.read_bytes()))


def _sources(sample: Sample, name: str) -> Mapping[str, str]:
    entries = {entry["path"]: entry for entry in sample.manifest()["files"]}
    sources: Mapping[str, str] = entries[f"{name}.pdf"]["sources"]
    return sources


def _state(root: Path) -> tuple[str, bytes, str, dict[str, bytes]]:
    """Return HEAD, the index as it lies on disk, what Git says of the tree, and all files of the tree."""
    files = {path: data for path, data in read_files(root).items() if not path.startswith((".git/", ".deedbox/"))}
    status = run_git(root, "--no-optional-locks", "status", "--porcelain")
    return run_git(root, "rev-parse", "HEAD"), (root / ".git" / "index").read_bytes(), status, files


def _parts(data: bytes) -> bytes:
    with ZipFile(BytesIO(data)) as archive:
        return b"".join(archive.read(name) for name in archive.namelist() if name.endswith(".xml"))
