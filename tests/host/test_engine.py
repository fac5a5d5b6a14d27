"""Take the engine's fingerprint and the code itself; check that nothing which decides bytes is missing from it."""

from __future__ import annotations

import ast
import json
import os
import re
import shutil
import subprocess
import sys
from importlib.metadata import packages_distributions, requires
from pathlib import Path

import pytest

from pipeline.host.engine import LINE_LIBRARIES, WRITER_CODE, WRITER_LIBRARIES, read_line_engine, read_writer_engine
from pipeline.host.system_libraries import ABSENT

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "pipeline"
# They start programs, draw progress, carry records or read the command line: no byte of a document comes from them.
NO_BYTES = {"click", "rich", "watchdog", "gitpython", "fsspec", "distributed", "cffi", "msgspec", "webencodings"}
LINE_ROOMS = ("sources", "model", "controls", "render")


def _imports(folder: Path) -> set[str]:
    found = set()
    for file in folder.rglob("*.py") if folder.is_dir() else [folder]:
        for node in ast.walk(ast.parse(file.read_text())):
            if isinstance(node, ast.Import):
                found |= {name.name for name in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                found |= {node.module, *(f"{node.module}.{name.name}" for name in node.names)}
    return found


def _libraries(*folders: str) -> set[str]:
    """Return the distributions that folders of the package import."""
    known = packages_distributions()
    names = {name.partition(".")[0] for folder in folders for name in _imports(PACKAGE / folder)}
    return {dist.lower().replace("_", "-") for name in names for dist in known.get(name, ())} - {"deedbox"}


def test_writers_run_no_code_of_ours_that_the_fingerprint_leaves_out() -> None:
    places = [PACKAGE / place for place in WRITER_CODE if place != "document"]
    # The theme is read before the writers begin; they take what came of it, and that is in the key.
    places += [file for file in (PACKAGE / "document").rglob("*.py") if file.name != "theme.py"]
    names = {name for place in places for name in _imports(place) if name.startswith("pipeline.")}
    files = {ROOT / (name.replace(".", "/") + end) for name in names for end in (".py", "/__init__.py")}
    allowed = [PACKAGE / place for place in (*WRITER_CODE, *STEERING)]
    used = [file for file in files if file.is_file()]
    assert len(used) > 50
    assert [file for file in used if not any(file.is_relative_to(one) for one in allowed)] == []


# What tells workers whether they are of the same version, where they come from and what each may use: no byte of a
# document does.
STEERING = ("host", "processes", "stored.py")


@pytest.mark.parametrize(
    ("folders", "listed"), [(("write",), WRITER_LIBRARIES), (LINE_ROOMS, (*WRITER_LIBRARIES, *LINE_LIBRARIES))]
)
def test_every_library_that_is_imported_is_in_the_fingerprint(
    folders: tuple[str, ...], listed: tuple[str, ...]
) -> None:
    assert _libraries(*folders) - NO_BYTES <= set(listed)


def test_libraries_of_the_layout_engine_are_in_the_fingerprint() -> None:
    needs = {re.split(r"[\s;<>=!~\[]", line)[0].lower() for line in requires("weasyprint") or () if "extra" not in line}
    assert {"pydyf", "tinycss2"} < needs
    assert needs - NO_BYTES <= set(WRITER_LIBRARIES)


def test_every_part_has_a_version() -> None:
    parts = read_line_engine().parts
    assert set(parts) >= {"Deedbox", "Python", "zlib", "fonts", "weasyprint", "Pango", "HarfBuzz", "jinja2"}
    assert all(parts.values())
    assert ABSENT not in (parts["weasyprint"], parts["lxml"], parts["jinja2"])
    assert set(read_writer_engine().parts) < set(parts)


def _fingerprints(package_root: Path) -> dict[str, str]:
    script = (
        "import json; from pipeline.host.engine import *\n"
        "print(json.dumps({'writer': read_writer_engine().digest, 'line': read_line_engine().digest}))"
    )
    environment = {**os.environ, "PYTHONPATH": str(package_root), "PYTHONDONTWRITEBYTECODE": "1"}
    command = [sys.executable, "-c", script]
    done = subprocess.run(command, env=environment, cwd=package_root, capture_output=True, text=True, check=True)
    found: dict[str, str] = json.loads(done.stdout)
    return found


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("copy")
    for name in ("pipeline", "templates"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    return folder


def test_fingerprint_does_not_tell_where_deedbox_lies(copy: Path) -> None:
    assert _fingerprints(copy) == {"writer": read_writer_engine().digest, "line": read_line_engine().digest}


@pytest.mark.parametrize(
    ("file", "changed"),
    [
        ("pipeline/write/docx/table.py", {"writer", "line"}),
        ("pipeline/document/tree/blocks.py", {"writer", "line"}),
        ("pipeline/controls/cost.py", {"line"}),
        ("templates/charter.md.j2", {"line"}),
    ],
)
def test_changed_code_and_templates_change_the_fingerprints_they_decide(
    copy: Path, file: str, changed: set[str]
) -> None:
    path = copy / file
    before, text = _fingerprints(copy), path.read_text()
    path.write_text(f"{text}\n")
    after = _fingerprints(copy)
    path.write_text(text)
    assert {name for name in before if before[name] != after[name]} == changed
