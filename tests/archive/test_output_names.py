"""Take names of outputs and output folders; check which are refused."""

from __future__ import annotations

import pytest

from pipeline.archive.names import check_names, check_output
from pipeline.problems import Stop

UNSAFE = [
    "",
    "/etc/passwd",
    "../outside.pdf",
    "atlas/../../outside.pdf",
    "atlas/./charter.pdf",
    "atlas//charter.pdf",
    "atlas\\charter.pdf",
    "atlas/.hidden.pdf",
    ".git/config",
    ".stage/names.json",
    "atlas/a\nb.pdf",
    "atlas/\u202egnp.pdf",
    "atlas/\udcff.pdf",
    "index.html",
    "Manifest.JSON",
    f"atlas/{'ä' * 128}.pdf",
]


@pytest.mark.parametrize("name", UNSAFE, ids=[ascii(name)[:40] for name in UNSAFE])
def test_unsafe_name_is_a_problem(name):
    assert [problem.code for problem in check_names([name])] == ["DB501"]


@pytest.mark.parametrize("name", ["atlas/charter.pdf", "atlas/Größe und Maß.docx", "a.b/c..d.pdf", "atlas/index.html"])
def test_common_name_is_fine(name):
    assert check_names([name]) == ()


@pytest.mark.parametrize(
    "names",
    [
        ("atlas/charter.pdf", "atlas/Charter.pdf"),
        ("Atlas/charter.pdf", "atlas/charter.pdf"),
        ("atlas/caf\u00e9.pdf", "atlas/cafe\u0301.pdf"),
        ("atlas", "atlas/charter.pdf"),
    ],
    ids=["case of a file", "case of a folder", "way to write an accent", "file and folder"],
)
def test_names_that_a_file_system_may_mix_up_are_a_problem(names):
    assert [problem.code for problem in check_names(names)] == ["DB502"]


@pytest.mark.parametrize("place", ["repository", "repository/atlas", "."])
def test_output_that_holds_sources_is_refused(tmp_path, place):
    root = tmp_path / "repository"
    (root / "atlas").mkdir(parents=True)
    (root / "deedbox.yaml").write_text("schema_version: 1\n")
    (root / "atlas/project.yaml").write_text("id: atlas\n")
    with pytest.raises(Stop) as stop:
        check_output(tmp_path / place, root, ["atlas/project.yaml"])
    assert stop.value.exit_code == 2
    assert stop.value.problems[0].code == "DB503"


def test_output_beside_the_sources_is_fine(tmp_path):
    (tmp_path / "deedbox.yaml").write_text("schema_version: 1\n")
    check_output(tmp_path / "build", tmp_path, ["atlas/project.yaml"])


def test_output_that_is_another_repository_is_refused(tmp_path):
    (tmp_path / "other/.git").mkdir(parents=True)
    with pytest.raises(Stop):
        check_output(tmp_path / "other", tmp_path / "mine")


def test_output_that_is_a_file_is_refused(tmp_path):
    (tmp_path / "build").write_text("a file")
    with pytest.raises(Stop) as stop:
        check_output(tmp_path / "build", None)
    assert stop.value.exit_code == 2
