"""Take the source of Deedbox; hold it against the walls between its rooms; breach each in a copy, and see it found."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import networkx
import pytest
from grimp import build_graph

from tests.walls import Wall, ends, kills, list_breaches, list_idle, prints, reads, replaces, runs, writes

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "pipeline"
ROOMS = (
    "archive/", "build/", "cli/", "closure/", "controls/", "document/", "host/", "inspect/", "model/", "plan/",
    "processes/", "render/", "sources/", "triggers/", "write/",
)  # fmt: skip
INNER = ("controls/", "document/", "model/", "plan/", "render/", "write/")

WALLS = (
    Wall(
        "print",
        prints,
        (
            "cli/",
            "processes/fork_server.py",  # what a server of workers says, passed on
            "triggers/hooks/child.py",  # into the log of the builds
        ),
    ),
    Wall(
        "exit",
        ends,
        (
            "cli/",
            "__main__.py",
            "processes/forked.py",  # forked children end like this
            "processes/tasks.py",
            "triggers/hooks/apart.py",  # programs of their own
            "triggers/hooks/child.py",
        ),
    ),
    Wall(
        "write",
        writes,
        (
            "archive/",
            "cli/fast.py",  # to nowhere, where nobody reads any more
            "cli/show.py",
            "processes/jail.py",  # tries whether it may
            "sources/git/stream.py",  # what Git says, into temporary folders
            "triggers/hooks/disk.py",  # a log, that is added to
            "write/fonts.py",  # into the cache
        ),
    ),
    Wall(
        "replace",
        replaces,
        (
            "archive/descent.py",
            "archive/scratch.py",  # a folder gets its name
            "triggers/central/publish.py",  # files of one build, linked into the stage of the next
            "write/fonts.py",
        ),
    ),
    Wall(
        "open",
        reads,
        (
            *(room for room in ROOMS if room not in INNER),
            "document/house.py",  # what comes with Deedbox
            "render/words.py",
            "write/fonts.py",
        ),
    ),
    Wall(
        "run",
        runs,
        (
            "processes/",
            "sources/git/run.py",
            "triggers/central/webhook/app.py",
            "triggers/watch/loop.py",
            "closure/sign.py",
        ),
    ),
    Wall("kill", kills, ("processes/",)),
)

# What is written into which file of the copy, for the contract that has to find it.
IMPORTS: Mapping[str, tuple[str, str]] = {
    "The line runs one way": ("model/__init__.py", "import pipeline.plan.select"),
    "Triggers: each sees only": ("triggers/watch/__init__.py", "import pipeline.triggers.hooks.disk"),
    "A writer sees the document": ("write/html/__init__.py", "import pipeline.render.words"),
    "Only the command line prints": ("plan/__init__.py", "import click"),
    "Only sources/ runs Git": ("closure/__init__.py", "import git"),
    "Programs are started": ("host/__init__.py", "import subprocess"),
    "Limits of processes": ("build/__init__.py", "import resource"),
    "Files are locked": ("triggers/hooks/__init__.py", "import fcntl"),
    "Temporary folders": ("closure/verify/__init__.py", "import tempfile"),
    "No package sees itself": ("document/__init__.py", "import pipeline.host.cache"),
}
CALLS: Mapping[str, tuple[str, str]] = {
    "print": ("build/__init__.py", "print('built')"),
    "exit": ("model/__init__.py", "raise SystemExit(1)"),
    "write": ("closure/__init__.py", "open('index.html', mode='w')"),
    "replace": ("closure/verify/__init__.py", "part.replace(path)"),
    "open": ("render/__init__.py", "Path('logo.svg').read_bytes()"),
    "run": ("inspect/__init__.py", "subprocess.Popen(['git', 'log'])"),
    "kill": ("write/__init__.py", "os.kill(1, 9)"),
}


@pytest.mark.parametrize("wall", WALLS, ids=lambda wall: wall.name)
def test_no_call_stands_where_it_may_not(wall: Wall) -> None:
    assert list_breaches(PACKAGE, wall) == []
    assert list_idle(PACKAGE, wall) == []


def test_no_module_sees_itself_through_others() -> None:
    graph = build_graph("pipeline", exclude_type_checking_imports=True, cache_dir=None)
    imports = networkx.DiGraph(
        (one, other) for one in graph.modules for other in graph.find_modules_directly_imported_by(one)
    )
    assert [sorted(circle) for circle in networkx.strongly_connected_components(imports) if len(circle) > 1] == []


@pytest.fixture(scope="module")
def breached(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with a copy of the package in which every wall is breached once, at the end of a file."""
    folder = tmp_path_factory.mktemp("breached")
    shutil.copytree(PACKAGE, folder / "pipeline", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", folder)
    for name, words in (*IMPORTS.values(), *CALLS.values()):
        file = folder / "pipeline" / name
        file.write_text(f"{file.read_text('utf-8')}\n\ndef _breach() -> None:\n    {words}\n", "utf-8")
    return folder


@pytest.fixture(scope="module")
def linted(breached: Path) -> str:
    """Return what import-linter says of the copy."""
    command = [str(Path(sys.executable).with_name("lint-imports")), "--no-cache"]
    ended = subprocess.run(command, cwd=breached, capture_output=True, text=True, check=False)
    assert ended.returncode == 1, ended.stderr
    return " ".join(ended.stdout.split())


@pytest.mark.parametrize("name", IMPORTS)
def test_a_breach_of_a_contract_is_found(linted: str, name: str) -> None:
    path, words = IMPORTS[name]
    place = f"pipeline.{path.removesuffix('/__init__.py').replace('/', '.')} -> {words.removeprefix('import ')}"
    line = next(part for part in linted.split("Contracts:")[0].split(" BROKEN") if name in part)
    assert "KEPT" not in line[line.index(name) :]
    assert place in linted or name.startswith("No package")


def test_every_contract_is_breached_once(linted: str) -> None:
    assert f"Contracts: 0 kept, {len(IMPORTS)} broken." in linted


@pytest.mark.parametrize("wall", WALLS, ids=lambda wall: wall.name)
def test_a_breach_of_a_wall_is_found(breached: Path, wall: Wall) -> None:
    path, words = CALLS[wall.name]
    lines = (breached / "pipeline" / path).read_text("utf-8").splitlines()
    at = lines.index(f"    {words}") + 1
    assert list_breaches(breached / "pipeline", wall) == [f"{path}:{at}"]
