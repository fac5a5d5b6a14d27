"""Take manifests; write and read them; check that the form is canonical and that foreign ones are refused."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from build_sample import make_files, make_sample
from msgspec.structs import replace

from pipeline.archive.manifest import Manifest, ProjectLine, make_manifest, merge_manifests, read_manifest
from pipeline.problems import Stop

WRITTEN = (Path(__file__).parent / "written/manifest.json").read_bytes()  # by an earlier Deedbox
GARBAGE = [
    b"",
    b"[]",
    b"null",
    b"{}",
    b"\xff\xfe",
    b'{"schema_version": "1"}',
    b'{"schema_version": true, "files": 3}',
    b'{"schema_version": 1, "projects": [], "files": [{}]}',
    b'{"schema_version": 1, "projects": [], "files": [], "unknown": 1}',
    b'{"name": "A web app", "icons": []}',
    b"[" * 100_000,
    WRITTEN.replace(b'"draft": false', b'"draft": 0', 1),
    WRITTEN.replace(b'"draft": false', b'"drafts": false, "draft": false', 1),
    WRITTEN.replace(b'"pages": 3', b'"pages": 3.0', 1),
    WRITTEN.replace(b'"pages": 3', b'"pages": 1e400', 1),
    WRITTEN.replace(b'"pages": 3', b'"pages": ' + b"9" * 10_000, 1),
    WRITTEN.replace(b'"pages": 3', b'"pages": ' + b"[" * 100_000, 1),
    WRITTEN.replace(b'"en"', b'"\\ud800"', 1),
    WRITTEN.replace(b'"en"', b'"\xff"', 1),
    WRITTEN.replace(b'"people.yaml": "', b'"people.yaml": 1, "x": "', 1),
    WRITTEN.replace(b'"schema_version": 1', b'"schema_version": 0'),
    WRITTEN.replace(b'"schema_version": 1', b'"schema_version": 1.0'),
    WRITTEN + b"{}",
]


def test_manifest_survives_writing_and_reading():
    manifest = make_sample(make_files())
    again = read_manifest(make_manifest(manifest))
    assert again == replace(manifest, files=tuple(sorted(manifest.files, key=lambda entry: entry.path)))


def test_manifest_of_an_earlier_deedbox_is_read_and_written_with_the_same_bytes():
    manifest = read_manifest(WRITTEN)
    assert [entry.path for entry in manifest.files][:2] == ["mill/charter.docx", "mill/charter.html"]
    assert "marée" in manifest.projects[0].title
    assert make_manifest(manifest) == WRITTEN


def test_manifest_of_no_files_has_the_text_of_the_usual_writer():
    data = make_manifest(Manifest("Deedbox", "", projects=(ProjectLine("a", '"files": [\n\t\x7f'),)))
    assert data.decode() == json.dumps(json.loads(data), ensure_ascii=False, indent=2, sort_keys=True) + "\n"


def test_manifest_is_canonical_whatever_the_order_of_its_files():
    manifest = make_sample(make_files())
    turned = replace(manifest, files=manifest.files[::-1], projects=manifest.projects[::-1])
    data = make_manifest(manifest)
    assert data == make_manifest(turned)
    assert data.endswith(b"}\n")
    assert data.decode() == json.dumps(json.loads(data), ensure_ascii=False, indent=2, sort_keys=True) + "\n"


def test_manifest_holds_what_the_design_promises_for_each_file():
    entry = json.loads(make_manifest(make_sample(make_files())))["files"][0]
    promised = [
        "path",
        "project",
        "document",
        "format",
        "lang",
        "sha256",
        "size",
        "pages",
        "revision",
        "sources",
        "title",
        "period",
    ]
    assert set(promised) <= set(entry)
    assert set(entry["revision"]) == {"commit", "date"}


@pytest.mark.parametrize("data", GARBAGE, ids=[str(number) for number in range(len(GARBAGE))])
def test_what_is_no_manifest_is_refused_with_a_problem(data):
    with pytest.raises(Stop) as stop:
        read_manifest(data)
    assert stop.value.problems[0].code == "DB506"
    assert stop.value.exit_code == 2


def test_manifest_of_a_newer_version_is_refused_as_such():
    with pytest.raises(Stop) as stop:
        read_manifest(b'{"schema_version": 99}')
    assert stop.value.problems[0].code == "DB505"


def test_merging_keeps_older_files_and_the_projects_that_they_need():
    old = make_sample(make_files(), revision="a" * 40)
    files = {path: data for path, data in make_files("two").items() if path.startswith("atlas/charter")}
    new = make_sample(files, revision="b" * 40)
    new = replace(new, projects=new.projects[:1])
    merged = merge_manifests(old, new, [*old.paths(), "not/there.pdf"])
    assert merged.paths() == old.paths()
    built = {entry.path: entry.built for entry in merged.files}
    assert built["atlas/charter.pdf"] == "b" * 40
    assert built["beacon/charter.pdf"] == "a" * 40
    assert [line.id for line in merged.projects] == ["atlas", "beacon"]


def test_empty_manifest_is_valid():
    assert read_manifest(make_manifest(Manifest("Deedbox", ""))) == Manifest("Deedbox", "")
