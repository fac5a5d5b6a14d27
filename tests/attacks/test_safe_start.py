"""Take a repository with modules that a contributor planted; let hooks and scripts start Deedbox; none is run."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from copied_repository import PATIENCE, Copied

from pipeline.processes.children import make_python_command
from pipeline.triggers.hooks.child import make_surroundings

ROOT = Path(__file__).parents[2]
# What a start of Python and of Deedbox imports first, and what a build imports late.
PLANTED = (
    "pipeline", "selectors", "json", "runpy", "site", "sitecustomize", "usercustomize", "click", "git", "yaml", "pip",
    "fontpkg_arimo", "encodings", "multiprocessing", "concurrent", "asyncio", "resource", "babel", "jinja2",
)  # fmt: skip


@pytest.fixture
def copied(tmp_path: Path, pytestconfig: pytest.Config) -> Copied:
    """A repository with a planted module of every name; each leaves a trace."""
    made = Copied(tmp_path)
    made.environment["DEEDBOX_CACHE"] = os.environ.get("DEEDBOX_CACHE") or str(
        pytestconfig.cache.mkdir("deedbox")  # type: ignore[union-attr]
    )
    code = f"open({str(made.ran)!r}, 'a').write(__name__ + ' ')\n"
    made.write({f"{folder}{name}.py": code for name in PLANTED for folder in ("", "atlas/")})
    made.write({"deedbox.yaml": "schema_version: 1\nname: Tiny\nformats: [html]\nhooks: {wait: true}\n"})
    made.commit()
    return made


def hostile(folder: Path) -> dict[str, str]:
    """Return what an environment may say of code for Python."""
    return {"PYTHONPATH": f"{folder}{os.pathsep}.", "PYTHONSTARTUP": str(folder / "site.py"), "PYTHONSAFEPATH": ""}


def test_hooks_of_a_work_tree_import_nothing_planted(copied: Copied) -> None:
    assert copied.deedbox("hooks", "install")[0] == 0
    copied.write({"atlas/documents/note.md": "# Note\n\nSecond word.\n"})
    copied.git("add", "--all")
    done = copied.run("git", "commit", "--quiet", "--message", "Change", **hostile(copied.root))
    assert (done.returncode, b"built" in done.stderr) == (0, True), done.stderr
    assert not copied.ran.exists(), copied.ran.read_text()
    assert (copied.root / "build/atlas/documents/note.html").is_file()


def test_hooks_of_a_bare_repository_import_nothing_planted(copied: Copied) -> None:
    bare = copied.folder / "papers.git"
    copied.git("init", "--quiet", "--bare", "--initial-branch=main", str(bare))
    for name in PLANTED:
        (bare / f"{name}.py").write_bytes((copied.root / f"{name}.py").read_bytes())
    assert copied.deedbox("hooks", "install", "--bare", cwd=bare)[0] == 0
    (bare / "hooks/post-receive").unlink()  # it builds in the background
    done = copied.run("git", "push", "--quiet", str(bare), "main", **hostile(bare))
    assert done.returncode == 0, done.stderr
    assert b"the push goes on" not in done.stderr, done.stderr
    assert copied.deedbox("reconcile", cwd=bare, **hostile(bare))[0] == 0
    assert not copied.ran.exists(), copied.ran.read_text()
    assert (bare / "publish/main/atlas/documents/note.html").is_file()


def test_installed_command_imports_nothing_of_the_folder_it_stands_in(copied: Copied) -> None:
    program = Path(sys.executable).with_name("deedbox")
    if not program.is_file():
        pytest.skip("Deedbox is not installed here")
    done = copied.run(str(program), "check")
    assert done.returncode == 0, done.stderr
    assert not copied.ran.exists(), copied.ran.read_text()


def test_builder_is_told_nothing_that_names_code(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    names = (
        "BASH_ENV", "DYLD_INSERT_LIBRARIES", "ENV", "GIT_DIR", "GIT_EXEC_PATH", "GIT_EXTERNAL_DIFF", "GIT_PAGER",
        "GIT_TEMPLATE_DIR", "GIT_TRACE", "LD_LIBRARY_PATH", "LD_PRELOAD", "PERL5LIB", "PYTHONHOME", "PYTHONPATH",
        "PYTHONSTARTUP",
    )  # fmt: skip
    for name in names:
        monkeypatch.setenv(name, str(tmp_path))
    monkeypatch.setenv("PATH", f".{os.pathsep}bin{os.pathsep}{os.environ['PATH']}{os.pathsep}")
    told = make_surroundings()
    assert told.keys().isdisjoint(names)
    assert all(Path(one).is_absolute() for one in told["PATH"].split(os.pathsep))


# Python that is told to take a module, without being told not to look for it in the current folder.
_UNSAFE = re.compile(r"(?:python3?|\$\(PYTHON\)|\$PYTHON)\"? (?!-[A-Za-z]*I)(?:-\w+ )*-m (?!tests\b|benchmarks\b)")


def test_no_script_or_page_of_ours_starts_python_where_it_looks_in_the_current_folder() -> None:
    files = [ROOT / name for name in ("Makefile", ".ci/run", ".ci/machine", "action.yml", ".pre-commit-hooks.yaml")]
    files += [path for path in (ROOT / "docs").rglob("*") if path.suffix in (".md", ".yml", ".service", ".timer")]
    files += [path for path in (ROOT / "pipeline").rglob("*.py")]
    lines = [(path, line) for path in files for line in path.read_text("utf-8").splitlines()]
    found = [f"{path.relative_to(ROOT)}: {line.strip()}" for path, line in lines if _UNSAFE.search(line)]
    assert [line for line in found if not line.startswith("pipeline/__main__.py")] == []


def test_action_installs_with_the_pip_of_its_python(tmp_path: Path) -> None:
    """The checked-out repository is the current folder there."""
    steps = yaml.safe_load((ROOT / "action.yml").read_text())["runs"]["steps"]
    (script,) = (step["run"] for step in steps if "pip" in str(step.get("run")))
    (line,) = (line.strip() for line in script.splitlines() if "pip install" in line)
    (tmp_path / "pip.py").write_text("open('ran', 'w')\n")
    words = line.replace("python", sys.executable, 1).partition(" install")[0].split()
    subprocess.run([*words, "--version"], cwd=tmp_path, check=True, capture_output=True, timeout=PATIENCE)
    assert not (tmp_path / "ran").exists()


def test_child_is_found_from_anywhere() -> None:
    command = make_python_command("pipeline", "--version")
    done = subprocess.run(command, cwd="/", capture_output=True, env={}, check=True)
    assert done.stdout.startswith(b"deedbox")
