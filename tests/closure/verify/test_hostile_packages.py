"""Take packages that somebody wrote to do harm; verify each; see it refused, quickly, with nothing written anywhere."""

from __future__ import annotations

import json
import os
import resource
import struct
import subprocess
import sys
import zipfile
from collections.abc import Mapping
from functools import partial
from io import BytesIO
from pathlib import Path

import pytest
from git_work import run_git

from pipeline.closure.bag import make_bag, save_bag
from pipeline.closure.items import Item, hash_item
from pipeline.closure.ledger.check import MOST_FINDINGS, check_ledger
from pipeline.closure.ledger.entries import Issue, add_issues, write_lines
from pipeline.closure.verify import package as limits
from pipeline.closure.verify.history import read_provenance
from pipeline.closure.verify.package import FolderPackage
from pipeline.closure.verify.verify import Verified, Wish, verify
from pipeline.problems import Stop

GOOD = "top/bagit.txt"
PROVENANCE = {
    "project": "mill",
    "history": {"commit": "0" * 40, "folder": "", "holds": "project", "people": "named"},
    "baselines": [],
    "engine": {"digest": "0"},
}


def look(path: Path) -> Verified:
    """Return what a verification says, after looking that it wrote nothing beside the package."""
    before = sorted(path.parent.rglob("*"))
    verified = verify(Wish(path))
    assert sorted(path.parent.rglob("*")) == before
    assert verified.exit_code == 1
    return verified


def words(verified: Verified) -> str:
    return "\n".join(f"{problem.place}: {problem.message}" for problem in verified.problems)


def write_zip(path: Path, names: Mapping[str, bytes] | list[tuple[str, bytes]], **more: int) -> Path:
    pairs = names.items() if isinstance(names, Mapping) else names
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as archive:
        for name, data in pairs:
            info = zipfile.ZipInfo(name)
            info.external_attr = more.get("mode", 0o100644) << 16
            archive.writestr(info, data, compress_type=more.get("method", zipfile.ZIP_STORED))
    return path


@pytest.mark.parametrize(
    "name",
    ["top/../../evil", "/etc/evil", "top/C:/evil", "C:\\evil", "top/a\\..\\evil", "top//evil", "top/./evil",
     "top/\x07evil",
     "top/" + "x" * 2000, "evil", "top/\u202fevil/../e"],
)  # fmt: skip
def test_names_that_lead_elsewhere_are_refused(tmp_path: Path, name: str) -> None:
    assert "DB513" in {p.code for p in look(write_zip(tmp_path / "p.zip", {GOOD: b"", name: b"evil"})).problems}


@pytest.mark.filterwarnings("ignore:Duplicate name")
@pytest.mark.parametrize(
    ("names", "told"),
    [
        (["top/data/a", "top/data/a"], "is there twice"),
        (["top/data/a.txt", "top/data/A.TXT"], "where case does not count"),
        (["top/data/\u00e9", "top/data/e\u0301"], "where case does not count"),
        (["top/data/\u00df", "top/data/ss"], "where case does not count"),
        (["top/data/a", "top/data/a/b", "top/data/a-b"], "is a file and the folder of"),
        (["top/data/a/b", "top/data/a"], "is a file and the folder of"),
        (["top/a", "other/b"], "just one folder"),
    ],
)
def test_names_that_share_a_place_are_named(tmp_path: Path, names: list[str], told: str) -> None:
    assert told in words(look(write_zip(tmp_path / "p.zip", [(name, b"x") for name in names])))


def test_links_in_a_zip_are_no_files_of_ours(tmp_path: Path) -> None:
    verified = look(write_zip(tmp_path / "p.zip", {GOOD: b"/etc/passwd"}, mode=0o120777))
    assert "bagit.txt: its line in the zip's list of files was changed" in words(verified)


def test_a_bomb_stays_small(tmp_path: Path) -> None:
    bomb = write_zip(tmp_path / "p.zip", {GOOD: b"\0" * 50_000_000}, method=zipfile.ZIP_DEFLATED)
    assert bomb.stat().st_size < 100_000
    assert "its bytes are not all there" in words(look(bomb))


def test_a_small_bomb_is_not_unpacked_either(tmp_path: Path) -> None:
    verified = look(
        write_zip(tmp_path / "p.zip", {GOOD: b"\0" * 30, "top/x": b"y" * 4000}, method=zipfile.ZIP_DEFLATED)
    )
    assert "DB513" in {problem.code for problem in verified.problems}


def end_of(count: int, size: int, start: int) -> bytes:
    return b"PK\5\6" + struct.pack("<HHHHIIH", 0, 0, count, count, size, start, 0)


WIDE = (
    b"PK\6\6"
    + struct.pack("<QHHIIQQQQ", 44, 45, 45, 0, 0, 1 << 60, 1 << 60, 1 << 60, 0)
    + b"PK\6\7"
    + struct.pack("<IQI", 0, 0, 1)
    + end_of(0xFFFF, 0xFFFFFFFF, 0xFFFFFFFF)
)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"PK",
        b"x" * 1000,
        end_of(0, 0, 0),
        end_of(65534, 4_000_000_000, 0),
        end_of(1, 46, 4_000_000_000),
        end_of(0xFFFF, 0xFFFFFFFF, 0xFFFFFFFF),
        WIDE,
        b"PK\1\2" + b"\xff" * 42 + end_of(1, 46, 0),
        b"PK\1\2" + b"\0" * 42 + end_of(1, 46, 0),
        b"PK\1\2" * 300_000 + end_of(0xFFFE, 1_200_000, 0),
    ],
)  # fmt: skip
def test_zips_with_absurd_numbers_are_refused(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "p.zip").write_bytes(data)
    look(tmp_path / "p.zip")


def test_too_many_files_are_not_listed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pipeline.closure.verify.zip_package.MOST_FILES", 5)
    monkeypatch.setattr("pipeline.closure.verify.package.MOST_FILES", 5)
    assert "more than the 5" in words(look(write_zip(tmp_path / "p.zip", {f"top/{n}": b"" for n in range(7)})))
    (tmp_path / "p").mkdir()
    for number in range(7):
        (tmp_path / f"p/{number}").touch()
    assert "more than 5 files" in words(look(tmp_path / "p"))


def test_entries_that_share_their_bytes_are_found(tmp_path: Path) -> None:
    """The trick of bombs without compression: many entries that point to the same bytes."""
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("top/a", b"x" * 1000)
        archive.writestr("top/b", b"x" * 1000)
        archive.filelist[1].header_offset = archive.filelist[0].header_offset
    (tmp_path / "p.zip").write_bytes(buffer.getvalue())
    assert "b: its line in the zip's list of files was changed" in words(look(tmp_path / "p.zip"))


# Folders.


def test_links_and_pipes_in_a_folder_are_not_followed(tmp_path: Path) -> None:
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside/secret").write_text("secret")
    (tmp_path / "p").mkdir()
    (tmp_path / "p/link").symlink_to(tmp_path / "outside/secret")
    (tmp_path / "p/folder").symlink_to(tmp_path / "outside")
    os.mkfifo(tmp_path / "p/pipe")
    verified = look(tmp_path / "p")
    assert {problem.place.file for problem in verified.problems if "not followed" in problem.message} == {
        "link",
        "folder",
        "pipe",
    }


def test_folders_without_end_are_not_walked_to_it(tmp_path: Path) -> None:
    (tmp_path / "p").mkdir()
    here = os.open(tmp_path / "p", os.O_RDONLY)
    for _ in range(1500):
        os.mkdir("a", dir_fd=here)
        inner = os.open("a", os.O_RDONLY, dir_fd=here)
        os.close(here)
        here = inner
    os.close(here)
    assert "the name is too long" in words(verify(Wish(tmp_path / "p")))
    subprocess.run(("rm", "-rf", tmp_path / "p"), check=True)  # shutil goes as deep as Python lets it, not deeper


def test_empty_folders_count_as_well(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pipeline.closure.verify.package.MOST_FILES", 5)
    for number in range(7):
        (tmp_path / f"p/{number}").mkdir(parents=True)
    assert "more than 5 files" in words(look(tmp_path / "p"))


def test_a_package_that_is_neither_file_nor_folder_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "p.zip")
    assert "neither a file nor a folder" in words(look(tmp_path / "p.zip"))


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_what_may_not_be_read_could_not_be_checked(tmp_path: Path) -> None:
    seal(tmp_path / "p.zip", {}).chmod(0)
    verified = verify(Wish(tmp_path / "p.zip"))
    assert (verified.exit_code, verified.checks[0].outcome) == (4, "skipped")


def test_a_disk_that_refuses_is_no_fault_of_the_package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    bundle = b"# v2 git bundle\n" + b"0" * 40 + b" HEAD\n\n" + b"x" * 4_000_000
    files = {"data/history.bundle": bundle, "data/provenance.json": json.dumps(PROVENANCE).encode()}
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    package = seal(tmp_path / "p.zip", files)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1_000_000, before[1]))
    try:
        verified = verify(Wish(package))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    (history,) = (one for one in verified.checks if one.name == "history")
    assert (verified.lacks, history.outcome) == (True, "skipped")
    assert "File too large" in history.words
    assert list(tmp_path.iterdir()) == [package]


# Right form, lying contents.


def seal(path: Path, files: Mapping[str, bytes]) -> Path:
    payload = [hash_item(Item(name, data)) for name, data in files.items()]
    save_bag(path, "top", make_bag(payload, {}, ()))
    return path


@pytest.mark.parametrize(
    "manifest",
    [b"", b"no manifest\n", b"0" * 128 + b"  data/../../etc/passwd\n", b"0" * 128 + b"  /etc/passwd\n",
     b"0" * 128 + b"  top.txt\n", b"\xff\xfe", (b"0" * 128 + b"  data/a\n") * 2, (b"0" * 128 + b"  data/a\r\n")],
)  # fmt: skip
def test_manifests_that_lie_are_named(tmp_path: Path, manifest: bytes) -> None:
    (tmp_path / "p/data").mkdir(parents=True)
    (tmp_path / "p/data/a").write_bytes(b"a")
    for name, data in {
        "bagit.txt": b"x",
        "bag-info.txt": b"",
        "tagmanifest-sha512.txt": b"",
        "manifest-sha512.txt": manifest,
    }.items():
        (tmp_path / "p" / name).write_bytes(data)
    look(tmp_path / "p")


def test_a_manifest_that_would_fill_the_memory_is_not_read(tmp_path: Path) -> None:
    (tmp_path / "p").mkdir()
    with (tmp_path / "p/manifest-sha512.txt").open("wb") as file:
        file.truncate(limits.LARGEST_TEXT + 1)
    assert "is not read" in words(look(tmp_path / "p"))


def test_lines_without_end_are_not_read_to_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "p/data").mkdir(parents=True)
    for name in ("manifest-sha512.txt", "tagmanifest-sha512.txt"):
        (tmp_path / "p" / name).write_bytes(b"\n" * 1_000_000)
    for name in ("bagit.txt", "bag-info.txt"):
        (tmp_path / "p" / name).touch()
    (tmp_path / "p/data/ledger.jsonl").write_bytes(b"\n" * 1_000_000)
    assert len(look(tmp_path / "p").problems) < 1300
    monkeypatch.setattr("pipeline.closure.verify.manifests.MOST_FILES", 5)
    many = b"".join(b"%0128x  data/%d\n" % (number, number) for number in range(20))
    (tmp_path / "p/manifest-sha512.txt").write_bytes(many)
    found = words(look(tmp_path / "p"))
    assert "lists more than 5 files" in found
    assert "data/6" not in found


def test_a_ledger_whose_numbers_leap_is_told_of_in_few_words(tmp_path: Path) -> None:
    issues = [Issue(f"a/{number}", "0", "0", "0" * 64) for number in range(3000)]
    lines = [json.loads(line) for line in write_lines(add_issues((), issues, lambda issue: b"1" * 32)).splitlines()]
    for at, line in enumerate(lines):
        line["entry"]["number"] = at * 1_000_000
    made = "".join(f"{json.dumps(line)}\n" for line in lines).encode()
    assert len(check_ledger(made).findings) == MOST_FINDINGS


def test_what_strangers_wrote_does_not_steer_a_terminal(tmp_path: Path) -> None:
    line = write_lines(add_issues((), [Issue("a\x1b]0;b\u202e", "0", "0", "0" * 64)], lambda issue: b"1" * 32))
    package = seal(tmp_path / "p.zip", {"data/ledger.jsonl": line.replace(b'"time": "0"', b'"time": "1"')})
    command = (sys.executable, "-I", "-m", "pipeline", "verify", "p.zip", "-C", str(tmp_path), "--color", "never")
    done = subprocess.run(command, capture_output=True, encoding="utf-8", check=False)
    assert done.returncode == 1
    assert "(a\\x1b]0;b\\u202e) was altered" in done.stdout
    assert "\x1b" not in done.stdout + done.stderr
    assert package.is_file()


def test_a_package_is_looked_for_where_the_command_is_told_to_stand(tmp_path: Path) -> None:
    command = (sys.executable, "-I", "-m", "pipeline", "verify", "no.zip", "-C", str(tmp_path))
    done = subprocess.run(command, capture_output=True, encoding="utf-8", check=False)
    assert (done.returncode, str(tmp_path / "no.zip") in done.stderr) == (2, True)


@pytest.mark.parametrize("name", ["a\0b", "a\ud800", "x" * 5000, "a\nb", "a\x1b[31m"])
@pytest.mark.parametrize("field", ["project", "folder", "baseline"])
def test_names_in_provenance_that_no_program_takes_are_refused(tmp_path: Path, field: str, name: str) -> None:
    more: dict[str, object] = {
        "project": {"project": name},
        "folder": {"history": {**PROVENANCE["history"], "folder": name}},  # type: ignore[dict-item]
        "baseline": {"baselines": [{"name": name, "outcome": "built"}]},
    }
    (tmp_path / "p/data").mkdir(parents=True)
    (tmp_path / "p/data/provenance.json").write_text(json.dumps({**PROVENANCE, **more[field]}))  # type: ignore[dict-item]
    with pytest.raises(Stop):
        read_provenance(FolderPackage(tmp_path / "p"))


@pytest.mark.parametrize(
    "data",
    [b"", b"[", b"[" * 100_000, b"{}", b"null", b"\xff", b'{"history": 1}', b'{"a": ' * 50_000,
     json.dumps({**PROVENANCE, "history": {**PROVENANCE["history"], "folder": "../../x"}}).encode(),  # type: ignore[dict-item]
     json.dumps({**PROVENANCE, "history": {**PROVENANCE["history"], "folder": "/x"}}).encode(),  # type: ignore[dict-item]
     json.dumps({**PROVENANCE, "baselines": [{"name": 1, "outcome": "built"}]}).encode()],
)  # fmt: skip
def test_provenance_that_says_nothing_good_is_refused(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "p/data").mkdir(parents=True)
    (tmp_path / "p/data/provenance.json").write_bytes(data)
    with pytest.raises(Stop):
        read_provenance(FolderPackage(tmp_path / "p"))


@pytest.mark.parametrize(
    "bundle",
    [b"", b"garbage", b"# v2 git bundle\n", b"# v2 git bundle\n" + b"0" * 40 + b" refs/heads/main\n\nPACK",
     b"# v3 git bundle\n@object-format=sha256\n@evil=1\n\n", b"\0" * 9_000_000,
     b"# v2 git bundle\n-" + b"\0" * 9_000_000, b"# v2 git bundle\n" + b"0" * 40 + b" refs/heads/../../x\n\nPACK",
     b"# v3 git bundle\n@filter=blob:none\n" + b"0" * 40 + b" HEAD\n\nPACK",
     b"# v2 git bundle\n" + b"".join(b"%040d refs/heads/%d\n" % (n, n) for n in range(6000)) + b"\nPACK"],
)  # fmt: skip
def test_bundles_that_are_none_are_refused(tmp_path: Path, bundle: bytes) -> None:
    files = {
        "data/history.bundle": bundle,
        "data/provenance.json": json.dumps(PROVENANCE).encode(),
        "data/ledger.jsonl": b"",
    }
    verified = look(seal(tmp_path / "p.zip", files))
    assert "data/history.bundle" in {problem.place.file for problem in verified.problems}


def test_a_history_whose_trees_never_end_is_not_listed(tmp_path: Path) -> None:
    """Eight trees with ten entries each, which all name the next one, are a hundred million files in a kilobyte."""
    git = partial(run_git, tmp_path / "r")
    (tmp_path / "r").mkdir()
    git("init", "--quiet", "--initial-branch=main")
    entry = f"100644 blob {git('hash-object', '-w', '--stdin', data=b'x')}"
    for _ in range(8):
        rows = "".join(f"{entry}\tf{number}\n" for number in range(10))
        entry = f"040000 tree {git('mktree', data=rows.encode())}"
    tree = git("mktree", data=f"{entry}\tmill\n".encode())
    git("update-ref", "refs/heads/main", tip := git("commit-tree", "-m", "Bomb", tree))
    git("bundle", "create", "--quiet", "b", "HEAD", "main")
    provenance = {**PROVENANCE, "history": {**PROVENANCE["history"], "commit": tip}}  # type: ignore[dict-item]
    files = {
        "data/history.bundle": (tmp_path / "r/b").read_bytes(),
        "data/provenance.json": json.dumps(provenance).encode(),
        "data/ledger.jsonl": b"",
    }
    assert "has more than 200,000 files in one commit" in words(look(seal(tmp_path / "p.zip", files)))


def test_a_ledger_of_nonsense_is_refused(tmp_path: Path) -> None:
    files = {"data/ledger.jsonl": b"[" * 100_000 + b"\n{}\n\x00\n" * 1000, "data/provenance.json": b"{}"}
    assert "line 1 is too long" in words(look(seal(tmp_path / "p.zip", files)))


@pytest.mark.parametrize("seed", range(20))
def test_random_bytes_are_refused_calmly(tmp_path: Path, seed: int) -> None:
    import random  # noqa: TID251

    good = seal(tmp_path / "good.zip", {"data/a": b"a" * 100, "data/provenance.json": b"{}"}).read_bytes()
    chance = random.Random(seed)
    data = bytearray(good)
    for _ in range(chance.randrange(1, 40)):
        data[chance.randrange(len(data))] = chance.randrange(256)
    (tmp_path / "p.zip").write_bytes(data)
    look(tmp_path / "p.zip")
