"""Take real repositories; read commits of them; hold files, history and problems to what was committed."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from hashlib import sha1
from pathlib import Path

import pytest
from sources_work import SETTINGS, Work

from pipeline.problems import MACHINE_LACKS, USAGE, Stop
from pipeline.sources import limits
from pipeline.sources.commit import read_commit
from pipeline.sources.snapshot import Snapshot

ENGINE = Path(__file__).parents[2]
HOOK = """#!{python}
import sys
from pathlib import Path

sys.path.insert(0, {engine!r})
from pipeline.sources.commit import read_commit

sha = sys.stdin.read().split()[1]
Path({out!r}).write_bytes(read_commit(Path.cwd(), sha).read("new.md"))
"""


def codes(snapshot: Snapshot) -> dict[str, str]:
    return {problem.place.file: problem.code for problem in snapshot.problems}


def crafted(work: Work, *lines: tuple[str, bytes]) -> Snapshot:
    """A commit whose tree holds the settings and these (mode and kind and id, name) lines."""
    settings = ("100644 blob " + work.blob(SETTINGS.encode()), b"deedbox.yaml")
    work.commit_tree(b"".join(facts.encode() + b"\t" + name + b"\0" for facts, name in (settings, *lines)))
    return read_commit(work.root, "HEAD")


def file_line(work: Work, name: bytes) -> tuple[str, bytes]:
    return "100644 blob " + work.blob(b"x\n"), name


def test_commit_gives_the_bytes_of_its_files_with_the_ids_of_git(work: Work) -> None:
    snapshot = read_commit(work.root, "HEAD")
    assert snapshot.paths() == ("atlas/charter.md", "atlas/images/plan.png", "deedbox.yaml")
    assert snapshot.read("atlas/charter.md") == b"# Scope\n"
    assert snapshot.read("atlas/images/plan.png") == b"\x89PNG"
    assert snapshot.files["atlas/charter.md"].id == sha1(b"blob 8\0# Scope\n").hexdigest()
    assert (snapshot.dirty, snapshot.shallow, snapshot.problems) == (False, False, ())


def test_time_is_the_committers_in_utc(work: Work) -> None:
    assert read_commit(work.root, "main").time == datetime(2026, 1, 5, 8, tzinfo=UTC)


def test_source_date_epoch_overrides_the_time(work: Work, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "86400")
    assert read_commit(work.root, "main").time == datetime(1970, 1, 2, tzinfo=UTC)


@pytest.mark.parametrize("value", ["soon", "-1", "1.5", "99999999999999999999", "253402300800", "\u0661"])
def test_unusable_source_date_epoch_stops(work: Work, monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", value)
    with pytest.raises(Stop) as stop:
        read_commit(work.root, "main")
    assert (stop.value.exit_code, stop.value.problems[0].code) == (USAGE, "DB115")


def test_work_tree_is_never_looked_at(work: Work) -> None:
    work.write({"atlas/charter.md": "half sav", "new.md": "x"})
    snapshot = read_commit(work.root, "HEAD")
    assert snapshot.read("atlas/charter.md") == b"# Scope\n"
    assert "new.md" not in snapshot


def test_reading_leaves_head_index_and_status_as_they_were(work: Work) -> None:
    work.write({"atlas/charter.md": "# Scope, changed\n", "new.md": "x"})
    (work.root / "deedbox.yaml").touch()  # Git would like to refresh its index now
    index = work.root / ".git" / "index"
    before = index.read_bytes(), index.stat().st_mtime_ns, work.git("rev-parse", "HEAD"), sorted(work.root.rglob("*"))
    snapshot = read_commit(work.root, "HEAD")
    snapshot.read("deedbox.yaml")
    snapshot.changes()
    after = index.read_bytes(), index.stat().st_mtime_ns, work.git("rev-parse", "HEAD"), sorted(work.root.rglob("*"))
    assert after == before
    assert work.git("status", "--porcelain") == "M atlas/charter.md\n?? new.md"


def test_bare_repository_is_read_at_its_root(work: Work, tmp_path: Path) -> None:
    work.git("clone", "--quiet", "--bare", ".", str(tmp_path / "bare.git"))
    snapshot = read_commit(tmp_path / "bare.git", "main")
    assert snapshot.files.keys() == read_commit(work.root, "main").files.keys()
    assert snapshot.read("deedbox.yaml") == SETTINGS.encode()
    assert "deedbox.yaml" in snapshot.changes()


def test_bare_repository_is_read_where_git_wants_bare_ones_to_be_named(work: Work, tmp_path: Path) -> None:
    work.git("clone", "--quiet", "--bare", ".", str(tmp_path / "bare.git"))
    work.git("config", "--global", "safe.bareRepository", "explicit")
    assert read_commit(tmp_path / "bare.git", "main").read("deedbox.yaml") == SETTINGS.encode()


def test_linked_work_tree_is_read_like_any_other(work: Work, tmp_path: Path) -> None:
    work.git("worktree", "add", "--quiet", str(tmp_path / "linked"))
    assert read_commit(tmp_path / "linked", "main").read("deedbox.yaml") == SETTINGS.encode()


def test_repository_with_sha_256_ids_is_read(tmp_path: Path) -> None:
    work = Work(tmp_path)
    work.git("init", "--quiet", "--object-format=sha256")
    sha = work.commit({"deedbox.yaml": SETTINGS})
    snapshot = read_commit(tmp_path, "HEAD")
    assert (snapshot.revision, len(sha)) == (sha, 64)
    assert snapshot.changes()["deedbox.yaml"][0].id == sha


def test_folder_that_is_not_there_stops(tmp_path: Path) -> None:
    with pytest.raises(Stop) as stop:
        read_commit(tmp_path / "nowhere", "HEAD")
    assert (stop.value.exit_code, stop.value.problems[0].code) == (USAGE, "DB102")


def test_project_repository_may_be_a_folder_of_the_git_repository(work: Work) -> None:
    work.commit({"docs/pm [1]/deedbox.yaml": SETTINGS, "docs/pm [1]/a.md": "a", "docs/pm 1/b.md": "b"})
    snapshot = read_commit(work.root / "docs" / "pm [1]", "HEAD")
    assert snapshot.paths() == ("a.md", "deedbox.yaml")
    assert snapshot.changes().keys() == {"a.md", "deedbox.yaml"}


def test_name_of_the_folder_is_never_a_pattern(work: Work) -> None:
    work.commit({":!pm/deedbox.yaml": SETTINGS, "other/b.md": "b"})
    assert read_commit(work.root / ":!pm", "HEAD").changes().keys() == {"deedbox.yaml"}


def test_commit_without_the_folder_of_the_project_stops(work: Work) -> None:
    work.commit({"pm/deedbox.yaml": SETTINGS})
    with pytest.raises(Stop) as stop:
        read_commit(work.root / "pm", "HEAD~1")
    assert (stop.value.exit_code, stop.value.problems[0].code) == (USAGE, "DB117")
    assert "pm/deedbox.yaml" in stop.value.problems[0].message


def test_output_folder_is_never_a_source(work: Work) -> None:
    work.commit({"build/a.md": "a", "builder/b.md": "b", "out/c.md": "c"})
    assert read_commit(work.root, "HEAD").paths("b") == ("builder/b.md",)
    assert read_commit(work.root, "HEAD", output="out").paths("b") == ("build/a.md", "builder/b.md")


@pytest.mark.parametrize("rev", ["nope", "", "--all", "-n1", "HEAD~9", "HEAD:deedbox.yaml", "^main", "a\nb", "a\0b"])
def test_unknown_revision_stops(work: Work, rev: str) -> None:
    with pytest.raises(Stop) as stop:
        read_commit(work.root, rev)
    assert (stop.value.exit_code, stop.value.problems[0].code) == (USAGE, "DB104")


def test_unknown_revision_names_the_nearest_branch_or_tag(work: Work) -> None:
    work.git("tag", "baseline-1")
    with pytest.raises(Stop) as stop:
        read_commit(work.root, "basline-1")
    assert stop.value.problems[0].hint == "did you mean `baseline-1`?"


@pytest.mark.parametrize("rev", ["main", "v1", "HEAD", "HEAD~1", "feature/Größe"])
def test_branches_tags_and_steps_back_name_commits(work: Work, rev: str) -> None:
    work.commit({"a.md": "a"})
    work.git("tag", "-a", "v1", "-m", "annotated")
    work.git("branch", "feature/Größe")
    assert read_commit(work.root, rev).revision == work.git("rev-parse", f"{rev}^{{commit}}")


def test_repository_without_a_commit_stops_when_one_is_asked_for(empty: Work) -> None:
    with pytest.raises(Stop) as stop:
        read_commit(empty.root, "HEAD")
    assert (stop.value.exit_code, stop.value.problems[0].code) == (USAGE, "DB103")


def test_symbolic_link_is_a_warning_and_not_a_file(work: Work) -> None:
    (work.root / "secret.md").symlink_to("/etc/passwd")
    work.commit({})
    snapshot = read_commit(work.root, "HEAD")
    assert "secret.md" not in snapshot
    assert codes(snapshot) == {"secret.md": "DB105"}
    assert (snapshot.problems[0].severity, bool(snapshot.problems[0].hint)) == ("warning", True)


def test_submodule_is_a_warning_and_not_entered(work: Work, tmp_path: Path) -> None:
    other = Work(tmp_path / "other")
    other.root.mkdir()
    other.git("init", "--quiet")
    other.commit({"inside.md": "x"})
    work.git("submodule", "--quiet", "add", str(other.root), "parts")
    work.commit({})
    snapshot = read_commit(work.root, "HEAD")
    assert not snapshot.paths("parts")
    assert codes(snapshot) == {"parts": "DB106"}


@pytest.mark.parametrize(
    ("name", "shown", "code"),
    [
        (b"a\x1b[31m.md", "a\\x1b[31m.md", "DB107"),
        (b"a\nb.md", "a\\x0ab.md", "DB107"),
        (b"caf\xe9.md", "caf\\udce9.md", "DB107"),
        ("cafe\u0301.md".encode(), "cafe\u0301.md", "DB108"),
        (b"a\\b.md", "a\\b.md", "DB110"),
        (b"GIT~1", "GIT~1", "DB110"),
    ],
)
def test_name_that_does_not_travel_is_left_out_with_a_warning(work: Work, name: bytes, shown: str, code: str) -> None:
    snapshot = crafted(work, file_line(work, name))
    assert codes(snapshot) == {shown: code}
    assert snapshot.paths() == ("deedbox.yaml",)


def test_git_folder_inside_a_commit_is_left_out_with_a_warning(work: Work) -> None:
    inner = work.git("mktree", "-z", data=b"100644 blob " + work.blob(b"x").encode() + b"\tconfig\0")
    snapshot = crafted(work, (f"040000 tree {inner}", b".Git"))
    assert codes(snapshot) == {".Git/config": "DB110"}


def test_names_that_differ_only_in_case_are_a_warning_and_both_kept(work: Work) -> None:
    snapshot = crafted(work, file_line(work, b"Plan.md"), file_line(work, b"plan.md"))
    assert codes(snapshot) == {"plan.md": "DB109"}
    assert snapshot.paths("", ".md") == ("Plan.md", "plan.md")


def test_folders_that_differ_only_in_case_are_a_warning(work: Work) -> None:
    inner = work.git("mktree", "-z", data=b"100644 blob " + work.blob(b"x").encode() + b"\ta.md\0")
    snapshot = crafted(work, (f"040000 tree {inner}", b"Plan"), (f"040000 tree {inner}", b"plan"))
    assert codes(snapshot) == {"plan": "DB109"}


def test_usual_names_with_spaces_accents_and_dots_are_files(work: Work) -> None:
    names = ["a b.md", "Größe.md", ".gitignore", ".github/x.yaml", "日本.md", "-x.md", "*.md", "a..b.md"]
    work.commit(dict.fromkeys(names, ""))
    snapshot = read_commit(work.root, "HEAD")
    assert set(names) <= set(snapshot.paths())
    assert snapshot.problems == ()


def test_file_above_the_limit_is_not_loaded(work: Work, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "LARGEST_FILE", 1000)
    work.commit({"big.bin": b"x" * 1001, "fits.bin": b"x" * 1000})
    snapshot = read_commit(work.root, "HEAD")
    assert codes(snapshot) == {"big.bin": "DB111"}
    assert "fits.bin" in snapshot


def test_file_above_a_megabyte_is_read_whole(work: Work) -> None:
    content = bytes(range(256)) * 8000
    work.commit({"big.png": content})
    assert read_commit(work.root, "HEAD").read("big.png") == content


def test_lfs_pointer_is_a_warning_and_not_a_file(work: Work) -> None:
    pointer = f"version https://git-lfs.github.com/spec/v1\noid sha256:{'a' * 64}\nsize 12345\n"
    work.commit({"logo.png": pointer, "other.png": "x" * 130})
    snapshot = read_commit(work.root, "HEAD")
    assert codes(snapshot) == {"logo.png": "DB112"}
    assert snapshot.paths("", ".png") == ("atlas/images/plan.png", "other.png")


def test_changes_name_the_commits_of_each_path_newest_first(work: Work) -> None:
    work.commit({"atlas/charter.md": "# Scope 2\n"}, "Widen the scope")
    work.commit({"other.md": "x"}, "Other")
    changes = read_commit(work.root, "HEAD").changes()
    assert [commit.subject for commit in changes["atlas/charter.md"]] == ["Widen the scope", "Begin"]
    assert [commit.subject for commit in changes["deedbox.yaml"]] == ["Begin"]
    newest = changes["atlas/charter.md"][0]
    assert (newest.author, newest.time) == ("Ilse Brandt", datetime(2026, 1, 5, 9, tzinfo=UTC))
    assert newest.id == work.git("rev-parse", "HEAD~1")


def test_changes_are_those_up_to_the_commit_and_read_once(work: Work) -> None:
    work.commit({"atlas/charter.md": "# Scope 2\n"}, "Later")
    snapshot = read_commit(work.root, "HEAD~1")
    assert [commit.subject for commit in snapshot.changes()["atlas/charter.md"]] == ["Begin"]
    assert snapshot.changes() is snapshot.changes()


def test_what_arrives_in_a_merge_is_a_change_by_the_merge(work: Work) -> None:
    work.git("checkout", "--quiet", "-b", "side")
    work.commit({"side.md": "x"}, "On the side")
    work.git("checkout", "--quiet", "main")
    work.commit({"main.md": "x"}, "On main")
    work.git("merge", "--quiet", "--no-ff", "side", "-m", "Merge side")
    changes = read_commit(work.root, "HEAD").changes()
    assert [commit.subject for commit in changes["side.md"]] == ["Merge side"]


def test_history_survives_empty_commits_empty_subjects_and_odd_names(work: Work) -> None:
    work.git("commit", "--quiet", "--allow-empty", "-m", "Nothing changed")
    work.git("commit", "--quiet", "--allow-empty", "--allow-empty-message", "-m", "")
    work.write({"M": "x", "\nA": "y"})
    work.git("add", "--all")
    work.git("commit", "--quiet", "--allow-empty-message", "-m", "")
    changes = read_commit(work.root, "HEAD").changes()
    assert [commit.subject for commit in changes["M"]] == [""]
    assert [commit.subject for commit in changes["\nA"]] == [""]
    assert [commit.subject for commit in changes["deedbox.yaml"]] == ["Begin"]


def test_renamed_file_keeps_its_history(work: Work) -> None:
    work.git("mv", "atlas/charter.md", "atlas/mandate.md")
    work.commit({}, "Rename")
    changes = read_commit(work.root, "HEAD").changes()
    assert [commit.subject for commit in changes["atlas/mandate.md"]] == ["Rename", "Begin"]
    assert "atlas/charter.md" not in changes


def test_settings_of_the_repository_do_not_change_what_is_read(work: Work) -> None:
    work.commit({"atlas/kaart.md": "# Scope\n"}, "Größe")
    work.git("checkout", "--quiet", "-b", "side", "HEAD~1")
    work.commit({"side.md": "x"})
    work.git("checkout", "--quiet", "main")
    work.git("merge", "--quiet", "--no-ff", "side", "-m", "Merge side")
    settings = {"log.showSignature": "true", "log.showRoot": "false", "color.ui": "always", "diff.renames": "copies"}
    settings |= {"log.diffMerges": "off", "log.follow": "true", "core.quotePath": "true", "log.date": "iso"}
    settings |= {"i18n.logOutputEncoding": "ISO-8859-1", "core.fsmonitor": "touch fsmonitor-ran"}
    before = read_commit(work.root, "HEAD").changes()
    for name, value in settings.items():
        work.git("config", name, value)
    assert read_commit(work.root, "HEAD").changes() == before
    assert before["atlas/kaart.md"][0].subject == "Größe"
    assert before["side.md"][0].subject == "Merge side"


def test_shallow_clone_says_so(work: Work, tmp_path: Path) -> None:
    work.commit({"a.md": "a"})
    work.git("clone", "--quiet", "--depth=1", f"file://{work.root}", str(tmp_path / "cut"))
    snapshot = read_commit(tmp_path / "cut", "HEAD")
    assert snapshot.shallow
    assert snapshot.read("atlas/charter.md") == b"# Scope\n"


def test_variables_of_a_hook_do_not_turn_questions_to_its_repository(
    work: Work, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = Work(tmp_path / "other")
    other.root.mkdir()
    other.git("init", "--quiet")
    other.commit({"deedbox.yaml": SETTINGS, "other.md": "x"})
    monkeypatch.setenv("GIT_DIR", str(other.root / ".git"))
    monkeypatch.setenv("GIT_WORK_TREE", str(other.root))
    monkeypatch.setenv("GIT_INDEX_FILE", str(tmp_path / "no-index"))
    monkeypatch.setenv("GIT_OBJECT_DIRECTORY", str(other.root / ".git" / "objects"))
    monkeypatch.setenv("GIT_PREFIX", "atlas/")
    snapshot = read_commit(work.root, "HEAD")
    assert "other.md" not in snapshot
    assert snapshot.read("atlas/charter.md") == b"# Scope\n"
    assert "atlas/charter.md" in snapshot.changes()


def test_pre_receive_hook_reads_the_commit_that_waits_to_be_accepted(work: Work, tmp_path: Path) -> None:
    bare = tmp_path / "bare.git"
    work.git("clone", "--quiet", "--bare", ".", str(bare))
    hook = bare / "hooks" / "pre-receive"
    hook.write_text(HOOK.format(python=sys.executable, engine=str(ENGINE), out=str(tmp_path / "seen")))
    hook.chmod(0o755)
    work.commit({"new.md": "still waiting\n"})
    work.git("push", "--quiet", str(bare), "main")
    assert (tmp_path / "seen").read_text() == "still waiting\n"


def test_replaced_objects_are_not_what_is_read(work: Work) -> None:
    old = work.git("rev-parse", "HEAD:atlas/charter.md")
    work.git("replace", old, work.blob(b"# Forged\n"))
    assert read_commit(work.root, "HEAD").read("atlas/charter.md") == b"# Scope\n"


def test_missing_content_stops_and_says_that_the_clone_is_partial(work: Work) -> None:
    sha = work.git("rev-parse", "HEAD:atlas/charter.md")
    (work.root / ".git" / "objects" / sha[:2] / sha[2:]).unlink()
    snapshot = read_commit(work.root, "HEAD")
    assert snapshot.read("deedbox.yaml") == SETTINGS.encode()
    with pytest.raises(Stop) as stop:
        snapshot.read("atlas/charter.md")
    assert (stop.value.exit_code, stop.value.problems[0].code) == (MACHINE_LACKS, "DB120")


def test_no_git_process_stays_behind(work: Work) -> None:
    before = children()
    snapshot = read_commit(work.root, "HEAD")
    snapshot.read("deedbox.yaml")
    assert children() == before


def children() -> str:
    return "".join(file.read_text() for file in Path("/proc/self/task").glob("*/children"))
