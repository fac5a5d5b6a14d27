"""Take small project repositories under Git; build them as HTML; check what is written, what stays and what is said."""

from __future__ import annotations

import json
import os
import signal
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from threading import Event, Thread
from typing import Any

import pytest
from git_work import run_git, write_files
from render_project import FILES

from pipeline.build.build import build, check
from pipeline.build.request import Outcome, Request
from pipeline.problems import DONE, SOURCES_WRONG, USAGE, Place, Stop
from pipeline.processes.fork_server import WRITERS
from pipeline.sources.snapshot import Snapshot

START = 1_767_600_000  # 2026-01-05T08:00:00Z
DAY = 86_400
CHARTER, BUDGET, RISKS = "atlas/charter.md", "atlas/budget.yaml", "atlas/registers/risks.yaml"


@dataclass
class Papers:
    """A project repository in a temporary folder; every commit is one day after the one before it."""

    root: Path
    commits: int = 0

    def git(self, *words: str) -> str:
        return run_git(self.root, *words, author="Ann <a@b.org>", when=f"{START + DAY * self.commits} +0000")

    def write(self, files: Mapping[str, str | bytes | None]) -> None:
        write_files(self.root, files)

    def commit(self, files: Mapping[str, str | bytes | None], message: str = "Change") -> str:
        self.write(files)
        self.git("add", "--all")
        self.git("commit", "--quiet", "--message", message)
        self.commits += 1
        return self.git("rev-parse", "HEAD")

    def swap(self, path: str, old: str, new: str) -> dict[str, str | bytes | None]:
        text = (self.root / path).read_text()
        assert text.count(old) == 1
        return {path: text.replace(old, new)}

    def build(self, *selectors: str, **settings: Any) -> Outcome:
        return build(Request(self.root, selectors=selectors, **settings))

    def outputs(self, folder: str = "build") -> dict[str, bytes]:
        root = self.root / folder
        return {path.relative_to(root).as_posix(): path.read_bytes() for path in root.rglob("*") if path.is_file()}

    def page(self, name: str = "atlas/charter") -> str:
        return (self.root / "build" / f"{name}.html").read_text()

    def manifest(self) -> dict[str, Any]:
        return json.loads((self.root / "build/manifest.json").read_text())  # type: ignore[no-any-return]


@pytest.fixture
def papers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Papers:
    """The sample project, committed once."""
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")
    monkeypatch.delenv("SOURCE_DATE_EPOCH", raising=False)
    made = Papers(tmp_path / "papers")
    made.root.mkdir()
    made.git("init", "--quiet", "--initial-branch=main")
    made.commit({**FILES, ".gitignore": "/build/\n"}, "Begin")
    return made


def changed(before: Mapping[str, bytes], after: Mapping[str, bytes]) -> set[str]:
    return {path for path in before.keys() | after.keys() if before.get(path) != after.get(path)}


PAGES = {
    "atlas/charter.html", "atlas/documents/other.html", "atlas/stakeholder-matrix.html",
    "atlas/progress-report-2026-08.html", "atlas/progress-report-2026-09.html", "atlas/work-plan.html",
}  # fmt: skip
AROUND = {"index.html", "manifest.json"}


def test_build_writes_every_document_an_index_and_a_manifest(papers: Papers) -> None:
    outcome = papers.build()
    assert outcome.exit_code == DONE and outcome.problems == ()
    assert papers.outputs().keys() >= PAGES | AROUND
    assert set(outcome.written) == PAGES | AROUND
    assert not outcome.dirty and outcome.revision == papers.git("rev-parse", "HEAD")
    assert papers.git("status", "--porcelain") == ""


def test_second_build_writes_nothing_and_gives_the_same_bytes(papers: Papers) -> None:
    papers.build()
    before = papers.outputs()
    assert papers.build().written == ()
    assert papers.outputs() == before
    papers.build(output=papers.root.parent / "elsewhere", force=True)
    assert {path: (papers.root.parent / "elsewhere" / path).read_bytes() for path in PAGES} == {
        path: before[path] for path in PAGES
    }


FAULTS: Mapping[str, dict[str, str | bytes | None]] = {
    "undefined name": {CHARTER: "# Approach\n\n{{ project.nme }}\n"},
    "broken YAML": {BUDGET: "lines: ["},
    "wrong type": {BUDGET: str(FILES[BUDGET]).replace("120000", "much")},
    "unknown key": {"deedbox.yaml": "schema_version: 1\nname: X\nformats: [html]\nthem: x\n"},
    "not UTF-8": {"atlas/documents/other.md": b"caf\xe9"},
    "missing image": {"atlas/documents/other.md": "![a](b.png)"},
    "template": {"templates/own.md.j2": "---\nid: own\ntitle: Own\neach: project\n---\n{% if %}"},
    "theme": {"theme/theme.yaml": "colours: {accent: red}"},
    "missing narrative section": {CHARTER: "# Scope\n\nx\n"},
    "project file gone": {"atlas/project.yaml": "id: [\n"},
    "people gone": {"people.yaml": None},
}


@pytest.mark.parametrize("name", FAULTS)
def test_error_leaves_earlier_outputs_as_they_were(papers: Papers, name: str) -> None:
    papers.build()
    before = papers.outputs()
    papers.commit(FAULTS[name])
    try:
        outcome = papers.build()
    except Stop as stop:
        assert stop.exit_code == SOURCES_WRONG
        problems = stop.problems
    else:
        assert outcome.exit_code == SOURCES_WRONG and outcome.written == ()
        problems = outcome.problems
    errors = [problem for problem in problems if problem.severity == "error"]
    assert errors and all(problem.place.file in FAULTS[name] for problem in errors), errors
    assert papers.outputs() == before


def test_first_build_with_an_error_makes_no_folder(papers: Papers) -> None:
    papers.commit(FAULTS["broken YAML"])
    assert papers.build().exit_code == SOURCES_WRONG
    assert not (papers.root / "build").exists()


def test_error_that_is_found_while_others_are_written_holds_back_its_project_and_its_repair_writes_that(
    papers: Papers,
) -> None:
    notes = {f"atlas/documents/n{number}.md": f"# Note {number}\n" for number in range(40)}
    late = {path.replace("atlas", "zephyr", 1): text for path, text in FILES.items() if path.startswith("atlas/")}
    late["zephyr/project.yaml"] = str(late["zephyr/project.yaml"]).replace("id: atlas", "id: zephyr")
    charter = late["zephyr/charter.md"]
    papers.commit({**notes, **late, "zephyr/charter.md": "# Approach\n\n{{ project.nme }}\n"})
    first = papers.build()
    assert first.exit_code == SOURCES_WRONG and first.held == ("zephyr",)
    assert "atlas/documents/n39.html" in first.written and not (papers.root / "build/zephyr").exists()
    assert {one.place.file for one in first.problems if one.severity == "error"} == {"zephyr/charter.md"}
    papers.commit({"zephyr/charter.md": charter})
    outcome = papers.build()
    assert outcome.exit_code == DONE and "zephyr/charter.html" in outcome.written
    assert not any(path.startswith("atlas/") for path in outcome.written)
    apart = papers.build(output=papers.root.parent / "apart", store=papers.root.parent / "clean")
    assert set(apart.written) == {*first.written, *outcome.written}
    for path in apart.written:
        assert (papers.root.parent / "apart" / path).read_bytes() == (papers.root / "build" / path).read_bytes()


def test_faults_of_several_files_come_in_one_run(papers: Papers) -> None:
    papers.commit(
        {**FAULTS["undefined name"], **FAULTS["missing image"], "atlas/stakeholder-matrix.md": "# Introduction\n\nx\n"}
    )
    files = {problem.place.file for problem in papers.build().problems}
    assert {CHARTER, "atlas/documents/other.md", "atlas/stakeholder-matrix.md"} <= files


def test_older_commit_is_built_with_its_own_text_and_the_work_tree_stays(papers: Papers) -> None:
    papers.build()
    older = papers.outputs()
    papers.commit(papers.swap(CHARTER, "Text of approach.", "Quite another approach."))
    papers.write(papers.swap(CHARTER, "Quite another", "Half a"))
    before = (papers.root / CHARTER).read_bytes()
    assert papers.build(rev="HEAD~1").exit_code == DONE
    assert {path: papers.outputs()[path] for path in PAGES} == {path: older[path] for path in PAGES}
    assert papers.build(rev="HEAD").exit_code == DONE
    assert "Quite another approach." in papers.page() and "DRAFT" not in papers.page()
    assert (papers.root / CHARTER).read_bytes() == before


def test_unknown_revision_stops_and_writes_nothing(papers: Papers) -> None:
    with pytest.raises(Stop) as stop:
        papers.build(rev="nowhere")
    assert stop.value.exit_code == USAGE
    assert not (papers.root / "build").exists()


def list_drafts(papers: Papers) -> set[str]:
    """Return the pages that say that they are drafts, after seeing that the manifest says the same."""
    outcome = papers.build()
    manifest = papers.manifest()
    assert (outcome.dirty, manifest["dirty"], outcome.exit_code) == (True, True, DONE)
    pages = {path: data.decode() for path, data in papers.outputs().items() if path in PAGES}
    drafts = {path for path, page in pages.items() if "DRAFT" in page}
    assert drafts == {path for path, page in pages.items() if "Draft, not committed" in page}
    assert drafts == {entry["path"] for entry in manifest["files"] if entry["draft"]}
    assert drafts == {entry["path"] for entry in manifest["files"] if not entry["revision"]["commit"]}
    return drafts


def test_change_that_is_not_committed_makes_a_draft_of_what_is_made_from_it(papers: Papers) -> None:
    papers.build()
    final = papers.outputs()
    assert all("DRAFT" not in papers.page(path.removesuffix(".html")) for path in PAGES)
    papers.write(papers.swap(CHARTER, "Text of approach.", "Not yet agreed."))
    assert list_drafts(papers) == {"atlas/charter.html"}
    assert {path: papers.outputs()[path] for path in PAGES - {"atlas/charter.html"}} == {
        path: final[path] for path in PAGES - {"atlas/charter.html"}
    }


@pytest.mark.parametrize(
    "change",
    [
        {"people.yaml": f"# a remark\n{FILES['people.yaml']}"},
        {"atlas/new.txt": "x"},
        {"atlas/documents/other.md": None},
    ],
)
def test_shared_file_that_changed_or_own_one_that_came_or_went_makes_drafts_of_all(
    papers: Papers, change: dict[str, str | None]
) -> None:
    papers.write(change)
    assert list_drafts(papers) >= {"atlas/charter.html", "atlas/stakeholder-matrix.html"}


def test_repository_without_a_commit_gives_drafts_and_a_warning(tmp_path: Path, papers: Papers) -> None:
    fresh = Papers(tmp_path / "fresh")
    fresh.root.mkdir()
    fresh.git("init", "--quiet")
    fresh.write(FILES)
    outcome = fresh.build()
    assert (outcome.exit_code, outcome.revision, outcome.dirty) == (DONE, "", True)
    assert "DB103" in [problem.code for problem in outcome.problems]
    assert "DRAFT" in fresh.page()


def footer(page: str) -> str:
    return page[page.rindex("<footer") : page.rindex("</footer>")]


def test_footer_names_the_last_commit_that_touched_the_documents_sources(papers: Papers) -> None:
    first = papers.git("rev-parse", "HEAD")
    second = papers.commit(papers.swap(BUDGET, "120000", "130000"))
    head = papers.commit({"README.md": "Nothing that a document shows.\n"})
    papers.build()
    assert second[:7] in footer(papers.page()) and "6 January 2026" in footer(papers.page())
    assert first[:7] in footer(papers.page("atlas/documents/other")) and "5 January 2026" in footer(
        papers.page("atlas/documents/other")
    )
    revisions = {entry["document"]: entry["revision"] for entry in papers.manifest()["files"]}
    assert revisions["charter"] == {"commit": second, "date": "2026-01-06"}
    assert revisions["documents/other"] == {"commit": first, "date": "2026-01-05"}
    assert head not in json.dumps([entry["revision"] for entry in papers.manifest()["files"]])


CHARTER_PAGE, LATEST = "atlas/charter.html", "atlas/progress-report-2026-09.html"
MATRIX, PLAN = "atlas/stakeholder-matrix.html", "atlas/work-plan.html"
REPORTS = {"atlas/progress-report-2026-08.html", LATEST}
TOUCHED = {
    "narrative": (CHARTER, "Text of approach.", "Another approach.", {"atlas/charter.html"}),
    "report": ("atlas/reports/2026-08.md", "One thing", "One more", {"atlas/progress-report-2026-08.html"}),
    "budget": (BUDGET, "120000", "130000", {CHARTER_PAGE, PLAN, *REPORTS}),
    "stakeholders": ("atlas/stakeholders.yaml", "Quick answers", "Fast answers", {CHARTER_PAGE, MATRIX}),
    "changes": ("atlas/registers/changes.yaml", "Add export", "Add exports", {PLAN, *REPORTS}),
    "note": ("atlas/documents/other.md", "Plain text.", "Other text.", {"atlas/documents/other.html"}),
    "latest progress": ("atlas/progress/2026-09.yaml", "90000", "91000", {CHARTER_PAGE, PLAN, LATEST}),
    "identity": ("atlas/project.yaml", "Records platform", "Record platform", PAGES),
    "people": ("people.yaml", "Max Manager", "Max Mann", PAGES),
}  # fmt: skip


@pytest.mark.parametrize("name", TOUCHED)
def test_change_of_one_source_changes_the_documents_made_from_it_and_no_others(papers: Papers, name: str) -> None:
    path, old, new, expected = TOUCHED[name]
    papers.build()
    before = papers.outputs()
    papers.commit(papers.swap(path, old, new))
    outcome = papers.build()
    assert changed(before, papers.outputs()) - AROUND == expected
    assert set(outcome.written) - AROUND == expected
    sources = {entry["path"]: entry["sources"] for entry in papers.manifest()["files"]}
    assert {document for document, made_from in sources.items() if path in made_from} == expected


def test_theme_that_came_changes_every_document(papers: Papers) -> None:
    papers.build()
    before = {path: (papers.root / "build" / path).read_bytes() for path in PAGES}
    papers.commit({"theme/theme.yaml": "colours: {accent: '#8a1b4f'}\n"})
    papers.build()
    assert [path for path in PAGES if (papers.root / "build" / path).read_bytes() == before[path]] == []


def test_figure_that_changes_in_the_data_changes_in_every_document_that_shows_it(papers: Papers) -> None:
    papers.build()
    assert "160,000" in papers.page()
    papers.commit(papers.swap(BUDGET, "120000", "145000"))
    papers.build()
    assert "185,000" in papers.page() and "160,000" not in papers.page()


def test_new_period_changes_no_earlier_report(papers: Papers) -> None:
    papers.build()
    before = papers.outputs()
    moved = papers.swap("atlas/project.yaml", "2026-09-30", "2026-10-30")
    papers.commit({
        "atlas/progress/2026-10.yaml": "status_date: 2026-10-30\n",
        "atlas/reports/2026-10.md": (papers.root / "atlas/reports/2026-09.md").read_text(),
    })  # fmt: skip
    assert changed(before, papers.outputs()) == set()
    papers.build()
    assert not changed(before, papers.outputs()) & REPORTS
    papers.commit(moved)
    assert papers.build().exit_code == DONE


def test_warning_stops_a_strict_build_alone(papers: Papers) -> None:
    papers.commit({"atlas/documents/other.md": "[a](gone.md)\n"})
    strict = papers.build(strict=True)
    assert strict.exit_code == SOURCES_WRONG and strict.written == ()
    assert not (papers.root / "build").exists()
    outcome = papers.build()
    assert outcome.exit_code == DONE
    assert [(problem.code, problem.place) for problem in outcome.problems] == [
        ("DB322", Place("atlas/documents/other.md", 1))
    ]
    assert check(Request(papers.root)).exit_code == DONE
    assert check(Request(papers.root, strict=True)).exit_code == SOURCES_WRONG


def test_dry_run_tells_the_steps_and_writes_nothing(papers: Papers) -> None:
    outcome = papers.build(dry_run=True)
    assert outcome.exit_code == DONE and outcome.written == ()
    assert {step.path for step in outcome.steps} == PAGES
    assert not (papers.root / "build").exists()
    assert check(Request(papers.root)).steps == outcome.steps


@pytest.mark.parametrize("selector", ["atals", "atlas/chartr", "atlas/progress-report-2026-07", ""])
def test_unknown_project_or_document_is_wrong_usage(papers: Papers, selector: str) -> None:
    with pytest.raises(Stop) as stop:
        papers.build(selector)
    assert stop.value.exit_code == USAGE
    assert stop.value.problems[0].hint
    assert not (papers.root / "build").exists()


def test_chosen_documents_are_written_and_the_others_stay(papers: Papers) -> None:
    papers.build()
    before = papers.outputs()
    papers.commit(papers.swap("atlas/project.yaml", "Records platform", "Record platform"))
    outcome = papers.build("atlas/charter")
    assert set(outcome.written) - AROUND == {"atlas/charter.html"}
    assert changed(before, papers.outputs()) - AROUND == {"atlas/charter.html"}
    assert {entry["path"] for entry in papers.manifest()["files"]} == PAGES


def test_fault_in_a_document_that_was_not_asked_for_stops_nothing(papers: Papers) -> None:
    papers.commit(FAULTS["missing image"])
    assert papers.build("atlas/charter").exit_code == DONE
    assert papers.build("atlas").exit_code == SOURCES_WRONG


def test_document_that_is_no_longer_called_for_is_removed_by_a_whole_build(papers: Papers) -> None:
    papers.build()
    papers.commit({"atlas/documents/other.md": None})
    papers.build()
    assert "atlas/documents/other.html" not in papers.outputs()
    assert "atlas/documents/other.html" not in {entry["path"] for entry in papers.manifest()["files"]}


def test_manifest_names_the_bytes_that_lie_there(papers: Papers) -> None:
    from hashlib import sha256

    papers.build()
    outputs = papers.outputs()
    for entry in papers.manifest()["files"]:
        assert sha256(outputs[entry["path"]]).hexdigest() == entry["sha256"]
        for path, digest in entry["sources"].items():
            assert sha256((papers.root / path).read_bytes()).hexdigest() == digest


def test_portfolio_larger_than_what_may_wait_is_as_its_projects_are_alone(papers: Papers, tmp_path: Path) -> None:
    """What was read is let go on the way: words with values, pictures and texts are had again from Git."""
    notes = {f"atlas/documents/n{number}.md": f"# Note {number}\n\n{{{{ project.name }}}}\n" for number in range(20)}
    first = {path: text for path, text in {**FILES, **notes}.items() if path.startswith("atlas/")}
    others = {
        path.replace("atlas", name, 1): text.replace("id: atlas", f"id: {name}") if isinstance(text, str) else text
        for name in ("boreas", "corvus")
        for path, text in first.items()
    }
    papers.commit({**notes, **others})
    told: list[tuple[int, int]] = []
    outcome = build(Request(papers.root), lambda done, total, words: told.append((done, total)))
    assert outcome.exit_code == DONE, outcome.problems
    assert len(outcome.steps) > 60
    assert [done for done, _ in told] == list(range(1, len(outcome.steps) + 1))
    for name in ("atlas", "boreas", "corvus"):
        alone = papers.build(name, output=tmp_path / name, store=tmp_path / f"store-{name}")
        made = {path for path in alone.written if path.startswith(f"{name}/")}
        assert len(made) > 20
        for path in made:
            assert (papers.root / "build" / path).read_bytes() == (tmp_path / name / path).read_bytes(), path


def make_portfolio(papers: Papers, notes: int, *names: str) -> None:
    """Commit projects that are alike, three if no more are named, each with so many notes besides its own documents."""
    more = {f"atlas/documents/n{number}.md": f"# Note {number}\n" for number in range(notes)}
    first = {path: str(text) for path, text in {**FILES, **more}.items() if path.startswith("atlas/")}
    others = {
        path.replace("atlas", name, 1): text.replace("id: atlas", f"id: {name}")
        for name in ("boreas", "corvus", *names)
        for path, text in first.items()
    }
    papers.commit({**more, **others})


def test_what_is_left_is_told_before_all_is_read(papers: Papers) -> None:
    make_portfolio(papers, 12, "dryas", "europa", "fauna")
    told: list[tuple[int, int]] = []
    outcome = build(Request(papers.root), lambda done, total, words: told.append((done, total)))
    total = len(outcome.steps)
    assert len(told) == total and {one for _, one in told} <= {0, total}
    # The first 32 are of two projects; with the third it can be reckoned, long before the sixth is read.
    assert all(one == total for done, one in told if done > total / 6)


def test_what_is_left_is_not_guessed_from_the_one_project_that_changed(papers: Papers) -> None:
    make_portfolio(papers, 40)
    papers.build()
    papers.commit(papers.swap("atlas/project.yaml", "name: Atlas", "name: Atlantis"))
    told: list[tuple[int, int]] = []
    build(Request(papers.root), lambda done, total, words: told.append((done, total)))
    assert len(told) > 40
    assert {total for _, total in told} <= {0, len(told)} and told[-1] == (len(told), len(told))


def test_what_was_read_is_let_go_where_only_a_format_is_new(papers: Papers, monkeypatch: pytest.MonkeyPatch) -> None:
    make_portfolio(papers, 20)
    papers.build()
    calls: list[int] = []
    let_go = Snapshot.let_go
    monkeypatch.setattr(Snapshot, "let_go", lambda self: (calls.append(len(self._read)), let_go(self)))
    assert papers.build(formats=("html", "docx")).exit_code == DONE
    assert calls and all(calls)


@contextmanager
def killed_writers() -> Iterator[None]:
    """Kill whatever writes documents, as soon as it is there."""
    is_over = Event()

    def kill() -> None:
        while not is_over.wait(0.002):
            for stat in Path("/proc").glob("[0-9]*/stat"):
                with suppress(OSError):
                    if int(stat.read_text().rpartition(")")[2].split()[1]) == WRITERS.pid:
                        os.kill(int(stat.parent.name), signal.SIGKILL)

    killer = Thread(target=kill)
    killer.start()
    try:
        yield
    finally:
        is_over.set()
        killer.join()


def test_writing_that_fails_again_and_again_is_given_up(papers: Papers) -> None:
    make_portfolio(papers, 60)
    with killed_writers():
        outcome = papers.build()
    failed = [problem for problem in outcome.problems if problem.code.startswith("DB43")]
    assert outcome.exit_code == SOURCES_WRONG and outcome.written == ()
    assert 32 <= len(failed) < 100 < len(outcome.steps)
    assert papers.build().exit_code == DONE


@pytest.mark.parametrize(
    ("selectors", "code", "said"), [((), SOURCES_WRONG, "DB"), (("atlas/charter", "corvus/nothing"), USAGE, "DB382")]
)
def test_executor_that_cannot_be_had_hides_nothing_that_is_wrong_with_sources(
    papers: Papers, selectors: tuple[str, ...], code: int, said: str
) -> None:
    pytest.importorskip("distributed")
    make_portfolio(papers, 1)
    if not selectors:
        papers.commit({"corvus/charter.md": "# Approach\n\n{{ project.nme }}\n"})
    try:
        outcome = papers.build(*selectors, executor="dask://127.0.0.1:9")
        problems, ended = outcome.problems, outcome.exit_code
    except Stop as stop:
        problems, ended = stop.problems, stop.exit_code
    assert ended == code and "DB438" not in {problem.code for problem in problems}
    assert any(problem.code.startswith(said) for problem in problems)


def test_no_source_tells_of_the_machine_it_was_built_on(papers: Papers) -> None:
    papers.build()
    for path, data in papers.outputs().items():
        assert str(papers.root).encode() not in data, path


def test_hostile_text_and_template_read_nothing_and_say_so(papers: Papers) -> None:
    papers.commit(
        {
            "atlas/documents/other.md": "![a](file:///etc/passwd) ![b](http://x.org/b.png) [c](javascript:alert(1))\n",
            "templates/own.md.j2": "---\nid: own\ntitle: Own\neach: project\n---\n{{ ''.__class__ }}\n",
        }
    )
    problems = papers.build().problems
    assert {problem.code for problem in problems} == {"DB323", "DB324", "DB355"}
    assert all(problem.place.line and problem.hint for problem in problems)
    papers.commit({"templates/own.md.j2": None})
    assert papers.build().exit_code == DONE
    assert "root:" not in papers.page("atlas/documents/other")
    assert "src=" not in papers.page("atlas/documents/other")


def test_empty_folder_and_folder_without_git_stop_with_words(tmp_path: Path) -> None:
    with pytest.raises(Stop) as stop:
        build(Request(tmp_path))
    assert stop.value.problems[0].message
    assert stop.value.exit_code in (SOURCES_WRONG, USAGE)
