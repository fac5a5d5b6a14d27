"""Take words that are no good for commands of repositories that publish; look at what is said, and the exit codes."""

from __future__ import annotations

from pathlib import Path

import pytest
from hook_world import World


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    """A machine with a work tree, a bare copy of it, an empty folder and a file."""
    world = World(tmp_path_factory.mktemp("words"))
    papers = world.make("papers")
    world.git(world.folder, "clone", "--quiet", "--bare", papers, "papers.git")
    (world.folder / "empty").mkdir()
    (world.folder / "file").touch()
    return world


@pytest.mark.parametrize(
    ("line", "code", "words"),
    [
        ("watch -C papers.git", 2, "error DB453: {papers}.git is a bare repository: nobody saves in it"),
        ("watch -C papers.git --once", 2, "error DB453"),
        ("watch -C empty", 2, "error DB101: no `deedbox.yaml` in"),
        ("hooks install -C papers --folder x", 2, "error DB453"),
        ("hooks install -C papers.git --bare --publish ../file/x", 4, "error DB460: cannot write to"),
        ("status -C empty", 2, "error DB101"),
        ("reconcile nowhere", 2, "error DB101: there is no folder `{folder}/nowhere`"),
        ("reconcile file", 2, "error DB101: there is no folder `{folder}/file`"),
        ("reconcile papers --drop main", 2, "error DB453: {papers} is not a bare repository"),
        ("reconcile papers --fetch", 2, "--fetch and --drop are for repositories that publish"),
        ("reconcile --all nowhere", 2, "there is no folder 'nowhere'"),
        ("reconcile --all empty", 0, "no bare repository in empty"),
        ("serve --webhook nowhere", 2, "error DB101: there is no folder `{folder}/nowhere`"),
        ("serve --webhook papers", 2, "error DB453"),
    ],
)
def test_wrong_words_are_told_and_end_at_once(world: World, line: str, code: int, words: str) -> None:
    done = world.deedbox(world.folder, *line.split())
    wanted = words.format(folder=world.folder, papers=Path(world.folder, "papers"))
    assert (done.returncode, wanted in done.stderr) == (code, True), done.stderr
    assert "Traceback" not in done.stderr
