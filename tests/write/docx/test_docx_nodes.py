"""Take the classes of the tree; check that the writer has a function for each, so that no node can vanish."""

from __future__ import annotations

from typing import get_args

from pipeline.document import tree
from pipeline.write.docx.body import BLOCK_WRITERS
from pipeline.write.docx.inlines import INLINE_WRITERS


def test_every_block_has_a_writer() -> None:
    assert set(BLOCK_WRITERS) == set(get_args(tree.Block))


def test_every_inline_node_has_a_writer() -> None:
    assert set(INLINE_WRITERS) == set(get_args(tree.Inline))
