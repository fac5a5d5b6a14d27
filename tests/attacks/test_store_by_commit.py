"""Take a store that somebody else has filled with forged documents; bring it along in every way; build; look for it."""

from __future__ import annotations

import os
import shutil
import sqlite3
import stat
from hashlib import sha256
from pathlib import Path

import pytest
from place_world import CHARTER, Office, copy_office, make_office, open_office

from pipeline.archive.store.place import make_store
from pipeline.archive.store.sweep import sweep_stores
from pipeline.host.cache import find_refusal, find_store, is_inside_tree

FORGED = b"<!doctype html><title>FORGED</title>"


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Office:
    """A machine with a repository in which nothing was built yet."""
    return make_office(tmp_path_factory.mktemp("office") / "machine")


@pytest.fixture(scope="module")
def poisoned(office: Office, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The store of somebody who has built the same sources, and changed what stands for the charter."""
    theirs = copy_office(office, tmp_path_factory.mktemp("theirs") / "machine")
    assert theirs.make("atlas/charter").returncode == 0
    inside = theirs.papers / ".deedbox"
    store = inside if inside.is_dir() else next((theirs.cache / "stores").iterdir())
    data = (theirs.build / CHARTER).read_bytes()
    charter = sha256(data).hexdigest()
    forged = sha256(FORGED).hexdigest()
    (store / "files" / forged[:2]).mkdir(exist_ok=True)
    (store / "files" / forged[:2] / forged[2:]).write_bytes(FORGED)
    index = sqlite3.connect(next(store.glob("index*.sqlite")))
    with index:
        records = index.execute("select key, record from written").fetchall()
        changed = [
            (record.replace(charter.encode(), forged.encode()).replace(b"%d" % len(data), b"%d" % len(FORGED)), key)
            for key, record in records
            if charter.encode() in record
        ]
        assert len(changed) == 1 and all(kept.find(b"%d" % len(FORGED)) > 0 for kept, _ in changed)
        index.executemany("update written set record = ? where key = ?", changed)
    index.execute("pragma wal_checkpoint(truncate)")
    index.close()
    (store / ".gitignore").unlink()
    return store


@pytest.fixture
def ours(office: Office, tmp_path: Path) -> Office:
    return copy_office(office, tmp_path / "machine")


def list_names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def check_charter(ours: Office, **environment: str) -> str:
    done = ours.make("atlas/charter", **environment)
    assert done.returncode == 0, done.stderr
    assert b"FORGED" not in (ours.build / CHARTER).read_bytes(), done.stderr
    again = ours.make("atlas/charter", **environment)
    assert again.returncode == 0 and b"FORGED" not in (ours.build / CHARTER).read_bytes()
    return done.stderr


@pytest.mark.soak
def test_a_store_that_comes_as_a_submodule_is_not_believed(office: Office, poisoned: Path, tmp_path: Path) -> None:
    theirs = copy_office(office, tmp_path / "theirs")
    store = Path(shutil.copytree(poisoned, tmp_path / "store"))
    theirs.git(store, "init", "--quiet")
    theirs.commit(store)
    theirs.git(theirs.papers, "submodule", "--quiet", "add", "--force", str(store), ".deedbox")
    theirs.commit()
    ours = open_office(tmp_path / "ours")
    ours.git(ours.base, "clone", "--quiet", "--recurse-submodules", theirs.papers, ours.papers)
    assert (ours.papers / ".deedbox/files").is_dir()
    check_charter(ours)


def test_a_store_that_lies_in_the_folder_is_not_believed(ours: Office, poisoned: Path) -> None:
    shutil.copytree(poisoned, ours.papers / ".deedbox")
    check_charter(ours)


def test_a_store_that_is_named_inside_the_repository_is_not_used(ours: Office, poisoned: Path) -> None:
    folder = ours.papers / "cache/own"
    shutil.copytree(poisoned, folder)
    said = check_charter(ours, DEEDBOX_STORE=str(folder))
    assert "warning DB526" in said and "lies in the repository" in said


@pytest.mark.parametrize("where", ["papers/cache", "papers/.git/own", "papers", "linked/own", "papers/out/own"])
def test_a_place_is_inside_the_repository_whichever_way_it_is_written(tmp_path: Path, where: str) -> None:
    root = tmp_path / "papers/docs"
    root.mkdir(parents=True)
    (tmp_path / "papers/.git").mkdir()
    (tmp_path / "linked").symlink_to("papers")
    (tmp_path / "papers/out").symlink_to("..")
    assert is_inside_tree(str(tmp_path / where), str(root))
    assert not is_inside_tree(str(tmp_path / "papers-too"), str(root)) and not is_inside_tree("", str(root))


@pytest.mark.parametrize("environment", ["DEEDBOX_CACHE", "HOME"])
def test_a_cache_folder_inside_the_repository_is_refused(ours: Office, environment: str) -> None:
    before = list_names(ours.papers)
    done = ours.make(**{environment: str(ours.papers)})
    assert done.returncode == 4 and "error DB528" in done.stderr and "Traceback" not in done.stderr
    assert list_names(ours.papers) == before


@pytest.mark.parametrize(
    ("spoil", "words"),
    [("link", "is a link"), ("open", "others can write"), ("file", "no folder"), ("owner", "another user")],
)
@pytest.mark.parametrize("level", ["stores", "store"])
def test_a_store_that_others_could_have_filled_is_not_used(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, spoil: str, words: str, level: str
) -> None:
    monkeypatch.setenv("DEEDBOX_CACHE", str(tmp_path / "cache"))
    monkeypatch.delenv("DEEDBOX_STORE", raising=False)
    root = str(tmp_path / "papers")
    store = Path(find_store(root))
    folder = store if level == "store" else store.parent
    folder.parent.mkdir(parents=True, mode=0o700)
    if spoil == "link":
        (tmp_path / "theirs").mkdir()
        folder.symlink_to(tmp_path / "theirs")
    elif spoil == "file":
        folder.write_text("no folder")
    else:
        folder.mkdir(mode=0o700)
    if spoil == "open":
        folder.chmod(0o775)
    if spoil == "owner":
        if os.geteuid() != 0:
            pytest.skip("only root can give a folder away")
        os.chown(folder, 12345, 12345)
    assert words in find_refusal(str(store), root)


def test_without_a_home_there_is_no_store(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("DEEDBOX_CACHE", "DEEDBOX_STORE", "XDG_CACHE_HOME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", "not/whole")
    assert find_store("/papers") == "" and "no home" in find_refusal("", "/papers")
    monkeypatch.setenv("XDG_CACHE_HOME", "relative")
    assert find_store("/papers") == ""


def test_a_store_is_for_its_user_and_place_alone(ours: Office) -> None:
    assert ours.make("atlas/charter").returncode == 0
    store = next((ours.cache / "stores").iterdir())
    assert [stat.S_IMODE(folder.stat().st_mode) for folder in (store.parent, store)] == [0o700, 0o700]
    assert (store / "repository").read_bytes() == os.fsencode(ours.papers)
    moved = ours.base / "elsewhere"
    ours.papers.rename(moved)
    (moved / ".deedbox").mkdir()
    shutil.copy(store / "CACHEDIR.TAG", moved / ".deedbox")
    assert ours.run("build", "-C", moved, "--to", "html", "atlas/charter").returncode == 0
    assert len(list((ours.cache / "stores").iterdir())) == 2 and (moved / ".deedbox").is_dir()
    done = ours.run("clean", "--store", "-C", moved)
    assert done.returncode == 0 and len(done.stdout.splitlines()) == 6, done.stdout + done.stderr
    assert list((ours.cache / "stores").iterdir()) == [] and not (moved / ".deedbox").exists()


def make_old(stores: Path, name: str, repository: Path, days: int) -> Path:
    store = stores / name
    assert make_store(store) == ""
    (store / "repository").write_bytes(os.fsencode(repository))
    os.utime(store / "CACHEDIR.TAG", (10**9 - 86_400 * days,) * 2)
    return store


def test_stores_that_nobody_asks_again_are_swept(tmp_path: Path) -> None:
    (tmp_path / "papers").mkdir()
    stores, here, gone = tmp_path / "stores", tmp_path / "papers", tmp_path / "gone"
    own = make_old(stores, "own", here, 0)
    kept = [make_old(stores, "here", here, 100), make_old(stores, "lately", gone, 10)]
    dropped = [make_old(stores, "gone", gone, 40), make_old(stores, "unused", here, 500)]
    (stores / "linked").symlink_to(here)
    (stores / "foreign").mkdir()
    assert set(sweep_stores(own)) == set(dropped)
    assert all(store.is_dir() for store in (own, *kept, here, stores / "foreign")) and (stores / "linked").is_symlink()
