"""Take what decides the bytes of a document; change one part after the other; see another key each time."""

from __future__ import annotations

import pytest

from pipeline.plan.keys import make_drawing_key, make_key

PARTS = {"project": "atlas", "tree": "1" * 64, "theme": "2" * 64, "formats": ("docx", "pdf"), "engine": "3" * 64}


@pytest.mark.parametrize(
    ("part", "other"),
    [("project", "beacon"), ("tree", "4" * 64), ("theme", "4" * 64), ("formats", ("pdf",)), ("engine", "4" * 64)],
)
def test_whatever_decides_the_bytes_of_a_document_decides_its_key(part: str, other: object) -> None:
    assert make_key(**PARTS) != make_key(**{**PARTS, part: other})


def test_the_order_of_formats_decides_nothing() -> None:
    assert make_key(**PARTS) == make_key(**{**PARTS, "formats": ("pdf", "docx")})


def test_pictures_of_other_projects_and_engines_have_keys_of_their_own() -> None:
    keys = {make_drawing_key(*parts) for parts in (("a", "k", "e"), ("b", "k", "e"), ("a", "l", "e"), ("a", "k", "f"))}
    assert len(keys) == 4
