"""Take a watched office; save, rename, switch and break things in it; check that the outputs follow."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from papers_world import BUDGET, CHARTER, NOTES, PROJECT, World
from watcher import HERE, PATIENCE, wait_until


def test_a_save_is_built_and_told_in_one_event(world, watching):
    watcher = watching()
    world.write({"atlas/charter.md": CHARTER.replace("Text of approach.", "Approach one.")})
    watcher.wait_until_right()
    told = watcher.wait_for_build(since=2)
    assert told["changed"] == ["atlas/charter.md"]
    assert "atlas/charter.html" in told["written"]
    assert told["reasons"]["atlas/charter.html"].endswith("charter.md changed: line 19")
    assert (told["exit_code"], told["dirty"]) == (0, True)
    assert {one["severity"] for one in told["problems"]} == {"warning"}
    assert told["seconds"] > 0


def test_new_and_renamed_and_deleted_folders_are_followed(world, watching):
    watcher = watching()
    world.write({"atlas/documents/deep/down/memo.md": "# Memo\n\nOne.\n"})
    watcher.wait_until_right()
    (world.root / "atlas/documents/deep").rename(world.root / "atlas/documents/far")
    watcher.wait_until_right()
    world.write({"atlas/documents/far/down/memo.md": "# Memo\n\nTwo.\n"})
    watcher.wait_until_right()
    (world.root / "atlas").rename(world.root / "carina")
    world.write({"carina/project.yaml": PROJECT.format(id="carina", name="Carina")})
    watcher.wait_until_right()
    world.write({"carina/documents/far/down/memo.md": None})
    watcher.wait_until_right()


def test_commits_switches_and_rebases_are_followed(world, watching):
    watcher = watching()
    world.git("checkout", "--quiet", "-b", "side")
    world.write({"beacon/documents/notes.md": "# Side notes\n\nSide.\n", "beacon/documents/more.md": "# More\n"})
    world.commit("Side")
    watcher.wait_until_right()
    world.git("checkout", "--quiet", "main")
    watcher.wait_until_right()
    for number in range(3):
        world.write({f"atlas/documents/n{number}.md": f"# Note {number}\n"})
        world.commit(f"Main {number}")
    watcher.wait_until_right()
    world.git("checkout", "--quiet", "side")
    world.git("rebase", "--quiet", "main")
    watcher.wait_until_right()
    assert watcher.wait_for(lambda one: one["event"] == "built" and "HEAD" in one["changed"], since=2)


def test_errors_are_told_with_their_place_and_leave_the_last_good_files(world, watching):
    watcher = watching()
    before = world.outputs()
    world.write({"atlas/budget.yaml": "lines: [\n"})
    told = watcher.wait_for_build(exit_code=1)
    assert set(told["written"]) <= {"index.html", "manifest.json"}  # what is known of the other projects is told anew
    assert [(one["file"], one["severity"]) for one in told["problems"]][:1] == [("atlas/budget.yaml", "error")]
    frame = {"index.html", "manifest.json"}
    assert {path: data for path, data in world.outputs().items() if path not in frame} == {
        path: data for path, data in before.items() if path not in frame
    }
    world.write({"atlas/budget.yaml": BUDGET})
    watcher.wait_for_build(since=len(watcher.events), exit_code=0)
    watcher.wait_until_right()


def test_a_repository_with_a_branch_without_the_project_is_waited_for(world, watching):
    world.git("checkout", "--quiet", "--orphan", "empty")
    world.git("rm", "-r", "--quiet", "--force", ".")
    world.commit("Nothing")
    world.git("checkout", "--quiet", "main")
    watcher = watching()
    world.git("checkout", "--quiet", "empty")
    gone = watcher.wait_for_build(exit_code=1)
    assert [one["code"] for one in gone["problems"]] == ["DB445"]
    world.git("checkout", "--quiet", "main")
    watcher.wait_for_build(since=watcher.events.index(gone), exit_code=0)
    world.write({"atlas/documents/notes.md": "# Notes\n\nBack.\n"})
    watcher.wait_until_right()


def test_what_is_no_source_is_no_reason_to_build(world, watching):
    watcher = watching()
    watcher.wait_until_right()
    told = len(watcher.events)
    for name in (".charter.md.swp", "4913", "charter.md~", ".#charter.md", "~$charter.docx", "x.tmp"):
        (world.root / "atlas" / name).write_text("passing")
    (world.root / "build" / "foreign.txt").write_text("not ours")
    (world.root / ".git" / "objects" / "aa").mkdir(exist_ok=True)
    world.write({"atlas/documents/notes.md": "# Notes\n\nNew.\n"})
    built = watcher.wait_for_build(since=told)
    assert built["changed"] == ["atlas/documents/notes.md"]
    (world.root / "build" / "foreign.txt").unlink()
    watcher.wait_until_right()
    for name in (".charter.md.swp", "4913", "charter.md~", ".#charter.md", "~$charter.docx", "x.tmp"):
        (world.root / "atlas" / name).unlink()
    watcher.wait_until_right()


def test_once_builds_and_ends_with_the_code_of_the_build(world, watching):
    assert watching("--once").join() == 0
    world.write({"atlas/budget.yaml": "lines: [\n"})
    watcher = watching("--once")
    assert watcher.join() == 1
    assert [event["event"] for event in watcher.events] == ["started", "built", "ended"]


def test_a_command_runs_after_good_builds_that_wrote_something(world, watching):
    log = world.base / "log"
    watcher = watching("--exec", f"cat >> {log}; echo done; test ! -e {log}.fail", ready=False)
    watcher.wait_for(lambda one: one["event"] == "ran" and one["code"] == 0)
    assert str(world.root / "build" / "atlas" / "charter.html") in log.read_text().splitlines()
    log.unlink()
    world.write({"atlas/budget.yaml": "lines: [\n"})
    watcher.wait_for_build(exit_code=1)
    assert not log.exists()
    Path(f"{log}.fail").touch()
    world.write({"atlas/budget.yaml": BUDGET.replace("1000", "2000")})
    watcher.wait_for(lambda one: one["event"] == "ran" and one["code"] == 1)
    wait_until(lambda: "done\n" in watcher.errors)


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 0), (signal.SIGHUP, 0)])
def test_signals_end_it_cleanly(world, watching, number, code):
    watcher = watching()
    assert watcher.end(number) == code
    assert watcher.events[-1]["event"] == "ended"
    assert not [line for line in watcher.errors if "Traceback" in line], watcher.errors
    assert not (world.root / "build" / ".stage").exists()


def test_work_trees_of_their_own_and_folders_within_repositories_are_watched(world, watching):
    tree = world.base / "tree"
    world.git("worktree", "add", "--quiet", "-b", "other", str(tree))
    main, world.root = world.root, tree
    watcher = watching()
    world.write({"atlas/documents/notes.md": NOTES.format(name="Other")})
    watcher.wait_until_right()
    world.root = main


def test_a_lock_of_git_is_waited_for(world, watching):
    tree = world.base / "tree"
    world.git("worktree", "add", "--quiet", "-b", "other", str(tree))
    locks = {world.root: world.root / ".git" / "index.lock", tree: world.root / ".git" / "worktrees/tree/index.lock"}
    main = world.root
    for world.root, lock in locks.items():
        watcher = watching()
        told = len(watcher.events)
        lock.touch()
        world.write({"atlas/documents/notes.md": NOTES.format(name="Locked")})
        time.sleep(1.0)
        assert len(watcher.events) == told
        lock.unlink()
        watcher.wait_until_right()
        watcher.end()
    world.root = main


def run_text(world: World, *words: str) -> subprocess.CompletedProcess[str]:
    """Run a watch that ends by itself, for people."""
    command = [sys.executable, "-I", "-m", "pipeline", "watch", "-C", str(world.root), *words]
    environment = {**os.environ, "PYTHONPATH": str(HERE), "LC_ALL": "C.UTF-8"}
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False, timeout=PATIENCE)


def test_people_get_one_line_a_build_and_the_problems_below(world):
    done = run_text(world, "--once")
    first, line, *problems, _ = done.stderr.splitlines()
    assert (done.returncode, done.stdout) == (0, "")
    assert first == f"watching {world.root}; Ctrl-C ends it"
    assert re.fullmatch(
        r"\d\d:\d\d:\d\d atlas/charter \(html\), atlas/documents/notes \(html\), beacon/documents/notes \(html\)"
        r" \(\d+\.\d s\): never built",
        line,
    )
    assert "warning DB322" in problems[0] and problems[0].startswith(f"{world.root}/atlas/")
    world.write({"atlas/budget.yaml": "lines: [\n"})
    done = run_text(world, "--once", "--quiet")
    assert done.returncode == 1
    assert re.match(r"\d\d:\d\d:\d\d nothing written \(1 error, \d warnings; \d+\.\d s\)\n", done.stderr)
    assert f"{world.root}/atlas/budget.yaml:1:9: error DB131" in done.stderr


@pytest.mark.parametrize(
    ("words", "what"),
    [(["--format", "json"], "jsonl"), (["--serve", "atlas"], "DB447"), (["nothing/there", "--once"], "DB38")],
)
def test_wrong_words_end_it_at_once(world, words, what):
    done = run_text(world, *words)
    assert done.returncode == 2
    assert re.search(what, done.stderr), done.stderr
