"""Take output folders that lead elsewhere, or lists in them that lie; build and clean; look at what is elsewhere."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path

import pytest
from msgspec.structs import replace
from place_world import CHARTER, Office, copy_office, make_office, read_tree

from pipeline.archive.descent import write_new
from pipeline.archive.folder import save_files
from pipeline.archive.inside import find_output
from pipeline.archive.manifest import FileEntry, Manifest, make_entry, make_manifest, read_manifest
from pipeline.archive.save import remove_build, save_build
from pipeline.problems import Stop

OURS = {"atlas/charter.html": b"<p>charter", "atlas/plan.html": b"<p>plan"}
FORGED = b"<!doctype html><title>FORGED</title>"


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Office:
    """A machine with a repository, and a folder of somebody else beside it."""
    office = make_office(tmp_path_factory.mktemp("office") / "machine")
    fill(office.base / "other")
    return office


@pytest.fixture
def ours(office: Office, tmp_path: Path) -> Office:
    return copy_office(office, tmp_path / "machine")


def make_list(files: Mapping[str, bytes]) -> Manifest:
    entries = tuple(
        make_entry(path, data, project="atlas", document=path[6:-5], format="html") for path, data in files.items()
    )
    return Manifest("Deedbox 0.1.0", "1" * 40, files=entries)


def save(output: Path, files: Mapping[str, bytes] = OURS, *, whole: bool = True) -> None:
    save_build(output, files, make_list(files), whole=whole)


def fill(folder: Path) -> dict[str, bytes]:
    """Fill a folder with documents and more, and return what is in it."""
    save(folder, {**OURS, "atlas/more.html": b"<p>more"})
    (folder / "files").mkdir()
    (folder / "files/keep.txt").write_text("keep")
    (folder / "names.json").write_text("{}")
    return read_tree(folder)


@pytest.mark.parametrize("command", ["build", "clean", "ledger record", "watch --once"])
def test_nothing_leaves_by_an_output_folder_that_is_a_link(ours: Office, command: str) -> None:
    ours.build.symlink_to("../other")
    ours.commit()
    before = read_tree(ours.base / "other")
    done = ours.run(*command.split(), "-C", ours.papers)
    assert done.returncode == 2 and "error DB529" in done.stderr and "deedbox.yaml" in done.stderr, done.stderr
    assert read_tree(ours.base / "other") == before


def test_nothing_leaves_by_a_folder_of_the_settings_that_is_a_link(ours: Office) -> None:
    (ours.papers / "docs").symlink_to("../other")
    settings = ours.papers / "deedbox.yaml"
    settings.write_text(f"{settings.read_text()}\noutput: docs/x\n")
    ours.commit()
    before = read_tree(ours.base / "other")
    done = ours.make(CHARTER.removesuffix(".html"))
    assert done.returncode == 2 and "error DB529" in done.stderr, done.stderr
    assert read_tree(ours.base / "other") == before


@pytest.mark.parametrize(
    "output", ["docs", "docs/x", ".git", ".git/hooks", "x/.GIT/y", "git~1/x", ".deedbox/x", "a/../b"]
)
def test_an_output_folder_is_in_the_repository_and_no_place_of_git(tmp_path: Path, output: str) -> None:
    (tmp_path / "docs").symlink_to("..")
    with pytest.raises(Stop) as stop:
        find_output(tmp_path, output)
    assert stop.value.problems[0].code == "DB529" and stop.value.exit_code == 2
    assert find_output(tmp_path, "out/papers") == tmp_path / "out/papers"


@pytest.mark.parametrize("output", ["refs/heads", "hooks", "HEAD", "Objects/x"])
def test_a_bare_repository_keeps_what_git_has_there(tmp_path: Path, output: str) -> None:
    (tmp_path / "HEAD").write_text("ref: refs/heads/main\n")
    (tmp_path / "objects").mkdir()
    with pytest.raises(Stop):
        find_output(tmp_path, output)
    assert find_output(tmp_path, "build") == tmp_path / "build"


LINKS = {
    ".stage": "", ".stage/files": "files", ".stage/names.json": "names.json", ".stage/.names.json.new": "names.json",
    "manifest.json": "manifest.json", "index.html": "index.html", "atlas": "atlas", "atlas/plan.html": CHARTER,
    ".lock": "names.json", ".gitignore": "names.json",
}  # fmt: skip


@pytest.mark.parametrize("name", LINKS)
@pytest.mark.parametrize("is_filled", [False, True], ids=["new", "filled"])
def test_nothing_leaves_by_a_link_in_the_output_folder(tmp_path: Path, name: str, is_filled: bool) -> None:
    build, other = tmp_path / "build", tmp_path / "other"
    before = fill(other)
    if is_filled:
        save(build, {**OURS, "atlas/plan.html": b"<p>old", "atlas/gone.html": b"<p>gone"})
    link = build / name
    if name == "atlas" and is_filled:
        (build / "atlas").rename(build / "moved")
    link.parent.mkdir(parents=True, exist_ok=True)
    link.unlink(missing_ok=True)
    link.symlink_to(other / LINKS[name])
    for act in (lambda: save(build), lambda: remove_build(build)):
        try:
            act()
        except Stop as stop:
            assert stop.exit_code in (1, 2, 4)
        assert read_tree(other) == before


@pytest.mark.parametrize("name", [".risks.json.new", "risks.json"])
def test_schemas_go_over_no_link(tmp_path: Path, name: str) -> None:
    before = fill(tmp_path / "other")
    (tmp_path / name).symlink_to("other/index.html")
    save_files(tmp_path, {"risks.json": b"{}"})
    assert read_tree(tmp_path / "other") == before and (tmp_path / "risks.json").read_bytes() == b"{}"


def test_a_file_that_is_made_beside_its_place_goes_over_no_link(tmp_path: Path) -> None:
    (tmp_path / "theirs").write_bytes(b"theirs")
    (tmp_path / ".ledger.jsonl.part").symlink_to("theirs")
    write_new(tmp_path / ".ledger.jsonl.part", b"ours")
    assert (tmp_path / "theirs").read_bytes() == b"theirs" and not (tmp_path / ".ledger.jsonl.part").is_symlink()


def test_a_folder_that_a_person_names_may_be_a_link(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "shown").symlink_to("real")
    save(tmp_path / "shown")
    assert (tmp_path / "real/atlas/charter.html").is_file()
    assert find_output(tmp_path / "shown", "build") == tmp_path / "shown/build"


def write_list(build: Path, *entries: FileEntry) -> None:
    build.mkdir(parents=True, exist_ok=True)
    (build / "manifest.json").write_bytes(make_manifest(replace(make_list({}), files=entries)))


def test_a_forged_list_of_built_files_removes_nothing(tmp_path: Path) -> None:
    own, foreign = (
        {"notes.html": b"my notes", "index.html": b"<p>my own page"},
        make_list({"notes.html": b"?"}).files[0],
    )
    write_list(tmp_path, foreign)
    for name, data in own.items():
        (tmp_path / name).write_bytes(data)
    (tmp_path / ".stage").mkdir()
    (tmp_path / ".stage/names.json").write_text('["notes.html", "index.html"]')
    with pytest.raises(Stop):  # the index is in the way, and not ours
        save(tmp_path)
    remove_build(tmp_path)
    assert read_tree(tmp_path) == own
    write_list(tmp_path, foreign)
    (tmp_path / "index.html").unlink()
    save(tmp_path, whole=False)
    save(tmp_path)
    assert (tmp_path / "notes.html").read_bytes() == b"my notes"


def test_a_forged_file_passes_neither_for_fresh_nor_for_issued(ours: Office) -> None:
    ours.commit()
    (ours.build / "atlas").mkdir(parents=True)
    (ours.build / CHARTER).write_bytes(FORGED)
    entry = make_list({CHARTER: FORGED}).files[0]
    commit = ours.git(ours.papers, "rev-parse", "HEAD").strip()
    write_list(ours.build, replace(entry, revision=replace(entry.revision, commit=commit)))
    done = ours.run("ledger", "record", "-C", ours.papers)
    assert done.returncode == 2 and "error DB499" in done.stderr, done.stderr
    assert ours.make("atlas/charter").returncode == 0
    assert b"FORGED" not in (ours.build / CHARTER).read_bytes()
    assert ours.run("ledger", "record", "-C", ours.papers).returncode == 0
    assert (ours.papers / "ledger.jsonl").is_file()


def test_a_list_does_not_say_of_its_own_files_that_they_are_current(tmp_path: Path) -> None:
    (tmp_path / "atlas").mkdir()
    (tmp_path / "atlas/other.html").write_bytes(FORGED)
    write_list(tmp_path, make_list({"atlas/other.html": FORGED}).files[0])
    made = make_list(OURS)
    save_build(
        tmp_path, OURS, replace(made, files=tuple(replace(one, built="1" * 40) for one in made.files)), whole=False
    )
    page = (tmp_path / "index.html").read_text()
    assert "Older build" in page.partition("atlas/other.html")[0].rpartition("<tr")[2]


@pytest.mark.parametrize(
    ("key", "value"),
    [("title", {"a": 1}), ("pages", "many"), ("title", "\ud800"), ("sources", {"a": 3}), ("revision", []), ("path", 1)],
)
def test_a_list_of_built_files_with_strange_values_is_said_calmly(key: str, value: object) -> None:
    manifest = json.loads(make_manifest(make_list(OURS)))
    manifest["files"][0][key] = value
    with pytest.raises(Stop) as stop:
        read_manifest(json.dumps(manifest).encode())
    assert stop.value.problems[0].code == "DB506"


def test_a_pipe_in_place_of_the_list_holds_nobody_up(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "manifest.json")
    with pytest.raises(Stop):
        save(tmp_path)


def test_a_file_of_a_killed_build_is_known_by_what_it_holds(tmp_path: Path) -> None:
    save(tmp_path)
    (tmp_path / ".stage").mkdir()
    names = {"atlas/late.html": [sha256(b"<p>late").hexdigest()], "atlas/mine.html": ["0" * 64]}
    (tmp_path / ".stage/names.json").write_text(json.dumps(names))
    (tmp_path / "atlas/late.html").write_bytes(b"<p>late")
    (tmp_path / "atlas/mine.html").write_bytes(b"mine")
    save(tmp_path)
    assert not (tmp_path / "atlas/late.html").exists() and (tmp_path / "atlas/mine.html").is_file()
