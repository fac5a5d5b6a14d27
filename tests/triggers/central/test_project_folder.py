"""Take repositories whose project lies in a folder of them; push; check which folder is checked and published."""

from __future__ import annotations

from pathlib import Path

import pytest
from central_world import UNCHECKED, Team
from hook_world import BROKEN, FILES, SETTINGS, note

from pipeline.problems import Stop
from pipeline.sources.git.repository import open_git
from pipeline.triggers.hooks.inside import find_inside

OUTSIDE = ("../papers", "/srv/papers", "papers/../..", ".git", "a//b", "a\nb", "./a", "/")


@pytest.fixture
def team(tmp_path: Path) -> Team:
    """A team whose repository holds more than papers."""
    team = Team(tmp_path)
    for path in [*FILES, "deedbox.yaml"]:
        (team.papers / path).unlink(missing_ok=True)
    team.commit(team.papers, {"README.md": "# Harbour\n", "src/main.c": "int main;\n", **move("papers")})
    team.git(team.papers, "checkout", "--quiet", "--orphan", "fresh")
    team.commit(team.papers, {})
    team.git(team.papers, "branch", "--force", "main")
    team.git(team.papers, "checkout", "--quiet", "main")
    return team


def move(folder: str, settings: str = SETTINGS) -> dict[str, str]:
    """Return a project repository's files in a folder."""
    return {f"{folder}/{path}": text for path, text in {**FILES, "deedbox.yaml": settings}.items()}


def test_project_below_the_top_is_published_and_told(team: Team) -> None:
    team.git(team.papers, "tag", "v1")
    team.publish("main", "v1")
    commit = team.commit(team.papers, {f"papers/{path}": text for path, text in note(2).items()})
    team.publish()
    status = team.wait_until_quiet(team.central)
    assert (status["exit_code"], status["folder"]) == (0, "papers")
    assert {row["ref"]: row["state"] for row in status["refs"]} == {"main": "built", "tag v1": "built"}
    assert team.read("main") == team.build_cleanly(team.papers / "papers", commit)
    assert team.read("v1") == team.build_cleanly(team.papers / "papers", "v1")
    said = team.deedbox(team.central, "status").stderr
    assert "the project repository is the folder papers/ of each commit" in said
    assert not (team.central / "papers").exists()


def test_commands_that_are_told_a_commit_find_the_folder_in_a_bare_repository_too(team: Team) -> None:
    team.push()
    words = ("--rev", "main", "-q", "-o", str(team.folder / "by-hand"))
    assert team.deedbox(team.central, "build", *words).returncode == 0
    made = (team.folder / "by-hand" / "atlas" / "documents" / "note.html").read_bytes()
    assert made == team.build_cleanly(team.papers / "papers", "main")["atlas/documents/note.html"]
    for command in (("check",), ("history", "atlas/documents/note"), ("why", "atlas/documents/note")):
        assert team.deedbox(team.central, *command, "--rev", "main").returncode == 0, command
    unknown = team.deedbox(team.central, "check", "--rev", "nowhere")
    assert (unknown.returncode, "DB104" in unknown.stderr) == (2, True)


def test_push_with_wrong_sources_below_the_top_is_refused_at_their_place(team: Team) -> None:
    team.publish()
    team.commit(team.papers, {"papers/atlas/project.yaml": BROKEN})
    done = team.push()
    assert done.returncode != 0
    assert "remote: papers/atlas/project.yaml:" in done.stderr
    assert "DB220" in done.stderr


def test_settings_at_the_top_go_before_those_below(team: Team) -> None:
    commit = team.commit(team.papers, {**FILES, "deedbox.yaml": UNCHECKED, "papers/atlas/project.yaml": BROKEN})
    team.publish()
    assert team.status(team.central)["folder"] == ""
    assert team.read("main") == team.build_cleanly(team.papers, commit)


def test_several_folders_are_refused_until_the_server_names_one(team: Team) -> None:
    team.commit(team.papers, move("minutes"))
    done = team.push()
    assert done.returncode != 0
    assert "DB469" in done.stderr
    assert "`minutes/deedbox.yaml`, `papers/deedbox.yaml`" in done.stderr
    assert "hooks install --bare --folder 'minutes'" in done.stderr
    assert team.deedbox(team.central, "hooks", "install", "--bare", "--folder", "papers/").returncode == 0
    team.publish()
    assert team.status(team.central)["folder"] == "papers"
    assert team.read("main") == team.build_cleanly(team.papers / "papers", "main")
    team.git(team.papers, "rm", "-r", "--quiet", "papers")
    team.commit(team.papers, {})
    assert "has no file `papers/deedbox.yaml`" in team.push().stderr
    assert team.deedbox(team.central, "hooks", "install", "--bare", "--folder", "").returncode == 0
    team.publish()
    assert team.status(team.central)["folder"] == "minutes"


def test_another_choice_builds_what_has_failed_before_it(team: Team) -> None:
    (team.central / "hooks/pre-receive").unlink()
    team.commit(team.papers, move("minutes"))
    assert team.push().returncode == 0
    assert team.wait_until_quiet(team.central)["refs"][0]["state"] == "failed"
    assert [one["code"] for one in team.status(team.central)["problems"]] == ["DB469"]
    for folder, code in ((".", 1), ("nothing", 1), ("minutes", 0)):
        assert team.deedbox(team.central, "hooks", "install", "--bare", "--folder", folder).returncode == 0
        assert team.deedbox(team.central, "reconcile").returncode == code
    assert team.read("main") == team.build_cleanly(team.papers / "minutes", "main")


def test_second_folder_that_comes_later_changes_nothing(team: Team) -> None:
    team.publish()
    commit = team.commit(team.papers, move("minutes"))
    team.publish()
    assert team.status(team.central)["folder"] == "papers"
    assert team.read("main") == team.build_cleanly(team.papers / "papers", commit)


def test_what_is_older_than_a_move_is_built_where_it_was(team: Team) -> None:
    team.git(team.papers, "tag", "old")
    team.git(team.papers, "mv", "papers", "documents")
    team.commit(team.papers, {})
    team.publish("main", "old")
    assert team.status(team.central)["folder"] == "documents"
    assert team.read("main") == team.build_cleanly(team.papers / "documents", "main")
    team.git(team.papers, "checkout", "--quiet", "--detach", "old")
    assert team.read("old") == team.build_cleanly(team.papers / "papers", "old")


@pytest.mark.parametrize("folder", OUTSIDE)
def test_choice_outside_the_commits_is_refused(team: Team, folder: str) -> None:
    done = team.deedbox(team.central, "hooks", "install", "--bare", "--folder", folder)
    assert (done.returncode, "DB469" in done.stderr) == (2, True), done.stderr


def test_folders_with_names_of_git_itself_touch_nothing_of_it(team: Team) -> None:
    for name in ("refs", "hooks"):
        before = sorted(path.name for path in (team.central / name).iterdir())
        team.git(team.papers, "mv", "papers" if (team.papers / "papers").is_dir() else "refs", name)
        commit = team.commit(team.papers, {})
        team.publish()
        assert team.status(team.central)["folder"] == name
        assert team.read("main") == team.build_cleanly(team.papers / name, commit)
        assert before == sorted(path.name for path in (team.central / name).iterdir())


@pytest.mark.parametrize("name", ["..", ".git", "a\\b", "a\x1bb"])
def test_names_that_a_pusher_has_forged_are_passed_over(team: Team, name: str) -> None:
    blob = team.git(team.papers, "rev-parse", "main:papers/deedbox.yaml")
    tree = make_tree(team, f"100644 blob {blob}\tdeedbox.yaml")
    top = make_tree(team, f"040000 tree {tree}\t{name}")
    with open_git(team.papers) as folder:
        assert find_inside(folder, top, "", None) == ""
        top = make_tree(team, f"040000 tree {tree}\t{name}", f"040000 tree {tree}\tpapers")
        assert find_inside(folder, top, "", None) == "papers/"


def make_tree(team: Team, *lines: str) -> str:
    """Return a tree of these lines, as somebody makes it who does not use Git's own commands."""
    raw = b""
    for line in sorted(lines, key=lambda line: line.partition("\t")[2]):
        facts, _, name = line.partition("\t")
        mode, _, sha = facts.split()
        raw += f"{mode.lstrip('0')} {name}\0".encode() + bytes.fromhex(sha)
    file = team.folder / "tree"
    file.write_bytes(raw)
    return team.git(team.papers, "hash-object", "-t", "tree", "-w", "--literally", file)


def test_symbolic_link_is_no_settings(team: Team) -> None:
    (team.papers / "other").mkdir()
    (team.papers / "other/deedbox.yaml").symlink_to("../papers/deedbox.yaml")
    commit = team.commit(team.papers, {})
    with open_git(team.papers) as folder:
        assert find_inside(folder, commit, "", None) == "papers/"


def test_folder_within_a_project_folder_is_no_choice(team: Team) -> None:
    commit = team.commit(team.papers, {**move("papers/templates/starter"), **move("papers-old")})
    with open_git(team.papers) as folder, pytest.raises(Stop) as stop:
        find_inside(folder, commit, "", None)
    assert "starter" not in str(stop.value)
