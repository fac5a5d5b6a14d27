"""Take the starter repository; make, list, compare and verify baselines by command; check words, JSON, exit codes."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from git_work import name_person, run_git

Deedbox = Callable[..., subprocess.CompletedProcess[str]]
ILSE, NOON = "Ilse Brandt <i@b.org>", "2031-05-01T12:00:00Z"
WHO = name_person(ILSE, NOON)


@pytest.fixture
def papers(starter: Path, tmp_path: Path) -> Path:
    return shutil.copytree(starter, tmp_path / "papers")


def git(papers: Path, *words: str) -> str:
    return run_git(papers, *words, author=ILSE, when=NOON)


def test_baseline_goes_from_create_to_verify(papers: Path, deedbox: Deedbox) -> None:
    made = deedbox("baseline", "create", "scope-agreed", "-m", "Agreed by all", "-C", "papers", **WHO)
    assert (made.returncode, made.stdout) == (0, "baseline/atlas/scope-agreed\n"), made.stderr
    assert "not signed" in made.stderr and "git push origin baseline/atlas/scope-agreed" in made.stderr
    listed = deedbox("baseline", "list", "-C", "papers").stdout.splitlines()
    short = git(papers, "rev-parse", "--short=7", "HEAD")
    assert len(listed) == 1 and listed[0].startswith(f"atlas/scope-agreed  2031-05-01  {short}  ")
    assert listed[0].endswith("  Agreed by all")
    shown = deedbox("baseline", "show", "scope-agreed", "-C", "papers").stdout
    assert "atlas/charter" in shown and "people.yaml" in shown
    verified = deedbox("baseline", "verify", "-C", "papers")
    assert (verified.returncode, verified.stdout) == (0, "atlas/scope-agreed: good, not signed\n")


def test_diff_names_what_moved_since(papers: Path, deedbox: Deedbox) -> None:
    deedbox("baseline", "create", "atlas/one", "-m", "One", "-C", "papers", **WHO)
    file = papers / "atlas/charter.md"
    file.write_text(file.read_text() + "\nMore.\n")
    git(papers, "commit", "--quiet", "--all", "-m", "More")
    done = deedbox("baseline", "diff", "one", "-C", "papers")
    assert done.returncode == 0
    lines = done.stdout.splitlines()
    assert "~ atlas/charter  version 0.1 → 0.2, content" in lines
    assert any(line.startswith("~ atlas/charter.md  version ") and line.endswith(", content") for line in lines)
    document = json.loads(deedbox("baseline", "diff", "one", "-C", "papers", "--format", "json").stdout)
    assert document["changes"][0]["id"] == "atlas/charter"
    assert document["changes"][0]["before"]["version"] == "0.1"


def test_tag_that_lies_ends_with_one(papers: Path, deedbox: Deedbox) -> None:
    deedbox("baseline", "create", "atlas/one", "-m", "One", "-C", "papers", **WHO)
    text = git(papers, "for-each-ref", "--format=%(contents)", "refs/tags/baseline/")
    (papers.parent / "message").write_text(text.replace('"id":"people.yaml"', '"id":"peoples.yaml"') + "\n")
    words = ("--annotate", "--force", "--cleanup=verbatim", "-F", str(papers.parent / "message"))
    git(papers, "tag", *words, "baseline/atlas/one")
    done = deedbox("baseline", "verify", "-C", "papers", "--format", "json")
    document = json.loads(done.stdout)
    assert (done.returncode, document["exit_code"], document["baselines"][0]["good"]) == (1, 1, False)
    assert {problem["code"] for problem in document["problems"]} == {"DB487"}


def test_usage_errors_say_what_is_near(papers: Path, deedbox: Deedbox) -> None:
    deedbox("baseline", "create", "atlas/scope", "-m", "x", "-C", "papers", **WHO)
    for words, said in (
        (("show", "scop"), "known here: atlas/scope"),
        (("create", "scope", "-m", "x"), "DB483"),
        (("create", "other"), "Missing option '-m'"),
        (("creat", "other"), "No such command"),
    ):
        done = deedbox("baseline", *words, "-C", "papers")
        assert done.returncode == 2, words
        assert said in done.stderr, (words, done.stderr)


def test_no_baselines_are_no_error(papers: Path, deedbox: Deedbox) -> None:
    done = deedbox("baseline", "list", "-C", "papers")
    assert (done.returncode, done.stdout) == (0, "") and "no baselines yet" in done.stderr
    assert deedbox("baseline", "verify", "-C", "papers").returncode == 0
