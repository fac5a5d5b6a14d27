"""Take real repositories; set baselines in them; list, compare, verify and rebuild them, also those that lie."""

from __future__ import annotations

import json
import shutil
import subprocess
from hashlib import sha256
from pathlib import Path

import pytest
from baselines_work import FILES, Papers

from pipeline.archive.store import find_store
from pipeline.build.build import build
from pipeline.build.request import Request
from pipeline.inspect.baselines import (
    create_baseline,
    diff_baselines,
    find_baseline,
    list_baselines,
    verify_baselines,
)
from pipeline.problems import Stop
from pipeline.sources.baselines import MARK, Baseline, Item, Listing, list_changes, make_message, read_listing
from pipeline.sources.commit import read_commit
from pipeline.sources.git import repository as git
from pipeline.stored import BROKEN as NO_RECORD

NOTES = "beacon/documents/notes.md"


def create(papers: Papers, name: str, words: str = "Agreed", **how: object) -> Baseline:
    made = create_baseline(papers.root, name, words, **how)  # type: ignore[arg-type]
    assert made.baseline is not None, made.problems
    return made.baseline


def stopped(papers: Papers, name: str, **how: object) -> tuple[str, int]:
    with pytest.raises(Stop) as stop:
        create_baseline(papers.root, name, "Agreed", **how)  # type: ignore[arg-type]
    return stop.value.problems[0].code, stop.value.exit_code


def codes(papers: Papers, name: str = "") -> list[str]:
    (verdict,) = verify_baselines(papers.root, (name,) if name else ())
    return [problem.code for problem in verdict.problems]


def outputs(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and path.name != ".lock"
    }


def test_baseline_is_an_annotated_tag_that_lists_documents_and_files(papers: Papers) -> None:
    made = create(papers, "beacon/scope", "The scope is agreed\n\nBy the committee.")
    assert papers.git("cat-file", "-t", "baseline/beacon/scope") == "tag"
    assert made.commit == papers.git("rev-parse", "HEAD") == papers.git("rev-parse", "baseline/beacon/scope^{commit}")
    assert (made.project, made.name, made.author, made.is_signed) == ("beacon", "scope", "Max Manager", False)
    assert made.words == "The scope is agreed By the committee."
    assert made.listing is not None
    (notes,) = made.listing.documents
    assert (notes.id, notes.type, notes.status, notes.version) == ("beacon/documents/notes", "document", "draft", "0.1")
    paths = {"beacon/project.yaml", NOTES, "deedbox.yaml", "people.yaml"}
    assert {item.id for item in made.listing.files} == paths
    assert set(notes.sources) == paths


def test_hashes_are_what_sha256sum_says(papers: Papers) -> None:
    made = create(papers, "beacon/scope")
    assert made.listing is not None
    for item in made.listing.files:
        assert item.hash == sha256((papers.root / item.id).read_bytes()).hexdigest()
    (notes,) = made.listing.documents
    told = subprocess.run(
        ["sha256sum", *sorted(notes.sources)], cwd=papers.root, capture_output=True, check=True
    ).stdout
    assert notes.hash == sha256(told).hexdigest()


def test_list_in_the_tag_is_json_with_a_line_an_item(papers: Papers) -> None:
    create(papers, "beacon/scope")
    text = papers.git("for-each-ref", "--format=%(contents)", "refs/tags/baseline/")
    words, _, rest = text.partition(f"\n\n{MARK}\n\n")
    assert words == "Agreed"
    assert {"baseline", "documents", "files", "project", "schema_version", "tool"} == json.loads(rest).keys()
    assert len(rest.splitlines()) == 3 + 1 + 4


def test_baseline_of_another_commit_lists_what_was_there(papers: Papers) -> None:
    first = papers.git("rev-parse", "HEAD")
    papers.commit({"beacon/documents/more.md": "# More\n"})
    papers.write({NOTES: "not committed"})
    made = create(papers, "beacon/first", rev=first)
    assert made.listing is not None and "beacon/documents/more.md" not in {item.id for item in made.listing.items}
    assert made.commit == first


def test_project_may_be_left_out_where_there_is_one(papers: Papers) -> None:
    assert stopped(papers, "scope") == ("DB381", 2)
    papers.git("rm", "-r", "--quiet", "atlas")
    papers.commit({})
    assert create(papers, "scope").tag == "baseline/beacon/scope"
    assert find_baseline(papers.root, "scope").name == "scope"


def test_what_cannot_be_a_baseline_is_refused(papers: Papers) -> None:
    create(papers, "beacon/scope")
    assert stopped(papers, "beacon/scope") == ("DB483", 2)
    assert stopped(papers, "becon/other") == ("DB381", 2)
    for name in ("a..b", ".a", "a.lock", "a b", "-a", "a/", "a~1", "ä", "a" * 81, "", "a."):
        assert stopped(papers, f"beacon/{name}")[1] == 2, name
    papers.write({NOTES: "changed"})
    assert stopped(papers, "beacon/draft") == ("DB482", 1)
    assert [one.name for one in list_baselines(papers.root)] == ["scope"]


@pytest.mark.parametrize("words", ["", " \n", f"x\n{MARK}\ny", "x\n-----BEGIN SSH SIGNATURE-----\ny"])
def test_words_that_would_hide_the_list_make_no_baseline(papers: Papers, words: str) -> None:
    with pytest.raises(Stop) as stop:
        create_baseline(papers.root, "beacon/scope", words)
    assert (stop.value.problems[0].code, stop.value.exit_code) == ("DB483", 2)
    assert list_baselines(papers.root) == ()


def test_wrong_sources_make_no_baseline(papers: Papers) -> None:
    papers.commit({"beacon/project.yaml": "id: beacon\n"})
    made = create_baseline(papers.root, "beacon/scope", "Agreed")
    assert (made.baseline, made.exit_code) == (None, 1)
    assert list_baselines(papers.root) == ()


def test_shallow_clone_makes_no_baseline(papers: Papers, tmp_path: Path) -> None:
    papers.commit({NOTES: "# Notes\n\nMore.\n"})
    papers.git("clone", "--quiet", "--depth=1", f"file://{papers.root}", str(tmp_path / "cut"))
    assert stopped(Papers(tmp_path / "cut"), "beacon/scope") == ("DB481", 4)


def test_tag_that_git_cannot_write_is_told_of(papers: Papers, monkeypatch: pytest.MonkeyPatch) -> None:
    papers.git("config", "gpg.format", "ssh")
    papers.git("config", "user.signingKey", str(papers.root / "no-such-key"))
    assert stopped(papers, "beacon/scope") == ("DB484", 1)
    assert list_baselines(papers.root) == ()
    assert create(papers, "beacon/scope", sign=False).is_signed is False


def test_list_tells_baselines_oldest_first_and_leaves_other_tags_alone(
    papers: Papers, monkeypatch: pytest.MonkeyPatch
) -> None:
    for day, name in enumerate(("beacon/b", "atlas/a", "beacon/a")):
        monkeypatch.setenv("GIT_COMMITTER_DATE", f"{1_780_000_000 + day} +0000")
        create(papers, name)
    papers.git("tag", "v1.0")
    papers.git("tag", "baseline/beacon/light")
    papers.git("tag", "-a", "-m", "x", "other/beacon/x")
    found = [f"{one.project}/{one.name}" for one in list_baselines(papers.root)]
    assert found == ["beacon/b", "atlas/a", "beacon/a"]
    assert [one.name for one in list_baselines(papers.root, "beacon")] == ["b", "a"]
    with pytest.raises(Stop) as stop:
        find_baseline(papers.root, "a")
    assert (stop.value.problems[0].code, stop.value.problems[0].hint) == ("DB485", "atlas/a, beacon/a")


def test_diff_tells_what_came_went_and_changed(papers: Papers) -> None:
    create(papers, "beacon/one")
    papers.commit({NOTES: "# Notes\n\nOther.\n", "beacon/documents/more.md": "# More\n"})
    create(papers, "beacon/two")
    papers.git("rm", "--quiet", NOTES)
    papers.commit({})
    told = [
        (old and old.version, new and new.version) for old, new in diff_baselines(papers.root, "one", "two").changes
    ]
    assert told[::2] == [(None, "0.1"), ("0.1", "0.2")]
    ids = [(old or new).id for old, new in diff_baselines(papers.root, "one", "two").changes]  # type: ignore[union-attr]
    assert ids == ["beacon/documents/more", "beacon/documents/more.md", "beacon/documents/notes", NOTES]
    gone = [old.id for old, new in diff_baselines(papers.root, "beacon/two").changes if old and new is None]
    assert gone == ["beacon/documents/notes", NOTES]


def test_approval_alone_is_a_difference(papers: Papers) -> None:
    create(papers, "beacon/one")
    papers.commit({}, "Approve\n\nApproved-by: Ann Owner <ann@example.org>\nApproves: beacon/documents/notes")
    ((old, new),) = diff_baselines(papers.root, "one").changes
    assert old and new and (old.status, old.version, new.status, new.version) == ("draft", "0.1", "approved", "1.0")
    assert old.hash == new.hash


def test_documents_are_rebuilt_at_a_baseline_byte_for_byte(papers: Papers, tmp_path: Path) -> None:
    papers.commit({"beacon/configuration-register.md": REGISTER_TEXT})
    create(papers, "beacon/early")
    papers.commit({NOTES: "# Notes\n\nOther.\n"}, "Approve\n\nApproved-by: Ann <ann@example.org>")
    build(Request(papers.root, output=tmp_path / "then"))
    create(papers, "beacon/then")
    papers.commit({NOTES: "# Notes\n\nLater.\n", "people.yaml": FILES["people.yaml"].replace("Ann Owner", "Ann Ower")})
    create(papers, "beacon/later")
    build(Request(papers.root))
    store = find_store(papers.root)
    assert store is not None
    shutil.rmtree(store)
    for place in ("again", "once more"):
        outcome = build(Request(papers.root, rev="baseline/beacon/then", output=tmp_path / place))
        assert outcome.exit_code == 0
        assert outputs(tmp_path / place) == outputs(tmp_path / "then")
    papers.git("clone", "--quiet", str(papers.root), str(tmp_path / "elsewhere"))
    build(Request(tmp_path / "elsewhere", rev="baseline/beacon/then", output=tmp_path / "there"))
    assert outputs(tmp_path / "there") == outputs(tmp_path / "then")


REGISTER_TEXT = "# Scope\n\nAll documents.\n"


def test_good_baseline_verifies(papers: Papers) -> None:
    create(papers, "beacon/scope")
    papers.commit({NOTES: "later"})
    (verdict,) = verify_baselines(papers.root)
    assert verdict.is_good and verdict.problems == () and verdict.signature.state == "none"


def forge(papers: Papers, change: object, tag: str = "baseline/beacon/scope") -> None:
    """Write a tag whose list is changed by hand, and read it as it would be fetched."""
    create(papers, "beacon/scope")
    text = papers.git("for-each-ref", "--format=%(contents)", "refs/tags/baseline/beacon/scope")
    papers.tag(tag, f"{change(text)}\n")  # type: ignore[operator]
    if tag != "baseline/beacon/scope":
        papers.git("tag", "-d", "baseline/beacon/scope")


LIES = {
    "hash of a file": lambda text: text.replace(sha256(FILES[NOTES].encode()).hexdigest(), "0" * 64),
    "file that is not there": lambda text: text.replace(f'"id":"{NOTES}"', '"id":"beacon/documents/nots.md"'),
    "item taken away": lambda text: "".join(line for line in text.splitlines(True) if '"id":"people.yaml"' not in line)
    .replace("},\n]", "}\n]").replace(",2,3]", ",2]").replace("[0,1,2,3]", "[0,1,2]"),
    "other spacing": lambda text: text.replace('","', '", "', 1),
    "hash of a document": lambda text: text.replace(_document_hash(text), "f" * 64),
}  # fmt: skip


def _document_hash(text: str) -> str:
    return read_listing(text[text.index("{") :]).documents[0].hash


@pytest.mark.parametrize("name", LIES)
def test_list_that_lies_is_found(papers: Papers, name: str) -> None:
    forge(papers, LIES[name])
    assert set(codes(papers)) <= {"DB486", "DB487"} and codes(papers)


def test_document_with_a_false_status_is_what_a_signature_is_for(papers: Papers) -> None:
    forge(papers, lambda text: text.replace('"draft"', '"approved"'))
    assert codes(papers) == []


def test_list_under_another_name_is_found(papers: Papers) -> None:
    forge(papers, lambda text: text, tag="baseline/beacon/other")
    assert codes(papers) == ["DB487"]


BROKEN = {
    "no list": "Just words",
    "no json": f"x\n\n{MARK}\n\n{{nothing",
    "a list of numbers": f"x\n\n{MARK}\n\n[1, 2]",
    "a newer form": f'x\n\n{MARK}\n\n{{"schema_version": 2}}',
    "deep": f"x\n\n{MARK}\n\n" + "[" * 100_000,
    "source of another list": f'x\n\n{MARK}\n\n{{"baseline":"a","documents":[{{"sources":[-1],"id":"a","type":"t",'
    '"status":"","version":"","hash":""}],"files":[],"project":"beacon","schema_version":1,"tool":""}',
    "unknown key": f'x\n\n{MARK}\n\n{{"baseline":"a","documents":[],"files":[{{"evil":"a"}}],"project":"beacon",'
    '"schema_version":1,"tool":""}',
}


@pytest.mark.parametrize("name", BROKEN)
def test_tag_without_a_list_that_can_be_read_is_told_of(papers: Papers, name: str) -> None:
    papers.tag("baseline/beacon/scope", BROKEN[name])
    (found,) = list_baselines(papers.root)
    assert found.listing is None
    assert codes(papers) == ["DB486"]
    with pytest.raises(Stop) as stop:
        diff_baselines(papers.root, "scope")
    assert stop.value.problems[0].code == "DB486"


def test_words_of_a_tag_are_one_line_without_what_cannot_be_seen(papers: Papers) -> None:
    made = create(papers, "beacon/scope", "\x1b[31mred\u202e\n# heading\n\n<b>" + "x" * 9000)
    assert made.words.startswith("[31mred # heading <b>xxx") and len(made.words) == 2000
    assert codes(papers) == []


def test_paths_of_all_kinds_come_back_from_the_list(papers: Papers) -> None:
    names = ['beacon/documents/a "b" é.md', "beacon/documents/{x},[1].md"]
    papers.commit({name: "# Title\n" for name in names})
    made = create(papers, "beacon/scope")
    assert made.listing is not None and set(names) < {item.id for item in made.listing.files}
    assert codes(papers) == [] and made.is_canonical


@pytest.fixture
def key(papers: Papers, tmp_path: Path) -> Path:
    """A key for signatures, which Git is set up to sign with."""
    made = tmp_path / "key"
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "x", "-f", str(made)], check=True)
    papers.git("config", "gpg.format", "ssh")
    papers.git("config", "user.signingKey", f"{made}.pub")
    return made


def allow(papers: Papers, key: Path) -> None:
    file = key.with_name("allowed")
    file.write_text(f"max@example.org {key.with_name('key.pub').read_text()}")
    papers.git("config", "gpg.ssh.allowedSignersFile", str(file))


def test_tag_is_signed_where_git_is_set_up_to_sign(papers: Papers, key: Path) -> None:
    assert create(papers, "beacon/scope").is_signed
    (verdict,) = verify_baselines(papers.root)
    assert (verdict.is_good, verdict.signature.state) == (True, "unknown")
    assert [problem.code for problem in verdict.problems] == ["DB489"]
    allow(papers, key)
    (verdict,) = verify_baselines(papers.root)
    assert (verdict.is_good, verdict.signature.state, verdict.problems) == (True, "good", ())


def test_signing_can_be_turned_off_by_git_and_by_hand(papers: Papers, key: Path) -> None:
    assert not create(papers, "beacon/by-hand", sign=False).is_signed
    papers.git("config", "tag.gpgSign", "false")
    assert not create(papers, "beacon/by-git").is_signed
    assert create(papers, "beacon/all-the-same", sign=True).is_signed


def test_signed_list_that_was_changed_has_a_wrong_signature(papers: Papers, key: Path) -> None:
    create(papers, "beacon/scope")
    allow(papers, key)
    raw = papers.git("cat-file", "tag", "baseline/beacon/scope").replace('"draft"', '"approved"', 1)
    made = papers.git("hash-object", "-t", "tag", "-w", "--stdin", data=f"{raw}\n".encode())
    papers.git("update-ref", "refs/tags/baseline/beacon/scope", made)
    (verdict,) = verify_baselines(papers.root)
    assert (verdict.is_good, verdict.signature.state) == (False, "bad")
    assert "DB488" in codes(papers)


def test_signature_of_a_stranger_is_not_good(papers: Papers, key: Path, tmp_path: Path) -> None:
    create(papers, "beacon/scope")
    (tmp_path / "allowed").write_text("ann@example.org ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI" + "A" * 43 + "\n")
    papers.git("config", "gpg.ssh.allowedSignersFile", str(tmp_path / "allowed"))
    (verdict,) = verify_baselines(papers.root)
    assert verdict.signature.state == "unknown"


def test_program_that_the_repository_names_is_not_run(papers: Papers, key: Path, tmp_path: Path) -> None:
    create(papers, "beacon/scope")
    evil = tmp_path / "evil"
    evil.write_text(f"#!/bin/sh\ntouch {tmp_path}/ran\n")
    evil.chmod(0o755)
    for name in ("gpg.program", "gpg.ssh.program", "gpg.x509.program", "gpg.openpgp.program"):
        papers.git("config", name, str(evil))
    verify_baselines(papers.root)
    assert not (tmp_path / "ran").exists()


def test_baselines_behind_a_commit_leave_out_those_on_it_and_after_it(papers: Papers) -> None:
    create(papers, "beacon/first")
    second = papers.commit({NOTES: "2"})
    create(papers, "beacon/second")
    papers.commit({NOTES: "3"})
    create(papers, "beacon/third")
    assert [one.name for one in read_commit(papers.root, second).baselines()] == ["first"]
    assert [one.name for one in read_commit(papers.root, "HEAD").baselines()] == ["first", "second"]
    with git.open_git(papers.root) as folder:
        assert git.find_tag(folder, "baseline/beacon/none") == ""


def test_changes_between_lists_are_told_by_id() -> None:
    old = (Item("a", "source", "committed", "1", "x"), Item("b", "charter", "draft", "0.1", "y", revision="1"))
    new = (Item("b", "charter", "draft", "0.1", "y", revision="2"), Item("c", "source", "committed", "1", "z"))
    assert list(list_changes(old, new)) == [(old[0], None), (None, new[1])]


def test_list_is_read_as_it_was_written() -> None:
    files = (Item("a/b.md", "source", "committed", "abc", "1"), Item("z", "source", "committed", "abc", "2"))
    documents = (Item("a/b", "charter", "approved", "1.0", "3", "Title", "c", "2026-01-01", ("a/b.md", "z")),)
    listing = Listing("a", "one", "Deedbox", (*documents, *files))
    message = make_message("Words", listing)
    assert read_listing(message[message.index("{") :]) == listing


WRITTEN = (Path(__file__).parent / "written/baseline.txt").read_text(encoding="utf-8")
LISTED = WRITTEN[WRITTEN.index("{") :]


def test_list_of_an_earlier_deedbox_is_read_and_written_with_the_same_bytes() -> None:
    listing = read_listing(LISTED)
    assert (listing.documents[0].sources[0], len(listing.files)) == ("deedbox.yaml", 9)
    assert make_message(WRITTEN[: WRITTEN.index(MARK)], listing) == WRITTEN.rstrip("\n") + "\n"


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('"sources":[0,', '"sources":[-1,'),
        ('"sources":[0,', '"sources":[true,'),
        ('"sources":[0,', '"sources":[99,'),
        ('"sources":[0,', '"sources":[0.0,'),
        ('"type":"charter"', '"type":1'),
        ('"type":"charter"', '"type":"source"'),
        ('"type":"charter"', '"more":"","type":"charter"'),
        ('"schema_version":1', '"schema_version":2'),
        ('"project":"mill"', '"project":null'),
        ('"baseline":"planned"', '"baseline":' + "[" * 100_000),
        ('"documents":[', '"documents":[1,'),
        ('"files":[', '"files":{"a":['),
    ],
)
def test_list_that_somebody_made_up_is_none(old: str, new: str) -> None:
    with pytest.raises(NO_RECORD):
        read_listing(LISTED.replace(old, new, 1))
