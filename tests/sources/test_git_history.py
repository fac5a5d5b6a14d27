"""Take real repositories; read their history in one pass and bit by bit; hold it to what Git itself says."""

from __future__ import annotations

import json
import zlib
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sources_work import SETTINGS, Work

from pipeline.sources.commit import read_commit
from pipeline.sources.git import repository as git
from pipeline.sources.history import make_changes, read_history, read_touched, remember
from pipeline.sources.snapshot import Commit, History
from pipeline.sources.worktree import read_worktree


class Memory:
    """What a store remembers, in a dictionary, and how often it was asked."""

    def __init__(self) -> None:
        self.kept: dict[tuple[str, str], bytes] = {}
        self.read: list[str] = []

    def list_histories(self, place: str) -> tuple[str, ...]:
        return tuple(commit for at, commit in reversed(self.kept) if at == place)

    def read_history(self, place: str, commit: str) -> bytes | None:
        self.read.append(commit)
        return self.kept.get((place, commit))

    def save_history(self, place: str, commit: str, data: bytes) -> None:
        self.kept[place, commit] = data


def changes_of(root: Path, sha: str, memory: Memory) -> History:
    with git.open_git(root) as repository:
        return make_changes(repository, sha, memory)()


def history_of(work: Work, rev: str = "HEAD", root: str = "") -> History:
    return read_commit(work.root / root, rev).changes()


def subjects(history: History, path: str) -> list[str]:
    return [commit.subject for commit in history[path]]


def last(work: Work) -> Commit:
    return history_of(work)["deedbox.yaml"][0]


def commit_as(work: Work, message: str, name: str = "Ilse Brandt", address: str = "ilse@example.org") -> Commit:
    """Commit a change of the settings by an author, and return it as the history has it."""
    work.write({"deedbox.yaml": f"{SETTINGS}# {work.commits}\n"})
    work.git("add", "--all")
    work.git(
        "commit", "--quiet", "--author", f"{name} <{address}>", "--cleanup=verbatim", "-F", "-", data=message.encode()
    )
    work.commits += 1
    return last(work)


def test_renamed_file_brings_its_history_and_the_old_name_has_none(work: Work) -> None:
    work.commit({"atlas/charter.md": "# Scope\n" + "word\n" * 20}, "Write")
    work.git("mv", "atlas/charter.md", "atlas/mandate.md")
    work.commit({"atlas/mandate.md": "# Mandate\n" + "word\n" * 20}, "Rename and change")
    history = history_of(work)
    assert subjects(history, "atlas/mandate.md") == ["Rename and change", "Write", "Begin"]
    assert "atlas/charter.md" not in history
    work.commit({"atlas/charter.md": "Another text\n"}, "A new charter")
    assert subjects(history_of(work), "atlas/charter.md") == ["A new charter"]


def test_two_files_that_change_names_change_histories(work: Work) -> None:
    work.commit({"a.md": "a\n" * 30}, "Write a")
    work.commit({"b.md": "b\n" * 30}, "Write b")
    work.git("mv", "a.md", "c.md")
    work.git("mv", "b.md", "a.md")
    work.git("mv", "c.md", "b.md")
    work.git("commit", "--quiet", "-m", "Swap")
    # Git itself takes a swap for two changed files unless it is told to break pairs: so do we.
    assert subjects(history_of(work), "a.md") == ["Swap", "Write a"]


def test_renamed_folder_of_a_project_keeps_all_histories(work: Work) -> None:
    work.git("mv", "atlas", "borealis")
    work.commit({}, "Rename the project")
    assert subjects(history_of(work), "borealis/charter.md") == ["Rename the project", "Begin"]
    assert subjects(history_of(work), "borealis/images/plan.png") == ["Rename the project", "Begin"]


def test_deleted_file_that_comes_back_has_its_history(work: Work) -> None:
    work.git("rm", "--quiet", "atlas/charter.md")
    work.commit({}, "Delete")
    assert subjects(history_of(work), "atlas/charter.md") == ["Delete", "Begin"]
    work.commit({"atlas/charter.md": "# Anew\n"}, "Write anew")
    assert subjects(history_of(work), "atlas/charter.md") == ["Write anew", "Delete", "Begin"]


def test_merge_is_one_change_with_its_own_trailers(work: Work) -> None:
    work.git("checkout", "--quiet", "-b", "side")
    work.commit({"side.md": "x"}, "First on the side\n\nApproved-by: Nobody Yet <n@example.org>")
    work.commit({"side.md": "y"}, "Second on the side")
    work.git("checkout", "--quiet", "main")
    work.commit({"main.md": "x"}, "On main")
    work.git("merge", "--quiet", "--no-ff", "side", "-m", "Take the side\n\nApproved-by: Ann Owner <ann@example.org>")
    history = history_of(work)
    assert subjects(history, "side.md") == ["Take the side"]
    assert history["side.md"][0].approved_by == ("Ann Owner",)
    assert subjects(history, "main.md") == ["On main"]


def test_conflict_solved_in_a_merge_is_the_merges_change(work: Work) -> None:
    work.git("checkout", "--quiet", "-b", "side")
    work.commit({"a.md": "side"}, "Side")
    work.git("checkout", "--quiet", "main")
    work.commit({"a.md": "main"}, "Main")
    work.git("merge", "--quiet", "-s", "ours", "--no-commit", "side")
    work.commit({"a.md": "both"}, "Both")
    assert subjects(history_of(work), "a.md") == ["Both", "Main"]


def test_amended_commit_replaces_what_it_amends(work: Work) -> None:
    memory = Memory()
    work.commit({"a.md": "1"}, "Wrod")
    changes_of(work.root, work.git("rev-parse", "HEAD"), memory)
    work.write({"a.md": "2"})
    work.git("commit", "--quiet", "--all", "--amend", "-m", "Word")
    history = changes_of(work.root, work.git("rev-parse", "HEAD"), memory)
    assert subjects(history, "a.md") == ["Word"]
    assert history == history_of(work)


def test_last_commit_is_the_last_of_the_line_whatever_its_clock_says(work: Work) -> None:
    work.commit({"a.md": "1"}, "Sooner")
    work.commits = -5
    work.commit({"b.md": "1"}, "Later, by a clock that is slow")
    found = history_of(work).find_last(("a.md", "b.md", "nowhere.md"))
    assert found is not None and found.subject == "Later, by a clock that is slow"
    assert history_of(work).find_last(("nowhere.md",)) is None


def test_trailers_name_approvers_reviewers_and_documents(work: Work) -> None:
    found = commit_as(
        work,
        "Approve the charter\n\nBecause we may.\n\n"
        "approved-by: Ann Owner <ann@example.org>\nApproved-by: Max Manager <max@example.org>\n"
        "Reviewed-by: Zoë Ω <zoe@example.org>\nApproves: atlas/charter, atlas/work-plan\nApproves: beacon/*\n",
    )
    assert found.approved_by == ("Ann Owner", "Max Manager")
    assert found.reviewed_by == ("Zoë Ω",)
    assert found.approves == ("atlas/charter", "atlas/work-plan", "beacon/*")


def test_trailer_within_the_text_is_none(work: Work) -> None:
    found = commit_as(work, "Say how to approve\n\nApproved-by: Ann <a@b.org>\nis what one writes.\n\nMore text.\n")
    assert (found.approved_by, found.reviewed_by) == ((), ())


def test_trailer_without_a_name_shows_no_whole_address(work: Work) -> None:
    found = commit_as(work, "x\n\nApproved-by: <ann.owner@example.org>\nReviewed-by: max@example.org\n")
    assert (found.approved_by, found.reviewed_by) == (("ann.owner",), ("max",))


def test_mailmap_of_the_commit_gives_the_names_that_git_gives(work: Work) -> None:
    people = [
        ("Ilse", "ilse@old.example"),
        ("I. B.", "ILSE@other.example"),
        ("Root", "root@host"),
        ("Max", "root@host"),
        ("Nameless", "only@address.example"),
        ("Stranger", "stranger@example.org"),
        ("ROOT", "Root@Host"),
    ]
    for name, address in people:
        commit_as(work, f"By {name}", name, address)
    work.commit(
        {
            ".mailmap": "# people\n\nIlse Brandt <ilse@old.example>\n"
            "Ilse Brandt <ilse@example.org> <ilse@other.example>\n"
            "Ann Admin <ann@example.org> Root <root@host>\nMax Manager <max@example.org> max <ROOT@host>\n"
            "<proper@example.org> <only@address.example>\nno address here\nIlse B. <ilse@old.example>\n"
        },
        "Say who is who",
    )
    told = work.git("log", "--format=%aN", "--reverse").split("\n")
    found = sorted(history_of(work)["deedbox.yaml"], key=lambda commit: commit.time)
    assert [commit.author for commit in found] == told[: len(found)]
    assert {"Ilse B.", "Ilse Brandt", "Ann Admin", "Max Manager", "Stranger"} <= {one.author for one in found}


def test_mailmap_is_that_of_the_commit_and_not_of_the_work_tree(work: Work) -> None:
    work.commit({".mailmap": "Ilse One <ilse@example.org>\n"}, "One")
    work.commit({".mailmap": "Ilse Two <ilse@example.org>\n"}, "Two")
    work.write({".mailmap": "Ilse Three <ilse@example.org>\n"})
    assert history_of(work, "HEAD~1")["deedbox.yaml"][0].author == "Ilse One"
    assert history_of(work)["deedbox.yaml"][0].author == "Ilse Two"
    assert read_worktree(work.root).changes()["deedbox.yaml"][0].author == "Ilse Two"
    assert history_of(work, "HEAD~1").names != history_of(work).names


def test_mailmap_names_those_in_trailers_too(work: Work) -> None:
    work.commit({".mailmap": "Ann Owner <boss@example.org>\n"}, "Who")
    assert commit_as(work, "x\n\nApproved-by: the boss <Boss@example.org>\n").approved_by == ("Ann Owner",)


HOSTILE = {
    "escape codes": ("\x1b[31mred\x1b[0m \x07bell", "[31mred[0m bell"),
    "turned text": ("abc \u202egpj.exe\u202c \u2066x\u2069", "abc gpj.exe x"),
    "mark-up": (
        "<b>{{ 7*7 }}</b> *x* | [a](javascript:1) \\newline",
        "<b>{{ 7*7 }}</b> *x* | [a](javascript:1) \\newline",
    ),
    "byte order and soft hyphens": ("a\ufeffb\u00adc\u200bd", "abcd"),
    "spaces of all kinds": ("a\u2028b\u3000c\td", "a b c d"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_words_are_one_line_of_what_can_be_seen(work: Work, name: str) -> None:
    given, shown = HOSTILE[name]
    found = commit_as(work, f"{given}\n\nApproved-by: {given} <a@b.org>\n", given.replace("<", "(").replace(">", ")"))
    assert found.subject == shown
    for text in (found.author, *found.approved_by):
        assert text.isprintable() and 0 < len(text) <= 80


def test_words_without_end_are_cut(work: Work) -> None:
    found = commit_as(work, "x" * 200_000 + "\n\nApproved-by: " + "y" * 9000 + " <a@b.org>\n", "z" * 5000)
    assert (len(found.subject), len(found.author)) == (300, 80)
    assert found.subject.endswith("…") and len(found.approved_by[0]) == 80


def test_thousand_trailers_are_cut(work: Work) -> None:
    lines = "".join(f"Approved-by: Person {number} <p{number}@b.org>\n" for number in range(1000))
    assert len(commit_as(work, f"x\n\n{lines}").approved_by) == 20


def test_words_that_are_no_utf8_are_read_all_the_same(work: Work) -> None:
    work.write({"deedbox.yaml": SETTINGS + "#\n"})
    work.git("add", "--all")
    raw = work.git("write-tree")
    head = work.git("rev-parse", "HEAD")
    author, committer = (f"{who} <i@b.org> 1767700000 +0000" for who in ("Il\udcffse", "X"))
    line = f"tree {raw}\nparent {head}\nauthor {author}\ncommitter {committer}\n\nGr\udcff\n"
    sha = work.git(
        "hash-object", "-t", "commit", "-w", "--literally", "--stdin", data=line.encode("utf-8", "surrogateescape")
    )
    work.git("update-ref", "HEAD", sha)
    assert "Gr" in last(work).subject


def test_history_of_nothing_is_empty(empty: Work) -> None:
    empty.write({"deedbox.yaml": SETTINGS})
    assert dict(read_worktree(empty.root).changes()) == {}


def test_empty_commit_is_told_of_only_if_it_approves_by_name(work: Work) -> None:
    work.git("commit", "--quiet", "--allow-empty", "-m", "Nothing")
    approval = "Approve\n\nApproved-by: Ann <a@b.org>\nApproves: atlas/charter"
    work.git("commit", "--quiet", "--allow-empty", "-m", approval)
    assert [commit.subject for commit in history_of(work).list_naming()] == ["Approve"]
    line = history_of(work).line_up(("atlas/charter.md",))
    assert [(commit.subject, sorted(paths)) for commit, paths in line] == [
        ("Begin", ["atlas/charter.md"]),
        ("Approve", []),
    ]


def test_folder_below_the_top_has_a_history_of_its_own(empty: Work) -> None:
    empty.commit({"papers/deedbox.yaml": SETTINGS, "papers/a.md": "a\n" * 9, "code.c": "x"}, "Begin")
    empty.commit({"code.c": "y"}, "Code")
    empty.git("mv", "papers/a.md", "papers/b.md")
    empty.commit({".mailmap": "Ilse Top <ilse@example.org>\n"}, "Rename")
    empty.git("commit", "--quiet", "--allow-empty", "-m", "OK\n\nApproved-by: A <a@b.org>\nApproves: atlas/*")
    history = history_of(empty, root="papers")
    assert {path: subjects(history, path) for path in history} == {
        "deedbox.yaml": ["Begin"],
        "b.md": ["Rename", "Begin"],
    }
    assert history["b.md"][0].author == "Ilse Top"
    assert [commit.subject for commit in history.list_naming()] == ["OK"]


def grow(work: Work, count: int) -> None:
    """Let a history grow by `git fast-import`: changes, new files, renames, deletions, approvals, merges."""
    lines = ["reset refs/heads/main\nfrom refs/heads/main^0\n"]
    for number in range(count):
        words = f"Change {number}\n\nApproved-by: Person {number % 7} <p{number % 7}@b.org>\n"
        if number % 9 == 0:
            words += f"Approves: atlas/doc-{number % 4}\n"
        when = f"{1_767_700_000 + 60 * number} +0000"
        lines.append(
            f"commit refs/heads/main\nmark :{number + 1}\ncommitter P{number % 5} <p{number % 5}@b.org> {when}\n"
        )
        lines.append(f"data {len(words)}\n{words}\n")
        text = f"text {number}\n" * 12
        lines.append(f"M 100644 inline atlas/file-{number % 23}.md\ndata {len(text)}\n{text}\n")
        if number % 11 == 5:
            lines.append(f"R atlas/file-{number % 23}.md atlas/moved-{number % 31}.md\n")
        if number % 17 == 3:
            lines.append(f"D atlas/file-{number % 23}.md\n")
    work.git("fast-import", "--quiet", "--force", data="".join(lines).encode())


def test_history_read_bit_by_bit_is_the_one_read_at_once(work: Work) -> None:
    grow(work, 600)
    shas = work.git("rev-list", "--reverse", "--first-parent", "main").split()
    memory = Memory()
    with git.open_git(work.root) as folder:
        for at in (0, 1, 7, 8, 150, 151, 400, 599, 600):
            bit, whole = read_history(folder, shas[at], memory), read_history(folder, shas[at])
            assert dict(bit) == dict(whole)
            assert bit.list_naming() == whole.list_naming()
            assert bit.line_up(sorted(bit)) == whole.line_up(sorted(whole))
    assert len(memory.read) == 8
    assert len(whole) > 20 and len(whole.list_naming()) == 67


def test_history_of_each_file_is_what_git_log_follows(work: Work) -> None:
    for number in range(12):
        work.commit({f"f{number % 3}.md": f"{number}\n" * 20}, f"Change {number}")
    work.git("mv", "f1.md", "g.md")
    work.commit({}, "Rename")
    for path in ("f0.md", "g.md", "f2.md", "deedbox.yaml"):
        told = work.git("log", "--follow", "--format=%H", "--", path).split()
        assert [commit.id for commit in history_of(work)[path]] == told


def test_nothing_is_read_from_git_where_the_commit_is_remembered(work: Work, monkeypatch: pytest.MonkeyPatch) -> None:
    memory = Memory()
    with git.open_git(work.root) as repository:
        snapshot = remember(read_commit(work.root, "HEAD"), repository, memory)
    first = dict(snapshot.changes())
    monkeypatch.setattr(git, "LOG", ("no-such-command",))
    assert dict(changes_of(work.root, snapshot.revision, memory)) == first


@pytest.mark.parametrize("data", [b"", b"x", zlib.compress(b"[[], {}, 3]"), zlib.compress(b'[[["a"]], {"b": [0]}]')])
def test_spoilt_memory_costs_time_and_no_right_answer(work: Work, data: bytes) -> None:
    memory = Memory()
    sha = work.git("rev-parse", "HEAD")
    changes_of(work.root, sha, memory)
    memory.kept = dict.fromkeys(memory.kept, data)
    assert dict(changes_of(work.root, sha, memory)) == dict(history_of(work))


def test_memory_that_points_beyond_its_commits_is_none(work: Work) -> None:
    memory = Memory()
    sha = work.git("rev-parse", "HEAD")
    changes_of(work.root, sha, memory)
    (key, data), *_ = memory.kept.items()
    commits, paths = json.loads(zlib.decompress(data))
    memory.kept[key] = zlib.compress(json.dumps([commits, {**paths, "a": [99]}]).encode())
    assert "a" not in changes_of(work.root, sha, memory)


def test_touched_paths_do_not_tell_where_names_or_approvals_changed(work: Work) -> None:
    first = work.git("rev-parse", "HEAD")
    work.git("mv", "atlas/charter.md", "atlas/mandate.md")
    second = work.commit({}, "Rename")
    with git.open_git(work.root) as folder:
        assert read_touched(folder, first, second) == {"atlas/charter.md", "atlas/mandate.md"}
        assert read_touched(folder, second, second) == frozenset()
        assert read_touched(folder, second, first) is None
        assert read_touched(folder, "no sha", second) is None
        third = work.commit({".mailmap": "A <a@b.org>\n"}, "Names")
        assert read_touched(folder, second, third) is None
        work.git("commit", "--quiet", "--allow-empty", "-m", "x\n\nApproved-by: A <a@b.org>\nApproves: a/b")
        assert read_touched(folder, third, work.git("rev-parse", "HEAD")) is None


def test_clone_without_old_contents_says_that_its_history_is_not_whole(work: Work, tmp_path: Path) -> None:
    work.git("config", "uploadpack.allowFilter", "true")
    work.commit({"atlas/charter.md": "# Scope\n" + "word\n" * 20}, "Write")
    work.git("mv", "atlas/charter.md", "atlas/mandate.md")
    work.commit({"atlas/mandate.md": "# Mandate\n" + "word\n" * 20}, "Rename and change")
    work.git("clone", "--quiet", "--filter=blob:none", f"file://{work.root}", str(tmp_path / "lean"))
    assert history_of(work).is_whole
    memory = Memory()
    lean = changes_of(tmp_path / "lean", work.git("rev-parse", "HEAD"), memory)
    assert not lean.is_whole and not memory.kept
    assert lean["atlas/mandate.md"][0].subject == "Rename and change"


def test_history_for_tests_stands_in_the_order_of_time() -> None:
    first, second = (Commit(str(day), datetime(2026, 1, day, tzinfo=UTC), "A", "") for day in (1, 2))
    history = History.of({"a": (second, first), "b": (second,)})
    assert (history["a"], history.list_ids("a"), len(history)) == ((second, first), ("1", "2"), 2)
