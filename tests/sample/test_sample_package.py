"""Take the sample; close the finished project, try to close the other one; judge the package and the refusal."""

from __future__ import annotations

import json
import subprocess
import sys
import warnings
import zipfile
from pathlib import Path
from typing import Any

import pytest
from golden.repositories import clean_environment, run_git

from .sample import HERE, Sample, copy_repository, run_deedbox


@pytest.fixture(scope="module")
def package(whole: Sample, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the closure package of the finished project."""
    folder = tmp_path_factory.mktemp("closed")
    root = copy_repository(whole, folder / "repository")
    words = (
        "Close beacon\n\nApproves: beacon/closure-report\nApproved-by: Ingrid Falk <ingrid.falk@city.portmerin.example>"
    )
    run_git(root, "commit", "--quiet", "--allow-empty", "--message", words)
    answer = run_deedbox(root, "close", "beacon", "-o", str(folder / "out"))
    assert {one["outcome"] for one in answer["rules"]} == {"met"}
    return Path(answer["package"])


@pytest.mark.soak
def test_the_finished_project_is_sealed_and_builds_again_from_its_package(package: Path) -> None:
    command = [sys.executable, "-I", "-m", "pipeline", "verify", str(package), "--rebuild", "--format", "json"]
    done = subprocess.run(
        command, cwd=HERE, env=clean_environment(PYTHONPATH=str(HERE)), capture_output=True, check=False
    )
    answer: Any = json.loads(done.stdout)
    assert (done.returncode, answer["problems"]) == (0, [])
    assert answer["checks"][-1]["words"].endswith("documents and the registers made again, bytes compared")


@pytest.mark.soak
def test_its_documents_are_those_that_were_issued_and_nothing_of_the_other_project(
    package: Path, whole: Sample, tmp_path: Path
) -> None:
    with zipfile.ZipFile(package) as archive:
        archive.extractall(tmp_path)
    folder = next(tmp_path.iterdir())
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import bagit

        assert bagit.Bag(str(folder)).validate()
    for ending in ("docx", "pdf"):
        found = whole.files(ending).items()
        # The approval on the closing commit is told by the closure report, and by the register that lists it.
        own = ("beacon/closure-report", "beacon/configuration-register")
        issued = {name: path for name, path in found if name.startswith("beacon/") and name not in own}
        assert len(issued) > 8
        for name, path in issued.items():
            assert (folder / f"data/documents/{name}.{ending}").read_bytes() == path.read_bytes(), name
    people = (folder / "data/sources/people.yaml").read_text(encoding="utf-8")
    assert "signe.halvorsen" in people
    assert "saoirse.keane" not in people
    assert not (folder / "data/sources/atlas").exists()


def test_the_project_that_runs_is_refused_with_all_that_is_open(sample: Sample, tmp_path: Path) -> None:
    words = ("close", "atlas", "-o", str(tmp_path / "out"), "-C", str(sample.root), "--format", "json")
    command = [sys.executable, "-I", "-m", "pipeline", *words]
    done = subprocess.run(
        command, cwd=HERE, env=clean_environment(PYTHONPATH=str(HERE)), capture_output=True, check=False
    )
    answer: Any = json.loads(done.stdout)
    assert (done.returncode, answer["package"]) == (1, None)
    said = "\n".join(f"{one['file']}:{one['line']} {one['message']}" for one in answer["problems"])
    open_rules = [one["id"] for one in answer["rules"] if one["outcome"] == "open"]
    assert open_rules == ["phase", "deliverables", "issues", "changes", "sign-offs"]
    for id in ("D07", "D08", "D11", "I-08", "I-10", "CR-05", "CR-07", "CR-09"):
        assert id in said, id
    assert all(one["line"] for one in answer["problems"] if one["file"] != "atlas/closure-report.md")
    assert not (tmp_path / "out").exists()
