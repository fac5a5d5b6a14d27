"""Take a package; change one thing in it at a time, as accidents and people do; read whether that file is named."""

from __future__ import annotations

import json
import os
import shutil
import warnings
from collections.abc import Mapping
from pathlib import Path
from random import Random  # noqa: TID251

import pytest
from closing_world import NAME, Closed, run
from packages import check, named, read_folder, reseal

from pipeline.closure.ledger.entries import add_issues, write_lines
from pipeline.closure.verify.zip_package import open_zip
from pipeline.closure.zip_form import Stored, make_central

FLIPS = int(os.environ.get("DEEDBOX_TEST_FLIPS", "100"))


@pytest.fixture(scope="module")
def files(closed: Closed) -> Mapping[str, bytes]:
    return read_folder(closed.folder)


@pytest.fixture
def folder(closed: Closed, tmp_path: Path) -> Path:
    """Return a copy of the unpacked package that a test may change."""
    return Path(shutil.copytree(closed.folder, tmp_path / NAME))


def find_owner(package: Path, place: int) -> str:
    """Return the file whose bytes, header or line in the list stand at a place of a zip; the zip's name if none."""
    at, lines = 0, []
    zip = open_zip(package)
    zip.close()
    for path, size in zip.files.items():
        file = Stored(f"{NAME}/{path}".encode(), size, 0, at)
        if at <= place < file.end:
            return path
        at = file.end
        lines.append((path, file))
    for path, file in lines:
        at += len(make_central(file))
        if place < at:
            return path
    return package.name


def test_the_package_is_whole(closed: Closed) -> None:
    for package in (closed.package, closed.folder):
        verified = check(package)
        assert (verified.problems, verified.exit_code) == ([], 0)
        assert [one.outcome for one in verified.checks] == ["ok"] * 5


def test_one_flipped_bit_anywhere_is_found_and_named(closed: Closed, tmp_path: Path) -> None:
    """DEEDBOX_TEST_FLIPS=1000 for a longer look; places are random, headers and lists get their share and more."""
    data = bytearray(closed.package.read_bytes())
    chance = Random(int(os.environ.get("DEEDBOX_TEST_SEED", "7")))
    copy = tmp_path / closed.package.name
    end = len(data)
    for number in range(FLIPS):
        place = chance.randrange(end - 6000, end) if number % 4 == 0 else chance.randrange(end)
        bit = 1 << chance.randrange(8)
        data[place] ^= bit
        copy.write_bytes(data)
        verified = check(copy)
        assert verified.exit_code == 1, place
        data[place] ^= bit
        owner = find_owner(closed.package, place)
        places = {problem.place.file for problem in verified.problems}
        said = places | {problem.message for problem in verified.problems}
        if owner != copy.name:
            assert any(owner in words for words in said), (place, owner, said)


def test_each_file_that_is_missing_is_named(files: Mapping[str, bytes], folder: Path) -> None:
    for path in files:
        (folder / path).rename(folder.parent / "kept")
        assert path in named(check(folder)), path
        (folder.parent / "kept").rename(folder / path)


def test_each_file_that_is_renamed_is_named(files: Mapping[str, bytes], folder: Path) -> None:
    for path in (path for path in files if path.startswith("data/documents/")):
        (folder / path).rename(folder / f"{path}.old")
        assert named(check(folder))[f"{path}.old"] == f"is {path} under another name"
        (folder / f"{path}.old").rename(folder / path)


@pytest.mark.parametrize(
    "path", ["data/new.txt", "data/documents/mill/late.pdf", "new.txt", "data/sources/mill/x.md", "Index.HTML"]
)
def test_a_file_that_was_added_is_named(folder: Path, path: str) -> None:
    (folder / path).write_text("new")
    assert path in named(check(folder))


def test_files_that_were_swapped_are_both_named(files: Mapping[str, bytes], folder: Path) -> None:
    one, other = "data/documents/mill/closure-report.pdf", "data/documents/mill/documents/log.pdf"
    (folder / one).write_bytes(files[other])
    (folder / other).write_bytes(files[one])
    found = named(check(folder))
    assert found[one].startswith(f"was swapped: it holds what {other} held") or "ledger" in found[one]
    words = {(problem.place.file, problem.message) for problem in check(folder).problems}
    assert {
        (one, f"was swapped: it holds what {other} held"),
        (other, f"was swapped: it holds what {one} held"),
    } <= words


@pytest.mark.parametrize("cut", [1, 22, 1000, 100_000])
def test_a_package_that_is_cut_off_is_refused(closed: Closed, tmp_path: Path, cut: int) -> None:
    copy = tmp_path / "cut.zip"
    copy.write_bytes(closed.package.read_bytes()[:-cut])
    assert check(copy).exit_code == 1


def test_bytes_between_files_or_after_the_end_are_found(closed: Closed, tmp_path: Path) -> None:
    data = closed.package.read_bytes()
    for changed in (b"x" + data, data + b"x", data[:40] + b"x" + data[40:]):
        (tmp_path / "more.zip").write_bytes(changed)
        assert check(tmp_path / "more.zip").exit_code == 1


# Somebody who knows the form, and makes manifests that fit.


def test_a_sealed_again_package_is_whole(files: Mapping[str, bytes], tmp_path: Path) -> None:
    assert check(reseal(files, tmp_path / "again.zip")).problems == []


def test_a_forged_document_with_right_manifests_is_not_the_one_of_the_ledger(
    files: Mapping[str, bytes], tmp_path: Path
) -> None:
    path = "data/documents/mill/documents/log.html"
    forged = {**files, path: files[path].replace(b"barnacles", b"mussels")}
    found = named(check(reseal(forged, tmp_path / "forged.zip")))
    assert found == {path: "is not the file that the ledger tells of"}


def test_a_forged_ledger_has_another_root(files: Mapping[str, bytes], tmp_path: Path) -> None:
    rows = files["data/ledger.jsonl"].splitlines(keepends=True)
    for changed in (rows[1:], [*rows[:2], *rows[3:]], [rows[1], rows[0], *rows[2:]], rows[:-1]):
        forged = {**files, "data/ledger.jsonl": b"".join(changed)}
        assert "data/ledger.jsonl" in named(check(reseal(forged, tmp_path / "forged.zip")))


def test_forged_sources_are_not_those_of_the_history(files: Mapping[str, bytes], tmp_path: Path) -> None:
    path = "data/sources/mill/project.yaml"
    changed = {**files, path: files[path].replace(b"2026-09-28", b"2026-09-29")}
    assert named(check(reseal(changed, tmp_path / "a.zip"))) == {path: "is not what the history holds"}
    added = {**files, "data/sources/mill/new.md": b"new"}
    assert named(check(reseal(added, tmp_path / "b.zip"))) == {"data/sources/mill/new.md": "is not in the history"}
    fewer = {name: data for name, data in files.items() if name != path}
    assert named(check(reseal(fewer, tmp_path / "c.zip"))) == {path: "is in the history, and not here"}


def test_a_manifest_that_is_gone_says_nothing_of_the_ledger(closed: Closed, folder: Path) -> None:
    (folder / "tagmanifest-sha512.txt").unlink()
    assert named(check(folder)) == {"tagmanifest-sha512.txt": "is missing"}


def test_a_map_of_commits_is_one_of_this_history(files: Mapping[str, bytes], tmp_path: Path) -> None:
    rows = files["data/commits.txt"].splitlines(keepends=True)
    for forged in (b"0" * 40 + rows[0][40:], b"nonsense\n", rows[0][:50] + b"\n", b"\xff\n", b"a b\n" * 100_000):
        changed = {**files, "data/commits.txt": b"".join([*rows, forged])}
        assert named(check(reseal(changed, tmp_path / "map.zip"))).keys() == {"data/commits.txt"}


def test_a_forged_history_does_not_give_the_documents(files: Mapping[str, bytes], tmp_path: Path) -> None:
    """Document and ledger are forged together, with every root and manifest right: only building it again tells."""
    path = "data/documents/mill/documents/log.html"
    from hashlib import sha256

    from pipeline.closure.ledger.check import check_ledger
    from pipeline.closure.ledger.entries import Issue

    forged = {**files, path: files[path].replace(b"barnacles", b"mussels")}
    lines = check_ledger(files["data/ledger.jsonl"]).lines
    issues = [
        Issue(
            line.entry.path,
            line.entry.revision,
            line.entry.time,
            sha256(forged[f"data/documents/{line.entry.path}"]).hexdigest(),
        )
        for line in lines
        if line.entry
    ]
    made = write_lines(add_issues((), issues, lambda issue: b"\1" * 32))
    root = check_ledger(made).root
    package = reseal(
        {**forged, "data/ledger.jsonl": made}, tmp_path / "forged.zip", **{"Ledger-Root": f"SHA-256 {root}"}
    )
    assert check(package).problems == []
    assert named(check(package, rebuild=True)) == {path: "comes out of the sources with other bytes"}


def test_another_engine_compares_words_and_says_so(files: Mapping[str, bytes], tmp_path: Path) -> None:
    provenance = json.loads(files["data/provenance.json"])
    provenance["engine"]["digest"] = "0" * 64
    other = {**files, "data/provenance.json": json.dumps(provenance).encode()}
    verified = check(reseal(other, tmp_path / "other.zip"), rebuild=True)
    assert verified.problems == []
    assert verified.checks[-1].words.startswith(
        "4 documents and the registers made again, words compared: another engine"
    )


def test_forged_registers_are_not_those_of_the_history(files: Mapping[str, bytes], tmp_path: Path) -> None:
    """Who seals a package again, with all manifests right, has altered, dropped and added lists."""
    table, records, schema = (
        f"data/registers/{name}" for name in ("lessons.csv", "lessons.json", "schemas/lessons.json")
    )
    lost, new = "data/registers/issues.csv", "data/registers/costs.csv"
    forged = {path: data for path, data in files.items() if path != lost} | {new: b"a,b"}
    forged |= {path: _forge(files[path]) for path in (table, records)} | {schema: files[schema] + b"\n"}
    package = reseal(forged, tmp_path / "forged.zip")
    assert check(package).problems == []
    assert named(check(package, rebuild=True)) == {
        **dict.fromkeys((table, records, schema), "comes out of the sources with other bytes"),
        lost: "comes out of the sources, and is not here",
        new: "does not come out of the sources",
    }


def test_another_engine_compares_the_values_of_registers(files: Mapping[str, bytes], tmp_path: Path) -> None:
    provenance = json.loads(files["data/provenance.json"])
    provenance["engine"]["digest"] = "0" * 64
    table, records = "data/registers/lessons.csv", "data/registers/lessons.json"
    newer = json.dumps({"lessons": [{**row, "mood": "calm"} for row in json.loads(files[records])["lessons"]]}).encode()
    other = {**files, "data/provenance.json": json.dumps(provenance).encode(), records: newer}
    assert check(reseal(other, tmp_path / "newer.zip"), rebuild=True).problems == []
    for broken in (_forge(files[records]), b"{}", b"[", b"\xff"):
        forged = {**other, table: _forge(files[table]), records: broken}
        found = named(check(reseal(forged, tmp_path / "forged.zip"), rebuild=True))
        assert found == dict.fromkeys((table, records), "comes out of the sources with other values")


def _forge(data: bytes) -> bytes:
    assert b"jon.weir" in data
    return data.replace(b"jon.weir", b"ada.moreau")


# Bags that others made.


def test_bags_that_bagit_writes_are_read(folder: Path) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import bagit

        (folder / "data/provenance.json").write_bytes((folder / "data/provenance.json").read_bytes() + b"\n")
        assert "data/provenance.json" in named(check(folder))
        bag = bagit.Bag(str(folder))
        bag.save(manifests=True)
    assert check(folder).problems == []


def test_a_bag_of_another_kind_is_told_apart(tmp_path: Path) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import bagit

        (tmp_path / "bag").mkdir()
        (tmp_path / "bag/letter.txt").write_text("Dear reader")
        bagit.make_bag(str(tmp_path / "bag"), checksums=["sha512"])
    verified = check(tmp_path / "bag")
    assert {one.name: one.outcome for one in verified.checks} == {
        "container": "ok", "files": "ok", "ledger": "wrong", "history": "wrong", "signature": "ok",
    }  # fmt: skip


def test_the_command_names_what_is_wrong(closed: Closed, folder: Path) -> None:
    (folder / "data/closure.json").write_text("{}")
    code, answer, _ = run("verify", str(folder))
    assert (code, answer["problems"][0]["file"], answer["problems"][0]["code"]) == (1, "bag-info.txt", "DB514")
    assert ("data/closure.json", "DB515") in {(one["file"], one["code"]) for one in answer["problems"]}
