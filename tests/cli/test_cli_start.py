"""Take the program's first words (version, help, nonsense); check what it says and how little it loads for that."""

from __future__ import annotations

import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

import pipeline
from pipeline.cli.commands import COMMANDS

HERE = Path(__file__).parents[2]
HEAVY = [
    "weasyprint",
    "docx",
    "git",
    "pydantic",
    "msgspec",
    "jinja2",
    "rich",
    "babel",
    "yaml",
    "lxml",
    "watchdog",
    "starlette",
    "uvicorn",
]


def test_version_is_that_of_the_project():
    project = tomllib.loads((HERE / "pyproject.toml").read_text())["project"]
    assert pipeline.__version__ == project["version"]


def test_version_flag_prints_name_and_version(deedbox):
    done = deedbox("--version")
    assert (done.returncode, done.stdout, done.stderr) == (0, f"deedbox {pipeline.__version__}\n", "")


@pytest.mark.parametrize("words", [["--version"], ["--help"]], ids=["version", "help"])
def test_start_loads_no_heavy_library(words, machine):
    script = (
        f"import sys; from pipeline.cli import main; main({words!r}); print([m for m in {HEAVY!r} if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", script], env=machine, capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"


def test_a_build_itself_loads_nothing_that_reads_what_contributors_write(machine):
    """That is for the confined processes; it would cost each command half a second besides."""
    readers = ["jinja2", "lxml", "markdown_it", "PIL", "numpy", "babel", "docx", "weasyprint"]
    script = f"import sys; import pipeline.build.build; print([m for m in {readers!r} if m in sys.modules])"
    done = subprocess.run([sys.executable, "-I", "-c", script], env=machine, capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


@pytest.mark.parametrize("module", ["pipeline.cli.fast", "pipeline.document.theme", "pipeline.write"])
def test_fast_path_and_writers_load_no_library_that_checks_records(module, machine):
    """A build of which nothing moved ends in the fast path; writers are handed a theme that was checked before."""
    script = f"import sys; import {module}; print([m for m in ('msgspec', 'pydantic') if m in sys.modules])"
    done = subprocess.run([sys.executable, "-I", "-c", script], env=machine, capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


def test_help_lists_every_command_and_the_exit_codes(deedbox):
    done = deedbox("--help")
    assert done.returncode == 0
    for name, (_, words) in COMMANDS.items():
        assert name in done.stdout
        assert words[:30] in done.stdout
    assert "130 interrupted" in done.stdout


@pytest.mark.parametrize("name", list(COMMANDS))
def test_every_command_has_help_with_the_common_flags(deedbox, name):
    done = deedbox(name, "--help")
    assert (done.returncode, done.stderr) == (0, "")
    for flag in ("-C, --directory", "-q, --quiet", "-v, --verbose", "--format", "--color", "-h, --help"):
        assert flag in done.stdout


def test_what_is_not_there_is_not_pretended(deedbox):
    done = deedbox("redline")
    assert done.returncode == 2
    assert "redline" in done.stderr


def test_bare_command_prints_help_and_is_a_usage_error(deedbox):
    done = deedbox()
    assert done.returncode == 2
    assert done.stdout == ""
    assert "Commands:" in done.stderr


def test_unknown_command_names_the_nearest(deedbox):
    done = deedbox("biuld")
    assert (done.returncode, done.stdout) == (2, "")
    assert "did you mean `build`?" in done.stderr


@pytest.mark.parametrize(
    "words",
    [
        ["build", "--nonsense"],
        ["build", "--to", "odt"],
        ["build", "-j", "0"],
        ["build", "-j", "many"],
        ["check", "--format", "xml"],
        ["check", "-C", "no-such-folder"],
        ["--color", "sometimes", "check"],
        ["schema", "nothing"],
        ["schema", "risks", "people"],
        ["init"],
        ["init", "new", "--start", "tomorrow"],
    ],
    ids=" ".join,
)
def test_wrong_usage_is_exit_2_and_one_calm_message(deedbox, words):
    done = deedbox(*words)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("deedbox: ")
    assert "Traceback" not in done.stderr


def test_wrong_format_names_the_nearest(deedbox):
    assert "did you mean `docx`?" in deedbox("build", "--to", "doc").stderr


@pytest.mark.parametrize("words", [["check"], ["build"], ["clean"]], ids=" ".join)
def test_folder_that_is_no_project_repository_is_exit_2_with_a_hint(deedbox, words):
    done = deedbox(*words)
    assert (done.returncode, done.stdout) == (2, "")
    assert "error DB101" in done.stderr
    assert "\n    hint: " in done.stderr


def test_entry_point_of_the_package_is_the_same_program(deedbox):
    project = tomllib.loads((HERE / "pyproject.toml").read_text())["project"]
    module, _, name = project["scripts"]["deedbox"].partition(":")
    assert getattr(__import__(module, fromlist=[name]), name) is pipeline.cli.main
