"""Take the starter repository; build, check and clean it by command; check outputs, words, JSON and exit codes."""

from __future__ import annotations

import json
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest
from forked_command import run_forked

CHARTER = ("build", "atlas/charter", "--to", "docx")


@dataclass(frozen=True)
class Built:
    folder: Path
    done: subprocess.CompletedProcess[str]


@pytest.fixture
def papers(starter: Path, tmp_path: Path) -> Path:
    """A copy of the starter that a test may change."""
    return shutil.copytree(starter, tmp_path / "papers")


@pytest.fixture(scope="module")
def built(starter: Path, tmp_path_factory: pytest.TempPathFactory, machine: dict[str, str]) -> Built:
    """A copy of the starter with its charter built once, and what the build printed."""
    folder = shutil.copytree(starter, tmp_path_factory.mktemp("built") / "papers")
    return Built(folder, run_forked((*CHARTER, "-C", "papers"), folder.parent, machine))


@pytest.fixture
def built_papers(built: Built, tmp_path: Path) -> Path:
    """A copy of it that a test may change."""
    return shutil.copytree(built.folder, tmp_path / "papers")


def read_build(papers: Path) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in (papers / "build").rglob("*") if path.is_file()}


def spoil(papers: Path) -> None:
    path = papers / "atlas/registers/risks.yaml"
    path.write_text(path.read_text().replace("owner: user.representative", "owner: nobody.known"))


def test_build_prints_the_paths_that_it_wrote_and_says_so(built):
    assert built.done.returncode == 0, built.done.stderr
    assert built.done.stdout.splitlines() == [
        "papers/build/atlas/charter.docx",
        "papers/build/index.html",
        "papers/build/manifest.json",
    ]
    assert "as committed" in built.done.stderr
    assert (built.folder / "build/atlas/charter.docx").read_bytes()[:2] == b"PK"


def test_second_build_writes_nothing(deedbox, built_papers):
    before = read_build(built_papers)
    done = deedbox(*CHARTER, "-C", "papers")
    assert (done.returncode, done.stdout) == (0, "")
    assert "all files are up to date" in done.stderr
    assert read_build(built_papers) == before


def test_common_flags_may_stand_before_the_command(deedbox, papers):
    before = deedbox("-C", "papers", "--format", "json", *CHARTER, "--dry-run")
    after = deedbox(*CHARTER, "--dry-run", "--format", "json", "-C", "papers")
    assert before.returncode == 0
    assert json.loads(before.stdout) == json.loads(after.stdout)


def test_dry_run_gives_steps_with_reasons_and_writes_nothing(deedbox, papers):
    done = deedbox("build", "-n", "-C", "papers")
    assert done.returncode == 0
    paths = [line.partition(": ")[0] for line in done.stdout.splitlines()]
    assert "atlas/charter.pdf" in paths
    assert all(line.partition(": ")[2] for line in done.stdout.splitlines())
    assert not (papers / "build").exists()


def test_build_is_one_json_document_if_asked(deedbox, papers):
    done = deedbox(*CHARTER, "-C", "papers", "--format", "json")
    document = json.loads(done.stdout)
    assert document["exit_code"] == done.returncode == 0
    assert document["schema_version"] == 1
    assert document["dirty"] is False
    assert document["problems"] == []
    assert [step["path"] for step in document["steps"]] == ["atlas/charter.docx"]
    assert "atlas/charter.docx" in document["written"]


def test_output_over_the_sources_is_a_usage_error_and_touches_nothing(deedbox, papers):
    before = sorted(papers.rglob("*"))
    done = deedbox(*CHARTER, "-C", "papers", "-o", "atlas")
    assert done.returncode == 2
    assert "error DB503" in done.stderr
    assert sorted(papers.rglob("*")) == before


def test_problem_line_has_a_path_that_works_from_here_and_a_hint(deedbox, papers):
    spoil(papers)
    done = deedbox("check", "-C", "papers")
    assert done.returncode == 1
    line, hint = done.stdout.splitlines()[:2]
    place, _, words = line.partition(": ")
    file, number, column = place.split(":")
    assert (papers.parent / file).is_file()
    assert "nobody.known" in (papers.parent / file).read_text().splitlines()[int(number) - 1]
    assert int(column) > 0
    assert words.startswith("error DB")
    assert hint.startswith("    hint: ")


def test_place_is_right_from_inside_the_repository_too(deedbox, papers):
    spoil(papers)
    done = deedbox("check", "-C", "papers/atlas/registers")
    assert done.stdout.startswith("papers/atlas/registers/risks.yaml:")


def test_build_with_problems_is_exit_1_and_leaves_the_old_files(deedbox, built_papers):
    before = read_build(built_papers)
    spoil(built_papers)
    done = deedbox(*CHARTER, "-C", "papers")
    assert (done.returncode, done.stdout) == (1, "")
    assert "1 error" in done.stderr
    assert read_build(built_papers) == before


def test_problems_are_records_in_json(deedbox, papers):
    spoil(papers)
    document = json.loads(deedbox("check", "-C", "papers", "--format", "json").stdout)
    assert document["exit_code"] == 1
    problem = document["problems"][0]
    assert set(problem) == {"code", "severity", "message", "hint", "file", "line", "column"}
    assert problem["file"] == "atlas/registers/risks.yaml"


def test_stop_is_json_too(deedbox):
    done = deedbox("check", "--format", "json")
    document = json.loads(done.stdout)
    assert document["exit_code"] == done.returncode == 2
    assert document["problems"][0]["code"] == "DB101"


@pytest.mark.parametrize(
    ("flags", "environment", "coloured"),
    [
        ([], {}, False),
        (["--color", "always"], {}, True),
        (["--color", "always"], {"NO_COLOR": "1"}, True),
        ([], {"FORCE_COLOR": "1"}, True),
        ([], {"FORCE_COLOR": "1", "NO_COLOR": "1"}, False),
        (["--color", "never"], {"FORCE_COLOR": "1"}, False),
    ],
)
def test_colour_is_only_where_it_is_wanted(deedbox, flags, environment, coloured):
    done = deedbox("check", *flags, **environment)
    assert ("\x1b[" in done.stderr) == coloured


def test_changed_sources_make_drafts_and_the_build_says_so(deedbox, papers):
    path = papers / "atlas/charter.md"
    path.write_text(path.read_text().replace("Users settle their requests", "People settle their requests"))
    done = deedbox(*CHARTER, "-C", "papers")
    assert done.returncode == 0
    assert "with changes that are not committed" in done.stderr
    (charter,) = json.loads((papers / "build/manifest.json").read_text())["files"]
    assert charter["path"] == "atlas/charter.docx"
    assert charter["draft"] is True


def test_executor_that_is_none_is_a_usage_error_even_where_nothing_is_stale(deedbox, built_papers):
    done = deedbox(*CHARTER, "-C", "papers", "--executor", "elsewhere")
    assert done.returncode == 2
    assert "DB438: `elsewhere` is no executor" in done.stderr
    assert "dask://localhost:8786" in done.stderr


def test_quiet_build_says_nothing_but_paths_relative_to_the_directory(deedbox, papers):
    done = deedbox(*CHARTER, "-q", "-C", "papers", "-o", "../elsewhere")
    assert done.stderr == ""
    assert done.stdout.splitlines()[0] == "elsewhere/atlas/charter.docx"
    assert (papers.parent / "elsewhere/atlas/charter.docx").is_file()
    assert not (papers / "build").exists()


def test_clean_removes_what_build_made_and_keeps_the_rest(deedbox, built_papers):
    (built_papers / "build/notes.txt").write_text("mine")
    done = deedbox("clean", "-C", "papers")
    assert done.returncode == 0
    assert "papers/build/atlas/charter.docx" in done.stdout.splitlines()
    assert [path.name for path in (built_papers / "build").iterdir()] == ["notes.txt"]
    assert deedbox("clean", "-C", "papers").stdout == ""


def test_whole_starter_builds_in_all_its_formats(deedbox, papers):
    done = deedbox("build", "-C", "papers")
    assert done.returncode == 0, done.stderr
    made = {path.relative_to(papers / "build").as_posix() for path in (papers / "build").rglob("*.*") if path.is_file()}
    names = ("charter", "stakeholder-matrix", "progress-report-2026-03", "documents/welcome")
    assert {f"atlas/{name}.{format}" for name in names for format in ("docx", "pdf")} <= made
    assert "warning" not in done.stderr
