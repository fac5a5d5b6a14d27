"""Take packages that were made to harm whoever looks at them; verify each; see that they are only data."""

from __future__ import annotations

import json
import os
import struct
import subprocess
import zlib
from collections.abc import Mapping
from functools import partial
from hashlib import sha1
from pathlib import Path

import pytest
from git_work import run_git

from pipeline.closure.bag import SIGNATURE, TAG_MANIFEST, make_bag, save_bag
from pipeline.closure.items import Item, hash_item
from pipeline.closure.sign import NAMESPACE
from pipeline.closure.verify.verify import Verified, Wish, verify

PROVENANCE = {
    "project": "mill",
    "history": {"commit": "0" * 40, "folder": "", "holds": "project", "people": "named"},
    "baselines": [],
    "engine": {"digest": "0"},
}
CENTRAL, END = b"PK\1\2", b"PK\5\6"


def seal(path: Path, files: Mapping[str, bytes]) -> Path:
    save_bag(path, "top", make_bag([hash_item(Item(name, data)) for name, data in files.items()], {}, ()))
    return path


def words(verified: Verified) -> str:
    return "\n".join(f"{problem.code} {problem.place}: {problem.message}" for problem in verified.problems)


def pack_history(path: Path, bundle: bytes, tip: str) -> Path:
    history = {**PROVENANCE["history"], "commit": tip}  # type: ignore[dict-item]
    provenance = json.dumps({**PROVENANCE, "history": history}).encode()
    return seal(path, {"data/history.bundle": bundle, "data/provenance.json": provenance, "data/ledger.jsonl": b""})


def make_bundle(folder: Path, *refs: str) -> tuple[bytes, str]:
    """Return a bundle of one commit under these names, and the commit."""
    folder.mkdir()
    git = partial(run_git, folder)
    git("init", "--quiet", "--initial-branch=main")
    git("commit", "--quiet", "--allow-empty", "-m", "Begin")
    for ref in refs:
        git("update-ref", ref, "HEAD")
    git("bundle", "create", "--quiet", "b", "--all", "HEAD")
    return (folder / "b").read_bytes(), git("rev-parse", "HEAD")


@pytest.fixture
def trapped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A machine whose templates and hooks leave a trace; the trace."""
    trace, hooks, home = tmp_path / "ran", tmp_path / "template/hooks", tmp_path / "home"
    hooks.mkdir(parents=True)
    home.mkdir()
    for name in ("reference-transaction", "post-checkout", "pre-auto-gc", "post-index-change", "ssh-keygen"):
        (hooks / name).write_text(f'#!/bin/sh\necho "$0" >>"{trace}"\n')
        (hooks / name).chmod(0o755)
    settings = f"[init]\n\ttemplateDir = {hooks.parent}\n[core]\n\thooksPath = {hooks}\n"
    (home / ".gitconfig").write_text(settings)
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("GIT_TEMPLATE_DIR", str(hooks.parent))
    return trace


def test_history_of_a_package_runs_no_hook_and_no_template(tmp_path: Path, trapped: Path) -> None:
    bundle, tip = make_bundle(tmp_path / "r", "refs/heads/--upload-pack=touch", "refs/tags/-oProxyCommand=touch")
    trapped.unlink(missing_ok=True)  # that was Git itself, when it made the bundle
    verified = verify(Wish(pack_history(tmp_path / "p.zip", bundle, tip)))
    assert {one.name: one.outcome for one in verified.checks}["history"] == "ok", words(verified)
    assert not trapped.exists(), trapped.read_text()


def test_program_beside_a_package_is_not_taken_for_ours(
    tmp_path: Path, trapped: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = tmp_path / "key"
    subprocess.run(("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", key), check=True)
    monkeypatch.chdir(tmp_path / "template/hooks")
    monkeypatch.setenv("PATH", f".{os.pathsep}{os.environ['PATH']}")
    package = tmp_path / "p"
    _unpack(package, seal(tmp_path / "p.zip", {"data/a": b"a"}))
    command = ("/usr/bin/env", "ssh-keygen", "-Y", "sign", "-q", "-f", str(key), "-n", NAMESPACE)
    signed = subprocess.run(command, cwd="/", input=(package / TAG_MANIFEST).read_bytes(), capture_output=True)
    (package / SIGNATURE).write_bytes(signed.stdout)
    verified = verify(Wish(package))
    assert {one.name: one.words for one in verified.checks}["signature"].startswith("signed"), words(verified)
    assert not trapped.exists()


def _unpack(folder: Path, package: Path) -> None:
    from zipfile import ZipFile

    with ZipFile(package) as archive:
        archive.extractall(folder.with_name("unpacking"))
    (folder.with_name("unpacking") / "top").rename(folder)


@pytest.mark.parametrize("name", ["-oProxyCommand=touch ran", "--help", "-"])
def test_file_of_keys_with_the_name_of_an_option_is_a_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    package = seal(tmp_path / "p.zip", {"data/a": b"a"})
    monkeypatch.chdir(tmp_path)
    Path(name).write_text("x@example.org ssh-ed25519 AAAA\n")
    _unpack(tmp_path / "q", package)
    (tmp_path / "q" / SIGNATURE).write_text("-----BEGIN SSH SIGNATURE-----\nAAAA\n-----END SSH SIGNATURE-----\n")
    assert "is by none of the keys in" in words(verify(Wish(tmp_path / "q", signers=Path(name))))
    assert not (tmp_path / "ran").exists()


def test_each_file_that_is_renamed_in_the_list_of_a_zip_is_named(tmp_path: Path) -> None:
    """With the signature still there, nothing else may be taken for granted."""
    _unpack(tmp_path / "q", seal(tmp_path / "p.zip", {"data/ledger.jsonl": b"", "data/provenance.json": b"{}"}))
    (tmp_path / "q" / SIGNATURE).write_text("x")
    files = sorted(
        path.relative_to(tmp_path / "q").as_posix() for path in (tmp_path / "q").rglob("*") if path.is_file()
    )
    data = _store({f"top/{name}": (tmp_path / "q" / name).read_bytes() for name in files})
    start = data.index(CENTRAL)
    for name in files:
        at = data.index(name.encode(), start)
        other = name[:-1] + ("x" if name[-1] != "x" else "y")
        (tmp_path / "r.zip").write_bytes(data[:at] + other.encode() + data[at + len(name) :])
        assert verify(Wish(tmp_path / "r.zip")).exit_code == 1, name


def _store(files: Mapping[str, bytes]) -> bytes:
    """Return a zip in the form of a package, of any files."""
    from pipeline.closure.zip_form import lay_out, make_central, make_end, make_local

    placed = lay_out((name, len(data), zlib.crc32(data)) for name, data in files.items())
    body = b"".join(make_local(one) + data for one, data in zip(placed, files.values(), strict=True))
    listed = b"".join(map(make_central, placed))
    return body + listed + make_end(len(placed), len(listed), len(body))


# Where in a record of the zip's list a field stands, and what a stranger might put there.
TRICKS = {
    "encrypted": (8, struct.pack("<H", 0x801)),
    "strongly encrypted": (8, struct.pack("<H", 0x841)),
    "sizes behind the bytes": (8, struct.pack("<H", 0x808)),
    "compressed": (10, struct.pack("<H", 8)),
    "another checksum": (16, b"\0\0\0\0"),
    "another packed size": (20, struct.pack("<I", 7)),
    "another size": (24, struct.pack("<I", 7)),
    "a size of zip64 without one": (24, b"\xff\xff\xff\xff"),
    "a comment of a file": (32, struct.pack("<H", 5)),
    "on another disk": (34, struct.pack("<H", 1)),
    "a link": (38, struct.pack("<I", 0o120777 << 16)),
    "a device": (38, struct.pack("<I", 0o020666 << 16)),
    "a start before all": (42, struct.pack("<I", 0)),
    "a start behind all": (42, struct.pack("<I", 0xFFFFFFF0)),
    "a start of zip64 without one": (42, b"\xff\xff\xff\xff"),
}


@pytest.mark.parametrize("trick", TRICKS)
def test_tricks_in_the_list_of_a_zip_are_told(tmp_path: Path, trick: str) -> None:
    data = _store({"top/bagit.txt": b"x" * 50, "top/data/a": b"a" * 50})
    at = data.index(CENTRAL, data.index(CENTRAL) + 4)  # the second record
    place, value = TRICKS[trick]
    (tmp_path / "p.zip").write_bytes(data[: at + place] + value + data[at + place + len(value) :])
    verified = verify(Wish(tmp_path / "p.zip"))
    assert (verified.exit_code, "DB513" in words(verified)) == (1, True), words(verified)


@pytest.mark.parametrize("part", ["comment", "digits behind", "second end", "count", "disk"])
def test_tricks_at_the_end_of_a_zip_are_told(tmp_path: Path, part: str) -> None:
    data = _store({"top/bagit.txt": b"x"})
    at = data.index(END)
    changed = {
        "comment": data[:-2] + struct.pack("<H", 5) + b"hello",
        "digits behind": data + b"00",
        "second end": data + data[at:],
        "count": data[: at + 8] + struct.pack("<HH", 7, 7) + data[at + 12 :],
        "disk": data[: at + 4] + struct.pack("<HH", 1, 1) + data[at + 8 :],
    }[part]
    (tmp_path / "p.zip").write_bytes(changed)
    verified = verify(Wish(tmp_path / "p.zip"))
    assert (verified.exit_code, "DB513" in words(verified)) == (1, True), words(verified)


def make_pack_bomb(size: int) -> bytes:
    """Return a small bundle with an object of `size` bytes, which says 16 MB of another one again and again."""
    base = b"\0" * 0xFFFFFF
    count = size // len(base)
    delta = _number(len(base)) + _number(count * len(base)) + (b"\xf0\xff\xff\xff" * count)
    first = _head(3, len(base)) + zlib.compress(base, 9)
    second = _head(6, len(delta)) + _offset(len(first)) + zlib.compress(delta)
    pack = b"PACK" + struct.pack(">II", 2, 2) + first + second
    return (
        b"# v2 git bundle\n" + b"1" * 40 + b" refs/heads/main\n\n" + pack + sha1(pack, usedforsecurity=False).digest()
    )


def _number(value: int) -> bytes:
    out = bytearray()
    while value > 127:
        out.append(value & 127 | 128)
        value >>= 7
    return bytes((*out, value))


def _head(kind: int, size: int) -> bytes:
    first, rest = kind << 4 | size & 15, size >> 4
    return bytes((first | 128,)) + _number(rest) if rest else bytes((first,))


def _offset(value: int) -> bytes:
    out = [value & 127]
    while value := value >> 7:
        value -= 1
        out.append(value & 127 | 128)
    return bytes(reversed(out))


def test_object_of_ten_gigabytes_in_a_small_history_is_not_made(tmp_path: Path) -> None:
    package = pack_history(tmp_path / "p.zip", make_pack_bomb(10 << 30), "1" * 40)
    assert package.stat().st_size < 100_000
    verified = verify(Wish(package))
    assert (verified.exit_code, "Git does not take it" in words(verified)) == (1, True), words(verified)
