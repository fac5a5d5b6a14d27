"""Take documents and their parts; put them in canonical form; check that equal ones agree and others do not."""

from __future__ import annotations

import json
from dataclasses import fields, replace
from datetime import UTC, datetime
from typing import Any

import pytest

from pipeline.document.tree import Asset, Document, Furniture, Paragraph, Properties, Section, SourceFile, Strong, Text
from pipeline.document.tree.canonical import make_canonical, make_digest
from pipeline.problems import Place
from pipeline.render.theme_file import load_theme

WHEN = datetime(2026, 1, 5, tzinfo=UTC)


def document() -> Document:
    words = Paragraph((Text("One "), Strong((Text("two"),))), place=Place("a.md", 3))
    return Document(
        "atlas/charter",
        Properties("Charter", keywords=("a", "b"), modified=WHEN),
        Furniture(header_left="Atlas"),
        (Section((words,)),),
        assets={"a.png": Asset(b"\x89PNG", "image/png", 3, 4)},
        attached=(SourceFile("atlas/budget.yaml", b"lines: []"),),
    )


CHANGES: dict[str, dict[str, Any]] = {
    "id": {"id": "atlas/other"},
    "properties": {"properties": Properties("Charter", keywords=("a b",), modified=WHEN)},
    "furniture": {"furniture": Furniture(header_left="Atlas", draft="DRAFT")},
    "sections": {"sections": (Section((Paragraph((Text("One two"),)),)),)},
    "place": {"sections": (Section((replace(document().sections[0].blocks[0], place=Place("a.md", 4)),)),)},
    "orientation": {"sections": (replace(document().sections[0], landscape=True),)},
    "notes": {"notes": (None,)},
    "assets": {"assets": {"a.png": Asset(b"\x89PNH", "image/png", 3, 4)}},
    "attached": {"attached": ()},
    "attach_docx": {"attach_docx": True},
}


def test_equal_documents_have_one_form() -> None:
    assert make_canonical(document()) == make_canonical(document())
    assert make_digest(document()) == make_digest(document())


@pytest.mark.parametrize("name", CHANGES)
def test_document_that_differs_in_anything_has_another_form(name: str) -> None:
    assert make_digest(replace(document(), **CHANGES[name])) != make_digest(document())


def test_every_field_of_a_document_is_tried_above() -> None:
    assert {key for change in CHANGES.values() for key in change} == {field.name for field in fields(Document)}


def test_form_is_json_with_the_kind_of_each_node_and_digests_for_bytes() -> None:
    read = json.loads(make_canonical(document()))
    assert read[0] == "Document" and read[1] == "atlas/charter"
    assert b"PNG" not in make_canonical(document())
    assert b"lines: []" not in make_canonical(document())


def test_order_in_which_assets_were_met_does_not_matter() -> None:
    two = {"a": Asset(b"1", "image/png"), "b": Asset(b"2", "image/png")}
    assert make_digest(two) == make_digest(dict(reversed(two.items())))


def test_nodes_of_two_kinds_with_equal_fields_differ() -> None:
    assert make_digest(Text("a")) != make_digest(("a",)) != make_digest("a")


def test_whole_theme_is_in_its_digest() -> None:
    theme = load_theme()
    for name in (field.name for field in fields(theme)):
        assert make_digest(replace(theme, **{name: "other"})) != make_digest(theme)


@pytest.mark.parametrize("value", [object(), {1, 2}, float("nan")], ids=["object", "set", "not a number"])
def test_what_has_no_canonical_form_is_refused(value: object) -> None:
    with pytest.raises((TypeError, ValueError)):
        make_canonical([value])
