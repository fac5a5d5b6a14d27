"""Take a central repository; kill its builder, fill its disk, push twice at once; check that no push is lost."""

from __future__ import annotations

import os
import resource
import signal
import subprocess
import threading
import time

import pytest
from central_world import Team
from hook_world import SETTINGS, find_processes, note, read_log, wait_for

from pipeline.archive.lock import try_lock
from pipeline.triggers.hooks.child import build_commit
from pipeline.triggers.hooks.place import find_place


def kill(process: int) -> None:
    try:
        os.kill(process, signal.SIGKILL)
    except ProcessLookupError:
        return


@pytest.mark.parametrize("moments", [(0.5,), pytest.param((0.1, 0.5, 0.9, 1.4), marks=pytest.mark.soak)])
def test_builder_killed_at_any_moment_only_delays(team: Team, moments: tuple[float, ...]) -> None:
    team.publish()
    before = team.read("main")
    for number, moment in enumerate(moments):
        team.commit(team.papers, note(number))
        assert team.push().returncode == 0
        time.sleep(moment)
        for process in find_processes(str(team.central)):
            kill(process)
        assert set(team.read("main")) == set(before)
    wait_for(lambda: not find_processes(str(team.central)))
    assert team.deedbox(team.central, "reconcile").returncode == 0
    team.assert_equal(main="main")
    assert len(list((team.central / "publish/.builds/main").iterdir())) <= 2  # what is shown, and the one before


def test_build_that_is_killed_is_tried_again_by_its_builder(team: Team) -> None:
    assert team.push().returncode == 0
    child = f'pipeline.triggers.hooks.child {{"root": "{team.central}"'
    wait_for(lambda: bool(find_processes(child)))
    for process in find_processes(child):
        kill(process)
    team.assert_equal(main="main")
    assert "DB456" in read_log(team.central)


def test_push_that_finds_a_builder_at_work_is_built_by_it_or_after_it(team: Team) -> None:
    place = find_place(team.central)
    team.publish()
    with try_lock(place.home / "lock") as held:
        assert held
        team.commit(team.papers, note(1))
        assert team.push().returncode == 0
        wait_for(lambda: not find_processes(str(team.central)))  # the builder of this push found the lock taken
        assert team.states(team.central) == {"main": "behind"}
        assert team.status(team.central)["exit_code"] == 1
        done = team.deedbox(team.central, "reconcile")
        assert (done.returncode, "another builder" in done.stderr) == (0, True)
    assert team.deedbox(team.central, "reconcile").returncode == 0
    team.assert_equal(main="main")


def test_two_pushes_at_once_are_both_published(team: Team) -> None:
    team.commit(team.papers, {"deedbox.yaml": f"{SETTINGS}publish: {{branches: ['*'], check: none}}\n"})
    team.publish()
    team.git(team.folder, "clone", "--quiet", team.central, "second")
    second = team.folder / "second"
    team.commit(team.papers, note(1))
    team.git(second, "checkout", "--quiet", "-b", "side")
    team.commit(second, note(2))
    done: list[subprocess.CompletedProcess[str]] = []
    pushes = [
        threading.Thread(
            target=lambda folder=folder, name=name: done.append(team.try_git(folder, "push", "origin", name))
        )
        for folder, name in ((team.papers, "main"), (second, "side"))
    ]
    for push in pushes:
        push.start()
    for push in pushes:
        push.join()
    assert [one.returncode for one in done] == [0, 0]
    team.git(team.papers, "fetch", "--quiet", "origin", "side:side")
    team.assert_equal(main="main", side="side")


def test_full_disk_leaves_the_last_good_publication_and_is_mended_by_the_next_look(team: Team) -> None:
    team.publish()
    before = team.read("main")
    team.commit(team.papers, {"atlas/documents/note.md": "# Note\n\n" + f"{'Many words. ' * 100}\n\n" * 100})

    def fill() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (60_000, resource.RLIM_INFINITY))

    assert team.run("git", "push", "--quiet", "origin", "main", cwd=team.papers, before=fill).returncode == 0
    status = team.wait_until_quiet(team.central)
    assert status["refs"][0]["state"] == "failed", read_log(team.central)
    assert "DB511" in {one["code"] for one in status["problems"]}
    assert team.read("main") == before
    assert team.deedbox(team.central, "reconcile").returncode == 0
    team.assert_equal(main="main")


def test_build_that_does_not_end_is_ended(team: Team) -> None:
    commit = team.head(team.papers)
    built = build_commit(team.papers, commit, team.folder / "out", longest=0.01)
    assert (built.exit_code, [problem.code for problem in built.problems]) == (1, ["DB457"])
    wait_for(lambda: not find_processes("pipeline.triggers.hooks.child " + f'{{"root": "{team.papers}"'))


def test_variables_of_another_repository_mislead_no_builder(team: Team) -> None:
    other = team.make("other")
    team.publish()
    team.commit(team.papers, note(1))
    team.git(team.papers, "push", "--quiet", "origin", "main:work")
    names = {"GIT_DIR": str(other / ".git"), "GIT_INDEX_FILE": "/nowhere", "GIT_OBJECT_DIRECTORY": "/nowhere"}
    team.git(team.central, "update-ref", "refs/heads/main", "refs/heads/work")
    done = team.deedbox(team.central, "reconcile", **names, GIT_QUARANTINE_PATH="/nowhere")
    assert done.returncode == 0, done.stderr
    team.assert_equal(main="main")
