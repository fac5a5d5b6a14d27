"""Take what is said of each seeded fault; compare it with what was agreed, word for word and place for place."""

from __future__ import annotations

from seeded_messages import KEPT, write_messages


def test_messages_places_and_hints_are_those_that_were_agreed() -> None:
    assert write_messages() == KEPT.read_text(encoding="utf-8")
