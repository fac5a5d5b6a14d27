"""Take a store; keep, find, spoil and outgrow it; check that it gives back what it was given, or nothing."""

from __future__ import annotations

import multiprocessing
import os
import re
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from pipeline.archive.store import Store, find_store
from pipeline.archive.store.index import NAME
from pipeline.plan.records import Basis, FileFacts, LookFacts, ProjectFacts
from pipeline.problems import Place, Problem

WARNING = Problem("DB423", "a glyph is missing", Place("atlas/charter.md", 3), "use another", "warning")
FILES = {"docx": b"word" * 100, "pdf": b"portable" * 100}
KEY, OTHER = "a" * 64, "b" * 64


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "store"


def keep(folder: Path, key: str = KEY, files: dict[str, bytes] = FILES, **settings: int) -> None:
    store = Store(folder, **settings)  # type: ignore[arg-type]
    store.keep(key, files, 7, (WARNING,))
    store.close()


@pytest.fixture
def store(folder: Path) -> Iterator[Store]:
    """A store that was opened after another build had kept something in it."""
    keep(folder)
    opened = Store(folder)
    yield opened
    opened.close()


def blobs(folder: Path) -> list[Path]:
    return sorted(path for path in (folder / "files").rglob("*") if path.is_file())


def test_what_was_kept_comes_back_with_its_pages_and_warnings(store: Store) -> None:
    kept = store.find([KEY])[KEY]
    assert (kept.pages, kept.problems) == (7, (WARNING,))
    assert {format: store.read(one.sha256) for format, one in kept.files.items()} == FILES
    assert store.find([OTHER]) == {}


def test_nothing_is_made_before_there_is_something_to_keep(folder: Path) -> None:
    store = Store(folder)
    assert store.find([KEY]) == {} and store.read("0" * 64) is None
    store.close()
    assert not folder.exists()


def test_folder_hides_itself_from_git_and_from_backups(store: Store, folder: Path) -> None:
    assert (folder / ".gitignore").read_text() == "*\n"
    assert (folder / "CACHEDIR.TAG").read_text().startswith("Signature: 8a477f597d28d172789f06886806bc55")


@pytest.mark.parametrize("spoilt", [b"", b"wordworx", b"word" * 99 + b"work"], ids=["empty", "cut", "one letter"])
def test_spoilt_file_counts_as_missing_and_is_removed(store: Store, folder: Path, spoilt: bytes) -> None:
    path = blobs(folder)[0]
    digest = path.parent.name + path.name
    path.write_bytes(spoilt)
    assert store.read(digest) is None
    assert not path.exists()


def test_file_that_is_kept_over_a_spoilt_one_is_right(store: Store, folder: Path) -> None:
    for path in blobs(folder):
        path.write_bytes(b"x" * path.stat().st_size)
    assert {store.read(store.hold(data)) for data in FILES.values()} == set(FILES.values())


def test_what_has_errors_is_held_for_this_build_alone(folder: Path) -> None:
    store = Store(folder)
    kept = store.keep(KEY, FILES, 0, (Problem("DB422", "cannot be drawn"),))
    assert store.read(kept.files["pdf"].sha256) == FILES["pdf"]
    assert store.find([KEY]) == {}
    store.close()


def test_passing_result_is_held_for_this_build_alone(folder: Path) -> None:
    store = Store(folder)
    store.keep(KEY, FILES, 0, (), lasting=False)
    assert store.find([KEY]) == {}
    store.close()


@pytest.mark.parametrize("spoilt", [b"", b"no database at all" * 100, None], ids=["empty", "text", "middle"])
def test_spoilt_index_is_an_empty_one_and_is_made_anew(folder: Path, spoilt: bytes | None) -> None:
    keep(folder)
    index = folder / NAME
    for path in folder.glob(f"{NAME}-*"):
        path.unlink()
    if spoilt is None:
        data = bytearray(index.read_bytes())
        data[100:] = b"\xff" * (len(data) - 100)
        spoilt = bytes(data)
    index.write_bytes(spoilt)
    store = Store(folder)
    assert store.find([KEY]) == {}
    store.close()
    keep(folder)
    again = Store(folder)
    assert again.find([KEY])[KEY].pages == 7
    again.close()


def test_index_of_somebody_else_is_not_ours(folder: Path) -> None:
    folder.mkdir()
    with sqlite3.connect(folder / NAME) as connection:
        connection.execute("create table written (something)")
        connection.execute("pragma user_version = 1")
    connection.close()
    keep(folder)
    store = Store(folder)
    assert store.find([KEY])[KEY].pages == 7
    store.close()


def test_record_that_cannot_be_read_is_none(folder: Path) -> None:
    keep(folder)
    with sqlite3.connect(folder / NAME) as connection:
        connection.execute("update written set record = '{\"files\": 3}'")
    connection.close()
    store = Store(folder)
    assert store.find([KEY]) == {}
    store.close()


def test_store_that_is_a_link_is_not_used(folder: Path, tmp_path: Path) -> None:
    keep(tmp_path / "real")
    folder.symlink_to(tmp_path / "real")
    store = Store(folder)
    assert store.find([KEY]) == {}
    assert store.read(store.hold(b"x")) == b"x"
    store.close()
    assert len(blobs(tmp_path / "real")) == 2


def test_read_only_look_changes_nothing(folder: Path) -> None:
    keep(folder)
    before = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    store = Store(folder, writable=False)
    assert store.find([KEY])[KEY].pages == 7
    store.keep(OTHER, {"html": b"new"}, 0, ())
    store.records.save_look("k", LookFacts("t"))
    assert store.find([OTHER]) == {}
    store.close()
    after = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    assert {path for path in before if after.get(path) != before[path]} == set()
    assert not [path for path in blobs(folder) if path.read_bytes() == b"new"]


CHILD = """
import resource, sys
from pathlib import Path
from pipeline.archive.store import Store
resource.setrlimit(resource.RLIMIT_FSIZE, (60_000, 60_000))
import signal; signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
store = Store(Path(sys.argv[1]))
big = bytes(range(256)) * 1000
kept = store.keep("c" * 64, {"pdf": big, "html": b"small"}, 1, ())
assert store.read(kept.files["pdf"].sha256) == big
assert store.read(kept.files["html"].sha256) == b"small"
store.close()
"""


def test_disk_that_takes_no_more_costs_nothing_but_time(folder: Path) -> None:
    done = subprocess.run([sys.executable, "-c", CHILD, str(folder)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert all(len(path.read_bytes()) < 100 for path in blobs(folder))


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_read_only_store_is_read(folder: Path) -> None:
    keep(folder)
    folder.chmod(0o555)
    try:
        store = Store(folder)
        assert store.find([KEY])[KEY].pages == 7
        assert store.read(store.hold(b"more")) == b"more"
        store.close()
    finally:
        folder.chmod(0o755)


def test_least_recently_used_files_go_when_the_store_is_too_large(folder: Path) -> None:
    sizes = 1000
    for number in range(10):
        keep(folder, f"{number:064}", {"pdf": bytes([number]) * sizes})
    for _ in range(10):
        keep(folder, OTHER, {"pdf": b"later" * 20})
    store = Store(folder)
    first = store.find([f"{0:064}"])[f"{0:064}"].files["pdf"]
    assert store.read(first.sha256) == bytes(sizes)
    store.close()
    keep(folder, "d" * 64, {"pdf": b"d" * sizes}, largest=6 * sizes)
    left = {path.read_bytes()[:1] for path in blobs(folder)}
    assert b"\x00" in left and b"d" in left and b"\x01" not in left
    assert sum(path.stat().st_size for path in blobs(folder)) <= 6 * sizes


def test_files_of_a_lost_index_go_with_it(folder: Path) -> None:
    keep(folder)
    for path in folder.glob("index*"):
        path.unlink()
    keep(folder, OTHER, {"html": b"page"})
    assert [path.read_bytes() for path in blobs(folder)] == [b"page"]


def test_half_written_file_of_a_killed_build_is_swept_away(folder: Path) -> None:
    (folder / "files/new").mkdir(parents=True)
    (folder / "files/new/99999999-abc").write_bytes(b"half")
    keep(folder)
    keep(folder, OTHER, {"html": b"page"})
    assert list((folder / "files/new").iterdir()) == []


def _keep_many(folder: Path, start: int) -> None:
    store = Store(folder)
    for number in range(start, start + 60):
        store.keep(f"{number:064}", {"html": b"%d" % (number % 80)}, number, ())
    store.close()


def test_several_builds_keep_and_find_at_once(folder: Path) -> None:
    context = multiprocessing.get_context("fork")
    processes = [context.Process(target=_keep_many, args=(folder, start)) for start in (0, 30, 60)]
    for process in processes:
        process.start()
    for process in processes:
        process.join(60)
        assert process.exitcode == 0
    store = Store(folder)
    found = store.find([f"{number:064}" for number in range(120)])
    assert {kept.pages for kept in found.values()} == set(range(120))
    assert all(store.read(kept.files["html"].sha256) for kept in found.values())
    store.close()


def test_what_is_learned_of_projects_and_documents_comes_back(folder: Path) -> None:
    basis = Basis("k", ("docx", "pdf"), "t", True, "c", "r", "d", "e", {"atlas/budget.yaml": "1f"}, ("never built",))
    facts = ProjectFacts("atlas", "Atlas", "Records", "planning", ("charter",), problems=(WARNING,))
    store = Store(folder)
    store.records.save_projects([("front", facts)], "rev")
    store.records.save_bases("out", {"atlas/charter": basis})
    store.records.save_contents({"1f": b"total: 3\n", "2f": b"x" * 300_000})
    store.close()
    records = Store(folder).records
    assert records.read_project("front") == (facts, "rev")
    assert records.read_basis("out", "atlas/charter") == basis
    assert records.read_basis("elsewhere", "atlas/charter") is None
    assert records.read_contents(["1f", "2f", "3f"]) == {"1f": b"total: 3\n"}


def test_only_a_few_states_of_a_project_are_remembered(folder: Path) -> None:
    for number in range(12):
        store = Store(folder)
        store.records.save_projects([(f"state {number}", ProjectFacts("atlas"))], "rev")
        store.close()
    records = Store(folder).records
    assert [number for number in range(12) if records.read_project(f"state {number}")] == list(range(4, 12))


def test_place_is_in_the_cache_folder_unless_the_environment_names_another(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("DEEDBOX_STORE", raising=False)
    monkeypatch.setenv("DEEDBOX_CACHE", str(tmp_path / "cache"))
    root = tmp_path / "our papers"
    store = find_store(root)
    assert store is not None and store.parent == tmp_path / "cache" / "stores"
    assert re.fullmatch("our_papers-[0-9a-f]{24}", store.name)
    assert find_store(tmp_path / "other" / "our papers") != store
    monkeypatch.setenv("DEEDBOX_STORE", str(tmp_path / "other"))
    assert find_store(root) == tmp_path / "other"


def test_nothing_that_is_kept_is_a_pickle() -> None:
    room = Path(__file__).parents[3] / "pipeline/archive"
    assert not [path for path in room.rglob("*.py") if re.search(r"\b(pickle|marshal|shelve)\b", path.read_text())]


def test_file_of_another_size_is_not_at_hand(store: Store) -> None:
    file = store.find([KEY])[KEY].files["pdf"]
    assert store.has(file)
    assert not store.has(FileFacts(file.sha256, file.size + 1))
    assert not store.has(FileFacts("0" * 64, 3))
