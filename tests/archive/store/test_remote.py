"""Take a store with a second level behind it, empty, shared, broken, slow or lying; check what comes back."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import fsspec
import pytest
from fsspec.implementations.memory import MemoryFileSystem

from pipeline.archive.store import Store
from pipeline.archive.store.remote import SECRET, Remote
from pipeline.plan.records import Kept
from pipeline.problems import Place, Problem

WARNING = Problem("DB423", "a glyph is missing", Place("atlas/charter.md", 3), "use another", "warning")
FILES = {"docx": b"word" * 100, "pdf": b"portable" * 100}
KEY = "a" * 64


class Slow(MemoryFileSystem):
    """A remote that does not answer before the test is over."""

    protocol = "slow"

    def _open(self, *words: Any, **settings: Any) -> Any:
        time.sleep(30)
        return super()._open(*words, **settings)


class Machine:
    """A machine with a store of its own before a remote that others share."""

    def __init__(self, folder: Path, address: str, *, write: bool = False, patience: float = 20) -> None:
        self.said: list[str] = []
        self.store = Store(folder)
        self.store.connect(Remote(address, self.said.append, patience), write=write)

    def make(self) -> None:
        self.store.keep(KEY, FILES, 7, (WARNING,))
        self.store.close()

    def find(self) -> tuple[Kept | None, dict[str, bytes | None]]:
        """Return what is known of the key, and its files."""
        kept = self.store.find([KEY]).get(KEY)
        files = kept.files if kept else {}
        self.store.fetch(files.values())
        found = {format: self.store.read(one.sha256) for format, one in files.items()}
        self.store.close()
        return kept, found


@pytest.fixture(params=["file", "memory"])
def remote(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    address = f"file://{tmp_path}/remote" if request.param == "file" else f"memory://{tmp_path.name}"
    yield address
    MemoryFileSystem.store.clear()


def paths(address: str) -> list[str]:
    system, top = fsspec.core.url_to_fs(address)
    return sorted(system.find(top))


def spoil(address: str, part: str, data: bytes) -> None:
    system, _ = fsspec.core.url_to_fs(address)
    for path in paths(address):
        if part in path:
            system.pipe_file(path, data)


def test_what_one_machine_made_another_finds(remote: str, tmp_path: Path) -> None:
    Machine(tmp_path / "one", remote, write=True).make()
    kept, files = Machine(tmp_path / "two", remote).find()
    assert kept is not None and (kept.pages, kept.problems) == (7, (WARNING,))
    assert files == FILES


def test_who_gives_keeps_all_the_same(remote: str, tmp_path: Path) -> None:
    Machine(tmp_path / "one", remote, write=True).make()
    assert Machine(tmp_path / "one", "memory://nothing-here").find()[1] == FILES


def test_found_once_it_is_asked_for_no_more(remote: str, tmp_path: Path) -> None:
    Machine(tmp_path / "one", remote, write=True).make()
    Machine(tmp_path / "two", remote).find()
    again = Machine(tmp_path / "two", "memory://nothing-here")
    assert again.find()[1] == FILES


def test_nothing_is_written_unless_it_is_asked_for(remote: str, tmp_path: Path) -> None:
    Machine(tmp_path / "one", remote).make()
    assert paths(remote) == []


@pytest.mark.parametrize("data", [b"", b"x", b"portable" * 99 + b"portablf", b"x" * 5_000_000])
def test_file_that_is_not_what_it_says_is_not_taken(remote: str, tmp_path: Path, data: bytes) -> None:
    Machine(tmp_path / "one", remote, write=True).make()
    spoil(remote, "/files/", data)
    assert set(Machine(tmp_path / "two", remote).find()[1].values()) == {None}


def test_wrong_file_is_made_right_by_the_next_who_writes(remote: str, tmp_path: Path) -> None:
    Machine(tmp_path / "one", remote, write=True).make()
    spoil(remote, "/files/", b"portable" * 99 + b"portablf")
    two = Machine(tmp_path / "two", remote, write=True)
    two.store.fetch(two.store.find([KEY])[KEY].files.values())
    two.make()
    assert Machine(tmp_path / "three", remote).find()[1] == FILES


@pytest.mark.parametrize("data", [b"", b"{}", b"[" * 100_000, b'{"kept": "{}", "proof": ""}', b"\xff" * 2_000_000])
def test_record_that_cannot_be_read_is_none(remote: str, tmp_path: Path, data: bytes) -> None:
    Machine(tmp_path / "one", remote, write=True).make()
    spoil(remote, "/keys/", data)
    assert Machine(tmp_path / "two", remote).find() == (None, {})


def test_record_of_another_key_is_none(remote: str, tmp_path: Path) -> None:
    one = Machine(tmp_path / "one", remote, write=True)
    one.store.keep("b" * 64, {"docx": b"another"}, 1, ())
    one.make()
    system, _ = fsspec.core.url_to_fs(remote)
    first, second = [path for path in paths(remote) if "/keys/" in path]
    system.pipe_file(first, system.cat_file(second))
    assert Machine(tmp_path / "two", remote).find() == (None, {})


def test_only_who_has_the_secret_says_what_a_key_stands_for(
    remote: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    Machine(tmp_path / "stranger", remote, write=True).make()
    monkeypatch.setenv(SECRET, "a secret of ours")
    assert Machine(tmp_path / "two", remote).find() == (None, {})
    Machine(tmp_path / "three", remote, write=True).make()
    assert Machine(tmp_path / "four", remote).find()[1] in ({}, FILES)


@pytest.mark.parametrize("address", ["s3://no-such-library", "file://", "nonsense://x", "https://127.0.0.1:9/x"])
def test_remote_that_is_not_there_costs_nothing_but_a_word(tmp_path: Path, address: str) -> None:
    machine = Machine(tmp_path / "one", address, write=True)
    machine.store.find([KEY])
    machine.make()
    assert machine.said
    again = Store(tmp_path / "one")
    assert again.find([KEY])[KEY].pages == 7


def test_remote_that_does_not_answer_is_given_up(tmp_path: Path) -> None:
    fsspec.register_implementation("slow", Slow, clobber=True)
    machine = Machine(tmp_path / "one", "slow://x", patience=0.2)
    assert machine.find() == (None, {})
    assert machine.said == ["cache.remote is given up for this build: TimeoutError: no answer for 0.2 seconds"]
