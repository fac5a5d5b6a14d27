"""Take a repository with a module for every name that Python could import; run every command there; none may be run."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest
from attack_world import DEEDBOX, Victim, check_calm, make_victim

from pipeline.cli.commands import COMMANDS

# Says on standard error that it was run, since a confined process can write no file; and leaves a mark where one can.
PLANTED = """import sys
sys.stderr.write("PLANTED " + __name__ + chr(10))
try:
    open({mark!r}, "a").write(__name__ + chr(10))
except OSError:
    pass
"""
MORE = ("pipeline", "sitecustomize", "usercustomize", "conftest", "setup", "templates", "_deedbox", "git", "yaml")
CHART = '{"data": {"values": [{"a": 1}]}, "mark": "bar", "encoding": {"x": {"field": "a", "type": "quantitative"}}}'
OWN_CHART = {
    "atlas/charts/own.json": CHART,
    "atlas/documents/chart.md": '---\nvalues: true\n---\n# Bars\n\n{{ chart("atlas/charts/own.json", alt="Bars") }}\n',
}


def list_names(victim: Victim) -> set[str]:
    """Return the top-level name of every module that is installed, comes with Python, or is looked for by a build."""
    installed = {name for name in packages_distributions() if name.isidentifier()}
    return {*sys.stdlib_module_names, *installed, *trace_imports(victim), *MORE} - {"__main__", "__future__"}


def trace_imports(victim: Victim) -> set[str]:
    """Return the names that a build imports or looks for in vain, as Python itself traces them."""
    command = [sys.executable, "-I", "-X", "importtime", "-m", "pipeline", "build", "--force", "-C", str(victim.root)]
    environment = {**victim.environment, "DEEDBOX_LIMITS": "off"}
    done = subprocess.run(command, cwd="/", env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    names = {found.partition(".")[0] for found in re.findall(r"\| +(\w[\w.]*)$", done.stderr, re.MULTILINE)}
    assert {"weasyprint", "jinja2", "selectors", "fontpkg_arimo", "vl_convert", "git", "uharfbuzz"} <= names
    return names


@pytest.fixture(scope="module")
def victim(tmp_path_factory: pytest.TempPathFactory) -> Victim:
    folder = tmp_path_factory.mktemp("planted")
    victim = make_victim(folder)
    victim.commit(OWN_CHART)
    text, names = PLANTED.format(mark=str(folder / "mark")), list_names(victim)
    for place in ("", "atlas/", "build/", "sub/"):
        victim.write({f"{place}{name}.py": text for name in names})
    victim.git("add", "-A")
    victim.git("commit", "-q", "-m", "Plant")
    return victim


def check_nothing_ran(victim: Victim, said: str) -> None:
    assert "PLANTED" not in said, said[-2000:]
    assert not (victim.root.parent / "mark").exists(), (victim.root.parent / "mark").read_text()


WORDS = {
    "init": ("init", "new", "--organisation", "A", "--project", "B", "--manager", "C"),
    "build": ("build", "--force"),
    "watch": ("watch", "--once"),
    "check": ("check",),
    "status": ("status",),
    "reconcile": ("reconcile",),
    "figures": ("figures", "atlas"),
    "why": ("why", "atlas/charter"),
    "history": ("history", "atlas/charter"),
    "baseline": ("baseline", "create", "atlas/B1", "-m", "First", "--rev", "HEAD"),
    "close": ("close", "atlas"),
    "verify": ("verify", "."),
    "ledger": ("ledger", "record"),
    "schema": ("schema", "risks"),
    "doctor": ("doctor",),
    "clean": ("clean",),
}
ALONE = {"hooks", "serve"}  # have a test of their own below
# What reads, builds, seals and watches; `make soak` tries the other commands.
DAILY = {"init", "build", "watch", "check", "close"}


def test_every_command_is_tried() -> None:
    assert {*WORDS, *ALONE} == set(COMMANDS)


@pytest.mark.parametrize(
    "command", [pytest.param(word, marks=[] if word in DAILY else [pytest.mark.soak]) for word in WORDS]
)
def test_no_planted_module_runs(victim: Victim, command: str) -> None:
    for place in ("", "atlas") if command in ("build", "check", "status") else ("",):
        done = victim.run(*WORDS[command], cwd=victim.root / place)
        check_calm(done, 0, 1, 2)
        assert "Usage:" not in done.stderr and "Missing" not in done.stderr  # else nothing of the command was run
        check_nothing_ran(victim, done.stdout + done.stderr)


def test_no_planted_module_runs_from_the_environment(victim: Victim) -> None:
    """What Python loads before our first line is beyond us; children load nothing of it, nor do we from then on."""
    here = str(victim.root / "sub")
    done = victim.run("build", "--force", cwd=Path("/"), PYTHONSTARTUP=f"{here}/json.py", PYTHONHASHSEED="0")
    check_calm(done, 2)
    done = victim.run(
        "build", "--force", "-C", str(victim.root), cwd=Path("/"), PYTHONUSERBASE=here, LD_LIBRARY_PATH=here
    )
    check_calm(done, 0)
    check_nothing_ran(victim, done.stdout + done.stderr)


def test_no_planted_module_runs_from_a_hook(victim: Victim) -> None:
    check_calm(victim.run("hooks", "install"), 0)
    try:
        victim.git("commit", "-q", "--allow-empty", "-m", "Commit", cwd=victim.root / "atlas")
        done = victim.run("hooks", "status")
        check_calm(done, 0, 1)
        ran = victim.run("hooks", "run")
        check_calm(ran, 0, 1)
        log = victim.root / ".git/deedbox/log"
        said = log.read_text(errors="replace") if log.exists() else ""
        check_nothing_ran(victim, said + ran.stdout + ran.stderr)
    finally:
        victim.run("hooks", "uninstall")


def test_no_planted_module_runs_in_a_server(victim: Victim, tmp_path: Path) -> None:
    mirror = tmp_path / "papers.git"
    victim.git("clone", "-q", "--bare", str(victim.root), str(mirror))
    secret = tmp_path / "secret"
    secret.write_text("a-secret-of-the-team-0123456789")
    secret.chmod(0o600)
    check_calm(victim.run("reconcile", str(mirror)), 0, 1)
    words = ["serve", "--webhook", "--port", "0", "--secret-file", str(secret), str(mirror)]
    server = subprocess.Popen(
        [DEEDBOX, *words], cwd=victim.root, env=victim.environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    )
    try:
        assert server.stdout is not None
        line = server.stdout.readline().decode()
        assert "http" in line, line
    finally:
        os.kill(server.pid, signal.SIGTERM)
        said, _ = server.communicate(timeout=30)
    check_nothing_ran(victim, line + said.decode())
