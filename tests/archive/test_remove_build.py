"""Take folders with builds and other things; remove the builds; check that the other things stay."""

from __future__ import annotations

import json
from hashlib import sha256

import pytest
from build_sample import make_files, make_sample, read_tree

from pipeline.archive.save import remove_build, save_build
from pipeline.problems import Stop


def test_clean_removes_all_that_a_build_made_and_the_folder(tmp_path):
    files = make_files()
    save_build(tmp_path / "build", files, make_sample(files), whole=True)
    removed = remove_build(tmp_path / "build")
    assert removed == tuple(sorted([*files, "index.html", "manifest.json"]))
    assert not (tmp_path / "build").exists()


def test_clean_keeps_foreign_files(tmp_path):
    files = make_files()
    save_build(tmp_path, files, make_sample(files), whole=True)
    (tmp_path / "atlas/mine.pdf").write_bytes(b"mine")
    (tmp_path / ".gitignore").write_text("# mine\n")
    remove_build(tmp_path)
    assert set(read_tree(tmp_path)) == {"atlas/mine.pdf", ".gitignore"}


def test_clean_of_a_folder_without_a_build_touches_nothing(tmp_path):
    (tmp_path / "index.html").write_text("mine")
    assert remove_build(tmp_path) == ()
    assert remove_build(tmp_path / "missing") == ()
    assert set(read_tree(tmp_path)) == {"index.html"}


def test_clean_refuses_a_foreign_manifest(tmp_path):
    (tmp_path / "manifest.json").write_text('{"name": "A web app"}')
    with pytest.raises(Stop):
        remove_build(tmp_path)
    assert (tmp_path / "manifest.json").exists()


def test_clean_removes_the_stage_of_a_killed_build(tmp_path):
    (tmp_path / ".stage/files/atlas").mkdir(parents=True)
    names = {"atlas/charter.pdf": [sha256(b"half a build").hexdigest()], "atlas/work-plan.pdf": ["0" * 64]}
    (tmp_path / ".stage/names.json").write_text(json.dumps(names))
    (tmp_path / "atlas").mkdir()
    (tmp_path / "atlas/charter.pdf").write_bytes(b"half a build")
    assert remove_build(tmp_path) == ("atlas/charter.pdf",)
    assert not tmp_path.exists()
