"""Take any sequence of changes, builds, accidents; check after each build that it left what a clean build leaves.

What is no draft must besides be what a build of the last commit gives.

`DEEDBOX_STEPS=5000` lets `make soak` run so many steps, different ones each time; without it these are some hundred,
and sixty in `make test`, always the same.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test
from papers_world import BUDGET, CHARTER, OWN, World, environment

STEPS = int(os.environ.get("DEEDBOX_STEPS", "0"))
LENGTH = 30
PROJECTS = st.sampled_from(["atlas", "beacon"])
WORDS = st.sampled_from(["one", "two", "three"])
AMOUNTS = st.sampled_from(["1000", "2000", "3000"])  # of one length, so that only the time tells of a change
THEMES = st.sampled_from([None, "colours: {accent: '#1b4f8a'}\n", "colours: {accent: '#8a1b4f'}\n"])
APPROVED = ["", "atlas/charter", "beacon/*", "*/documents/notes"]
DAMAGES = st.sampled_from(["append", "empty", "delete", "replace by an older one", "write equal bytes"])
STORE_DAMAGES = st.sampled_from(["files", "a file", "index", "spoilt index", "all", "stamps"])


class AnySequence(RuleBasedStateMachine):
    """A repository and its output folder, under everything that people, Git and machines do to them."""

    def __init__(self) -> None:
        super().__init__()
        self.world = World()
        self.older: dict[str, bytes] = {}
        self.epoch: str | None = None
        self.patience = 0

    def teardown(self) -> None:
        self.world.close()

    # --- what people write ---

    @rule(project=PROJECTS, amount=AMOUNTS)
    def change_a_figure(self, project: str, amount: str) -> None:
        self.world.write({f"{project}/budget.yaml": BUDGET.replace("1000", amount)})

    @rule(project=PROJECTS, amount=AMOUNTS)
    def change_a_figure_and_set_the_time_back(self, project: str, amount: str) -> None:
        file = self.world.root / project / "budget.yaml"
        before = file.stat()
        self.change_a_figure(project, amount)
        os.utime(file, ns=(before.st_atime_ns, before.st_mtime_ns))

    @rule(word=WORDS, values=st.booleans())
    def change_a_charter(self, word: str, values: bool) -> None:
        more = "Budget: {{ project.budget.total | money }}." if values else ""
        self.world.write({"atlas/charter.md": CHARTER.replace("Text of approach.", f"Approach {word}. {more}")})

    @rule(project=PROJECTS, name=st.sampled_from(["plan", "notes", "deep/memo"]), word=st.none() | WORDS)
    def write_or_delete_a_document(self, project: str, name: str, word: str | None) -> None:
        text = None if word is None else f"# Title {word}\n\n[a](../../atlas/documents/plan.md)\n\n![b](../../p.svg)\n"
        self.world.write({f"{project}/documents/{name}.md": text, "p.svg": SVG})

    @rule(project=PROJECTS, there=st.booleans())
    def rename_a_document(self, project: str, there: bool) -> None:
        old, new = (self.world.root / project / "documents" / name for name in ("notes.md", "renamed.md"))
        old, new = (old, new) if there else (new, old)
        if old.exists() and not new.exists():
            old.rename(new)

    @rule(project=PROJECTS, number=st.integers(1, 2), title=st.none() | WORDS)
    def write_or_delete_a_register_file(self, project: str, number: int, title: str | None) -> None:
        text = (
            f"id: AS-0{number}\ntitle: Assume {title}\nraised: 2026-01-05\nowner: max.manager\nstatus: open\n"
            if title
            else None
        )
        self.world.write({f"{project}/registers/assumptions/AS-0{number}.yaml": text})

    @rule(colour=st.sampled_from(["red", "blue"]))
    def change_a_picture(self, colour: str) -> None:
        self.world.write({"p.svg": SVG.replace("red", colour)})

    @rule(word=st.none() | WORDS)
    def change_a_template(self, word: str | None) -> None:
        self.world.write({"templates/own.md.j2": None if word is None else OWN.replace("Own word", f"Own {word}")})

    @rule(theme=THEMES)
    def change_the_theme(self, theme: str | None) -> None:
        self.world.write({"theme/theme.yaml": theme})

    @rule(word=WORDS)
    def change_the_settings(self, word: str) -> None:
        self.world.write({"deedbox.yaml": f"schema_version: 1\nname: Office {word}\nformats: [html]\n"})

    @rule(word=WORDS)
    def change_a_person(self, word: str) -> None:
        file = self.world.root / "people.yaml"
        lines = file.read_text().splitlines()
        self.world.write({"people.yaml": "\n".join([*lines[:2], lines[2].replace(lines[2], PERSON.format(word)), ""])})

    @rule(project=PROJECTS)
    def break_a_file(self, project: str) -> None:
        file = f"{project}/budget.yaml"
        before = (self.world.root / file).read_text()
        self.world.write({file: "lines: ["})
        self.build()
        self.world.write({file: before})

    @rule(project=PROJECTS, words=st.sampled_from(["# a remark\n", ""]))
    def write_a_remark(self, project: str, words: str) -> None:
        self.world.write({f"{project}/budget.yaml": words + BUDGET})

    @rule(times=st.sampled_from([1, 1_000_000_000, 4_000_000_000]), data=st.data())
    def touch_a_file(self, times: int, data: st.DataObject) -> None:
        file = self.world.root / data.draw(st.sampled_from(self.world.sources()))
        file.write_bytes(file.read_bytes())
        os.utime(file, (times, times))

    # --- what Git does ---

    @rule()
    def commit(self) -> None:
        self.world.commit("Change")

    @rule(who=st.sampled_from(["Ann Owner <ann@b.org>", "Max <max@b.org>"]), what=st.sampled_from(APPROVED))
    def approve(self, who: str, what: str) -> None:
        trailer = f"Approves: {what}\n" if what else ""
        self.world.commit(f"Approve\n\nApproved-by: {who}\n{trailer}")

    @rule(word=st.none() | WORDS)
    def say_who_is_meant(self, word: str | None) -> None:
        self.world.write({".mailmap": None if word is None else f"Ann {word} <a@b.org>\nOwner {word} <ann@b.org>\n"})

    @rule()
    def amend(self) -> None:
        self.world.commit("Change, said better", "--amend")

    @rule(name=st.sampled_from(["main", "side"]))
    def switch_branch(self, name: str) -> None:
        self.world.commit("Before the switch")
        if self.world.git("checkout", "--quiet", name, check=False) or not self._has_branch(name):
            self.world.git("checkout", "--quiet", "-b", name)

    @rule()
    def merge(self) -> None:
        self.world.commit("Before the merge")
        if self._has_branch("side"):
            self.world.git("merge", "--quiet", "--no-edit", "-X", "ours", "side", check=False)
            self.world.git("merge", "--abort", check=False)

    @rule()
    def restore_the_files_of_an_older_commit(self) -> None:
        self.world.git("checkout", "--quiet", "HEAD~1", "--", ".", check=False)

    @rule()
    def go_back_one_commit(self) -> None:
        self.world.git("reset", "--quiet", "--hard", "HEAD~1", check=False)

    @rule()
    def stage(self) -> None:
        self.world.git("add", "--all")

    @rule(epoch=st.sampled_from([None, "1700000000", "1800000000"]))
    def set_the_epoch(self, epoch: str | None) -> None:
        self.epoch = epoch

    # --- what happens to what builds left ---

    @rule(damage=DAMAGES, data=st.data())
    def damage_an_output(self, damage: str, data: st.DataObject) -> None:
        # Without its list of files a folder is not ours to fill: a build says so, and writes over nothing.
        names = sorted(self.world.outputs().keys() - {"manifest.json", ".gitignore"})
        if names:
            name = data.draw(st.sampled_from(names))
            _damage(self.world.root / "build" / name, damage, self.older.get(name, b"older"))

    @rule(damage=STORE_DAMAGES, data=st.data())
    def damage_the_store(self, damage: str, data: st.DataObject) -> None:
        self.world.damage_store(damage, data.draw(st.integers(0, 1000)))

    @rule(share=st.floats(0, 1.2))
    def kill_a_build(self, share: float) -> None:
        with environment(SOURCE_DATE_EPOCH=self.epoch):
            self.world.kill_build(share)

    # --- builds ---

    @rule()
    def build_two_at_once(self) -> None:
        with environment(SOURCE_DATE_EPOCH=self.epoch):
            pids = [self.world.build_aside() for _ in range(2)]
            for pid in pids:
                os.waitpid(pid, 0)
            self._compare()

    @rule(settings=st.sampled_from([
        {"selectors": ("atlas",)}, {"selectors": ("*/documents/*",)}, {"dry_run": True}, {"rev": "HEAD~1"},
        {"force": True}, {"selectors": ("beacon",), "force": True},
    ]))  # fmt: skip
    def build_another_way(self, settings: dict[str, object]) -> None:
        with environment(SOURCE_DATE_EPOCH=self.epoch):
            self.world.build(**settings)

    @rule(steps=st.integers(1, 4))
    def let_changes_gather(self, steps: int) -> None:
        self.patience = steps + 1

    @invariant()
    def build(self) -> None:
        self.patience -= 1
        if self.patience < 0:
            with environment(SOURCE_DATE_EPOCH=self.epoch):
                self._compare()

    def _compare(self) -> None:
        before = self.world.outputs()
        made, clean = self.world.build(), self.world.build_clean()
        assert made.exit_code == clean.exit_code, made.problems
        assert made.problems is None or made.problems == clean.problems
        if clean.exit_code:
            # A project with an error keeps what it had; the others are what a clean build makes of them.
            expected = {**before, **clean.files}
            assert [path for path in _differ(made.files, expected) if path not in ("index.html", "manifest.json")] == []
            return
        self.older = before
        assert _differ(made.files, clean.files) == []
        final = self.world.list_final()
        committed = self.world.build_committed() if final else {}
        assert [path for path in final if made.files[path] != committed.get(path)] == []

    def _has_branch(self, name: str) -> bool:
        return bool(self.world.git("branch", "--list", name))


SVG = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><rect width="9" height="9" fill="red"/></svg>'
PERSON = "  - {{id: max.manager, name: Max {}, role: Head of projects}}"


def _differ(some: Mapping[str, bytes], others: Mapping[str, bytes]) -> list[str]:
    """Return the paths at which two folders differ: their contents are too long to be shown."""
    return sorted(name for name in some.keys() | others.keys() if some.get(name) != others.get(name))


def _damage(file: Path, damage: str, older: bytes) -> None:
    if damage == "delete":
        file.unlink()
    elif damage == "append":
        file.write_bytes(file.read_bytes() + b" ")
    else:
        file.write_bytes({"empty": b"", "replace by an older one": older}.get(damage, file.read_bytes()))


@pytest.mark.parametrize("sequences", [2, pytest.param(max(5, STEPS // LENGTH), marks=pytest.mark.soak)])
def test_any_sequence_of_builds_leaves_what_a_clean_build_leaves(
    monkeypatch: pytest.MonkeyPatch, sequences: int
) -> None:
    monkeypatch.setenv("DEEDBOX_LIMITS", "off")
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
    monkeypatch.delenv("SOURCE_DATE_EPOCH", raising=False)
    wanted = settings(
        max_examples=sequences,
        stateful_step_count=LENGTH,
        deadline=None,
        derandomize=not STEPS,
        suppress_health_check=list(HealthCheck),
    )
    run_state_machine_as_test(AnySequence, settings=wanted)
