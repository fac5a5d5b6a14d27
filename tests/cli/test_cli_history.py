"""Take the starter repository with some commits; ask for revisions by command; check words, JSON and exit codes."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from git_work import run_git

Deedbox = Callable[..., subprocess.CompletedProcess[str]]


class Papers:
    """A copy of the starter that a test may change and commit to."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.days = 0

    def git(self, *words: str) -> str:
        when = f"2031-05-{1 + self.days:02d}T12:00:00Z"
        return run_git(self.root, *words, author="Ilse Brandt <i@b.org>", when=when)

    def commit(self, path: str, message: str) -> None:
        file = self.root / path
        file.write_text(file.read_text() + "\nOne more sentence.\n")
        self.git("commit", "--quiet", "--all", "-m", message)
        self.days += 1


@pytest.fixture
def papers(starter: Path, tmp_path: Path) -> Papers:
    return Papers(shutil.copytree(starter, tmp_path / "papers"))


def test_revisions_are_printed_newest_first(papers: Papers, deedbox: Deedbox) -> None:
    papers.commit("atlas/charter.md", "Answer the comments\n\nReviewed-by: Zoe Reader <z@b.org>")
    papers.commit("atlas/charter.md", "Approve the charter\n\nApproved-by: Ann Owner <a@b.org>")
    papers.commit("atlas/charter.md", "Add a word")
    done = deedbox("history", "atlas/charter", "-C", "papers")
    assert (done.returncode, done.stderr) == (0, "")
    lines = done.stdout.splitlines()
    assert lines[0] == "atlas/charter: version 1.1, changed since approval"
    short = papers.git("rev-parse", "--short=7", "HEAD")
    assert lines[1] == f"    1.1  2031-05-03  {short}  Ilse Brandt  Add a word"
    assert lines[2].endswith("Ilse Brandt  Approve the charter") and lines[2].startswith("    1.0  2031-05-02")
    assert lines[3] == "        approved by Ann Owner"
    assert lines[4].startswith("    0.2  2031-05-01")
    assert lines[5] == "        reviewed by Zoe Reader"


def test_revisions_are_given_as_json_up_to_a_commit(papers: Papers, deedbox: Deedbox) -> None:
    papers.commit("atlas/charter.md", "Approve\n\nApproved-by: Ann Owner <a@b.org>")
    papers.commit("atlas/charter.md", "Later")
    done = deedbox("history", "atlas/charter", "--rev", "HEAD~1", "-C", "papers", "--format", "json")
    document = json.loads(done.stdout)
    assert (done.returncode, document["exit_code"]) == (0, 0)
    (one,) = document["documents"]
    assert (one["document"], one["version"], one["state"], one["stated"]) == ("atlas/charter", "1.0", "approved", False)
    newest = one["revisions"][0]
    assert newest["commit"] == papers.git("rev-parse", "HEAD~1") == document["revision"]
    assert (newest["approved_by"], newest["change"], newest["date"]) == (["Ann Owner"], "Approve", "2031-05-01")


def test_changes_at_hand_are_a_draft(papers: Papers, deedbox: Deedbox) -> None:
    file = papers.root / "atlas/charter.md"
    file.write_text(file.read_text() + "\nMore.\n")
    done = deedbox("history", "atlas/charter", "-C", "papers")
    assert "    draft: changes that are not committed yet" in done.stdout.splitlines()


def test_shallow_clone_says_what_to_fetch(papers: Papers, deedbox: Deedbox, tmp_path: Path) -> None:
    papers.commit("atlas/charter.md", "More")
    papers.git("clone", "--quiet", "--depth=1", f"file://{papers.root}", str(tmp_path / "cut"))
    done = deedbox("history", "atlas/charter", "-C", "cut")
    assert (done.returncode, done.stdout) == (4, "")
    assert "DB481" in done.stderr and "git fetch --unshallow" in done.stderr


def test_unknown_document_is_a_usage_error(papers: Papers, deedbox: Deedbox) -> None:
    done = deedbox("history", "atlas/chartr", "-C", "papers")
    assert done.returncode == 2 and "did you mean `charter`?" in done.stderr
