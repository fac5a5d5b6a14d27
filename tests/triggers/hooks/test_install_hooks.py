"""Take repositories with and without hooks of others; install, uninstall and ask; check every byte that is touched."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from hook_world import World

NAMES = ("post-checkout", "post-commit", "post-merge", "post-rewrite")
THEIRS = b'#!/bin/sh\necho theirs "$0" "$@" >>seen\ncat >>seen\nexit 7\n'


def look(folder: Path) -> dict[str, tuple[bytes | str, int]]:
    """Return contents and mode of every hook; of a link where it leads."""
    return {
        path.name: (str(path.readlink()) if path.is_symlink() else path.read_bytes(), path.lstat().st_mode)
        for path in sorted(folder.iterdir())
    }


def install(world: World, where: Path, *words: str) -> str:
    done = world.deedbox(where, "hooks", "install", *words)
    assert done.returncode == 0, done.stderr
    return done.stderr


def test_four_hooks_come_and_go_without_a_trace(world: World) -> None:
    papers = world.make("papers")
    before = look(papers / ".git/hooks")
    assert world.deedbox(papers, "hooks", "status").returncode == 1
    install(world, papers)
    assert set(look(papers / ".git/hooks")) - set(before) == set(NAMES)
    assert world.deedbox(papers, "hooks", "status").returncode == 0
    assert world.deedbox(papers, "hooks", "uninstall").returncode == 0
    assert look(papers / ".git/hooks") == before
    assert not (papers / ".git/deedbox").exists()
    assert world.git(papers, "status", "--porcelain") == ""


def test_hooks_of_others_are_kept_and_come_back_byte_for_byte_with_their_mode(world: World) -> None:
    papers = world.make("papers")
    folder = papers / ".git/hooks"
    (folder / "post-commit").write_bytes(THEIRS)
    (folder / "post-commit").chmod(0o751)
    (folder / "post-merge").write_bytes(b"\x00\xff not even text")
    (folder / "post-merge").chmod(0o600)
    (papers / "tool").write_bytes(THEIRS)
    (folder / "post-rewrite").symlink_to("../../tool")
    before = look(folder)
    install(world, papers)
    install(world, papers)  # a second time changes nothing
    found = {name: one for name, one in look(folder).items() if name.endswith(".before-deedbox")}
    assert {name.removesuffix(".before-deedbox"): one for name, one in found.items()} == {
        name: before[name] for name in ("post-commit", "post-merge", "post-rewrite")
    }
    assert world.deedbox(papers, "hooks", "uninstall").returncode == 0
    assert look(folder) == before


def test_hook_of_somebody_else_runs_first_with_its_words_input_and_exit_code(world: World) -> None:
    papers = world.make("papers")
    for name in ("post-checkout", "post-rewrite"):
        (papers / ".git/hooks" / name).write_bytes(THEIRS)
        (papers / ".git/hooks" / name).chmod(0o755)
    install(world, papers)
    old = world.head(papers)
    world.git(papers, "commit", "--quiet", "--amend", "--message", "Other words")
    seen = (papers / "seen").read_text()
    assert "theirs .git/hooks/post-rewrite.before-deedbox amend" in seen
    assert f"{old} {world.head(papers)}" in seen
    assert world.try_git(papers, "checkout", "--quiet", "-b", "other").returncode == 1  # as without us
    world.wait_until_quiet(papers)


def test_hook_of_somebody_else_that_is_not_executable_still_does_not_run(world: World) -> None:
    papers = world.make("papers")
    (papers / ".git/hooks/post-rewrite").write_bytes(THEIRS)
    (papers / ".git/hooks/post-rewrite").chmod(0o644)
    install(world, papers)
    world.git(papers, "commit", "--quiet", "--amend", "--message", "Other words")
    assert not (papers / "seen").exists()
    world.wait_until_quiet(papers)


def test_hook_that_another_tool_put_over_ours_is_left_alone_and_said(world: World) -> None:
    papers = world.make("papers")
    hook = papers / ".git/hooks/post-commit"
    hook.write_bytes(THEIRS)
    install(world, papers)
    hook.write_bytes(b"#!/bin/sh\n# a third one\n")
    for word in ("install", "uninstall"):
        done = world.deedbox(papers, "hooks", word)
        assert (done.returncode, "warning DB455" in done.stderr) == (1, True)
        assert hook.read_bytes() == b"#!/bin/sh\n# a third one\n"
        assert (papers / ".git/hooks/post-commit.before-deedbox").read_bytes() == THEIRS


def test_local_hooks_path_below_the_work_tree_is_respected_and_said(world: World) -> None:
    papers = world.make("papers")
    world.git(papers, "config", "core.hooksPath", ".githooks")
    assert "warning DB452" in install(world, papers)
    assert {path.name for path in (papers / ".githooks").iterdir()} == set(NAMES)
    assert not (papers / ".git/hooks/post-commit").exists()
    world.commit(papers, {"atlas/documents/note.md": "# Note\n\nAnother word.\n"})
    assert world.wait_until_quiet(papers)["refs"][0]["state"] == "built"
    assert world.deedbox(papers, "hooks", "uninstall").returncode == 0
    assert list((papers / ".githooks").iterdir()) == []


def test_hooks_folder_of_all_repositories_is_not_written_to_unless_that_is_said(world: World) -> None:
    papers, other = world.make("papers"), world.make("other")
    shared = world.folder / "shared-hooks"
    shared.mkdir()
    world.git(papers, "config", "--global", "core.hooksPath", str(shared))
    done = world.deedbox(papers, "hooks", "install")
    assert (done.returncode, "error DB451" in done.stderr) == (2, True)
    assert list(shared.iterdir()) == []
    install(world, papers, "--shared")
    assert {path.name for path in shared.iterdir()} == set(NAMES)
    world.commit(other, {"atlas/documents/note.md": "# Note\n\nNo hooks were asked for here.\n"})
    world.commit(papers, {"atlas/documents/note.md": "# Note\n\nAnother word.\n"})
    assert world.wait_until_quiet(papers)["refs"][0]["state"] == "built"
    assert not (other / "build").exists()
    # Others may need them still: without the same word only this repository is left out.
    assert world.deedbox(papers, "hooks", "uninstall").returncode == 0
    assert {path.name for path in shared.iterdir()} == set(NAMES)
    assert world.deedbox(papers, "hooks", "uninstall", "--shared").returncode == 0
    assert list(shared.iterdir()) == []


def test_hooks_folder_that_is_a_link_to_elsewhere_counts_as_shared(world: World) -> None:
    papers = world.make("papers")
    elsewhere = world.folder / "elsewhere"
    (papers / ".git/hooks").rename(elsewhere)
    (papers / ".git/hooks").symlink_to(elsewhere)
    assert "error DB451" in world.deedbox(papers, "hooks", "install").stderr


def test_bare_repository_wants_the_word_and_others_refuse_it(world: World) -> None:
    papers = world.make("papers")
    world.git(world.folder, "clone", "--quiet", "--bare", papers, "central.git")
    assert "error DB453" in world.deedbox(papers, "hooks", "install", "--bare").stderr
    assert "error DB453" in world.deedbox(world.folder / "central.git", "hooks", "install").stderr


def test_status_of_hooks_is_data_too(world: World) -> None:
    papers = world.make("papers")
    install(world, papers)
    answer = json.loads(world.deedbox(papers, "hooks", "status", "--format", "json").stdout)
    assert (answer["installed"], answer["reach"], answer["bare"]) == (True, "own", False)
    assert {hook["name"]: hook["state"] for hook in answer["hooks"]} == dict.fromkeys(NAMES, "ours")


@pytest.mark.parametrize("python", ["/no/such/python", "/etc/passwd"], ids=["gone", "no program"])
def test_missing_python_is_one_line_and_no_failed_commit(world: World, python: str) -> None:
    papers = world.make("papers")
    install(world, papers)
    for name in NAMES:
        hook = papers / ".git/hooks" / name
        lines = hook.read_text().splitlines(keepends=True)
        hook.write_text("".join(f"python='{python}'\n" if line.startswith("python=") else line for line in lines))
    (papers / "more.md").write_text("more\n")
    world.git(papers, "add", "--all")
    done = world.try_git(papers, "commit", "--quiet", "--message", "More")
    assert done.returncode == 0
    assert done.stderr.splitlines() == [
        f"deedbox: nothing is built: there is no {python} any more; run: deedbox hooks install"
    ]


def test_hooks_in_the_form_of_an_earlier_deedbox_are_known_and_renewed(world: World) -> None:
    papers = world.make("papers")
    install(world, papers)
    folder = papers / ".git/hooks"
    before = look(folder)
    for name in NAMES:
        text = re.sub(r'"\$python" -.*? pipeline ', '"$python" -P -m pipeline ', (folder / name).read_text())
        assert "-P -m pipeline" in text
        (folder / name).write_text(text)
    done = world.deedbox(papers, "hooks", "status")
    assert (done.returncode, "run `deedbox hooks install` again" in done.stdout) == (1, True), done.stdout
    install(world, papers)
    assert look(folder) == before
    assert world.deedbox(papers, "hooks", "uninstall").returncode == 0
    assert set(look(folder)).isdisjoint(NAMES)
