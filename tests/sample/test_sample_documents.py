"""Take the built sample; check that the documents are there, and that manifest and index tell the truth of them."""

from __future__ import annotations

import re
from hashlib import sha256
from urllib.parse import unquote

import pytest
from golden.repositories import run_git
from pypdf import PdfReader

from .sample import Sample, run_deedbox

# A note to readers of the repository, and a register that no document shows before a project closes.
UNSHOWN = {
    "README.md",
    "atlas/registers/lessons.yaml",
}


@pytest.mark.soak
def test_the_documents_that_a_steering_committee_expects_are_there(whole: Sample) -> None:
    for ending in ("docx", "pdf"):
        names = whole.files(ending).keys()
        standing = {"business-case", "charter", "stakeholder-matrix", "work-plan"}
        assert {f"atlas/{name}" for name in standing} <= names
        closing = {
            "acceptance-note",
            "closure-checklist",
            "closure-report",
            "configuration-register",
            "lessons-register",
        }
        assert {f"beacon/{name}" for name in standing | closing} <= names
        assert len([name for name in names if re.fullmatch(r"atlas/progress-report-\d{4}-\d{2}", name)]) >= 6
        assert "atlas/closure-report" not in names


def test_the_sample_is_clean_even_under_strict(sample: Sample) -> None:
    assert run_deedbox(sample.root, "check", "--strict")["problems"] == []


def test_the_manifest_tells_size_hash_and_pages_of_every_file(sample: Sample) -> None:
    entries = {entry["path"]: entry for entry in sample.manifest()["files"]}
    found = {path.relative_to(sample.output).as_posix() for path in sample.output.rglob("*") if path.is_file()}
    assert found - entries.keys() <= {"manifest.json", "index.html", ".gitignore", ".lock"}
    for path, entry in entries.items():
        data = (sample.output / path).read_bytes()
        pages = len(PdfReader((sample.output / path).with_suffix(".pdf")).pages)
        assert (entry["sha256"], entry["size"], entry["pages"]) == (sha256(data).hexdigest(), len(data), pages), path


def test_the_manifest_names_true_sources(sample: Sample) -> None:
    manifest = sample.manifest()
    for entry in manifest["files"]:
        for path, digest in entry["sources"].items():
            assert sha256((sample.root / path).read_bytes()).hexdigest() == digest, (entry["path"], path)
        assert {"deedbox.yaml", "people.yaml", f"{entry['project']}/project.yaml"} <= entry["sources"].keys()
        assert all(path.partition("/")[0] in (entry["project"], path) for path in entry["sources"])
        assert _narrative(entry) in entry["sources"]
    assert manifest["revision"] == run_git(sample.root, "rev-parse", "HEAD").strip()
    assert not manifest["dirty"]


def test_the_index_links_each_file_and_nothing_else(sample: Sample) -> None:
    page = (sample.output / "index.html").read_text(encoding="utf-8")
    links = {unquote(link) for link in re.findall(r'href="([^"#]+)"', page) if not link.startswith("data:")}
    assert links == {entry["path"] for entry in sample.manifest()["files"]}


@pytest.mark.soak
def test_what_is_recorded_is_shown_in_some_document(whole: Sample) -> None:
    used = {path for entry in whole.manifest()["files"] for path in entry["sources"]}
    listed = run_git(whole.root, "ls-files", "-z").split("\0")
    left = {path for path in listed if path and path not in used and not path.startswith(".")}
    assert left == UNSHOWN


def _narrative(entry: dict[str, str]) -> str:
    """Return the file in which a document's prose is written."""
    name = entry["path"].removeprefix(f"{entry['project']}/").rpartition(".")[0]
    return f"{entry['project']}/reports/{entry['period']}.md" if entry["period"] else f"{entry['project']}/{name}.md"
