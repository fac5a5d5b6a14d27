"""Take inline nodes; drop all that is not a word; give plain text for names and descriptions."""

from __future__ import annotations

from typing import Any

from pipeline.document.tree import Inlines


def plain_words(nodes: Inlines) -> str:
    """Return the words of inline nodes without marks of footnotes."""
    return "".join(_plain(node) for node in nodes)


def _plain(node: Any) -> str:
    for name in ("text", "word", "alt"):
        if hasattr(node, name):
            return str(getattr(node, name))
    return plain_words(getattr(node, "children", ()))
