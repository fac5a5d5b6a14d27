"""Take a central repository; push branches and tags, move, delete and rewrite them; check what readers see."""

from __future__ import annotations

import os
import threading
import time
from pathlib import Path

import pytest
from central_world import UNCHECKED, Team
from hook_world import BROKEN, PROJECT, SETTINGS, find_processes, note, obey_modes, read_log, read_tree, wait_for

from pipeline.archive.manifest import read_manifest

MORE = f"{SETTINGS}publish: {{branches: ['release/*'], tags: ['v*'], check: none}}\n"
ALL = MORE.replace("release/*", "*").replace("v*", "*")


def test_push_publishes_the_default_branch_and_tags_and_nothing_else(team: Team) -> None:
    team.git(team.papers, "tag", "v1")
    team.git(team.papers, "branch", "work")
    team.publish("main", "work", "v1")
    team.assert_equal(main="main", v1="v1")
    assert (team.central / "publish/main").is_symlink()


def test_settings_of_the_default_branch_alone_name_what_is_published(team: Team) -> None:
    team.publish()
    team.git(team.papers, "checkout", "--quiet", "-b", "release/1")
    team.commit(team.papers, {"deedbox.yaml": f"{SETTINGS}publish: {{branches: ['*']}}\n"})
    team.git(team.papers, "tag", "other")
    team.publish("release/1")
    assert team.published == {"main"}  # a branch does not speak for itself
    team.git(team.papers, "checkout", "--quiet", "main")
    team.commit(team.papers, {"deedbox.yaml": MORE})
    team.publish("main", "other")
    team.assert_equal(**{"main": "main", "release~1": "release/1"})
    team.commit(team.papers, {"deedbox.yaml": UNCHECKED})
    team.publish()
    team.assert_equal(main="main", other="other")


def test_broken_settings_of_the_default_branch_change_nothing_else(team: Team) -> None:
    team.commit(team.papers, {"deedbox.yaml": MORE})
    team.git(team.papers, "branch", "release/1")
    team.publish("main", "release/1")
    good = team.head(team.papers)
    team.commit(team.papers, {"deedbox.yaml": "schema_version: 1\nname: [\n"})
    team.publish()
    status = team.status(team.central)
    assert {row["ref"]: row["state"] for row in status["refs"]} == {"main": "failed", "release/1": "built"}
    assert "DB459" in {one["code"] for one in status["problems"]}
    assert team.read("main") == team.build_cleanly(team.papers, good)


def test_branch_that_is_rewritten_or_deleted_is_followed(team: Team) -> None:
    team.commit(team.papers, {"deedbox.yaml": MORE})
    team.git(team.papers, "branch", "release/1")
    team.publish("main", "release/1")
    team.assert_equal(**{"main": "main", "release~1": "release/1"})
    team.git(team.papers, "commit", "--quiet", "--amend", "--message", "History of another kind")
    team.git(team.papers, "checkout", "--quiet", "--orphan", "fresh")
    team.commit(team.papers, note(4))
    team.publish("+main", "+fresh:release/1")
    team.assert_equal(**{"main": "main", "release~1": "fresh"})
    team.git(team.central, "reflog", "expire", "--expire=now", "--all")
    team.git(team.central, "gc", "--quiet", "--prune=now")
    team.publish(":release/1")
    team.assert_equal(main="main")
    assert {path.name for path in (team.central / "publish/.builds").iterdir()} == {"main"}


def test_tag_that_is_moved_or_deleted_keeps_its_documents_and_is_reported(team: Team) -> None:
    team.git(team.papers, "tag", "v1")
    team.publish("main", "v1")
    first = team.read("v1")
    team.commit(team.papers, note(1))
    team.git(team.papers, "tag", "--force", "--annotate", "--message", "Moved", "v1")
    done = team.push("main", "+v1")
    assert "tag v1 has been published: its documents stay as they are" in done.stderr
    status = team.wait_until_quiet(team.central)
    assert {row["ref"]: row["state"] for row in status["refs"]} == {"main": "built", "tag v1": "moved"}
    assert [one["code"] for one in status["problems"] if one["code"] in ("DB461", "DB462")] == ["DB461"]
    assert team.read("v1") == first
    team.publish(":v1")
    assert team.states(team.central) == {"main": "built", "tag v1": "gone"}
    assert team.read("v1") == first
    team.publish("+v1")
    assert team.read("v1") == first
    assert team.deedbox(team.central, "reconcile", "--drop", "v1").returncode == 0
    team.assert_equal(main="main", v1="v1")
    assert team.read("v1") != first
    assert team.deedbox(team.central, "reconcile", "--drop", "v2").returncode == 2


def test_names_that_a_file_system_may_take_for_one_another_get_folders_of_their_own(team: Team) -> None:
    team.commit(team.papers, {"deedbox.yaml": ALL})
    team.git(team.papers, "branch", "side")
    team.commit(team.papers, note(1))
    team.git(team.papers, "branch", "Side")
    team.git(team.papers, "tag", "side")
    team.git(team.papers, "tag", "main/x")
    for name in ("$(touch${IFS}pwned)", "-rf", "naïve"):
        team.git(team.papers, "update-ref", f"refs/heads/{name}", "HEAD")
    assert team.push("refs/heads/*:refs/heads/*", "refs/tags/*:refs/tags/*").returncode == 0
    team.wait_until_quiet(team.central)
    published = team.published
    assert len(published) == len({name.casefold() for name in published}) == 8
    assert {"main", "Side", "main~x", "_-rf", "naïve"} <= published
    assert all(
        name.replace("~", "").replace("ï", "i").replace("_", "").replace("-", "").isalnum() for name in published
    )
    assert team.status(team.central)["exit_code"] == 0


def test_push_with_wrong_sources_is_refused_with_file_and_line(team: Team) -> None:
    team.commit(team.papers, {"deedbox.yaml": SETTINGS})
    team.publish()
    before = team.head(team.central, "main")
    team.commit(team.papers, {"atlas/project.yaml": BROKEN})
    done = team.push()
    assert done.returncode != 0
    assert "remote: atlas/project.yaml:11:" in done.stderr
    assert "error DB220" in done.stderr
    assert team.head(team.central, "main") == before
    assert team.push("main:work").returncode == 0  # nobody reads the documents of this branch
    team.commit(team.papers, {"atlas/project.yaml": PROJECT, "deedbox.yaml": f"{SETTINGS}publish: {{check: all}}\n"})
    assert team.push().returncode == 0
    team.git(team.papers, "checkout", "--quiet", "-b", "next")
    team.commit(team.papers, {"atlas/project.yaml": BROKEN})
    assert team.push("next").returncode != 0
    team.assert_equal(main="main")


def test_first_push_is_checked_too_and_a_branch_may_be_deleted(team: Team) -> None:
    team.commit(team.papers, {"atlas/project.yaml": BROKEN, "deedbox.yaml": SETTINGS})
    assert team.push().returncode != 0
    assert team.git(team.central, "for-each-ref") == ""
    assert team.push("main:work").returncode == 0
    assert team.push(":work").returncode == 0


def test_failed_commit_is_recorded_blocks_nobody_and_leaves_the_last_good_publication(team: Team) -> None:
    team.commit(team.papers, {"deedbox.yaml": MORE})
    team.git(team.papers, "branch", "release/1")
    team.publish("main", "release/1")
    good = team.head(team.papers)
    bad = team.commit(team.papers, {"atlas/project.yaml": BROKEN})
    team.git(team.papers, "checkout", "--quiet", "release/1")
    team.commit(team.papers, note(1))
    team.publish("main", "release/1")
    status = team.status(team.central)
    rows = {row["ref"]: row for row in status["refs"]}
    assert (rows["main"]["state"], rows["main"]["wanted"], rows["main"]["built"]) == ("failed", bad, good)
    assert (rows["release/1"]["state"], status["exit_code"]) == ("built", 1)
    assert ("DB220", "atlas/project.yaml", 11) in {
        (one["code"], one["file"], one["line"]) for one in status["problems"]
    }
    assert team.read("main") == team.build_cleanly(team.papers, good)
    count = read_log(team.central).count(bad[:12])
    assert team.deedbox(team.central, "reconcile").returncode == 1
    assert read_log(team.central).count(bad[:12]) == count  # it would fail again: nobody tries
    team.git(team.papers, "checkout", "--quiet", "main")
    team.commit(team.papers, {"atlas/project.yaml": PROJECT})
    team.publish()
    team.assert_equal(**{"main": "main", "release~1": "release/1"})


def test_hooks_of_others_get_the_same_lines_and_may_refuse(team: Team) -> None:
    assert team.deedbox(team.central, "hooks", "uninstall", "--bare").returncode == 0
    for name, end in (("pre-receive", "! grep -q refs/heads/no seen-pre-receive"), ("post-receive", "exit 0")):
        hook = team.central / "hooks" / name
        hook.write_text(f"#!/bin/sh\ncat >>seen-{name}\n{end}\n")
        hook.chmod(0o755)
    assert team.deedbox(team.central, "hooks", "install", "--bare").returncode == 0
    team.publish()
    line = f"{'0' * 40} {team.head(team.papers)} refs/heads/main\n"
    assert (team.central / "seen-pre-receive").read_text() == line
    assert (team.central / "seen-post-receive").read_text() == line
    assert team.push("main:no").returncode != 0
    team.assert_equal(main="main")


def test_documents_go_where_the_administrator_says(team: Team) -> None:
    elsewhere = team.folder / "site"
    assert team.deedbox(team.central, "hooks", "install", "--bare", "--publish", elsewhere).returncode == 0
    team.publish()
    assert read_tree(elsewhere / "main") == team.build_cleanly(team.papers, "main")
    assert not (team.central / "publish").exists()


@pytest.mark.soak
def test_shallow_clone_pushes_and_is_published_from(team: Team) -> None:
    team.publish()
    team.commit(team.papers, note(1))
    team.publish()
    team.git(team.folder, "clone", "--quiet", "--depth", "1", f"file://{team.central}", "shallow")
    shallow = team.folder / "shallow"
    team.commit(shallow, note(2))
    assert team.try_git(shallow, "push", "--quiet").returncode == 0
    team.wait_until_quiet(team.central)
    assert team.read("main") == team.build_cleanly(team.central, "main")
    assert b"Word number 2" in team.read("main")["atlas/documents/note.html"]


def test_repository_of_somebody_else_is_told_with_what_to_do(team: Team) -> None:
    team.publish()
    strange = {"GIT_TEST_ASSUME_DIFFERENT_OWNER": "1"}
    for words in (("status",), ("reconcile",), ("hooks", "status")):
        done = team.deedbox(team.central, *words, **strange)
        assert (done.returncode, "error DB113" in done.stderr, "safe.directory" in done.stderr) == (2, True, True), (
            words
        )


def test_reconcile_takes_all_repositories_of_a_folder_and_one_that_cannot_be_used_stops_none(team: Team) -> None:
    assert team.deedbox(team.central, "hooks", "uninstall", "--bare").returncode == 0
    assert team.push().returncode == 0
    team.git(team.folder, "init", "--quiet", "--bare", "an-empty.git")
    (team.folder / "an-empty.git/config").write_text("[core]\n\tbare = nonsense\n")
    done = team.deedbox(team.folder, "reconcile", "--all", ".")
    assert done.returncode not in (0, 3), done.stderr
    assert "an-empty.git" in done.stderr
    team.assert_equal(main="main")
    assert team.deedbox(team.central, "reconcile").returncode == 0


def test_publish_folder_that_cannot_be_written_is_told_and_mended_by_the_next_look(team: Team) -> None:
    team.publish()
    before = team.read("main")
    team.commit(team.papers, note(1))
    (team.central / "publish").chmod(0o555)
    (team.central / "publish/.builds/main").chmod(0o555)
    assert team.run("git", "push", "--quiet", "origin", "main", cwd=team.papers, before=obey_modes).returncode == 0
    status = team.wait_until_quiet(team.central)
    assert (status["refs"][0]["state"], status["problems"][0]["code"]) == ("failed", "DB460")
    assert team.read("main") == before
    for name in ("publish", "publish/.builds/main"):
        (team.central / name).chmod(0o755)
    assert team.deedbox(team.central, "reconcile").returncode == 0
    team.assert_equal(main="main")


def test_folder_of_somebody_else_under_a_name_is_never_touched(team: Team) -> None:
    (team.central / "publish/main").mkdir(parents=True)
    (team.central / "publish/main/mine.txt").write_text("mine")
    team.publish()
    assert team.states(team.central) == {"main": "failed"}
    assert (team.central / "publish/main/mine.txt").read_text() == "mine"


@pytest.mark.parametrize("word", ["state.json", pytest.param("publish", marks=pytest.mark.soak)])
def test_lost_records_or_publications_are_made_again(team: Team, word: str) -> None:
    team.git(team.papers, "tag", "v1")
    team.publish("main", "v1")
    if word == "publish":
        team.run("rm", "-rf", "publish", cwd=team.central)
    else:
        (team.central / "deedbox/state.json").write_text("{")
    assert team.deedbox(team.central, "reconcile").returncode == 0
    team.assert_equal(main="main", v1="v1")


def test_readers_never_see_a_mixture_while_pushes_come(team: Team) -> None:
    team.publish()
    torn: list[str] = []
    seen: set[str] = set()
    stop = threading.Event()

    def read() -> None:
        while not stop.is_set():
            folder = Path(os.path.realpath(team.central / "publish/main"))
            try:
                manifest = read_manifest((folder / "manifest.json").read_bytes())
                for entry in manifest.files:
                    if len((folder / entry.path).read_bytes()) != entry.size:
                        torn.append(entry.path)
                    if entry.built != manifest.revision:
                        torn.append(entry.built)
                seen.add(manifest.revision)
            except FileNotFoundError:
                if folder.exists() and os.path.realpath(team.central / "publish/main") == str(folder):
                    torn.append(str(folder))
            time.sleep(0.01)

    reader = threading.Thread(target=read)
    reader.start()
    try:
        for number in range(3):
            team.commit(team.papers, note(number))
            assert team.push().returncode == 0
            if number == 1:
                team.wait_until_quiet(team.central)
        team.wait_until_quiet(team.central)
    finally:
        stop.set()
        reader.join()
    assert torn == []
    assert len(seen) >= 2
    team.assert_equal(main="main")


@pytest.mark.soak
def test_two_hundred_commits_in_a_burst_of_pushes_end_with_the_tip_published(team: Team) -> None:
    lines = []
    for number in range(200):
        text = note(number)["atlas/documents/note.md"]
        after = "from refs/heads/main^0\n" if not number else ""
        when = f"committer Ilse Brandt <ilse@example.org> {1_767_700_000 + number} +0000\n"
        lines.append(f"commit refs/heads/main\nmark :{number + 1}\n{when}data 6\nChange\n{after}")
        lines.append(f"M 100644 inline atlas/documents/note.md\ndata {len(text.encode())}\n{text}\n")
    assert team.push().returncode == 0
    (team.folder / "history").write_text("".join(lines))
    team.run("sh", "-c", "git fast-import --quiet <../history", cwd=team.papers)
    commits = team.git(team.papers, "rev-list", "--reverse", "HEAD~200..HEAD").split()
    assert len(commits) == 200
    for commit in (*commits[19::20], commits[-1]):
        assert team.push(f"{commit}:refs/heads/main").returncode == 0
    team.assert_equal(main="main")
    assert b"Word number 199" in team.read("main")["atlas/documents/note.html"]
    wait_for(lambda: not find_processes(str(team.central)))


@pytest.mark.parametrize(
    ("python", "words"),
    [
        ("/no/such/python", "deedbox: nothing is checked: there is no /no/such/python any more"),
        ("/bin/false-with-9", "deedbox: the check ended with 9 and the push goes on"),
    ],
    ids=["gone", "broken"],
)
def test_check_that_cannot_run_says_so_and_lets_the_push_through(team: Team, python: str, words: str) -> None:
    if python.endswith("9"):
        program = team.folder / "python"
        program.write_text("#!/bin/sh\ncat >/dev/null\nexit 9\n")
        program.chmod(0o755)
        python = str(program)
    for name in ("pre-receive", "post-receive"):
        hook = team.central / "hooks" / name
        lines = hook.read_text().splitlines(keepends=True)
        hook.write_text("".join(f"python='{python}'\n" if line.startswith("python=") else line for line in lines))
    done = team.push()
    assert done.returncode == 0
    assert words in done.stderr
    assert team.head(team.central, "main") == team.head(team.papers)
