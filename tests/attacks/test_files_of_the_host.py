"""Take settings, lists and ledgers that lead to files of the host; run commands; none is read, nothing hangs."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest
from attack_world import Victim, check_calm, make_victim
from closing_world import SETTINGS, make_world, run

SECRET = "secret words of the host\n"


@pytest.fixture(scope="module")
def victim(tmp_path_factory: pytest.TempPathFactory) -> Victim:
    return make_victim(tmp_path_factory.mktemp("files"))


@pytest.mark.parametrize("key", ["key", "salt"])
def test_settings_choose_no_key_and_no_secret_of_the_host(tmp_path: Path, key: str) -> None:
    """Whoever closes is told, and closes when it is taken out; a key of his own choice signs."""
    world = make_world(tmp_path / "r")
    secret = tmp_path / "id"
    subprocess.run(("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(secret)), check=True)
    world.commit({"deedbox.yaml": f"{SETTINGS}closure: {{{key}: {secret}}}\n"}, "Name a file of the host")
    words = ("close", "mill", "-C", str(world.root), "-o", str(tmp_path / "out"))
    code, answer, said = run(*words)
    assert code == 1 and answer["problems"] and all("DB147" in problem["message"] for problem in answer["problems"]), (
        answer
    )
    assert not (tmp_path / "out").exists()
    world.commit({"deedbox.yaml": SETTINGS}, "Take it out")
    code, answer, said = run(*words, DEEDBOX_CLOSURE_KEY=str(secret))
    assert code == 0 and answer["signed"], said


@pytest.mark.parametrize(
    "salt",
    [
        "/dev/zero",
        "pipe",
        *(pytest.param(place, marks=pytest.mark.soak) for place in ("/dev/stdin", "folder", "nowhere")),
    ],
)
def test_secret_of_the_host_that_is_no_plain_file_is_refused(tmp_path: Path, salt: str) -> None:
    world = make_world(tmp_path / "r")
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "folder").mkdir()
    named = {"DEEDBOX_CLOSURE_SALT": salt if salt.startswith("/") else str(tmp_path / salt)}
    code, answer, said = run("close", "mill", "--unsigned", "-C", str(world.root), "-o", str(tmp_path / "out"), **named)
    assert code == 1 and answer["problems"][0]["code"] == "DB507", said


@pytest.mark.parametrize("target", ["/dev/zero", "/proc/self/fd/0", "pipe"])
def test_status_reads_no_list_that_a_link_leads_to(victim: Victim, target: str) -> None:
    link = victim.root / "build/manifest.json"
    link.parent.mkdir(exist_ok=True)
    if target == "pipe":
        os.mkfifo(link)
    else:
        link.symlink_to(target)
    try:
        check_calm(victim.run("status", timeout=30), 0, 1)
        check_calm(victim.run("status", "--format", "json", timeout=30), 0, 1)
    finally:
        link.unlink()


def test_a_ledger_that_is_no_plain_file_is_not_read(victim: Victim) -> None:
    secret = victim.root.parent / "secret"
    secret.write_text(SECRET)
    ledger = victim.root / "ledger.jsonl"
    for target in (str(secret), "/dev/zero", ""):
        if target:
            ledger.symlink_to(target)
        else:
            os.mkfifo(ledger)
        done = victim.run("ledger", "verify", timeout=30)
        ledger.unlink()
        check_calm(done, 1)
        assert "is a link" in done.stdout + done.stderr and "line 1" not in done.stdout + done.stderr


def test_a_ledger_that_is_huge_is_not_read(victim: Victim) -> None:
    ledger = victim.root / "ledger.jsonl"
    with ledger.open("wb") as file:
        file.truncate(3 << 30)
    done = victim.run("ledger", "verify", timeout=30)
    ledger.unlink()
    check_calm(done, 1)


def test_thousands_of_unknown_keys_are_told_of_in_bounded_time(victim: Victim) -> None:
    settings = victim.root / "deedbox.yaml"
    before = settings.read_text()
    settings.write_text(before + "".join(f"k{number}: 1\n" for number in range(60_000)))
    try:
        done = victim.run("check", "-q", timeout=60)
        check_calm(done, 1)
        assert 90 <= done.stdout.count("DB202") <= 110
    finally:
        settings.write_text(before)


def test_a_language_of_any_length_is_an_error_of_the_settings(victim: Victim) -> None:
    settings = victim.root / "deedbox.yaml"
    before = settings.read_text()
    others = "".join(line for line in before.splitlines(keepends=True) if not line.startswith("language:"))
    settings.write_text(f"{others}language: en{'-aaaaaaaa' * 100_000}\n")
    try:
        done = victim.run("check", "-q", timeout=60)
        check_calm(done, 1)
        assert "deedbox.yaml:" in done.stdout and "DB427" not in done.stdout and len(done.stdout) < 5000
    finally:
        settings.write_text(before)
