"""Take a built repository; change something; check that `deedbox why`, `--dry-run` and `-v` name just that."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import pytest
from forked_command import run_forked


@pytest.fixture(scope="module")
def html_papers(starter: Path, tmp_path_factory: pytest.TempPathFactory, machine: dict[str, str]) -> Path:
    """A copy of the starter, built as HTML."""
    folder = shutil.copytree(starter, tmp_path_factory.mktemp("why") / "papers")
    run_forked(["build", "--to", "html"], folder, machine).check_returncode()
    return folder


@pytest.fixture
def papers(html_papers: Path, tmp_path: Path, machine: dict[str, str]) -> Path:
    """A copy of it, built where it lies."""
    folder = shutil.copytree(html_papers, tmp_path / "papers")
    run_forked(["build", "--to", "html"], folder, machine).check_returncode()
    return folder


def commit(papers: Path, machine: dict[str, str]) -> None:
    words = ["-c", "user.name=A", "-c", "user.email=a@b.org", "commit", "-qam", "Change"]
    subprocess.run(["git", "-C", str(papers), *words], env=machine, check=True)


def edit(papers: Path, path: str, old: str, new: str) -> None:
    file = papers / path
    text = file.read_text()
    assert old in text
    file.write_text(text.replace(old, new, 1))


def test_a_document_whose_files_are_in_place_is_up_to_date(deedbox, papers):
    done = deedbox("why", "-C", "papers", "atlas/charter", "--to", "html")
    assert done.returncode == 0
    assert done.stdout.splitlines()[0] == "atlas/charter: up to date"
    assert "last built at" in done.stdout


def test_a_changed_value_is_named_by_its_key_with_what_it_was(deedbox, papers, machine):
    edit(papers, "atlas/budget.yaml", "contingency: ", "contingency: 1")
    commit(papers, machine)
    done = deedbox("why", "-C", "papers", "atlas/charter", "--to", "html")
    assert done.stdout.startswith("atlas/charter: stale\n    atlas/charter.html: budget.yaml changed: contingency")
    assert "atlas/budget.yaml\n        contingency: " in done.stdout
    dry = deedbox("build", "-C", "papers", "--to", "html", "--dry-run", "atlas/charter")
    assert dry.stdout.startswith("atlas/charter.html: budget.yaml changed: contingency")


def test_a_changed_line_of_prose_is_named(deedbox, papers, machine):
    text = (papers / "atlas/charter.md").read_text()
    assert len(text.splitlines()) == 53
    (papers / "atlas/charter.md").write_text(f"{text}\nOne more sentence.\n")
    commit(papers, machine)
    done = deedbox("build", "-C", "papers", "--to", "html", "-v", "atlas/charter")
    assert done.returncode == 0, done.stderr
    assert "atlas/charter.html: charter.md changed: lines 54–55" in done.stderr


def test_a_template_that_came_is_named(deedbox, papers, machine):
    (papers / "theme").mkdir(exist_ok=True)
    (papers / "theme/theme.yaml").write_text("colours: {accent: '#8a1b4f'}\n")
    subprocess.run(["git", "-C", str(papers), "add", "--all"], env=machine, check=True)
    commit(papers, machine)
    done = deedbox("why", "-C", "papers", "atlas/charter", "--to", "html")
    assert "theme" in done.stdout.splitlines()[1]


@pytest.mark.parametrize(("change", "reason"), [("edited", "output was edited"), ("gone", "output missing")])
def test_what_became_of_an_output_is_a_reason(deedbox, papers, change, reason):
    file = papers / "build/atlas/charter.html"
    if change == "gone":
        file.unlink()
    else:
        file.write_bytes(b"x")
    done = deedbox("why", "-C", "papers", "atlas/charter", "--to", "html")
    assert f"atlas/charter.html: {reason}" in done.stdout


def test_programs_get_the_same_as_json(deedbox, papers, machine):
    edit(papers, "atlas/budget.yaml", "contingency: ", "contingency: 1")
    commit(papers, machine)
    done = deedbox("why", "-C", "papers", "atlas/charter", "--to", "html", "--format", "json")
    (document,) = json.loads(done.stdout)["documents"]
    assert document["document"] == "atlas/charter" and not document["fresh"]
    assert "contingency" in json.dumps(document)


def test_unknown_document_is_exit_2_and_names_the_nearest(deedbox, papers):
    done = deedbox("why", "-C", "papers", "atlas/chartre")
    assert done.returncode == 2 and "charter" in done.stderr


def test_broken_sources_are_exit_1_with_the_line(deedbox, papers):
    (papers / "atlas/budget.yaml").write_text("lines: [")
    done = deedbox("why", "-C", "papers", "atlas/charter")
    assert done.returncode == 1 and "atlas/budget.yaml:1" in done.stderr
