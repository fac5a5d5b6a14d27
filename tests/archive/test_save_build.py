"""Take builds and folders in every state; save one into the other; check what is there afterwards and what is not."""

from __future__ import annotations

import os
import resource
import stat
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from build_sample import PATHS, make_files, make_sample, read_tree

from pipeline.archive.manifest import read_manifest
from pipeline.archive.save import save_build
from pipeline.problems import Stop

ROOM = Path(__file__).parent
FRAME = {".gitignore", ".lock", "index.html", "manifest.json"}


def save(output: Path, files: dict[str, bytes], whole: bool = True, **more: object):
    return save_build(output, files, make_sample(files), whole=whole, **more)


def test_first_build_makes_the_folder_with_all_files(tmp_path):
    files = make_files()
    saved = save(tmp_path / "out/build", files)
    tree = read_tree(tmp_path / "out/build")
    assert {path: tree[path] for path in PATHS} == files
    assert set(tree) == {*PATHS, *FRAME}
    assert saved.written == tuple(sorted([*PATHS, "index.html", "manifest.json"]))
    assert tree[".gitignore"] == b"*\n"


def test_unchanged_files_are_not_written_again(tmp_path):
    save(tmp_path, make_files())
    for path in tmp_path.rglob("*.*"):
        os.utime(path, (1, 1))
    files = make_files() | {"atlas/charter.pdf": b"new"}
    saved = save(tmp_path, files)
    assert saved.written == ("atlas/charter.pdf", "manifest.json")
    assert (tmp_path / "atlas/charter.docx").stat().st_mtime == 1
    assert (tmp_path / "atlas/charter.pdf").stat().st_mtime > 1
    assert save(tmp_path, files).written == ()


def test_file_is_replaced_as_a_whole_and_not_written_over(tmp_path):
    save(tmp_path / "build", make_files())
    readers_copy = tmp_path / "link"  # what a program sees that has the old file open
    readers_copy.hardlink_to(tmp_path / "build" / PATHS[0])
    save(tmp_path / "build", make_files("two"))
    assert readers_copy.read_bytes() == make_files()[PATHS[0]]
    assert (tmp_path / "build" / PATHS[0]).read_bytes() == make_files("two")[PATHS[0]]


def test_saved_files_have_the_users_own_permissions(tmp_path):
    before = os.umask(0o022)
    try:
        save(tmp_path, make_files())
    finally:
        os.umask(before)
    assert {stat.S_IMODE((tmp_path / path).stat().st_mode) for path in PATHS} == {0o644}


def test_output_that_somebody_changed_is_put_right(tmp_path):
    save(tmp_path, make_files())
    (tmp_path / "atlas/charter.pdf").write_bytes(b"changed by hand")
    assert save(tmp_path, make_files()).written == ("atlas/charter.pdf",)


def test_whole_build_removes_what_is_no_longer_made_and_keeps_foreign_files(tmp_path):
    save(tmp_path, make_files())
    (tmp_path / "atlas/mine.pdf").write_bytes(b"mine")
    (tmp_path / "notes.txt").write_text("mine")
    saved = save(tmp_path, make_files(paths=PATHS[:2]))
    assert saved.removed == ("atlas/progress-report-2026-09.pdf", "beacon/charter.pdf")
    assert set(read_tree(tmp_path)) == {*PATHS[:2], *FRAME, "atlas/mine.pdf", "notes.txt"}
    assert not (tmp_path / "beacon").exists()


def test_partial_build_keeps_other_files_and_lists_all(tmp_path):
    save(tmp_path, make_files())
    saved = save(tmp_path, make_files("two", PATHS[:1]), whole=False)
    assert saved.removed == ()
    assert set(read_tree(tmp_path)) == {*PATHS, *FRAME}
    assert read_manifest((tmp_path / "manifest.json").read_bytes()).paths() == tuple(sorted(PATHS))


def test_partial_build_forgets_a_file_that_somebody_deleted(tmp_path):
    save(tmp_path, make_files())
    (tmp_path / "beacon/charter.pdf").unlink()
    save(tmp_path, make_files("two", PATHS[:1]), whole=False)
    assert read_manifest((tmp_path / "manifest.json").read_bytes()).paths() == tuple(sorted(PATHS[:3]))


def test_folder_that_somebody_uses_gets_no_gitignore(tmp_path):
    (tmp_path / "notes.txt").write_text("mine")
    save(tmp_path, make_files())
    assert not (tmp_path / ".gitignore").exists()


@pytest.mark.parametrize("name", ["atlas/charter.pdf", "index.html"])
def test_foreign_file_in_the_way_is_refused_and_kept(tmp_path, name):
    (tmp_path / "atlas").mkdir()
    (tmp_path / name).write_bytes(b"mine")
    with pytest.raises(Stop) as stop:
        save(tmp_path, make_files())
    assert [problem.code for problem in stop.value.problems] == ["DB504"]
    assert read_tree(tmp_path) == {name: b"mine", ".lock": b""}


def test_foreign_manifest_is_refused_and_kept(tmp_path):
    (tmp_path / "manifest.json").write_text('{"name": "A web app"}')
    with pytest.raises(Stop) as stop:
        save(tmp_path, make_files())
    assert stop.value.problems[0].code == "DB506"
    assert (tmp_path / "manifest.json").read_text() == '{"name": "A web app"}'


def test_nothing_is_written_through_a_link(tmp_path):
    outside = tmp_path / "outside"
    outside.mkdir()
    build = tmp_path / "build"
    build.mkdir()
    (build / "atlas").symlink_to(outside)
    with pytest.raises(Stop):
        save(build, make_files())
    assert list(outside.iterdir()) == []


def test_file_where_a_folder_should_be_is_refused(tmp_path):
    (tmp_path / "atlas").write_text("mine")
    with pytest.raises(Stop) as stop:
        save(tmp_path, make_files())
    assert {problem.code for problem in stop.value.problems} == {"DB504"}


def test_unsafe_name_in_an_old_manifest_removes_nothing_outside(tmp_path):
    (tmp_path / "precious.txt").write_text("mine")
    build = tmp_path / "build"
    save(build, make_files())
    text = (build / "manifest.json").read_text().replace("beacon/charter.pdf", "../precious.txt")
    (build / "manifest.json").write_text(text)
    with pytest.raises(Stop):
        save(build, make_files(paths=PATHS[:2]))
    assert (tmp_path / "precious.txt").exists()


def test_repository_itself_is_refused_as_output(tmp_path):
    with pytest.raises(Stop) as stop:
        save(tmp_path, make_files(), root=tmp_path)
    assert stop.value.exit_code == 2
    assert list(tmp_path.iterdir()) == []


def test_manifest_that_does_not_list_the_files_is_our_bug(tmp_path):
    with pytest.raises(ValueError, match="manifest"):
        save_build(tmp_path, make_files(), make_sample(make_files(paths=PATHS[:1])), whole=True)


def run_limited(output: Path, limit: str) -> subprocess.CompletedProcess[str]:
    """Save a second build in a process of its own that cannot write as it likes."""
    script = (
        f"import os, resource, signal, sys; sys.path.insert(0, {str(ROOM)!r})\n"
        "from pathlib import Path; from build_sample import *; from pipeline.archive.save import save_build\n"
        "from pipeline.archive import index; import jinja2, babel.dates, json; from pipeline.problems import Stop\n"
        "files = make_files('two', size=2000); manifest = make_sample(files); index.make_index(manifest)\n"
        f"{limit}\n"
        f"try: save_build(Path({str(output)!r}), files, manifest, whole=True)\n"
        "except Stop as stop: print(stop.problems[0]); sys.exit(stop.exit_code)\n"
    )
    return subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)


def test_full_disk_is_a_clear_stop_and_leaves_the_old_files(tmp_path):
    save(tmp_path, make_files())
    before = read_tree(tmp_path)
    limit = "resource.setrlimit(resource.RLIMIT_FSIZE, (50_000, resource.RLIM_INFINITY))"
    done = run_limited(tmp_path, limit)
    assert (done.returncode, done.stderr) == (4, "")
    assert "no space left" in done.stdout
    after = read_tree(tmp_path)
    assert {path: after[path] for path in before.keys() - {".lock"}}.items() <= before.items()
    assert not list(tmp_path.glob(".stage/files/**/*"))
    assert resource.getrlimit(resource.RLIMIT_FSIZE)[0] == resource.RLIM_INFINITY
    assert save(tmp_path, make_files("two", size=2000)).written
    assert not (tmp_path / ".stage").exists()


@pytest.mark.parametrize("mode", [0o555, 0o000], ids=["read only", "closed"])
def test_folder_that_is_not_ours_to_write_is_a_clear_stop(mode):
    limit = "os.geteuid() or os.seteuid(65534)"  # root may write anywhere
    with TemporaryDirectory() as folder:  # pytest's own folder is closed to others
        Path(folder, "closed/build").mkdir(parents=True)
        Path(folder).chmod(0o755)
        Path(folder, "closed/build").chmod(mode)
        Path(folder, "closed").chmod(mode)
        done = run_limited(Path(folder, "closed/build"), limit)
        Path(folder, "closed").chmod(0o755)
        Path(folder, "closed/build").chmod(0o755)
        assert list(Path(folder, "closed/build").iterdir()) == []
    assert (done.returncode, done.stderr) == (4, "")
    assert "read-only for you" in done.stdout
