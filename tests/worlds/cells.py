"""Take nodes of a tree; write out each cell that is plain text as the cell, paragraph and text that it stands for."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, TypeVar

from pipeline.document.tree import Row, content_of, open_cell
from pipeline.document.walk import rewrite

Nodes = TypeVar("Nodes")


def spell_cells(nodes: Nodes) -> Nodes:
    """Return the nodes with every cell spelled out."""
    return rewrite(nodes, _spell)


def _spell(node: Any) -> Any:
    if not isinstance(node, Row):
        return node
    return replace(node, cells=tuple(replace(open_cell(cell), blocks=content_of(cell)) for cell in node.cells))
