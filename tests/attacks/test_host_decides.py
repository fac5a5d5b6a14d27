"""Take settings of a repository and of its host that name stores; see that only the host's are followed."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from place_world import make_office, read_tree

from pipeline.host.config import Host, list_files, read_host
from pipeline.problems import Stop

ONE, TWO = "s3://one/deedbox", "s3://two/deedbox"


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The path of the user's file, and nothing said yet."""
    for name in [
        name for name in os.environ if name.startswith(("DEEDBOX_CACHE_", "DEEDBOX_REMOTE", "DEEDBOX_CONFIG"))
    ]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    (tmp_path / "config/deedbox").mkdir(parents=True)
    (tmp_path / "papers/.git").mkdir(parents=True)
    return tmp_path / "config/deedbox/config.yaml"


def write(file: Path, text: str) -> None:
    file.write_text(text)
    file.chmod(0o600)


def test_settings_of_a_repository_name_no_store(tmp_path: Path) -> None:
    office = make_office(tmp_path / "machine")
    settings = office.papers / "deedbox.yaml"
    address = f"file://{office.base}/anywhere"
    settings.write_text(f"{settings.read_text()}\ncache: {{remote: '{address}', write: true}}\n")
    line = len(settings.read_text().splitlines())
    office.commit()
    done = office.make("atlas/charter")
    assert done.returncode == 0 and not (office.base / "anywhere").exists()
    assert f"deedbox.yaml:{line}:9: warning DB146" in done.stderr, done.stderr
    assert f"DEEDBOX_CACHE_REMOTE={address}" in done.stderr and "~/.config/deedbox/config.yaml" in done.stderr
    done = office.make("--force", "atlas/charter", DEEDBOX_CACHE_REMOTE=address, DEEDBOX_CACHE_WRITE="true")
    assert done.returncode == 0 and read_tree(office.base / "anywhere"), done.stderr
    (office.home / ".config/deedbox").mkdir(parents=True)
    write(office.home / ".config/deedbox/config.yaml", "cache:\n  remote: 7\n")
    done = office.make("--force", "atlas/charter")
    assert done.returncode == 2 and f"{office.home}/.config/deedbox/config.yaml:2:3: error DB531" in done.stderr


def test_who_says_it_first_is_followed(file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    papers = tmp_path / "papers"
    assert read_host(papers) == Host()
    write(file, f"cache: {{remote: '{ONE}', write: true, megabytes: 5000}}\n")
    assert read_host(papers) == Host(ONE, True, 5000)
    write(file, f"{file.read_text()}repositories:\n  {tmp_path}:\n    cache: {{remote: '{TWO}'}}\n")
    assert read_host(papers) == Host(TWO, False, 5000)
    write(file, f"{file.read_text()}  {papers}:\n    cache: {{remote: off}}\n")
    assert read_host(papers) == Host("", False, 5000)
    named = tmp_path / "named.yaml"
    write(named, f"cache: {{remote: '{TWO}'}}\n")
    monkeypatch.setenv("DEEDBOX_CONFIG", str(named))
    assert read_host(papers) == Host(TWO) and list_files()[0] == str(named)
    monkeypatch.setenv("DEEDBOX_CACHE_REMOTE", ONE)
    monkeypatch.setenv("DEEDBOX_CACHE_WRITE", "yes")
    assert read_host(papers) == Host(ONE, True)


WRONG = {
    "cache: {remote: 'ftp://x/y'}\n": "1:9", "cache:\n  strange: 1\n": "2:3", "cache: {write: maybe}\n": "1:9",
    "- a\n": "1", "repositories:\n  papers: {cache: {}}\n": "2:3", "cache: {megabytes: 1}\n": "1:9",
    "output: /srv\n": "1:1",
}  # fmt: skip


@pytest.mark.parametrize("text", WRONG)
def test_a_wrong_file_is_told_with_its_line(file: Path, tmp_path: Path, text: str) -> None:
    write(file, text)
    with pytest.raises(Stop) as stop:
        read_host(tmp_path / "papers")
    assert stop.value.exit_code == 2 and stop.value.problems[0].code == "DB531"
    assert str(stop.value.problems[0].place).startswith(f"{file}:{WRONG[text]}")


@pytest.mark.parametrize("spoil", ["folder", "pipe", "open", "inside", "broken", "long"])
def test_a_file_that_others_may_have_written_is_refused(
    file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, spoil: str
) -> None:
    if spoil == "folder":
        file.mkdir()
    elif spoil == "pipe":
        os.mkfifo(file)
    elif spoil == "inside":
        monkeypatch.setenv("DEEDBOX_CONFIG", str(tmp_path / "papers/config.yaml"))
        write(tmp_path / "papers/config.yaml", "cache: {}\n")
    else:
        write(file, {"open": "cache: {}\n", "broken": "cache: {", "long": "#\n" * 600_000}[spoil])
        file.chmod(0o664 if spoil == "open" else 0o600)
    with pytest.raises(Stop) as stop:
        read_host(tmp_path / "papers")
    assert stop.value.exit_code == 2
    assert spoil == "broken" or stop.value.problems[0].code == "DB530"


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a file away")
def test_a_file_of_another_user_is_refused(file: Path, tmp_path: Path) -> None:
    write(file, "cache: {}\n")
    os.chown(file, 12345, 12345)
    with pytest.raises(Stop, match="another user"):
        read_host(tmp_path / "papers")


def test_a_shared_store_in_the_repository_wants_a_secret_and_no_link(
    file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    papers = tmp_path / "papers"
    monkeypatch.setenv("DEEDBOX_CACHE_REMOTE", f"file://{papers}/.cache/x")
    with pytest.raises(Stop, match="lies in the repository"):
        read_host(papers)
    monkeypatch.setenv("DEEDBOX_REMOTE_SECRET", "word")
    assert read_host(papers).remote
    (papers / ".cache").symlink_to(tmp_path)
    with pytest.raises(Stop, match="lies in the repository"):
        read_host(papers)


@pytest.mark.parametrize(
    ("name", "value"),
    [("CONFIG", "own.yaml"), ("CACHE_REMOTE", "x"), ("CACHE_WRITE", "perhaps"), ("CACHE_MEGABYTES", "3")],
)
def test_a_wrong_word_in_the_environment_is_told(
    file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(f"DEEDBOX_{name}", value)
    with pytest.raises(Stop) as stop:
        read_host(tmp_path / "papers")
    assert (stop.value.problems[0].code, stop.value.exit_code) == ("DB532", 2)
