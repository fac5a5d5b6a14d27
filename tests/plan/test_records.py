"""Take facts of projects; write and read them as records, whole and damaged; check that nothing is made up."""

from __future__ import annotations

import json

import msgspec
import pytest

from pipeline.plan.records import (
    DocumentFacts,
    PackedProject,
    ProjectFacts,
    SourceFacts,
    Trace,
    pack_project,
    unpack_project,
)
from pipeline.problems import Place, Problem
from pipeline.stored import BROKEN

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


def dump(facts: ProjectFacts) -> bytes:
    return msgspec.json.encode(pack_project(facts))


def load(data: bytes) -> ProjectFacts:
    return unpack_project(msgspec.json.decode(data, type=PackedProject))


def test_a_record_is_read_as_it_was_written() -> None:
    assert load(dump(make_facts())) == make_facts()


def test_documents_of_a_project_share_what_is_known_of_a_source() -> None:
    one = make_document("one", {"people.yaml": SHARED})
    text = dump(ProjectFacts("atlas", documents=(one, one)))
    first, second = load(text).documents
    assert text.count(b"people.yaml") == 1
    assert first.sources["people.yaml"] is second.sources["people.yaml"]


@pytest.mark.parametrize("number", [999, -1, "0", None])
def test_a_source_that_the_record_does_not_have_makes_it_a_broken_one(number: object) -> None:
    raw = json.loads(dump(make_facts()))
    raw[2][0][0] = number
    with pytest.raises(BROKEN):
        load(json.dumps(raw).encode())


def test_views_of_sources_are_mappings() -> None:
    facts = make_document("one", {"people.yaml": SHARED, "atlas/charter.md": OWN})
    assert facts.ids == {"people.yaml": SHARED.id, "atlas/charter.md": OWN.id}
    assert dict(facts.digests) == {path: facts.digests[path] for path in facts.sources}
    assert list(facts.digests.items()) == [("people.yaml", SHARED.sha256), ("atlas/charter.md", OWN.sha256)]
