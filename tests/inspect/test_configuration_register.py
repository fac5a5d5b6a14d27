"""Take a project with a configuration register; set baselines, change, approve; hold the register to what is true."""

from __future__ import annotations

import io
import re
from contextlib import redirect_stderr
from pathlib import Path

from baselines_work import FILES, REGISTER, Papers

from pipeline.build.build import build
from pipeline.build.request import Request
from pipeline.cli.fast import try_fast
from pipeline.inspect.baselines import create_baseline
from pipeline.sources.baselines import PREFIX

NOTES, PAGE = "beacon/documents/notes.md", "beacon/configuration-register.html"
ASSUMED = "beacon/registers/assumptions/"
ASSUMPTION = "id: AS-{number}\ntitle: It holds\nstatus: open\nraised: 2026-02-01\nowner: ann.owner\n"
NAMED = "---\nauthor: Ann Owner\n---\n\n# Notes\n\nWord.\n"
COUNTED = "---\nvalues: true\n---\n\n# More\n\nThere are {{ assumptions | length }}.\n"
WITH = {"beacon/configuration-register.md": REGISTER}


def made(papers: Papers, *selectors: str, output: Path | None = None) -> str:
    """Return the words of the register after a build, one cell or paragraph a line."""
    outcome = build(Request(papers.root, selectors=selectors, output=output))
    assert outcome.exit_code == 0, outcome.problems
    text = ((output or papers.root / "build") / PAGE).read_text()
    return "\n".join(part.strip() for part in re.split(r"<[^>]+>", text.replace("\u00a0", " ")) if part.strip())


def rows(words: str, *starts: str) -> list[str]:
    """Return the first four cells of the rows that start so, without those of the table of locations."""
    lines = words.partition("Documents with type, owner")[0].splitlines()
    return [" ".join(lines[at : at + 4]) for at, line in enumerate(lines) if line in starts]


def create(papers: Papers, name: str) -> None:
    assert create_baseline(papers.root, f"beacon/{name}", f"Words of {name}").baseline is not None


def test_register_is_made_where_somebody_asks_for_it(papers: Papers) -> None:
    outcome = build(Request(papers.root))
    assert not [problem for problem in outcome.problems if "configuration" in problem.message]
    assert not (papers.root / "build" / PAGE).exists()
    papers.commit(WITH)
    assert "All documents." in made(papers)


def test_register_lists_each_document_with_status_and_version(papers: Papers) -> None:
    papers.commit({**WITH, "beacon/documents/more.md": "# More\n"})
    papers.commit({NOTES: "# Notes\n\nAgreed.\n"}, "Approve\n\nApproved-by: Ann Owner <a@example.org>")
    words = made(papers)
    assert rows(words, "documents/more", "documents/notes") == [
        "documents/more More 0.1 ○ Draft", "documents/notes Notes 1.0 ● Approved",
    ]  # fmt: skip
    assert "There is no baseline before this commit." in words


def test_register_tells_type_owner_location_and_relations_of_each_document(papers: Papers) -> None:
    many = {f"{ASSUMED}AS-{number}.yaml": ASSUMPTION.format(number=number) for number in range(10, 18)}
    papers.commit({**WITH, **many, NOTES: NAMED, "beacon/documents/more.md": COUNTED})
    words = made(papers)
    table = words[words.index("Documents with type, owner") :].splitlines()
    assert table[0].endswith("paths start at the folder beacon")
    at = table.index("documents/more")
    assert table[at : at + 4] == ["documents/more", "Document", "Max Manager", "documents/more.md"]
    assert table[at + 4] == "project.yaml, registers/assumptions/ (8)"
    at = table.index("documents/notes")
    assert table[at : at + 5] == ["documents/notes", "Document", "Ann Owner", "documents/notes.md", "project.yaml"]
    papers.git("rm", "--quiet", *list(many)[2:])
    papers.commit({})
    assert "project.yaml, registers/assumptions/ (AS-10, AS-11)" in made(papers).splitlines()
    papers.git("rm", "--quiet", next(iter(many)))
    papers.commit({})
    assert "project.yaml, registers/assumptions/AS-11.yaml" in made(papers).splitlines()


def test_register_draws_baselines_over_time_where_there_are_two(papers: Papers) -> None:
    papers.commit(WITH)
    create(papers, "first")
    papers.commit({NOTES: "# Notes\n\nMore.\n"})
    made(papers)
    assert "Timeline of baselines." not in (papers.root / "build" / PAGE).read_text()
    create(papers, "second")
    papers.commit({NOTES: "# Notes\n\nStill more.\n"})
    assert "2 baselines from 19 April 2026 to 19 April 2026." in made(papers)
    page = (papers.root / "build" / PAGE).read_text()
    assert "Timeline of baselines." in page
    assert "second: 19 Apr 2026, 2 documents, 2 changed." in page


def test_register_that_is_built_alone_lists_the_others_all_the_same(papers: Papers, tmp_path: Path) -> None:
    papers.commit(WITH)
    alone = made(papers, "beacon/configuration-register", output=tmp_path / "alone")
    assert alone == made(papers)
    assert {path.name for path in (tmp_path / "alone/beacon").iterdir()} == {"configuration-register.html"}


def test_change_of_a_listed_document_is_one_of_the_register(papers: Papers) -> None:
    papers.commit(WITH)
    before = made(papers)
    papers.commit({NOTES: "# Notes\n\nMore.\n"}, "Say more in the notes")
    after = made(papers)
    assert "Say more in the notes" in after and "Say more in the notes" not in before
    assert rows(after, "documents/notes") == ["documents/notes Notes 0.2 ○ Draft"]


def test_register_tells_what_moved_since_the_last_baseline(papers: Papers) -> None:
    papers.commit({**WITH, "beacon/documents/gone.md": "# Gone\n"})
    create(papers, "first")
    papers.git("rm", "--quiet", "beacon/documents/gone.md")
    papers.commit({NOTES: "# Notes\n\nMore.\n", "beacon/documents/more.md": "# More\n"})
    words = made(papers)
    findings = words[words.index("What differs from baseline first") :]
    assert rows(findings, "documents/gone", "documents/more", "documents/notes") == [
        "documents/gone Gone gone 0.1, Draft", "documents/more More new –", "documents/notes Notes changed 0.1, Draft",
    ]  # fmt: skip
    assert "Words of first" in words


def test_register_of_a_project_tells_nothing_of_others(papers: Papers) -> None:
    papers.commit(WITH)
    assert create_baseline(papers.root, "atlas/theirs", "Theirs").baseline is not None
    papers.commit({NOTES: "x"})
    assert "theirs" not in made(papers).lower().replace("others", "")


def test_baseline_set_on_a_commit_changes_nothing_that_was_built_from_it(papers: Papers) -> None:
    papers.commit(WITH)
    made(papers)
    before = (papers.root / "build" / PAGE).read_bytes()
    create(papers, "now")
    made(papers)
    assert (papers.root / "build" / PAGE).read_bytes() == before


def fast(papers: Papers) -> bool:
    with redirect_stderr(io.StringIO()):
        return try_fast(["build", "-C", str(papers.root)]) is not None


def test_baseline_set_later_on_an_older_commit_is_seen_by_the_next_build(papers: Papers, tmp_path: Path) -> None:
    papers.commit(WITH)
    papers.commit({NOTES: "# Notes\n\nMore.\n"})
    first = papers.git("rev-parse", "HEAD~1")
    assert "There is no baseline before this commit." in made(papers)
    assert create_baseline(papers.root, "beacon/late", "Words of late", rev=first).baseline is not None
    assert not fast(papers)
    words = made(papers)
    assert "Words of late" in words
    assert words == made(papers, output=tmp_path / "clean")


def test_moved_and_removed_baseline_is_seen_by_the_next_build(papers: Papers, tmp_path: Path) -> None:
    papers.commit(WITH)
    create(papers, "one")
    papers.commit({NOTES: "# Notes\n\nMore.\n"})
    assert "Words of one" in made(papers)
    text = papers.git("for-each-ref", "--format=%(contents)", f"refs/tags/{PREFIX}")
    papers.tag(f"{PREFIX}beacon/one", f"{text.replace('Words of one', 'Other words')}\n", "HEAD~1")
    assert "Other words" in made(papers)
    papers.git("pack-refs", "--all")
    assert "Other words" in made(papers)
    papers.git("tag", "-d", f"{PREFIX}beacon/one")
    assert "There is no baseline before this commit." in made(papers)


def test_documents_that_list_no_baseline_are_not_made_again_for_one(papers: Papers) -> None:
    papers.commit({NOTES: "# Notes\n\nMore.\n"})
    build(Request(papers.root))
    assert create_baseline(papers.root, "beacon/late", "x", rev="HEAD~1").baseline is not None
    steps = build(Request(papers.root)).steps
    assert [(step.path, step.reason) for step in steps if not step.fresh] == []


def test_draft_lists_committed_versions(papers: Papers) -> None:
    papers.commit(WITH)
    papers.write({NOTES: "# Notes\n\nNot committed.\n"})
    assert rows(made(papers), "documents/notes") == ["documents/notes Notes 0.1 ○ Draft"]


def test_shallow_clone_lists_unknown_versions(papers: Papers, tmp_path: Path) -> None:
    papers.commit(WITH)
    papers.git("clone", "--quiet", "--depth=1", f"file://{papers.root}", str(tmp_path / "cut"))
    words = made(Papers(tmp_path / "cut"))
    assert rows(words, "documents/notes") == ["documents/notes Beacon notes – unknown"]
    assert FILES[NOTES].startswith("# Beacon notes")
