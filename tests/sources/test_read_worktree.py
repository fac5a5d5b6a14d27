"""Take real work trees, clean and dirty; read them; hold dirty ones to the disk, clean ones to the commit."""

from __future__ import annotations

import os
import threading
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sources_work import SETTINGS, Work

from pipeline.problems import USAGE, Stop
from pipeline.sources import disk, limits, worktree
from pipeline.sources.commit import read_commit
from pipeline.sources.worktree import read_worktree


def test_clean_work_tree_is_the_snapshot_of_the_commit(work: Work) -> None:
    snapshot, commit = read_worktree(work.root), read_commit(work.root, "HEAD")
    assert not snapshot.dirty
    assert (snapshot.revision, snapshot.time, snapshot.files.keys()) == (
        commit.revision,
        commit.time,
        commit.files.keys(),
    )
    assert snapshot.read("atlas/charter.md") == b"# Scope\n"


def test_clean_work_tree_gives_the_committed_line_ends_and_not_those_on_disk(work: Work) -> None:
    work.git("config", "core.autocrlf", "true")
    (work.root / "atlas" / "charter.md").unlink()
    work.git("checkout", "--", "atlas/charter.md")
    assert (work.root / "atlas" / "charter.md").read_bytes() == b"# Scope\r\n"
    assert read_worktree(work.root).read("atlas/charter.md") == b"# Scope\n"


def test_touched_file_with_the_same_content_is_not_dirty(work: Work) -> None:
    os.utime(work.root / "deedbox.yaml", (1, 1))
    assert not read_worktree(work.root).dirty


def test_changed_file_makes_the_snapshot_dirty_and_is_read_from_disk(work: Work) -> None:
    work.write({"atlas/charter.md": "# Scope, changed\n"})
    snapshot = read_worktree(work.root)
    assert snapshot.dirty
    assert snapshot.dirty_paths == {"atlas/charter.md"}
    assert snapshot.read("atlas/charter.md") == b"# Scope, changed\n"
    assert snapshot.revision == work.git("rev-parse", "HEAD")
    assert snapshot.time == datetime(2026, 1, 5, 8, tzinfo=UTC)
    assert [commit.subject for commit in snapshot.changes()["atlas/charter.md"]] == ["Begin"]


def test_staged_change_is_dirty(work: Work) -> None:
    work.write({"atlas/charter.md": "# Staged\n"})
    work.git("add", "--all")
    assert read_worktree(work.root).dirty_paths == {"atlas/charter.md"}


def test_unchanged_file_has_the_same_id_in_work_tree_and_commit(work: Work) -> None:
    work.write({"new.md": "x"})
    snapshot, commit = read_worktree(work.root), read_commit(work.root, "HEAD")
    assert snapshot.files["atlas/charter.md"].id == commit.files["atlas/charter.md"].id


def test_untracked_file_is_read_and_ignored_one_is_not(work: Work) -> None:
    work.commit({".gitignore": "*.tmp\n"})
    work.write({"new.md": "new", "~lock.tmp": "x"})
    work.git("config", "status.showUntrackedFiles", "no")
    snapshot = read_worktree(work.root)
    assert snapshot.dirty_paths == {"new.md"}
    assert snapshot.read("new.md") == b"new"
    assert "~lock.tmp" not in snapshot


def test_output_folder_is_neither_dirty_nor_a_source(work: Work) -> None:
    work.write({"build/charter.docx": "x"})
    assert not read_worktree(work.root).dirty
    work.write({"new.md": "x"})
    snapshot = read_worktree(work.root)
    assert (snapshot.dirty_paths, snapshot.paths("build")) == ({"new.md"}, ())
    assert read_worktree(work.root, output="out").dirty_paths == {"new.md", "build/charter.docx"}


def test_deleted_file_is_dirty_and_left_out(work: Work) -> None:
    (work.root / "atlas" / "charter.md").unlink()
    snapshot = read_worktree(work.root)
    assert snapshot.dirty_paths == {"atlas/charter.md"}
    assert "atlas/charter.md" not in snapshot


def test_file_deleted_while_it_is_read_is_left_out(work: Work, tmp_path: Path) -> None:
    assert worktree._take(work.root / "gone.md", "gone.md") == ()


def test_changes_outside_the_folder_of_the_project_are_not_dirt(work: Work) -> None:
    work.commit({"pm/deedbox.yaml": SETTINGS, "pm2/a.md": "a"})
    work.write({"pm2/a.md": "changed", "elsewhere.md": "x"})
    assert not read_worktree(work.root / "pm").dirty
    work.write({"pm/new.md": "x"})
    snapshot = read_worktree(work.root / "pm")
    assert (snapshot.dirty_paths, snapshot.paths()) == ({"new.md"}, ("deedbox.yaml", "new.md"))


def test_repository_without_a_commit_is_a_draft_with_a_warning(empty: Work) -> None:
    empty.write({"deedbox.yaml": SETTINGS})
    snapshot = read_worktree(empty.root)
    assert (snapshot.dirty, snapshot.revision, snapshot.time) == (True, "", datetime(1980, 1, 1, tzinfo=UTC))
    assert [(problem.code, problem.severity) for problem in snapshot.problems] == [("DB103", "warning")]
    assert snapshot.read("deedbox.yaml") == SETTINGS.encode()
    assert snapshot.changes() == {}


def test_repository_without_a_commit_takes_source_date_epoch(empty: Work, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1767600000")
    empty.write({"deedbox.yaml": SETTINGS})
    assert read_worktree(empty.root).time == datetime(2026, 1, 5, 8, tzinfo=UTC)


def test_bare_repository_has_no_work_tree(work: Work, tmp_path: Path) -> None:
    work.git("clone", "--quiet", "--bare", ".", str(tmp_path / "bare.git"))
    with pytest.raises(Stop) as stop:
        read_worktree(tmp_path / "bare.git")
    assert (stop.value.exit_code, stop.value.problems[0].code) == (USAGE, "DB116")


def test_link_to_a_file_is_a_warning_and_not_followed(work: Work, tmp_path: Path) -> None:
    (tmp_path / "secret.md").write_text("secret")
    (work.root / "link.md").symlink_to(tmp_path / "secret.md")
    snapshot = read_worktree(work.root)
    assert "link.md" not in snapshot
    assert [(problem.place.file, problem.code) for problem in snapshot.problems] == [("link.md", "DB105")]


def test_folder_that_became_a_link_is_not_entered(work: Work, tmp_path: Path) -> None:
    (work.root / "atlas").rename(tmp_path / "atlas")
    (work.root / "atlas").symlink_to(tmp_path / "atlas")
    snapshot = read_worktree(work.root)
    assert snapshot.paths() == ("deedbox.yaml",)
    assert [(problem.place.file, problem.code) for problem in snapshot.problems] == [("atlas", "DB105")]


def test_repository_inside_is_a_warning_and_not_entered(work: Work) -> None:
    inner = Work(work.root / "inner")
    inner.root.mkdir()
    inner.git("init", "--quiet")
    inner.commit({"a.md": "a"})
    snapshot = read_worktree(work.root)
    assert not snapshot.paths("inner")
    assert [(problem.place.file, problem.code) for problem in snapshot.problems] == [("inner", "DB106")]


@pytest.mark.skipif(os.name == "nt", reason="Windows has no named pipes in folders")
def test_pipe_in_place_of_a_file_does_not_block(work: Work) -> None:
    (work.root / "atlas" / "charter.md").unlink()
    os.mkfifo(work.root / "atlas" / "charter.md")
    snapshot = read_worktree(work.root)
    assert [(problem.place.file, problem.code) for problem in snapshot.problems] == [("atlas/charter.md", "DB118")]


@pytest.mark.skipif(os.name == "nt", reason="Windows and macOS refuse such names")
def test_name_that_does_not_travel_is_left_out_with_a_warning(work: Work) -> None:
    work.write({"a\nb.md": "x"})
    (work.root / os.fsdecode(b"caf\xe9.md")).write_text("x")
    snapshot = read_worktree(work.root)
    assert {problem.code for problem in snapshot.problems} == {"DB107"}
    assert snapshot.paths("", ".md") == ("atlas/charter.md",)


def test_large_file_is_read_when_asked_for(work: Work) -> None:
    work.write({"big.png": b"x" * 1_500_000})
    snapshot = read_worktree(work.root)
    assert len(snapshot.read("big.png")) == 1_500_000


def test_large_file_that_has_gone_stops_when_asked_for(work: Work) -> None:
    work.write({"big.png": b"x" * 1_500_000})
    snapshot = read_worktree(work.root)
    (work.root / "big.png").unlink()
    with pytest.raises(Stop) as stop:
        snapshot.read("big.png")
    assert (stop.value.problems[0].code, stop.value.problems[0].severity) == ("DB118", "error")


def test_file_above_the_limit_is_not_loaded(work: Work, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "LARGEST_FILE", 1000)
    work.write({"big.bin": b"x" * 1001})
    snapshot = read_worktree(work.root)
    assert [(problem.place.file, problem.code) for problem in snapshot.problems] == [("big.bin", "DB111")]


def test_snapshot_keeps_the_moment_when_it_was_taken(work: Work) -> None:
    work.write({"new.md": "first"})
    snapshot = read_worktree(work.root)
    work.write({"new.md": "second"})
    assert snapshot.read("new.md") == b"first"


def test_file_that_is_being_written_is_read_again_until_it_is_whole(tmp_path: Path) -> None:
    file = tmp_path / "a.md"
    file.write_bytes(b"start")
    stop = threading.Event()

    def keep_writing() -> None:
        with file.open("ab") as opened:
            while not stop.wait(0.001):
                opened.write(b"x")
                opened.flush()

    writer = threading.Thread(target=keep_writing)
    writer.start()
    threading.Timer(0.03, stop.set).start()
    data, steady = disk.read_steadily(file)
    writer.join()
    assert steady
    assert len(data) in range(5, file.stat().st_size + 1)


def test_reading_leaves_index_and_work_tree_as_they_were(work: Work) -> None:
    work.write({"atlas/charter.md": "# Changed\n"})
    (work.root / "deedbox.yaml").touch()
    index = work.root / ".git" / "index"
    before = index.read_bytes(), index.stat().st_mtime_ns, work.git("rev-parse", "HEAD"), sorted(work.root.rglob("*"))
    read_worktree(work.root)
    after = index.read_bytes(), index.stat().st_mtime_ns, work.git("rev-parse", "HEAD"), sorted(work.root.rglob("*"))
    assert after == before


def test_program_named_in_the_settings_of_the_repository_does_not_run(work: Work, tmp_path: Path) -> None:
    work.git("config", "core.fsmonitor", f"touch {tmp_path / 'ran'}; false")
    work.write({"new.md": "x"})
    read_worktree(work.root)
    assert not (tmp_path / "ran").exists()


def test_index_named_by_a_hook_is_not_the_one_that_is_read(
    work: Work, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GIT_INDEX_FILE", str(tmp_path / "other-index"))
    monkeypatch.setenv("GIT_DIR", ".git")
    assert not read_worktree(work.root).dirty
