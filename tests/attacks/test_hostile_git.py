"""Take repositories whose Git folder a stranger wrote; run commands on them; see that nothing runs, hangs or swells."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

import pytest
from copied_repository import Copied

from pipeline.problems import SOURCES_WRONG, USAGE, Stop
from pipeline.sources.commit import read_commit
from pipeline.sources.git.repository import list_paths, open_git
from pipeline.sources.worktree import read_worktree

LFS = "version https://git-lfs.github.com/spec/v1\noid sha256:{}\nsize {}\n"


@pytest.fixture
def copied(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, pytestconfig: pytest.Config) -> Copied:
    """A repository with one commit; the user's settings are those of its own home."""
    cache = os.environ.get("DEEDBOX_CACHE") or str(pytestconfig.cache.mkdir("deedbox"))  # type: ignore[union-attr]
    made = Copied(tmp_path)
    made.environment["DEEDBOX_CACHE"] = cache
    monkeypatch.setenv("HOME", made.environment["HOME"])
    monkeypatch.delenv("XDG_CONFIG_HOME", raising=False)
    return made


PROGRAMS = (
    "core.fsmonitor", "core.editor", "core.pager", "core.sshCommand", "core.askPass", "core.alternateRefsCommand",
    "core.gitProxy", "credential.helper", "diff.external", "diff.trap.command", "diff.trap.textconv", "gpg.program",
    "gpg.ssh.program", "gpg.ssh.defaultKeyCommand", "interactive.diffFilter", "pager.log", "pager.status",
    "uploadpack.packObjectsHook", "filter.trap.clean", "filter.trap.smudge", "filter.trap.process",
    "filter.lfs.clean", "filter.lfs.process", "filter..clean", "merge.trap.driver", "trailer.see.command",
    "remote.origin.uploadpack", "remote.origin.vcs", "sequence.editor",
)  # fmt: skip
ALIASES = ("status", "log", "rev-parse", "cat-file", "ls-tree")


def lay_traps(copied: Copied) -> None:
    """Name a program wherever Git's settings can, and make its hooks and attributes use it."""
    copied.write({".gitattributes": "*.md filter=trap diff=trap\n*.yaml filter=lfs diff=trap\npeople.yaml filter=\n"})
    copied.commit()
    for name in PROGRAMS:
        copied.git("config", name, copied.trap)
    for name in ALIASES:
        copied.git("config", f"alias.{name}", f"!{copied.trap}")
    copied.git("config", "filter.trap.required", "true")
    (copied.root / ".git/info").mkdir(exist_ok=True)
    (copied.root / ".git/info/attributes").write_text("*.md filter=trap\n")
    hooks = copied.root / ".git/hooks"
    hooks.mkdir(exist_ok=True)
    for name in ("post-index-change", "reference-transaction", "pre-commit", "post-checkout", "fsmonitor-watchman"):
        (hooks / name).write_bytes(Path(copied.trap).read_bytes())
        (hooks / name).chmod(0o755)
    copied.touch()


def test_settings_of_a_copied_repository_run_nothing(copied: Copied) -> None:
    lay_traps(copied)
    for words in (["check"], ["status"], ["figures", "atlas"], ["build"], ["history", "atlas/documents/note"]):
        code, said = copied.deedbox(*words)
        assert code != 3, said
        assert not copied.ran.exists(), (words, copied.ran.read_text())


def test_settings_of_a_copied_repository_run_nothing_when_a_tag_is_signed_or_checked(copied: Copied) -> None:
    lay_traps(copied)
    copied.git("config", "user.signingKey", "nobody@example.org")
    copied.deedbox("baseline", "create", "atlas/B1", "-m", "First")
    tag = "tree 0\n"
    head = copied.git("rev-parse", "HEAD")
    signed = f"object {head}\ntype commit\ntag baseline/atlas/B2\ntagger I <i@example.org> 1 +0000\n\nx\n{tag}"
    signed += "-----BEGIN PGP SIGNATURE-----\n\nxx\n-----END PGP SIGNATURE-----\n"
    sha = copied.git("hash-object", "-t", "tag", "-w", "--stdin", "--literally", data=signed.encode())
    copied.git("update-ref", "refs/tags/baseline/atlas/B2", sha)
    copied.ran.unlink(missing_ok=True)  # that was Git itself, as a person runs it
    copied.deedbox("baseline", "verify", "atlas/B2")
    copied.deedbox("baseline", "create", "atlas/B3", "-m", "Third")
    assert not copied.ran.exists(), copied.ran.read_text()


def test_program_of_the_user_may_sign_and_that_of_the_repository_may_not(copied: Copied) -> None:
    mine = copied.folder / "mine"
    mine.write_text(f'#!/bin/sh\necho mine >>"{copied.folder}/signed"\nexit 1\n')
    mine.chmod(0o755)
    copied.git("config", "--global", "gpg.program", str(mine))
    copied.git("config", "--global", "user.signingKey", "nobody@example.org")
    copied.git("config", "gpg.program", copied.trap)
    code, said = copied.deedbox("baseline", "create", "atlas/B1", "-m", "First")
    assert (code, "DB484" in said) == (SOURCES_WRONG, True), said
    assert (copied.folder / "signed").read_text() == "mine\n"
    assert not copied.ran.exists()


def test_filter_of_the_user_does_not_run_and_files_are_compared_all_the_same(copied: Copied) -> None:
    content = b"\x89PNG" * 500
    pointer = LFS.format(hashlib.sha256(content).hexdigest(), len(content))
    copied.write({".gitattributes": "*.png filter=lfs -text\n", "atlas/images/plan.png": pointer})
    copied.commit()
    for part in ("clean", "smudge", "process"):
        copied.git("config", "--global", f"filter.lfs.{part}", copied.trap)
    copied.git("config", "--global", "filter.lfs.required", "true")
    copied.write({"atlas/images/plan.png": content})
    assert not read_worktree(copied.root).dirty
    copied.write({"atlas/images/plan.png": content[:-1] + b"x"})
    assert read_worktree(copied.root).dirty_paths == {"atlas/images/plan.png"}
    assert not copied.ran.exists()


def test_conversions_that_git_does_itself_still_count(copied: Copied) -> None:
    rules = "*.txt eol=crlf\n*.id ident\n*.u16 working-tree-encoding=UTF-16LE\n"
    files = {"a.txt": "one\r\ntwo\r\n", "b.id": "$Id: 0123 $\n", "c.u16": "één\n".encode("utf-16-le")}
    copied.git("config", "core.autocrlf", "true")
    copied.write({".gitattributes": rules, **files, "d.md": "one\r\ntwo\r\n"})
    copied.commit()
    assert copied.git("cat-file", "-s", "HEAD:d.md") == "8"
    copied.touch()
    assert not read_worktree(copied.root).dirty
    copied.write({"c.u16": "een\n".encode("utf-16-le"), "b.id": "$Id$\nmore\n"})
    assert read_worktree(copied.root).dirty_paths == {"b.id", "c.u16"}


@pytest.mark.parametrize("key", ["include.path", "includeIf.gitdir:/.path"])
@pytest.mark.parametrize("place", ["pipe", "/dev/zero", "/dev/stdin"])
def test_settings_that_never_end_are_not_read(copied: Copied, key: str, place: str) -> None:
    if place == "pipe":
        os.mkfifo(copied.folder / "pipe")
    copied.git("config", key, str(copied.folder / place))
    assert refusal(copied.root) == (USAGE, "DB122")


def refusal(root: Path) -> tuple[int, str]:
    """Return exit code and code of the problem with which a repository is refused."""
    with pytest.raises(Stop) as stop:
        read_worktree(root)
    return stop.value.exit_code, stop.value.problems[0].code


def test_settings_that_others_include_are_followed_to_the_end(copied: Copied) -> None:
    os.mkfifo(copied.root / ".git/pipe")
    (copied.root / ".git/one").write_text("[include]\n\tpath = two\n")
    (copied.root / ".git/two").write_text("[INCLUDE]\n\tpath = pipe\n")
    copied.git("config", "include.path", "one")
    code, said = copied.deedbox("check")
    assert (code, "error DB122" in said) == (USAGE, True), said


def test_settings_in_the_work_tree_may_be_included_and_run_nothing(copied: Copied) -> None:
    copied.write({"team.gitconfig": f'[filter "trap"]\n\tclean = {copied.trap}\n', ".gitattributes": "* filter=trap\n"})
    copied.commit()
    copied.git("config", "include.path", "../team.gitconfig")
    copied.touch()
    assert copied.deedbox("check")[0] == 0
    assert not copied.ran.exists()


@pytest.mark.parametrize(
    "name",
    ["HEAD", "config", "config.worktree", "commondir", "index", "packed-refs", "refs/heads/main", "info/exclude",
     "info/attributes", "objects/info/alternates", "shallow", "refs/tags/v1", "objects/pack/pack-1.idx",
     "../.gitignore", "../.gitattributes", "../.mailmap"],
)  # fmt: skip
def test_pipe_in_the_git_folder_makes_nobody_wait(copied: Copied, name: str) -> None:
    pipe = copied.root / ".git" / name
    pipe.unlink(missing_ok=True)
    pipe.parent.mkdir(exist_ok=True)
    os.mkfifo(pipe)
    assert refusal(copied.root) == (USAGE, "DB122")


@pytest.mark.parametrize("key", ["core.excludesFile", "core.attributesFile", "mailmap.file", "diff.orderFile"])
@pytest.mark.parametrize("place", ["pipe", "/dev/zero"])
def test_other_files_that_settings_name_have_an_end(copied: Copied, key: str, place: str) -> None:
    if place == "pipe":
        os.mkfifo(copied.folder / "pipe")
    copied.git("config", key, str(copied.folder / place))
    copied.touch()
    snapshot = read_worktree(copied.root)
    assert not snapshot.dirty
    assert len(snapshot.changes()["atlas/documents/note.md"]) == 1


def test_extension_that_nobody_knows_is_said(copied: Copied) -> None:
    copied.git("config", "core.repositoryFormatVersion", "1")
    copied.git("config", "extensions.trap", copied.trap)
    assert refusal(copied.root) == (SOURCES_WRONG, "DB114")


def test_settings_that_move_the_work_tree_are_said(copied: Copied) -> None:
    for setting in (("core.bare", "true"), ("core.worktree", str(copied.folder / "home"))):
        copied.git("config", *setting)
        assert refusal(copied.root) == (USAGE, "DB122")
        (copied.root / ".git/config").write_text("[core]\n\trepositoryformatversion = 0\n")
    assert not read_worktree(copied.root).dirty


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a folder to somebody else")
def test_owner_comes_before_settings(copied: Copied) -> None:
    os.mkfifo(copied.folder / "pipe")
    copied.git("config", "include.path", str(copied.folder / "pipe"))
    for path in (copied.root, copied.root / ".git"):
        os.chown(path, 12345, 12345)
    assert refusal(copied.root) == (USAGE, "DB113")


def test_objects_that_are_not_here_are_fetched_from_nowhere(copied: Copied) -> None:
    lost = copied.git("rev-parse", "HEAD:atlas/documents/note.md")
    (copied.root / ".git/objects" / lost[:2] / lost[2:]).unlink()
    for setting in (
        ("core.repositoryFormatVersion", "1"), ("extensions.partialClone", "origin"), ("protocol.ext.allow", "always"),
        ("remote.origin.promisor", "true"), ("remote.origin.url", f"ext::{copied.trap}"),
    ):  # fmt: skip
        copied.git("config", *setting)
    code, said = copied.deedbox("check")
    assert (code, "DB120" in said or "DB114" in said) in ((4, True), (1, True)), said
    assert not copied.ran.exists()


def test_grafts_and_replacements_do_not_change_history(copied: Copied) -> None:
    first = copied.git("rev-parse", "HEAD")
    copied.write({"atlas/documents/note.md": "# Note\n\nSecond word.\n"})
    second = copied.commit()
    other = copied.git("commit-tree", f"{first}^{{tree}}", "-m", "Forged")
    copied.git("replace", second, other)
    (copied.root / ".git/info").mkdir(exist_ok=True)
    (copied.root / ".git/info/grafts").write_text(f"{second}\n")
    snapshot = read_commit(copied.root, "HEAD")
    assert b"Second" in snapshot.read("atlas/documents/note.md")
    assert [one.id for one in snapshot.changes()["atlas/documents/note.md"]] == [second, first]


def test_program_beside_the_sources_is_not_taken_for_git(copied: Copied) -> None:
    for name in ("git", "ssh-keygen", "gpg"):
        copied.write({name: Path(copied.trap).read_text()})
        (copied.root / name).chmod(0o755)
    copied.commit()
    for path in (".", "", "./atlas"):
        assert copied.deedbox("check", PATH=f"{path}{os.pathsep}{os.environ['PATH']}")[0] == 0
    assert not copied.ran.exists()


def test_variables_around_us_name_nothing_that_git_runs(copied: Copied) -> None:
    trap = copied.trap
    hostile = {
        "GIT_EXEC_PATH": str(copied.folder), "GIT_TEMPLATE_DIR": str(copied.folder), "GIT_PAGER": trap,
        "GIT_EXTERNAL_DIFF": trap, "GIT_EDITOR": trap, "GIT_SSH_COMMAND": trap, "GIT_ASKPASS": trap,
        "GIT_TRACE": str(copied.ran), "GIT_TRACE2_EVENT": str(copied.ran), "GIT_DIR": str(copied.folder / "nowhere"),
        "GIT_WORK_TREE": str(copied.folder), "GIT_INDEX_FILE": str(copied.ran), "GIT_NAMESPACE": "x",
        "GIT_CONFIG_PARAMETERS": f"'core.fsmonitor={trap}'", "GIT_PYTHON_GIT_EXECUTABLE": trap,
        "LD_PRELOAD_UNUSED": trap,
    }  # fmt: skip
    code, said = copied.deedbox("check", **hostile)
    assert code == 0, said
    assert not copied.ran.exists(), copied.ran.read_text()


def make_bomb(copied: Copied) -> str:
    """Commit a tree of a kilobyte that stands for 30^6 files; return the commit."""
    blob = copied.git("hash-object", "-w", "--stdin", data=b"x")
    tree, kind = blob, "100644 blob"
    for _ in range(6):
        lines = "".join(f"{kind} {tree}\t{number}\n" for number in range(30))
        tree, kind = copied.git("mktree", data=lines.encode()), "040000 tree"
    top = copied.git("ls-tree", "HEAD") + f"\n040000 tree {tree}\tbomb\n"
    return copied.git("commit-tree", copied.git("mktree", data=top.encode()), "-p", "HEAD", "-m", "Bomb")


def test_tree_of_a_kilobyte_with_a_billion_files_is_a_problem(copied: Copied) -> None:
    bomb = make_bomb(copied)
    copied.git("tag", "boom", bomb)
    with pytest.raises(Stop) as stop, open_git(copied.root) as folder:
        list_paths(folder, bomb)
    assert (stop.value.exit_code, stop.value.problems[0].code) == (SOURCES_WRONG, "DB124")
    assert bomb[:12] in stop.value.problems[0].message
    code, said = copied.deedbox("check", "--rev", "boom")
    assert (code, "DB124" in said, "`boom`" in said) == (SOURCES_WRONG, True, True), said


@pytest.mark.soak
def test_such_a_tree_in_the_past_is_a_problem_within_bounds(copied: Copied) -> None:
    bomb = make_bomb(copied)
    after = copied.git("commit-tree", "HEAD^{tree}", "-p", bomb, "-m", "Away with it")
    copied.git("update-ref", "HEAD", after)
    code, said = copied.deedbox("build", DEEDBOX_LIMITS="memory=150")
    assert (code, "DB123" in said) == (SOURCES_WRONG, True), said


def test_tag_with_a_huge_message_is_a_problem_within_bounds(copied: Copied) -> None:
    head = copied.git("rev-parse", "HEAD")
    lines = f"object {head}\ntype commit\ntag baseline/atlas/B1\ntagger I <i@example.org> 1 +0000\n\n"
    huge = lines.encode() + b"x" * 120_000_000
    sha = copied.git("hash-object", "-t", "tag", "-w", "--stdin", data=huge)
    del huge
    copied.git("update-ref", "refs/tags/baseline/atlas/B1", sha)
    code, said = copied.deedbox("baseline", "list", "atlas", DEEDBOX_LIMITS="memory=64")
    assert (code, "DB123" in said) == (SOURCES_WRONG, True), said


@pytest.mark.parametrize("kind", ["worktree", "submodule", "bare", "shallow", "separate"])
def test_usual_repositories_are_read_as_before(copied: Copied, kind: str) -> None:
    target = copied.folder / kind
    allowed = ("-c", "protocol.file.allow=always")
    if kind == "worktree":
        copied.git("worktree", "add", "--quiet", "-b", "side", str(target))
    elif kind == "submodule":
        outer = copied.folder / "outer"
        copied.run("git", "init", "--quiet", str(outer))
        copied.run("git", *allowed, "submodule", "--quiet", "add", str(copied.root), "inner", cwd=outer)
        target = outer / "inner"
    elif kind == "separate":
        copied.git("clone", "--quiet", f"--separate-git-dir={copied.folder / 'apart'}", ".", str(target))
    else:
        more = {"bare": ["--bare"], "shallow": ["--depth=1"]}[kind]
        copied.git("clone", "--quiet", *more, f"file://{copied.root}", str(target))
    if kind == "bare":
        assert "atlas/project.yaml" in read_commit(target, "HEAD")
    else:
        assert not read_worktree(target).dirty
