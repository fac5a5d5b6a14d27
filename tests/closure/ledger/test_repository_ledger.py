"""Take a repository and what was built from it; record it, prove it, and tamper with the ledger; read what is named."""

from __future__ import annotations

import json
from functools import partial
from hashlib import sha256
from pathlib import Path

import git_work
import msgspec
import pytest

from pipeline.archive.manifest import Change, Manifest, make_entry, make_manifest
from pipeline.archive.store import Store, find_store
from pipeline.build.last_build import name_folder
from pipeline.closure.ledger.check import check_ledger
from pipeline.closure.ledger.file import LEDGER, check_repository, record_build
from pipeline.closure.ledger.proofs import check_proof, make_proof
from pipeline.plan.records import Basis
from pipeline.problems import Stop

run_git = partial(git_work.run_git, when="2026-10-05T09:00:00+02:00")


def commit_all(folder: Path, subject: str) -> None:
    run_git(folder, "add", "--all")
    run_git(folder, "commit", "--quiet", "--allow-empty", "--message", subject)


class Issuer:
    """A repository whose builds are made by hand: two files, a manifest, and what the store knows of them."""

    def __init__(self, root: Path) -> None:
        self.root, self.output = root, root / "build"
        self.output.mkdir(parents=True)
        (root / "deedbox.yaml").write_text("schema_version: 1\nname: M\n")
        (root / ".gitignore").write_text("build/\n")
        run_git(root, "init", "--quiet")
        commit_all(root, "Begin")

    def issue(self, text: str, **more: object) -> None:
        files = []
        facts = {"project": "", "format": "pdf", "draft": False, **more}
        revision = Change(run_git(self.root, "rev-parse", "HEAD").strip(), "2026-10-05")
        store = Store(find_store(self.root), root=self.root)
        for name in ("a", "b"):
            data, key = f"{name}.pdf{text}".encode(), sha256(f"{name} {text}".encode()).hexdigest()
            (self.output / f"{name}.pdf").write_bytes(data)
            files.append(make_entry(f"{name}.pdf", data, document=name, revision=revision, **facts))
            store.keep(key, {"pdf": data}, 1, ())
            basis = Basis(key, ("pdf",), "", False, revision.commit, revision.commit, "", "", {})
            store.records.save_bases(name_folder(self.output), {name: basis})
        store.close()
        manifest = Manifest("Deedbox 0.1.0", revision.commit, files=tuple(files))
        (self.output / "manifest.json").write_bytes(make_manifest(manifest))

    def record(self, text: str) -> int:
        self.issue(text)
        new = record_build(self.root, self.output)
        commit_all(self.root, f"Record {text}")
        return len(new)

    def rewrite(self, change: object) -> list[str]:
        """Return what is found after a change of the ledger's lines, committed as if nothing had been."""
        rows = (self.root / LEDGER).read_text().splitlines(keepends=True)
        change(rows)  # type: ignore[operator]
        (self.root / LEDGER).write_text("".join(rows))
        commit_all(self.root, "Tidy up")
        return [problem.message for problem in check_repository(self.root)[1]]


@pytest.fixture
def issuer(tmp_path: Path) -> Issuer:
    made = Issuer(tmp_path / "r")
    assert (made.record("one"), made.record("two"), made.record("two")) == (2, 2, 0)
    return made


def test_each_file_is_recorded_once(issuer: Issuer) -> None:
    checked, problems = check_repository(issuer.root)
    paths = [line.entry.path for line in checked.lines if line.entry]
    assert (paths, problems) == (["a.pdf", "b.pdf"] * 2, ())
    assert {line.entry.time for line in checked.lines if line.entry} == {"2026-10-05T07:00:00+00:00"}
    assert len({line.salt for line in checked.lines}) == 4


def test_drafts_and_changed_files_are_not_recorded(issuer: Issuer) -> None:
    issuer.issue("three", draft=True)
    with pytest.raises(Stop, match="is a draft"):
        record_build(issuer.root, issuer.output)
    issuer.issue("three")
    (issuer.output / "a.pdf").write_text("by hand")
    with pytest.raises(Stop, match="not what was built"):
        record_build(issuer.root, issuer.output)


def test_a_dropped_last_entry_is_named_from_history(issuer: Issuer) -> None:
    assert any("entry 4 (b.pdf) was dropped" in words for words in issuer.rewrite(lambda rows: rows.pop()))


def test_a_moved_entry_is_named(issuer: Issuer) -> None:
    assert any("entry 1 (a.pdf) was moved" in words for words in issuer.rewrite(list.reverse))


def test_an_altered_entry_is_named(issuer: Issuer) -> None:
    def change(rows: list[str]) -> None:
        rows[1] = rows[1].replace("b.pdf", "c.pdf")

    assert any("entry 2 (c.pdf) was altered" in words for words in issuer.rewrite(change))


def test_a_ledger_made_anew_is_told_from_the_old_one(issuer: Issuer) -> None:
    (issuer.root / LEDGER).unlink()
    words = [problem.message for problem in check_repository(issuer.root)[1]]
    assert any("entry 1 (a.pdf) was dropped" in one for one in words)


def test_a_broken_ledger_is_not_added_to(issuer: Issuer) -> None:
    issuer.rewrite(lambda rows: rows.pop(0))
    issuer.issue("four")
    with pytest.raises(Stop, match="entry 1"):
        record_build(issuer.root, issuer.output)


def test_an_erased_entry_leaves_the_ledger_whole(issuer: Issuer) -> None:
    def erase(rows: list[str]) -> None:
        rows[0] = json.dumps({"leaf": json.loads(rows[0])["leaf"], "erased": True}) + "\n"

    assert issuer.rewrite(erase) == []


def test_a_proof_holds_as_the_ledger_grows_and_no_longer_when_it_is_forged(issuer: Issuer, tmp_path: Path) -> None:
    proof = tmp_path / "proof.json"
    for name, index in (("2", 1), ("a.pdf", 2)):
        made = make_proof(check_repository(issuer.root)[0], name)
        assert made.index == index
        proof.write_bytes(msgspec.json.encode(made))
        assert list(check_proof(proof, check_repository(issuer.root)[0])) == []
    issuer.record("three")
    assert list(check_proof(proof, check_repository(issuer.root)[0])) == []
    for key, value in (("leaf", "0" * 64), ("root", "0" * 64), ("index", 0), ("path", []), ("size", 99), ("entry", 1)):
        proof.write_text(json.dumps({**msgspec.to_builtins(made), key: value}))
        assert list(check_proof(proof, check_repository(issuer.root)[0])), key
    proof.write_bytes(msgspec.json.encode(made))
    assert list(check_proof(proof, check_ledger(b"")))


def test_a_proof_of_nothing_is_a_matter_of_usage(issuer: Issuer) -> None:
    with pytest.raises(Stop) as stop:
        make_proof(check_repository(issuer.root)[0], "c.pdf")
    assert stop.value.exit_code == 2
