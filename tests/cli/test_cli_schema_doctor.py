"""Take the commands that look at the program and the machine; check what they print."""

from __future__ import annotations

import json

import pytest


def test_schema_without_a_name_lists_names(deedbox):
    done = deedbox("schema")
    assert done.returncode == 0
    assert {"settings", "people", "project", "risks", "progress"} <= set(done.stdout.splitlines())


def test_schema_prints_json_that_editors_read(deedbox):
    schema = json.loads(deedbox("schema", "risks").stdout)
    assert "draft-07" in schema["$schema"]
    assert "risks" in schema["properties"]


def test_schema_saves_one_or_all(deedbox, tmp_path):
    assert deedbox("schema", "risks", "-o", "one").returncode == 0
    assert [path.name for path in (tmp_path / "one").iterdir()] == ["risks.json"]
    done = deedbox("schema", "-o", "all")
    names = deedbox("schema").stdout.splitlines()
    assert {path.name for path in (tmp_path / "all").iterdir()} == {f"{name}.json" for name in names}
    assert len(done.stdout.splitlines()) == len(names)


def test_unknown_schema_names_the_nearest(deedbox):
    assert "did you mean `people`?" in deedbox("schema", "peopel").stderr


def test_doctor_finds_what_a_build_needs(deedbox):
    document = json.loads(deedbox("doctor", "--format", "json").stdout)
    seen = {finding["what"]: finding for finding in document["findings"]}
    for what in ("Python", "Git", "Pango", "HarfBuzz-subset", "Fonts", "Repository"):
        assert seen[what]["ok"], seen[what]


def test_doctor_prints_a_table_of_words(deedbox, starter):
    lines = deedbox("doctor", "-C", starter).stdout.splitlines()
    assert all(line.startswith(("ok ", "lacks ", "other ", " ")) for line in lines)
    assert any("Output" in line for line in lines)


@pytest.mark.parametrize("way", ["apt-get", "dnf", "brew"])
def test_doctor_says_how_to_mend_a_missing_git(deedbox, tmp_path, way):
    done = deedbox("doctor", PATH=str(tmp_path))
    assert done.returncode == 4
    assert "lacks" in done.stdout
    assert f"{way} install git" in done.stdout
    assert "Traceback" not in done.stderr
