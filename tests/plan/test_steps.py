"""Take what a document was made from and what lies in the folder; plan it; check what is stale and the words for it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from msgspec.structs import replace

from pipeline.plan import Folder, Step, make_steps
from pipeline.plan.reasons import Reasons
from pipeline.plan.records import Basis, FileFacts, Kept

SOURCES = {
    "1": b"total: 1200\nname: x\n",
    "2": b"total: 1300\nname: x\n",
    "3": b"colours: {accent: red}\n",
    "4": b"colours: {accent: blue}\n",
    "5": b"one\ntwo\n",
    "6": b"one\n2\n",
}
ENGINES = {
    "e1": {"Deedbox": "0.1.0+aa", "weasyprint": "70.0", "Pango": "1.50"},
    "e2": {"Deedbox": "0.1.0+aa", "weasyprint": "70.1", "Pango": "1.51"},
    "e3": {"Deedbox": "0.1.0+bb", "weasyprint": "70.0", "Pango": "1.50"},
    "e4": {"Deedbox": "0.2.0+bb", "weasyprint": "70.0", "Pango": "1.50", "lxml": "6"},
}
NOW = Basis(
    key="now",
    formats=("docx", "pdf"),
    theme="t1",
    draft=False,
    commit="c" * 40,
    revision="r" * 40,
    tree="tree",
    engine="e1",
    sources={"atlas/budget.yaml": "2", "people.yaml": "1", "theme/theme.yaml": "4", "templates/charter.md.j2": "6"},
)
KEPT = Kept({"docx": FileFacts("d1", 10), "pdf": FileFacts("d2", 20)})
PLACE = {"atlas/charter.docx": "d1", "atlas/charter.pdf": "d2"}


def plan(
    before: Basis | None, there: Mapping[str, str] = PLACE, kept: Kept | None = KEPT, **settings: Any
) -> tuple[Step, ...]:
    reasons = Reasons(lambda ids: {id: SOURCES[id] for id in ids if id in SOURCES}, lambda engine: ENGINES[engine])
    folder = Folder(lambda path: there.get(path, ""), lambda document: before)
    return make_steps("atlas", "charter", NOW, kept, folder, reasons, **settings)


def reason(**changes: Any) -> str:
    """Return the reason for writing a document whose last basis had another key, and these other values."""
    steps = plan(replace(NOW, key="before", **changes), kept=None)
    assert not any(step.fresh for step in steps)
    assert steps[0].reason == steps[1].reason
    return steps[0].reason


def test_document_with_its_files_in_place_is_fresh() -> None:
    steps = plan(NOW)
    assert [(step.path, step.fresh, step.reason) for step in steps] == [
        ("atlas/charter.docx", True, "up to date"),
        ("atlas/charter.pdf", True, "up to date"),
    ]


def test_document_without_a_past_was_never_built() -> None:
    assert {step.reason for step in plan(None, {}, None)} == {"never built"}


def test_files_of_a_build_that_nobody_remembers_are_said_to_be_so() -> None:
    assert {step.reason for step in plan(None, kept=None)} == {"nothing is known of its last build"}


def test_document_is_fresh_though_nobody_remembers_why_it_was_built() -> None:
    assert all(step.fresh for step in plan(None))


def test_missing_and_edited_outputs_are_told_apart() -> None:
    steps = plan(NOW, {"atlas/charter.docx": "other"})
    assert [step.reason for step in steps] == ["output was edited", "output missing"]
    assert [step.fresh for step in plan(NOW, {**PLACE, "atlas/charter.pdf": "other"})] == [True, False]


def test_forced_document_is_stale_whatever_lies_there() -> None:
    assert [(step.fresh, step.reason) for step in plan(NOW, force=True)] == [(False, "asked for by --force")] * 2
    assert {step.reason for step in plan(None, {}, None, force=True)} == {"never built"}


REASONS: dict[str, tuple[dict[str, Any], str]] = {
    "key of a source": ({"sources": {**NOW.sources, "atlas/budget.yaml": "1"}}, "budget.yaml changed: total"),
    "shared source": ({"sources": {**NOW.sources, "people.yaml": "2"}}, "people.yaml changed: total"),
    "theme": ({"sources": {**NOW.sources, "theme/theme.yaml": "3"}}, "theme changed: colours.accent"),
    "template": (
        {"sources": {**NOW.sources, "templates/charter.md.j2": "5"}},
        "template charter.md.j2 changed: line 2",
    ),
    "source whose past is not known": ({"sources": {**NOW.sources, "people.yaml": "99"}}, "people.yaml changed"),
    "new source": (
        {"sources": {path: id for path, id in NOW.sources.items() if path != "people.yaml"}},
        "people.yaml is new",
    ),
    "source gone": ({"sources": {**NOW.sources, "atlas/risks.yaml": "1"}}, "risks.yaml is gone"),
    "libraries": ({"engine": "e2"}, "engine changed: weasyprint 70.1 → 70.0, Pango 1.51 → 1.50"),
    "our own code": ({"engine": "e3"}, "engine changed: Deedbox's own code"),
    "version and a library gone": ({"engine": "e4"}, "engine changed: Deedbox 0.2.0 → 0.1.0, lxml 6 → absent"),
    "formats": ({"formats": ("html",)}, "formats changed: html → docx, pdf"),
    "draft": ({"draft": True}, "it is no draft any more: all changes are committed"),
    "house theme": ({"theme": "t0"}, "theme changed"),
    "history": ({"commit": "d" * 40}, "history changed: the last commit of its sources is ccccccc, was ddddddd"),
    "anything else": ({}, "what it shows has changed"),
}


@pytest.mark.parametrize("name", REASONS)
def test_reason_names_what_changed(name: str) -> None:
    changes, words = REASONS[name]
    assert reason(**changes) == words


def test_all_reasons_are_given() -> None:
    found = reason(engine="e2", draft=True, sources={**NOW.sources, "atlas/budget.yaml": "1"})
    assert found.split("; ") == [
        "engine changed: weasyprint 70.1 → 70.0, Pango 1.51 → 1.50",
        "it is no draft any more: all changes are committed",
        "budget.yaml changed: total",
    ]


def test_sources_are_compared_only_when_somebody_asks_why() -> None:
    asked: list[tuple[str, ...]] = []

    def read(ids: tuple[str, ...]) -> dict[str, bytes]:
        asked.append(ids)
        return {id: SOURCES[id] for id in ids}

    before = replace(NOW, key="before", sources={**NOW.sources, "atlas/budget.yaml": "1"})
    folder = Folder(lambda path: "", lambda document: before)
    steps = make_steps("atlas", "charter", NOW, None, folder, Reasons(read, lambda engine: ENGINES[engine]))
    assert asked == []
    assert [step.reason for step in (*steps, *steps)] == ["budget.yaml changed: total"] * 4
    assert asked == [("1", "2")]
