"""Take a work tree at a glance, before and after something moved; check that nothing that Deedbox reads goes unseen."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from sources_work import Work

from pipeline.archive.stamp import Stamp, check_stamp, read_now, save_stamp
from pipeline.sources.git.repository import open_git
from pipeline.sources.snapshot import Snapshot
from pipeline.sources.stats import find_young, read_marks
from pipeline.sources.tree_marks import Glance, Sight, make_sight, take_glance
from pipeline.sources.worktree import read_worktree

CALL = ("a call",)


@pytest.fixture
def old(work: Work) -> Work:
    """A repository in which everything was written long ago, as far as its own clock tells."""
    work.write({"atlas/documents/notes.md": "# Notes\n", "atlas/empty/.keep": "", ".gitignore": "*.tmp\nignored/\n"})
    work.write({"ignored/far/x.md": "x", "atlas/images/y.tmp": "y"})
    work.commit({}, "More")
    (work.root / "atlas/empty/.keep").unlink()
    work.commit({}, "Empty folder")
    wait_for_the_clock(work.root)
    return work


def glance_at(root: Path, now: int) -> Glance | None:
    with open_git(root) as repository:
        return take_glance(repository, now)


def wait_for_the_clock(folder: Path) -> None:
    """Wait until what was written in a folder is not young any more: some hundredths of a second."""
    probe = folder.parent / "probe"
    probe.touch()
    paths = [str(path) for path in (folder, *folder.rglob("*"))]
    while find_young(read_marks(paths), read_now(str(probe))):
        pass


def write_young(work: Work) -> None:
    """Write a file that stays young for two seconds, however busy the machine: its time has no fraction."""
    probe, file = work.root.parent / "probe", work.root / "atlas/charter.md"
    probe.touch()
    work.write({"atlas/charter.md": "# Young\n"})
    now = read_now(str(probe)) // 10**9 * 10**9
    os.utime(file, ns=(now, now))


def glance(work: Work) -> tuple[Glance, Snapshot]:
    taken = glance_at(work.root, read_now(str(work.root.parent / "probe")))
    assert taken is not None
    return taken, read_worktree(work.root)


def look(work: Work) -> Sight:
    taken, snapshot = glance(work)
    sight = make_sight(taken, snapshot, (), read_now(str(work.root.parent / "probe")))
    assert sight is not None
    return sight


def stamp(work: Work) -> str:
    """Return the path of a stamp of the sources alone."""
    path = str(work.root.parent / "stamp")
    sight = look(work)
    save_stamp(path, Stamp(CALL, ("words",), list(sight.paths), sight.marks, dict(sight.young)))
    return path


def rewrite(file: Path, content: str) -> None:
    """Write other bytes of the same length, and give the file its old time back."""
    before = file.stat()
    assert len(content) == before.st_size
    file.write_text(content)
    os.utime(file, ns=(before.st_atime_ns, before.st_mtime_ns))


MOVES: dict[str, Callable[[Work], object]] = {
    "content": lambda work: work.write({"atlas/charter.md": "# Other scope\n"}),
    "content of the same size and time": lambda work: rewrite(work.root / "atlas/charter.md", "# Spoke\n"),
    "new file": lambda work: work.write({"atlas/new.md": "x"}),
    "new file in an empty folder": lambda work: work.write({"atlas/empty/new.md": "x"}),
    "new folder": lambda work: work.write({"beacon/project.yaml": "x"}),
    "file gone": lambda work: (work.root / "atlas/documents/notes.md").unlink(),
    "file renamed": lambda work: (work.root / "atlas/charter.md").rename(work.root / "atlas/chart.md"),
    "file replaced by an equal one": lambda work: replace_by_equal(work.root / "atlas/charter.md"),
    "file replaced by a link": lambda work: link(work.root / "atlas/charter.md"),
    "commit of something else": lambda work: work.commit({"README.md": "x"}),
    "empty commit": lambda work: work.git("commit", "--quiet", "--allow-empty", "--message", "nothing"),
    "amended commit": lambda work: work.git("commit", "--quiet", "--amend", "--message", "other words"),
    "packed branches and a commit": lambda work: (work.git("pack-refs", "--all"), work.commit({"README.md": "x"})),
    "other branch at the same commit": lambda work: work.git("checkout", "--quiet", "-b", "side"),
    "no branch": lambda work: work.git("checkout", "--quiet", "--detach"),
    "file no longer tracked": lambda work: work.git("rm", "--quiet", "--cached", "atlas/charter.md"),
    "own rule": lambda work: (work.root / ".git/info/exclude").write_text("atlas/documents/\n"),
    "user's rule": lambda work: (
        Path(os.environ["XDG_CONFIG_HOME"], "git").mkdir(parents=True)
        or Path(os.environ["XDG_CONFIG_HOME"], "git/ignore").write_text("*.png\n")
    ),
    "user's settings": lambda work: Path(os.environ["HOME"], ".gitconfig").write_text("[core]\n\tautocrlf = true\n"),
    "settings of the repository": lambda work: work.git("config", "core.autocrlf", "true"),
}


def replace_by_equal(file: Path) -> None:
    other = file.with_name("other")
    other.write_bytes(file.read_bytes())
    other.replace(file)


def link(file: Path) -> None:
    file.unlink()
    file.symlink_to("documents/notes.md")


@pytest.mark.parametrize("name", MOVES)
def test_stamp_does_not_hold_after_a_move(old: Work, name: str) -> None:
    path = stamp(old)
    assert check_stamp(path, CALL) is not None
    MOVES[name](old)
    assert check_stamp(path, CALL) is None


STAYS: dict[str, Callable[[Work], object]] = {
    "nothing": lambda work: None,
    "a look by Git": lambda work: work.git("status"),
    "what Git ignores": lambda work: work.write({"ignored/far/z.md": "z", "ignored/w.md": "w"}),
    "change of an ignored file": lambda work: work.write({"atlas/images/y.tmp": "other"}),
    "another branch elsewhere": lambda work: work.git("branch", "aside"),
    "another call": lambda work: None,
}


@pytest.mark.parametrize("name", [name for name in STAYS if name != "another call"])
def test_stamp_holds_as_long_as_nothing_moves(old: Work, name: str) -> None:
    path = stamp(old)
    STAYS[name](old)
    assert check_stamp(path, CALL) is not None


def test_stamp_is_that_of_one_call(old: Work) -> None:
    assert check_stamp(stamp(old), ("another",)) is None


DURING: dict[str, Callable[[Work], object]] = {
    "content": lambda work: work.write({"atlas/charter.md": "# Other scope\n"}),
    "content of the same size and time": lambda work: rewrite(work.root / "atlas/charter.md", "# Spoke\n"),
    "new file": lambda work: work.write({"atlas/new.md": "x"}),
    "file gone": lambda work: (work.root / "atlas/documents/notes.md").unlink(),
    "commit": lambda work: work.commit({"README.md": "x"}),
}


@pytest.mark.parametrize("name", DURING)
def test_what_moves_during_a_build_leaves_no_stamp(old: Work, name: str) -> None:
    taken, snapshot = glance(old)
    DURING[name](old)
    assert make_sight(taken, snapshot, (), read_now(str(old.root.parent / "probe"))) is None


@pytest.mark.parametrize("name", DURING)
def test_what_moves_between_glance_and_reading_leaves_no_false_stamp(old: Work, name: str) -> None:
    taken, _ = glance(old)
    DURING[name](old)
    snapshot = read_worktree(old.root)
    sight = make_sight(taken, snapshot, (), read_now(str(old.root.parent / "probe")))
    if sight is not None:  # then what was read is what lies there
        assert snapshot.read("atlas/charter.md") == (old.root / "atlas/charter.md").read_bytes()
        assert "atlas/new.md" not in snapshot


def test_file_touched_during_a_build_is_read_again_and_found_equal(old: Work) -> None:
    taken, snapshot = glance(old)
    old.write({"atlas/charter.md": "# Scope\n"})
    assert make_sight(taken, snapshot, (), read_now(str(old.root.parent / "probe"))) is not None


def test_folder_that_the_build_made_is_no_move(old: Work) -> None:
    taken, snapshot = glance(old)
    (old.root / "made").mkdir()
    now = read_now(str(old.root.parent / "probe"))
    assert make_sight(taken, snapshot, (old.root / "made",), now) is not None
    assert make_sight(taken, snapshot, (), now) is None


def test_young_file_is_compared_by_content(work: Work) -> None:
    write_young(work)
    sight = look(work)
    names = {Path(sight.paths[at]).name for at in sight.young}
    assert "charter.md" in names
    path = stamp(work)
    os.utime(work.root / "atlas/charter.md")
    assert check_stamp(path, CALL) is None


def test_digests_of_what_is_young_no_more_are_dropped(work: Work) -> None:
    write_young(work)
    path = stamp(work)
    wait_for_the_clock(work.root)
    settled = check_stamp(path, CALL)
    assert settled is not None and settled.young
    again = check_stamp(path, CALL)
    assert again is not None and not again.young


def test_everything_is_doubted_where_the_clock_is_not_known(old: Work) -> None:
    taken = glance_at(old.root, 0)
    snapshot = read_worktree(old.root)
    assert taken is not None
    now = read_now(str(old.root.parent / "probe"))
    assert make_sight(taken, snapshot, (), now) is not None
    rewrite(old.root / "atlas/charter.md", "# Spoke\n")
    assert make_sight(taken, snapshot, (), now) is None


def test_work_tree_of_its_own_knows_its_branch(old: Work, tmp_path: Path) -> None:
    old.git("worktree", "add", "--quiet", str(tmp_path / "second"), "-b", "second")
    second = Work(tmp_path / "second", commits=5)
    wait_for_the_clock(second.root)
    path = stamp(second)
    assert check_stamp(path, CALL) is not None
    second.commit({"README.md": "x"})
    assert check_stamp(path, CALL) is None


def test_rules_above_the_project_count(old: Work) -> None:
    inner = Work(old.root / "inner")
    inner.root.mkdir()
    inner.write({"deedbox.yaml": "schema_version: 1\nname: x\n"})
    old.commit({}, "Inner")
    wait_for_the_clock(old.root)
    path = stamp_of_folder(old, inner)
    old.write({".gitignore": "*.md\n"})
    assert check_stamp(path, CALL) is None


def stamp_of_folder(outer: Work, inner: Work) -> str:
    probe = str(outer.root.parent / "probe")
    taken, snapshot = glance_at(inner.root, read_now(probe)), read_worktree(inner.root)
    assert taken is not None
    sight = make_sight(taken, snapshot, (), read_now(probe))
    assert sight is not None
    path = str(outer.root.parent / "inner-stamp")
    save_stamp(path, Stamp(CALL, ("words",), list(sight.paths), sight.marks, dict(sight.young)))
    assert check_stamp(path, CALL) is not None
    return path


@pytest.mark.parametrize("damage", [b"", b"deedbox stamp 1\n", b"x" * 200], ids=["empty", "cut", "nonsense"])
def test_spoilt_stamp_is_none(old: Work, damage: bytes) -> None:
    path = Path(stamp(old))
    path.write_bytes(damage)
    assert check_stamp(str(path), CALL) is None


def test_stamp_with_one_wrong_bit_is_none(old: Work) -> None:
    path = Path(stamp(old))
    data = bytearray(path.read_bytes())
    for at in range(16, len(data), len(data) // 40):
        spoilt = bytearray(data)
        spoilt[at] ^= 1
        path.write_bytes(spoilt)
        assert check_stamp(str(path), CALL) is None


def test_bare_repository_has_no_glance(old: Work, tmp_path: Path) -> None:
    old.git("clone", "--quiet", "--bare", str(old.root), str(tmp_path / "bare"))
    assert glance_at(tmp_path / "bare", 1) is None
