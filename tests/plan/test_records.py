"""Take facts of projects; write and read them as records, whole and damaged; check that nothing is made up."""

from __future__ import annotations

import json

import pytest

from pipeline.plan.records import (
    BROKEN,
    DocumentFacts,
    ProjectFacts,
    SourceFacts,
    Trace,
    dump_project,
    load_project_facts,
)
from pipeline.problems import Place, Problem

SHARED, OWN = SourceFacts("ab" * 32, "cd" * 20), SourceFacts("ef" * 32, "01" * 20)


def make_document(name: str, sources: dict[str, SourceFacts]) -> DocumentFacts:
    return DocumentFacts(name, "A title", "2026-09", "en", "c" * 40, "2026-09-30", "t" * 64, sources=sources)


def make_facts() -> ProjectFacts:
    first = make_document("charter", {"people.yaml": SHARED, "atlas/charter.md": OWN})
    # The same path with another content: that of a file which moved while it was read.
    second = make_document("report", {"people.yaml": SourceFacts("00" * 32, SHARED.id), "atlas/budget.yaml": OWN})
    problem = Problem("DB1", "words", Place("atlas/charter.md", 3), "a hint", "warning")
    trace = Trace({"beacon/project.yaml": "x*"}, (("a", "b", "c"),), "h", "b")
    return ProjectFacts(
        "atlas", "Atlas", "A title", "executing", ("charter", "report"), (first, second), (problem,), trace
    )


def test_a_record_is_read_as_it_was_written() -> None:
    assert load_project_facts(dump_project(make_facts())) == make_facts()


def test_documents_of_a_project_share_what_is_known_of_a_source() -> None:
    one = make_document("one", {"people.yaml": SHARED})
    text = dump_project(ProjectFacts("atlas", documents=(one, one)))
    first, second = load_project_facts(text).documents
    assert text.count("people.yaml") == 1
    assert first.sources["people.yaml"] is second.sources["people.yaml"]


@pytest.mark.parametrize("number", [999, -1, "0", None])
def test_a_source_that_the_record_does_not_have_makes_it_a_broken_one(number: object) -> None:
    raw = json.loads(dump_project(make_facts()))
    raw["documents"][0][1][0] = number
    with pytest.raises(BROKEN):
        load_project_facts(json.dumps(raw))


def test_views_of_sources_are_mappings() -> None:
    facts = make_document("one", {"people.yaml": SHARED, "atlas/charter.md": OWN})
    assert facts.ids == {"people.yaml": SHARED.id, "atlas/charter.md": OWN.id}
    assert dict(facts.digests) == {path: facts.digests[path] for path in facts.sources}
    assert list(facts.digests.items()) == [("people.yaml", SHARED.sha256), ("atlas/charter.md", OWN.sha256)]
