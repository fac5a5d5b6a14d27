"""Take repositories with many projects, branches and merges; filter one project's history out; compare them."""

from __future__ import annotations

from pathlib import Path
from random import Random  # noqa: TID251

import pytest
from closing_world import ALDER, MILL, PEOPLE, SETTINGS, World

from pipeline.closure.history import History, make_history
from pipeline.sources.commit import read_commit
from pipeline.sources.git import repository as git
from pipeline.sources.git import stream as git_stream

SHARED = {"deedbox.yaml": SETTINGS, "people.yaml": PEOPLE}


def filter_mill(world: World, target: Path, mode: str = "named", rev: str = "HEAD") -> History:
    tip = world.git("rev-parse", rev)
    return make_history(world.root, tip, "mill", ("alder",), mode, b"seed", target)  # type: ignore[arg-type]


def log(root: Path) -> str:
    with git.open_git(root) as folder:
        return git.run(folder, "log", "--all", "-p", "--format=%an %ae %cn %ce%n%B").decode()


def own_changes(root: Path, rev: str) -> dict[str, list[tuple[str, str]]]:
    """Return what a document's history is made from: by path, the commits and their times, newest first."""
    snapshot = read_commit(root, rev)
    shown = (path for path in snapshot.paths() if path.startswith("mill/") or path in SHARED)
    return {path: [(one.id, one.time.isoformat()) for one in snapshot.changes()[path]] for path in shown}


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path / "r")


def test_a_projects_commits_keep_time_words_and_the_ids_they_had(world: World, tmp_path: Path) -> None:
    world.commit({**SHARED, **MILL}, "Begin")
    world.commit(ALDER, "Plant")
    second = world.commit({"mill/documents/log.md": "# Log\n"}, "Shorten")
    history = filter_mill(world, tmp_path / "t")
    assert own_changes(history.root, history.tip) == own_changes(world.root, second)
    assert "Shorten" in log(history.root)
    assert history.originals[history.tip] == second
    assert read_commit(history.root, history.tip).revision == second


def test_a_last_commit_of_another_project_stays_as_a_date_without_words(world: World, tmp_path: Path) -> None:
    world.commit({**SHARED, **MILL}, "Begin")
    last = world.commit(ALDER, "Plant in secret", author="Tess Quillfeather <tess@secret.example>")
    history = filter_mill(world, tmp_path / "t")
    snapshot = read_commit(history.root, history.tip)
    assert (snapshot.revision, snapshot.time) == (last, read_commit(world.root, last).time)
    assert "secret" not in log(history.root)
    assert "alder" not in log(history.root)


def test_a_side_branch_of_another_project_leaves_no_merge(world: World, tmp_path: Path) -> None:
    world.commit({**SHARED, **MILL}, "Begin")
    world.git("switch", "--quiet", "-c", "garden-of-alder")
    world.commit(ALDER, "Plant")
    world.git("switch", "--quiet", "main")
    world.commit({"mill/documents/log.md": "# Log\n"}, "Shorten")
    world.merge("garden-of-alder", "Merge the garden-of-alder")
    world.commit({"mill/documents/log.md": "# Log two\n"}, "Lengthen")
    history = filter_mill(world, tmp_path / "t")
    assert "alder" not in log(history.root)
    assert own_changes(history.root, history.tip) == own_changes(world.root, "HEAD")
    assert len(history.originals) == 3


def test_a_project_that_came_in_by_a_merge_has_that_as_its_first_change(world: World, tmp_path: Path) -> None:
    world.commit(ALDER, "Plant")
    world.git("switch", "--quiet", "-c", "mill")
    world.commit({**SHARED, **MILL}, "Begin")
    world.commit({"mill/documents/log.md": "# Log\n"}, "Shorten")
    world.git("switch", "--quiet", "main")
    merge = world.merge("mill", "Take in the mill")
    history = filter_mill(world, tmp_path / "t")
    assert own_changes(history.root, history.tip) == own_changes(world.root, "HEAD")
    assert {ids[0][0] for ids in own_changes(history.root, history.tip).values()} == {merge}


def test_odd_names_and_modes_arrive_as_they_are(world: World, tmp_path: Path) -> None:
    odd = {'mill/documents/a "quoted" name.md': "1\n", "mill/documents/Übung ß.md": "2\n", "mill/tab\there.txt": "3\n"}
    world.commit({**SHARED, **MILL, **odd, "mill/run.sh": "#!/bin/sh\n"}, "Begin")
    (world.root / "mill/run.sh").chmod(0o755)
    (world.root / "mill/link").symlink_to("run.sh")
    world.commit({}, "Add a link")
    history = filter_mill(world, tmp_path / "t")
    with git.open_git(world.root) as there, git.open_git(history.root) as here:
        own = [one for one in git.read_entries(there, "HEAD", "HEAD") if one.path.startswith("mill/")]
        assert [one for one in git.read_entries(here, history.tip, "HEAD") if one.path.startswith("mill/")] == own
    assert {one.mode for one in own} == {"100644", "100755", "120000"}


def test_a_repository_in_a_folder_of_another_one_becomes_one_of_its_own(world: World, tmp_path: Path) -> None:
    world.commit({f"papers/{path}": text for path, text in {**SHARED, **MILL}.items()}, "Begin")
    world.commit({"code/secret.py": "1\n"}, "Program")
    tip = world.git("rev-parse", "HEAD")
    history = make_history(world.root / "papers", tip, "mill", ("alder",), "whole", b"s", tmp_path / "t")
    there, here = (read_commit(*place) for place in ((world.root / "papers", "HEAD"), (history.root, history.tip)))
    assert set(here.paths()) == {path for path in there.paths() if path.startswith("mill/") or path in SHARED}
    assert here.read("mill/closure-report.md") == there.read("mill/closure-report.md")
    assert "Program" not in log(history.root)


def test_an_approval_without_a_change_stays(world: World, tmp_path: Path) -> None:
    world.commit({**SHARED, **MILL}, "Begin")
    approval = world.commit({}, "Approve the report\n\nApproves: mill/closure-report\nApproved-by: Ada Moreau")
    world.commit(ALDER, "Plant\n\nApproves: alder/plan")
    world.commit({"mill/documents/log.md": "# Log\n"}, "Shorten")
    history = filter_mill(world, tmp_path / "t")
    assert approval in history.originals.values()
    assert len(history.originals) == 3


@pytest.mark.parametrize("seed", range(8))
def test_any_history_shows_the_same_last_changes(world: World, tmp_path: Path, seed: int) -> None:
    """Random branches and merges: every path of the project has the same line of commits before and after."""
    chance = Random(seed)
    world.commit({**SHARED, **MILL} if seed % 2 else {**SHARED, **ALDER}, "Begin")
    branches = ["main"]
    for step in range(24):
        choice = chance.random()
        if choice < 0.15:
            branches.append(f"b{step}")
            world.git("switch", "--quiet", "-c", branches[-1])
        elif choice < 0.3 and len(branches) > 1:
            other = chance.choice(branches)
            world.git("switch", "--quiet", chance.choice(branches))
            world.git("merge", "--quiet", "--no-ff", "-X", "ours", "--message", f"Merge {other}", other)
            world.commits += 1
        elif choice < 0.4:
            world.git("switch", "--quiet", chance.choice(branches))
        elif choice < 0.45:
            world.commit({"people.yaml": f"{PEOPLE}  - {{id: p{step}, name: P, role: Other}}\n"}, "People")
        else:
            project = chance.choice(("mill", "alder"))
            name = chance.choice(("a", "b", "c"))
            world.commit({f"{project}/documents/{name}.md": f"# {step}\n"}, f"Change {project}")
    world.git("switch", "--quiet", "main")
    world.commit({"mill/documents/end.md": "# End\n"}, "End")
    history = filter_mill(world, tmp_path / "t")
    assert own_changes(history.root, history.tip) == own_changes(world.root, "HEAD")
    assert "Change alder" not in log(history.root)


def test_bundles_of_equal_histories_are_equal(world: World, tmp_path: Path) -> None:
    world.commit({**SHARED, **MILL}, "Begin")
    for number in range(5):
        world.commit({"mill/documents/log.md": f"# Log {number}\n" + "It grinds. " * 400}, "Note")
    first = filter_mill(world, tmp_path / "a")
    world.git("gc", "--quiet", "--aggressive", "--prune=now")
    second = filter_mill(world, tmp_path / "b")
    for history, name in ((first, "a.bundle"), (second, "b.bundle")):
        with git.open_git(history.root) as folder:
            git_stream.write_bundle(folder, history.refs, tmp_path / name)
    assert (tmp_path / "a.bundle").read_bytes() == (tmp_path / "b.bundle").read_bytes()


def test_new_ids_of_git_are_understood(tmp_path: Path) -> None:
    world = World(tmp_path / "r", "--object-format=sha256")
    tip = world.commit({**SHARED, **MILL}, "Begin")
    history = filter_mill(world, tmp_path / "t")
    assert (len(tip), len(history.tip)) == (64, 64)
    with git.open_git(history.root) as folder:
        git_stream.write_bundle(folder, history.refs, tmp_path / "b.bundle")
    world.git("clone", "--quiet", str(tmp_path / "b.bundle"), str(tmp_path / "clone"))
    assert (tmp_path / "clone/mill/project.yaml").is_file()
