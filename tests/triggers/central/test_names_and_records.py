"""Take names of refs, folders of builds and records; check that each is safe, whole and never somebody else's."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.problems import Problem, Stop
from pipeline.sources.git.refs import Ref
from pipeline.triggers.central import publish as shelf
from pipeline.triggers.central.names import choose_names
from pipeline.triggers.central.policy import Policy, choose_default
from pipeline.triggers.hooks.state import Entry, State, load_state, save_state

COMMIT = "1" * 40


def names_of(*refs: str, taken: dict[str, str] | None = None) -> list[str]:
    found = choose_names([Ref(name, COMMIT) for name in refs], taken or {})
    return [found[name] for name in refs]


def test_plain_names_stay_and_a_slash_becomes_a_tilde() -> None:
    assert names_of("refs/heads/main", "refs/tags/v1.0", "refs/heads/a/b") == ["main", "v1.0", "a~b"]


def test_branch_goes_before_a_tag_of_the_same_name_and_capitals_make_no_difference() -> None:
    tag, branch, other = names_of("refs/tags/one", "refs/heads/one", "refs/heads/ONE")
    assert other == "ONE"  # in the order of the names, capitals first
    assert branch.startswith("one~") and tag.startswith("one~") and branch != tag


def test_who_has_a_name_keeps_it() -> None:
    taken = {"refs/tags/one": "one"}
    tag, branch = names_of("refs/tags/one", "refs/heads/one", taken=taken)
    assert tag == "one"
    assert branch.startswith("one~")


@pytest.mark.parametrize("name", ["-rf", "a;b", "$(x)", 'q"q', "con", "x" * 300, "é" * 200, "\udcff", "<a>"])
def test_no_name_leaves_its_folder_or_means_something_to_a_shell(name: str) -> None:
    (found,) = names_of(f"refs/heads/{name}")
    assert len(found.encode()) <= 255
    assert not set(found) & set("/\\;$()\"'<>|&`*?[]{}! \n")
    assert not found.startswith((".", "-"))
    assert found.casefold() != "con"


def test_default_branch_is_heads_or_a_usual_one() -> None:
    assert choose_default("refs/heads/dev", ["refs/heads/dev", "refs/heads/main"]) == "refs/heads/dev"
    assert choose_default("refs/heads/master", ["refs/heads/main", "refs/heads/x"]) == "refs/heads/main"
    assert choose_default("refs/heads/master", ["refs/heads/x"]) == "refs/heads/master"


def test_check_of_pushes_follows_the_settings() -> None:
    main, side = Ref("refs/heads/main", COMMIT), Ref("refs/heads/side", COMMIT)
    for check, expected in (("published", (True, False)), ("all", (True, True)), ("none", (False, False))):
        policy = Policy("refs/heads/main", check=check)
        assert (policy.checks(main), policy.checks(side)) == expected


def publish(folder: Path, name: str, commit: str, text: str) -> None:
    stage = shelf.make_stage(folder, name)
    (stage / "manifest.json").unlink(missing_ok=True)  # as a build does: a new file in the place of the old one
    (stage / "manifest.json").write_text(text)
    shelf.show(folder, name, commit)


def test_link_turns_from_one_whole_folder_to_the_next_and_the_one_before_stays(tmp_path: Path) -> None:
    for number in range(4):
        publish(tmp_path, "main", str(number) * 40, str(number))
        assert shelf.find_commit(tmp_path, "main") == str(number) * 40
        assert (tmp_path / "main/manifest.json").read_text() == str(number)
    assert {path.name for path in (tmp_path / ".builds/main").iterdir()} == {"2" * 40, "3" * 40}
    assert (tmp_path / ".builds/main" / ("2" * 40) / "manifest.json").read_text() == "2"


def test_commit_that_is_built_again_gets_a_folder_of_its_own(tmp_path: Path) -> None:
    publish(tmp_path, "main", COMMIT, "first")
    before = (tmp_path / "main").resolve()
    publish(tmp_path, "main", COMMIT, "second")
    assert shelf.find_commit(tmp_path, "main") == COMMIT
    assert (before / "manifest.json").read_text() == "first"
    assert (tmp_path / "main/manifest.json").read_text() == "second"


def test_link_of_somebody_else_is_no_publication(tmp_path: Path) -> None:
    (tmp_path / "main").symlink_to("/etc")
    (tmp_path / "side").symlink_to(".builds/side/../../secret")
    assert (shelf.find_commit(tmp_path, "main"), shelf.find_commit(tmp_path, "side")) == ("", "")


def test_state_comes_back_as_it_was(tmp_path: Path) -> None:
    entry = Entry(built=COMMIT, tried=COMMIT, exit_code=1, problems=(Problem("DB101", "words", hint="do"),))
    save_state(tmp_path, State().with_entry("refs/heads/main", entry))
    assert load_state(tmp_path).entry("refs/heads/main") == entry
    assert load_state(tmp_path).entry("refs/heads/none") == Entry()


def test_second_writer_of_a_state_is_refused(tmp_path: Path) -> None:
    first = save_state(tmp_path, State())
    save_state(tmp_path, first.with_entry("refs/heads/main", Entry(built=COMMIT)))
    with pytest.raises(Stop, match="DB458"):
        save_state(tmp_path, first.with_entry("refs/heads/side", Entry()))
    assert load_state(tmp_path).entry("refs/heads/main").built == COMMIT


@pytest.mark.parametrize("text", ["", "{", "[]", '{"schema_version": 99}', '{"schema_version": 1, "entries": 3}'])
def test_state_that_cannot_be_read_is_an_empty_one(tmp_path: Path, text: str) -> None:
    (tmp_path / "state.json").write_text(text)
    assert load_state(tmp_path) == State()
    save_state(tmp_path, State())
    assert load_state(tmp_path).serial == 1
