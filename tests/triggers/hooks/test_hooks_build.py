"""Take repositories with hooks; commit, merge, switch, rebase, break and kill; check that the documents follow."""

from __future__ import annotations

import os
import resource
import signal
import time
from pathlib import Path

import pytest
from hook_world import (
    BROKEN,
    FILES,
    NOTE,
    PROJECT,
    SETTINGS,
    World,
    find_processes,
    note,
    obey_modes,
    read_log,
    read_tree,
    wait_for,
)

WAIT = f"{SETTINGS}hooks: {{wait: true}}\n"


@pytest.fixture
def papers(world: World) -> Path:
    """A work tree with hooks, and nothing built yet."""
    folder = world.make("papers")
    assert world.deedbox(folder, "hooks", "install").returncode == 0
    return folder


def assert_built(world: World, papers: Path) -> None:
    """Wait until nothing is left to do; what lies in build/ is then what a clean build of HEAD gives."""
    status = world.wait_until_quiet(papers)
    assert [row["state"] for row in status["refs"]] == ["built"], f"{status} {read_log(papers)}"
    assert read_tree(papers / "build") == world.build_cleanly(papers, "HEAD")


def test_commit_returns_before_its_documents_which_then_come(world: World, papers: Path) -> None:
    world.commit(papers, note(1))
    assert not (papers / NOTE).exists()  # a start of Python takes longer than the rest of a commit
    assert_built(world, papers)
    assert b"Word number 1" in (papers / NOTE).read_bytes()
    assert world.git(papers, "status", "--porcelain") == ""
    assert f"commit {world.head(papers)[:12]} built, " in read_log(papers)


def test_documents_are_those_of_the_commit_not_of_what_is_typed_since(world: World, papers: Path) -> None:
    world.commit(papers, note(1))
    (papers / "atlas/documents/note.md").write_text("# Note\n\nNot committed.\n")
    assert_built(world, papers)


def test_documents_follow_merge_switch_amend_and_rebase(world: World, papers: Path) -> None:
    world.git(papers, "checkout", "--quiet", "-b", "side")
    world.commit(papers, {"atlas/documents/side.md": "# Side\n\nA second paper.\n"})
    assert_built(world, papers)
    world.git(papers, "checkout", "--quiet", "main")
    assert_built(world, papers)
    assert not (papers / "build/atlas/documents/side.html").exists()
    world.git(papers, "merge", "--quiet", "side")
    assert_built(world, papers)
    assert (papers / "build/atlas/documents/side.html").exists()
    world.git(papers, "commit", "--quiet", "--amend", "--message", "Other words")
    assert_built(world, papers)
    world.git(papers, "checkout", "--quiet", "-b", "long", "HEAD~1")
    for number in range(3):
        world.commit(papers, {f"atlas/documents/n{number}.md": f"# Paper {number}\n\nWord.\n"})
    world.git(papers, "rebase", "--quiet", "main")
    assert_built(world, papers)


def test_checkout_of_a_file_alone_starts_nothing(world: World, papers: Path) -> None:
    (papers / "people.yaml").write_text("")
    world.git(papers, "checkout", "people.yaml")
    time.sleep(0.5)
    assert find_processes(str(papers)) == []
    assert read_log(papers) == ""


def test_commit_waits_where_the_settings_say_so_and_shows_what_is_wrong(world: World, papers: Path) -> None:
    world.commit(papers, {"deedbox.yaml": WAIT})
    assert (papers / NOTE).exists()
    assert_built(world, papers)
    (papers / "atlas/project.yaml").write_text(BROKEN)
    done = world.try_git(papers, "commit", "--quiet", "--all", "--message", "Broken")
    assert done.returncode == 0
    assert "atlas/project.yaml:11:" in done.stderr
    assert "error DB220" in done.stderr
    assert "not built" in done.stderr


def test_the_word_wait_elsewhere_in_the_settings_lets_nobody_wait(world: World, papers: Path) -> None:
    world.commit(papers, {"deedbox.yaml": f"{SETTINGS}# whoever cannot wait\n"})
    assert_built(world, papers)


def test_broken_commit_leaves_the_last_good_documents_and_says_why(world: World, papers: Path) -> None:
    good = world.commit(papers, note(1))
    assert_built(world, papers)
    before = read_tree(papers / "build")
    bad = world.commit(papers, {**note(2), "atlas/project.yaml": BROKEN})
    status = world.wait_until_quiet(papers)
    (row,) = status["refs"]
    assert (row["state"], row["wanted"], row["built"], status["exit_code"]) == ("failed", bad, good, 1)
    errors = [(one["code"], one["file"]) for one in status["problems"] if one["severity"] == "error"]
    assert errors == [("DB220", "atlas/project.yaml")]
    assert read_tree(papers / "build") == before
    text = world.deedbox(papers, "status")
    assert f"main: failed: {bad[:7]}" in text.stdout
    assert f"there is {good[:7]}" in text.stdout
    assert "atlas/project.yaml:11:" in text.stderr
    world.commit(papers, {"atlas/project.yaml": PROJECT})
    assert_built(world, papers)


def test_status_tells_what_is_behind_and_what_is_a_draft(world: World) -> None:
    papers = world.make("papers")
    assert world.states(papers) == {"main": "behind"}
    assert "deedbox hooks install" in world.deedbox(papers, "status").stderr
    assert world.deedbox(papers, "build").returncode == 0
    assert world.states(papers) == {"main": "built"}
    (papers / "atlas/documents/note.md").write_text("# Note\n\nNot committed.\n")
    assert world.deedbox(papers, "build").returncode == 0
    assert world.states(papers) == {"main": "draft"}
    world.git(papers, "checkout", "people.yaml", "atlas")
    assert world.states(papers) == {"main": "behind"}
    assert world.deedbox(papers, "reconcile").returncode == 0
    assert world.states(papers) == {"main": "built"}


def test_every_work_tree_builds_its_own(world: World, papers: Path) -> None:
    world.git(papers, "worktree", "add", "--quiet", "-b", "other", "../second")
    second = world.folder / "second"
    world.wait_until_quiet(second)
    world.commit(second, note(5))
    assert_built(world, second)
    assert b"Word number 5" in (second / NOTE).read_bytes()
    assert not (papers / "build").exists()


def test_submodule_and_project_folder_below_the_top_are_built(world: World) -> None:
    inner, outer = world.make("inner"), world.make("outer", {f"office/{path}": text for path, text in FILES.items()})
    world.git(outer, "submodule", "--quiet", "add", inner, "sub")
    world.git(outer, "commit", "--quiet", "--message", "Submodule")
    for where in (outer / "office", outer / "sub"):
        assert world.deedbox(where, "hooks", "install").returncode == 0
    world.commit(outer / "sub", note(6))
    assert_built(world, outer / "sub")
    world.commit(outer, {f"office/{path}": text for path, text in note(7).items()})
    status = world.wait_until_quiet(outer / "office")
    assert status["refs"][0]["state"] == "built"
    assert b"Word number 7" in (outer / "office" / NOTE).read_bytes()


def test_variables_of_git_that_name_another_repository_mislead_nobody(world: World, papers: Path) -> None:
    (papers / "atlas/documents/note.md").write_text(note(8)["atlas/documents/note.md"])
    index = world.folder / "index"
    names = {"GIT_DIR": str(papers / ".git"), "GIT_WORK_TREE": str(papers), "GIT_INDEX_FILE": str(index)}
    for words in (("add", "--all"), ("commit", "--quiet", "--message", "From elsewhere")):
        assert world.try_git(world.folder, *words, **names).returncode == 0
    index.unlink()
    status = world.wait_until_quiet(papers)
    assert status["refs"][0]["state"] == "built"
    assert b"Word number 8" in (papers / NOTE).read_bytes()


def test_many_commits_in_a_row_end_with_the_last_one_built(world: World, papers: Path) -> None:
    for number in range(12):
        world.commit(papers, note(number))
    assert_built(world, papers)
    assert b"Word number 11" in (papers / NOTE).read_bytes()
    assert read_log(papers).count(" built, ") < 12


def test_nothing_is_built_without_end_where_outputs_are_committed(world: World) -> None:
    papers = world.make("papers", {**FILES, ".gitignore": ""})
    assert world.deedbox(papers, "hooks", "install").returncode == 0
    for number in range(2):
        world.commit(papers, note(number))
        world.wait_until_quiet(papers)
    world.git(papers, "add", "--force", "build")
    world.git(papers, "commit", "--quiet", "--message", "Outputs")
    head = world.head(papers)
    world.wait_until_quiet(papers)
    wait_for(lambda: not find_processes(str(papers)))
    assert world.head(papers) == head
    assert read_log(papers).count(head[:12]) == 1


@pytest.mark.parametrize("moments", [(0.8,), pytest.param((0.3, 0.8, 1.3), marks=pytest.mark.soak)])
def test_killed_builder_is_made_good_by_the_next_commit(world: World, papers: Path, moments: tuple[float, ...]) -> None:
    for number, moment in enumerate(moments):
        world.commit(papers, note(number))
        time.sleep(moment)
        for process in find_processes(str(papers)):
            kill(process)
    wait_for(lambda: not find_processes(str(papers)))  # a builder takes its children along
    world.commit(papers, note(99))
    assert_built(world, papers)


def test_killed_build_is_tried_again_by_its_builder(world: World, papers: Path) -> None:
    world.commit(papers, note(1))
    wait_for(lambda: bool(find_processes(f'pipeline.triggers.hooks.child {{"root": "{papers}')))
    for process in find_processes(f'pipeline.triggers.hooks.child {{"root": "{papers}'):
        kill(process)
    assert_built(world, papers)
    assert "DB456" in read_log(papers)


def kill(process: int) -> None:
    try:
        os.kill(process, signal.SIGKILL)
    except ProcessLookupError:
        return


@pytest.mark.soak
def test_output_folder_that_is_read_only_is_told_and_mended_by_a_later_commit(world: World, papers: Path) -> None:
    world.commit(papers, note(1))
    assert_built(world, papers)
    before = read_tree(papers / "build")
    folders = [papers / "build", *(path for path in (papers / "build").rglob("*") if path.is_dir())]
    for folder in folders:
        folder.chmod(0o555)
    (papers / "atlas/documents/note.md").write_text(note(2)["atlas/documents/note.md"])
    done = world.run("git", "commit", "--quiet", "--all", "--message", "Shut", cwd=papers, before=obey_modes)
    assert done.returncode == 0
    status = world.wait_until_quiet(papers)
    assert status["refs"][0]["state"] == "failed"
    assert "DB510" in {one["code"] for one in status["problems"]}
    assert read_tree(papers / "build") == before
    for folder in folders:
        folder.chmod(0o755)
    world.commit(papers, note(3))
    assert_built(world, papers)


def test_full_disk_is_told_and_mended_by_a_later_commit(world: World, papers: Path) -> None:
    world.commit(papers, note(1))
    assert_built(world, papers)
    before = read_tree(papers / "build")
    (papers / "atlas/documents/note.md").write_text("# Note\n\n" + f"{'Many words. ' * 100}\n\n" * 100)

    def fill() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (40_000, 40_000))

    done = world.run("git", "commit", "--quiet", "--all", "--message", "Much", cwd=papers, before=fill)
    assert done.returncode == 0, done.stderr
    status = world.wait_until_quiet(papers)
    assert status["refs"][0]["state"] == "failed", read_log(papers)
    assert "DB511" in {one["code"] for one in status["problems"]}
    after = read_tree(papers / "build")
    assert {path: data for path, data in after.items() if not path.startswith(".stage/")} == before
    world.commit(papers, note(3))
    assert_built(world, papers)
