"""Take a central repository and refs that are made to do harm; check that they are bounded, told, and stop nobody."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from central_world import Team
from hook_world import FILES, PATIENCE, find_processes, note, read_log, wait_for
from hostile import make_tree_bomb

from pipeline.problems import MACHINE_LACKS, SOURCES_WRONG, Problem
from pipeline.sources.git.refs import Ref, read_refs
from pipeline.sources.git.repository import open_git
from pipeline.sources.git.run import KEPT, REMOTE
from pipeline.triggers.central.names import choose_names
from pipeline.triggers.central.place import find_central
from pipeline.triggers.central.reconcile import reconcile
from pipeline.triggers.central.view import MOST_REFS, look
from pipeline.triggers.hooks.apart import Lost, ask_apart
from pipeline.triggers.hooks.builder import begin_entry, describe, end_entry
from pipeline.triggers.hooks.child import LOST, Built
from pipeline.triggers.hooks.disk import append_log
from pipeline.triggers.hooks.state import BEGUN, FEW, MOST_PROBLEMS, Entry, State, load_state, save_state
from pipeline.triggers.hooks.tries import BUDGETS, GIVEN_UP, find_budget, find_next, is_due
from pipeline.visible import show

LITTLE = {"DEEDBOX_LIMITS": "memory=200"}
MAIN, TAG = "refs/heads/main", "refs/tags/a-bomb"
ALL = {**FILES, "deedbox.yaml": f"{FILES['deedbox.yaml']}publish: {{branches: ['*'], check: all}}\n"}


def push_bomb(team: Team, name: str = TAG) -> str:
    commit = make_tree_bomb(team, team.papers)
    team.git(team.papers, "push", "--quiet", "origin", f"{commit}:{name}")
    return commit


def test_tag_that_is_too_large_to_list_is_recorded_and_holds_nobody_back(quiet: Team) -> None:
    assert quiet.push().returncode == 0
    bomb = push_bomb(quiet)
    done = quiet.deedbox(quiet.central, "reconcile", **LITTLE)
    assert (done.returncode, "Traceback" in done.stderr) == (1, False)
    state = load_state(find_central(quiet.central).home)
    assert (state.entry(MAIN).built, state.entry(TAG).tried) == (quiet.head(quiet.papers), bomb)
    assert state.entry(TAG).problems
    log = read_log(quiet.central)
    assert log.index(MAIN) < log.index(TAG)
    quiet.commit(quiet.papers, note(1))
    assert quiet.push().returncode == 0
    assert quiet.deedbox(quiet.central, "reconcile", **LITTLE).returncode == 1
    assert b"Word number 1" in (quiet.central / "publish/main/atlas/documents/note.html").read_bytes()
    assert quiet.states(quiet.central) == {"main": "built", "tag a-bomb": "failed"}


def test_push_that_is_too_large_to_check_is_refused_in_one_calm_line(team: Team) -> None:
    team.commit(team.papers, ALL)
    team.publish()
    commit = make_tree_bomb(team, team.papers)
    done = team.try_git(team.papers, "push", "--quiet", "origin", f"{commit}:refs/heads/side", **LITTLE)
    assert done.returncode != 0
    assert "is refused" in done.stderr and "error DB" in done.stderr
    assert not any(word in done.stderr for word in ("Traceback", "MemoryError", 'File "'))
    assert "side" not in team.git(team.central, "branch")


def test_default_branch_that_is_too_large_to_read_keeps_what_its_settings_said(quiet: Team) -> None:
    quiet.commit(quiet.papers, {"deedbox.yaml": f"{FILES['deedbox.yaml']}publish: {{branches: ['r/*']}}\n"})
    assert quiet.push("main", "main:r/1").returncode == 0
    assert quiet.deedbox(quiet.central, "reconcile").returncode == 0
    commit = make_tree_bomb(quiet, quiet.papers)
    quiet.git(quiet.papers, "push", "--quiet", "--force", "origin", f"{commit}:main")
    quiet.commit(quiet.papers, note(3))
    assert quiet.push("HEAD:r/1").returncode == 0
    done = quiet.deedbox(quiet.central, "reconcile", **LITTLE)
    assert (done.returncode, "Traceback" in done.stderr) == (1, False)
    assert b"Word number 3" in (quiet.central / "publish/r~1/atlas/documents/note.html").read_bytes()
    refused = load_state(find_central(quiet.central).home).policy["refused"]
    assert (refused["commit"], len(refused["problems"])) == (commit, 1)


def test_process_that_answers_apart_is_bounded_in_time_and_leaves_nothing(quiet: Team) -> None:
    """A fetch whose other end never answers: Git and that end are what would be left."""
    quiet.git(quiet.folder, "clone", "--quiet", "--mirror", quiet.central, "mirror.git")
    mirror = quiet.folder / "mirror.git"
    quiet.git(mirror, "config", "remote.origin.uploadpack", "sleep 98765;")
    asking = Thread(target=lambda: found.append(fetch(mirror)))
    found: list[Any] = []
    asking.start()
    wait_for(lambda: bool(find_processes("sleep 98765;")))
    asking.join()
    assert isinstance(found[0], Lost) and "seconds" in found[0].how
    wait_for(lambda: not find_processes("sleep 98765;"))


def fetch(mirror: Path) -> Any:
    return ask_apart("pipeline.triggers.central.answers", {"task": "fetch", "root": str(mirror)}, 3, (*KEPT, *REMOTE))


def test_try_is_recorded_before_it_is_begun(quiet: Team) -> None:
    """A builder that is killed at a commit counts it, so that the next one takes something else first."""
    assert quiet.push("main", "main:refs/tags/v1").returncode == 0
    central = find_central(quiet.central)
    command = [sys.executable, "-P", "-m", "pipeline", "reconcile"]
    for tries in (1, 2, 3):
        process = subprocess.Popen(command, cwd=quiet.central, env=quiet.environment, stderr=subprocess.DEVNULL)
        wait_for(lambda tries=tries: load_state(central.home).entry(MAIN).tries == tries)  # type: ignore[misc]
        process.kill()
        process.wait()
        wait_for(lambda: not find_processes(str(quiet.central)))
        entry = load_state(central.home).entry(MAIN)
        assert (entry.exit_code, entry.tries, [one.code for one in entry.problems]) == (BEGUN, tries, ["DB470"])
    assert quiet.states(quiet.central)["main"] == "failed"
    assert "3 tries, again from" in quiet.deedbox(quiet.central, "status").stdout
    (central.home / "state.json.1.new").write_text("half")
    assert quiet.deedbox(quiet.central, "reconcile").returncode == 1  # it waits, and the tag is built meanwhile
    assert quiet.states(quiet.central) == {"main": "failed", "tag v1": "built"}
    assert not list(central.home.glob("*.new"))
    assert quiet.deedbox(quiet.central, "reconcile", "--retry").returncode == 0
    assert quiet.states(quiet.central) == {"main": "built", "tag v1": "built"}


def test_nothing_outlives_a_reconcile_that_is_killed_at_any_moment(quiet: Team) -> None:
    assert quiet.push().returncode == 0
    temporary = quiet.folder / "tmp"
    temporary.mkdir()
    command = [sys.executable, "-P", "-m", "pipeline", "reconcile", str(quiet.central)]
    for moment in (0.3, 0.8, 1.3):
        process = subprocess.Popen(
            command, env={**quiet.environment, "TMPDIR": str(temporary)}, cwd=quiet.folder, stderr=subprocess.DEVNULL
        )
        time.sleep(moment)
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
        wait_for(lambda: not find_processes(str(quiet.central)))
    assert quiet.deedbox(quiet.central, "reconcile", "--retry", TMPDIR=str(temporary)).returncode == 0
    assert quiet.published == {"main"}
    assert list(temporary.iterdir()) == []


def test_default_branch_goes_first_and_what_failed_goes_last(quiet: Team) -> None:
    assert quiet.push("main", "main:refs/tags/a1", "main:refs/tags/a2").returncode == 0
    central = find_central(quiet.central)
    state = State()
    entry = end_entry(begin_entry(Entry(), quiet.head(quiet.papers)), Built(LOST))
    state = state.with_entry("refs/tags/a1", entry)
    central.home.mkdir()
    save_state(central.home, state)
    told: list[str] = []
    refreshed: list[str] = []
    view = reconcile(central, tell=told.append, refresh=lambda: refreshed.append("x"))
    assert view is not None
    assert [words.partition(":")[0] for words in told] == ["main", "a2", "a1"]
    assert refreshed == []


def test_tries_back_off_and_end() -> None:
    now = datetime(2026, 1, 5, tzinfo=UTC)
    entry, waits = Entry(), []
    for _ in range(GIVEN_UP - 1):
        entry = end_entry(begin_entry(entry, "1" * 40), Built(LOST))
        after = find_next(entry)
        assert after is not None
        waits.append((after - datetime.fromisoformat(entry.tried_at)).total_seconds())
    assert waits == sorted(waits) and waits[0] == 0 and waits[-1] >= 3600
    assert find_next(end_entry(begin_entry(entry, "1" * 40), Built(LOST))) is None
    assert find_next(end_entry(begin_entry(entry, "1" * 40), Built(SOURCES_WRONG))) is None
    assert find_next(end_entry(begin_entry(entry, "1" * 40), Built(MACHINE_LACKS))) is not None
    assert begin_entry(entry, "2" * 40).tries == 1
    late = Entry(tried="1" * 40, tried_at=now.isoformat(), exit_code=LOST, tries=4)
    assert [is_due(late, now + timedelta(hours=hours)) for hours in (0, 2, -48)] == [False, True, True]
    budgets = [find_budget(Entry(tried="1", tries=tries), "1", 3600, is_default=False) for tries in range(3)]
    assert budgets == list(BUDGETS) and find_budget(late, "1", 3600, is_default=True) == 3600


def test_thousands_of_refs_are_bounded_and_what_is_published_stays(quiet: Team) -> None:
    head = quiet.head(quiet.papers)
    assert quiet.push("main", "main:refs/tags/v1").returncode == 0
    central = find_central(quiet.central)
    assert reconcile(central) is not None
    extra = 50
    words = "".join(f"create refs/tags/a{number} {head}\n" for number in range(MOST_REFS + extra))
    subprocess.run(["git", "update-ref", "--stdin"], input=words, cwd=quiet.central, text=True, check=True,
                   env=quiet.environment, timeout=PATIENCE)  # fmt: skip
    view = look(central, load_state(central.home))
    assert len(view.lines) == MOST_REFS
    assert [line.state for line in view.lines if line.ref.name in (MAIN, "refs/tags/v1")] == ["built", "built"]
    assert [(one.code, one.message.split()[0]) for one in view.problems] == [("DB473", str(extra + 2))]
    assert view.left == ()


def test_tags_of_tags_stand_for_their_commits_however_many_there_are(quiet: Team) -> None:
    head = quiet.head(quiet.papers)
    quiet.git(quiet.papers, "tag", "-a", "-m", "one", "inner", "main")
    quiet.git(quiet.papers, "tag", "-a", "-m", "two", "outer", "inner")
    quiet.git(quiet.papers, "tag", "-a", "-m", "tree", "of-tree", "main^{tree}")
    quiet.git(quiet.papers, "tag", "-a", "-m", "tree", "of-tree-tag", "of-tree")
    outer = quiet.git(quiet.papers, "rev-parse", "outer")
    words = "".join(f"create refs/tags/n{number} {outer}\n" for number in range(500))
    subprocess.run(["git", "update-ref", "--stdin"], input=words, cwd=quiet.papers, text=True, check=True,
                   env=quiet.environment, timeout=PATIENCE)  # fmt: skip
    with open_git(quiet.papers) as folder:
        refs = read_refs(folder)
    assert len(refs) == 503 and {ref.commit for ref in refs} == {head}


STRANGE = "v1\u202egpj.\u2028ok\u0085\u200b\u061c"


def test_names_that_steer_a_reader_are_harmless_in_status_log_and_folder(quiet: Team) -> None:
    assert quiet.push("main", f"main:refs/tags/{STRANGE}").returncode == 0
    assert quiet.deedbox(quiet.central, "reconcile").returncode == 0
    said = quiet.deedbox(quiet.central, "status").stdout + read_log(quiet.central)
    names = "".join(quiet.published)
    assert not set(STRANGE[2:]) & set(said + names) - set("gpj.ok")
    assert r"\u202e" in said
    assert json.loads(quiet.deedbox(quiet.central, "status", "--format", "json").stdout)["exit_code"] == 0


@pytest.mark.parametrize("sign", ["\u3164", "\u115f", "\uffa0", "\u2800", "\u034f", "\ufe0f", "\u202e", "\u200d"])
def test_name_of_a_folder_has_no_sign_that_nobody_sees(sign: str) -> None:
    found = choose_names([Ref(f"refs/heads/main{sign}", "1" * 40), Ref(MAIN, "1" * 40)], {})
    assert sign not in found[f"refs/heads/main{sign}"] and found[MAIN] == "main"


def test_no_words_of_a_problem_make_a_line_of_the_log(tmp_path: Path) -> None:
    forged = describe("refs/heads/a\nb", "1" * 40, Built(0))
    append_log(tmp_path / "log", forged)
    assert len((tmp_path / "log").read_text().split("\n")) == 2
    assert show("a\x1b[2Jb\r\nc") == r"a\x1b[2Jb\r\nc"


def test_text_of_a_problem_that_is_recorded_is_bounded(tmp_path: Path) -> None:
    long = Entry(problems=(Problem("DB101", "x" * 1_000_000),))
    save_state(tmp_path, State().with_entry("refs/tags/1", long))
    assert len(load_state(tmp_path).entry("refs/tags/1").problems[0].message) <= 2000
    many = Entry(problems=tuple(Problem("DB101", str(number)) for number in range(MOST_PROBLEMS)))
    state = load_state(tmp_path)
    for number in range(30):
        state = state.with_entry(f"refs/tags/{number}", many)
    save_state(tmp_path, state)
    assert {len(entry.problems) for entry in load_state(tmp_path).entries.values()} == {FEW}
