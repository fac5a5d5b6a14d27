"""Take answers and folders; make starter repositories; check what lies there and what is refused."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

NAMES = ["--organisation", "City Registry", "--project", "Atlas", "--manager", "Ilse Brandt"]


def git(folder: Path, *words: str) -> str:
    return subprocess.run(["git", "-C", str(folder), *words], capture_output=True, text=True, check=True).stdout


def test_starter_is_committed_and_clean(starter):
    assert git(starter, "status", "--porcelain") == ""
    assert git(starter, "log", "--format=%an|%s") == "Deedbox|Start the project repository of Atlas\n"


def test_starter_has_the_files_of_a_project(starter):
    for path in (
        "deedbox.yaml",
        "people.yaml",
        "README.md",
        ".gitignore",
        "atlas/project.yaml",
        "atlas/registers/risks.yaml",
        "atlas/progress/2026-03.yaml",
        "atlas/reports/2026-03.md",
        "atlas/documents/welcome.md",
    ):
        assert (starter / path).is_file(), path


def test_every_yaml_file_of_the_starter_names_its_schema(starter):
    for path in starter.rglob("*.yaml"):
        first = path.read_text().splitlines()[0]
        marker, _, schema = first.partition("$schema=")
        assert marker == "# yaml-language-server: "
        assert "properties" in json.loads((path.parent / schema).read_text())


def test_starter_passes_the_strict_check(deedbox, starter):
    done = deedbox("check", "--strict", "-C", starter)
    assert (done.returncode, done.stdout) == (0, ""), done.stdout + done.stderr


@pytest.mark.parametrize(
    "names",
    [
        ["--yes"],
        ["--organisation", 'A: "B" # C', "--project", "Ünder*score: [x]", "--manager", "Zoë O'Hara-Weiß"],
        ["--organisation", "true", "--project", "null", "--manager", "no"],
        ["--organisation", "Реестр", "--project", "Атлас", "--manager", "Иван Петров"],
        ["--organisation", "{{ 1 }} $year %s", "--project", "build", "--manager", "Project Owner"],
        ["--organisation", "- x", "--project", "2026", "--manager", "007"],
    ],
    ids=["defaults", "signs", "YAML words", "Cyrillic", "template signs", "numbers"],
)
def test_starter_is_sound_whatever_the_names(deedbox, names):
    done = deedbox("init", "new", *names, "--start", "2026-12-30")
    assert done.returncode == 0, done.stderr
    done = deedbox("check", "--strict", "-C", "new")
    assert (done.returncode, done.stdout) == (0, ""), done.stdout + done.stderr


def test_starter_without_a_start_takes_its_dates_from_today(deedbox):
    assert deedbox("init", "new", *NAMES).returncode == 0
    assert deedbox("check", "--strict", "-C", "new").returncode == 0


def test_users_own_git_identity_is_taken(deedbox, tmp_path):
    environment = {"GIT_AUTHOR_NAME": "Ilse", "GIT_AUTHOR_EMAIL": "i@example.org"}
    assert deedbox("init", "new", *NAMES, **environment).returncode == 0
    assert git(tmp_path / "new", "log", "--format=%an %ae") == "Ilse i@example.org\n"


def test_folder_with_files_is_refused_and_kept(deedbox, tmp_path):
    (tmp_path / "new").mkdir()
    (tmp_path / "new/notes.txt").write_text("mine")
    done = deedbox("init", "new", *NAMES)
    assert done.returncode == 2
    assert "error DB508" in done.stderr
    assert [path.name for path in (tmp_path / "new").iterdir()] == ["notes.txt"]


def test_file_in_the_way_is_refused(deedbox, tmp_path):
    (tmp_path / "new").write_text("mine")
    assert deedbox("init", "new", *NAMES).returncode == 2


def test_fresh_git_folder_is_filled(deedbox, tmp_path):
    subprocess.run(["git", "init", "-q", "-b", "trunk", str(tmp_path / "new")], check=True)
    assert deedbox("init", "new", *NAMES).returncode == 0
    assert git(tmp_path / "new", "branch", "--show-current") == "trunk\n"
    assert git(tmp_path / "new", "status", "--porcelain") == ""


def test_inside_another_repository_nothing_is_committed(deedbox, tmp_path):
    subprocess.run(["git", "init", "-q", str(tmp_path)], check=True)
    done = deedbox("init", "new", *NAMES)
    assert done.returncode == 0
    assert "not committed" in done.stderr
    assert not (tmp_path / "new/.git").exists()
    assert git(tmp_path, "status", "--porcelain") == "?? new/\n"


def test_without_a_terminal_missing_answers_are_a_usage_error(deedbox, tmp_path):
    done = deedbox("init", "new", "--project", "Atlas")
    assert done.returncode == 2
    assert "--organisation" in done.stderr
    assert not (tmp_path / "new").exists()


@pytest.mark.parametrize("name", ["", "   ", "a\x00b"[0:1] * 101, "a\x1bb"], ids=["empty", "blank", "long", "control"])
def test_name_that_no_page_can_show_is_a_usage_error(deedbox, tmp_path, name):
    assert deedbox("init", "new", "--yes", "--project", name).returncode == 2
    assert not (tmp_path / "new").exists()


def test_init_is_one_json_document_if_asked(deedbox):
    done = deedbox("init", "new", *NAMES, "--format", "json")
    document = json.loads(done.stdout)
    assert document["schema_version"] == 1
    assert len(document["revision"]) == 40
    assert "atlas/project.yaml" in document["files"]
