"""Take the files that people copy onto their servers and hosts; check that each is whole and calls what is there."""

from __future__ import annotations

import configparser
import re
import shlex
import shutil
import subprocess
from pathlib import Path

import click
import pytest
import yaml

from pipeline.cli.commands import COMMANDS
from pipeline.cli.program import program
from pipeline.triggers.hooks.scripts import BARE_HOOKS, WORK_HOOKS, Script

ROOT = Path(__file__).parents[3]
DEPLOY = ROOT / "docs" / "deploy"
YAML = sorted([*DEPLOY.glob("*.yml"), ROOT / "action.yml", ROOT / ".pre-commit-hooks.yaml"])
UNITS = sorted([*DEPLOY.glob("*.service"), *DEPLOY.glob("*.timer")])


def assert_command(line: str) -> None:
    """Check that a command line of ours names a command and options that exist."""
    words = shlex.split(line)
    words = words[words.index("deedbox") + 1 :]
    name = next(word for word in words if word in COMMANDS)
    command = program.get_command(click.Context(program), name)
    assert command is not None
    known = {flag for one in (program, command) for option in one.params for flag in option.opts}
    assert {word for word in words if word.startswith("-")} <= known


@pytest.mark.parametrize("path", YAML, ids=lambda path: path.name)
def test_yaml_can_be_read_and_calls_commands_that_exist(path: Path) -> None:
    text = path.read_text()
    assert yaml.safe_load(text)
    lines = re.findall(r"^\s*(?:- |entry: )(deedbox .+)$", text, re.MULTILINE)
    for line in lines:
        assert_command(line)
    assert lines or path.name in ("action.yml", "github-workflow.yml")


def test_action_runs_no_text_of_a_workflow_as_a_script() -> None:
    steps = yaml.safe_load((ROOT / "action.yml").read_text())["runs"]["steps"]
    scripts = [step["run"] for step in steps if "run" in step]
    assert len(scripts) == 2
    assert all("${{" not in script for script in scripts)


@pytest.mark.parametrize("path", UNITS, ids=lambda path: path.name)
def test_units_can_be_read_and_call_commands_that_exist(path: Path) -> None:
    unit = configparser.ConfigParser(strict=False, interpolation=None)
    unit.optionxform = str  # type: ignore[assignment, method-assign]
    unit.read_string(path.read_text())
    assert "Unit" in unit
    if "Service" in unit:
        assert_command(unit["Service"]["ExecStart"])


@pytest.mark.parametrize("script", (*WORK_HOOKS, *BARE_HOOKS), ids=lambda script: script.name)
def test_hooks_are_plain_sh(script: Script, tmp_path: Path) -> None:
    path = tmp_path / script.name
    path.write_bytes(script.make("/opt/it's a path/python"))
    assert subprocess.run(["sh", "-n", str(path)], check=False).returncode == 0
    if shutil.which("shellcheck"):
        done = subprocess.run(["shellcheck", "-s", "sh", str(path)], capture_output=True, text=True, check=False)
        assert done.stdout == ""
