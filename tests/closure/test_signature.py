"""Take keys made for the test; sign packages with them; have Deedbox and ssh-keygen tell whose they are."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from closing_world import NAME, Closed, run
from packages import check, named

from pipeline.closure.sign import NAMESPACE, find_key, sign
from pipeline.problems import Stop


@dataclass(frozen=True)
class Signed:
    """A signed package, unpacked too; files that allow its signer, and somebody else."""

    package: Path
    folder: Path
    key: Path
    signers: Path
    others: Path


def make_key(path: Path, passphrase: str = "") -> str:
    subprocess.run(("ssh-keygen", "-q", "-t", "ed25519", "-N", passphrase, "-C", "", "-f", str(path)), check=True)
    return path.with_suffix(".pub").read_text().strip()


@pytest.fixture(scope="module")
def signed(closed: Closed, tmp_path_factory: pytest.TempPathFactory) -> Signed:
    if shutil.which("ssh-keygen") is None:
        pytest.skip("ssh-keygen is not installed")
    base = tmp_path_factory.mktemp("signed")
    (base / "signers").write_text(f"keeper@example.org {make_key(base / 'key')}\n")
    (base / "others").write_text(f"other@example.org {make_key(base / 'other')}\n")
    words = ("close", "mill", "-C", str(closed.root), "-o", str(base / "out"), "--key", str(base / "key"))
    code, answer, said = run(*words)
    assert (code, answer["signed"]) == (0, True), said
    shutil.unpack_archive(answer["package"], base / "x")
    return Signed(Path(answer["package"]), base / "x" / NAME, base / "key", base / "signers", base / "others")


def test_ssh_keygen_alone_accepts_the_signature_as_the_readme_says(signed: Signed) -> None:
    assert "ssh-keygen -Y verify" in (signed.folder / "README.txt").read_text()
    words = ("ssh-keygen", "-Y", "verify", "-f", str(signed.signers), "-I", "keeper@example.org", "-n", NAMESPACE)
    data = (signed.folder / "tagmanifest-sha512.txt").read_bytes()
    for given, code in ((data, 0), (data + b"\n", 255)):
        done = subprocess.run(
            (*words, "-s", str(signed.folder / "tagmanifest-sha512.txt.sig")),
            input=given,
            capture_output=True,
            check=False,
        )
        assert done.returncode == code


def test_the_signer_is_named(signed: Signed) -> None:
    verified = check(signed.package, signers=signed.signers)
    assert verified.exit_code == 0
    assert verified.checks[-1].words == "signed by keeper@example.org"
    assert check(signed.package).checks[-1].words == "signed, by a key that was not compared with any"


def test_a_key_that_is_not_trusted_is_refused(signed: Signed) -> None:
    verified = check(signed.package, signers=signed.others)
    assert verified.exit_code == 1
    assert named(verified) == {"tagmanifest-sha512.txt.sig": "is by none of the keys in others"}


def test_a_package_that_should_be_signed_and_is_not_is_refused(signed: Signed, closed: Closed) -> None:
    assert "is missing" in named(check(closed.package, signers=signed.signers))["tagmanifest-sha512.txt.sig"]


def test_a_forged_package_does_not_fit_its_signature(signed: Signed, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(signed.folder, tmp_path / NAME))
    tags = folder / "tagmanifest-sha512.txt"
    tags.write_text("".join(sorted(tags.read_text().splitlines(keepends=True), reverse=True)))
    for more in ({}, {"signers": signed.signers}):
        assert "does not fit tagmanifest-sha512.txt" in named(check(folder, **more))["tagmanifest-sha512.txt.sig"]


def test_a_signature_for_another_purpose_is_none(signed: Signed, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(signed.folder, tmp_path / NAME))
    data = (folder / "tagmanifest-sha512.txt").read_bytes()
    words = ("ssh-keygen", "-Y", "sign", "-q", "-f", str(signed.key), "-n", "file")
    done = subprocess.run(words, input=data, capture_output=True, check=True)
    (folder / "tagmanifest-sha512.txt.sig").write_bytes(done.stdout)
    assert "tagmanifest-sha512.txt.sig" in named(check(folder, signers=signed.signers))


def test_all_but_the_signature_is_as_unsigned(signed: Signed, closed: Closed) -> None:
    shown = {"README.txt", "index.html", "tagmanifest-sha512.txt"}  # these say whether there is one
    for path in closed.folder.rglob("*"):
        name = path.relative_to(closed.folder).as_posix()
        if path.is_file() and name not in shown:
            assert (signed.folder / name).read_bytes() == path.read_bytes(), name


def test_keys_that_cannot_sign_are_told_without_a_question(signed: Signed, tmp_path: Path) -> None:
    (tmp_path / "none").write_text("no key\n")
    make_key(tmp_path / "locked", "a passphrase")
    for name in ("none", "locked"):
        with pytest.raises(Stop) as stop:
            sign(tmp_path / name, b"data")
        assert stop.value.problems[0].code == "DB507"
    with pytest.raises(Stop) as stop:
        find_key(tmp_path, "absent")
    assert stop.value.exit_code == 2


def test_without_ssh_keygen_a_signature_is_not_judged(
    signed: Signed, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, need: Callable[[str], str]
) -> None:
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin/git").symlink_to(need("git"))
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    verified = check(signed.package, signers=signed.signers)
    assert (verified.exit_code, verified.checks[-1].outcome) == (4, "skipped")
