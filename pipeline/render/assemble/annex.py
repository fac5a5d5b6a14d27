"""Take the numbered figures of a document; gather the data of its charts; give the blocks of an annex.

What a chart shows must also be there for a reader who cannot see it (EN 301 549, WCAG 2.1 criterion 1.1.1): its data
stand in a table at the end, and the figure's alternative text says where.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from pipeline.document.tree import Blocks, Figure, Heading, Inline, Ref, Table, Text
from pipeline.render.words import Words

_SPOT = "\x1a"
_ENDS = (".", "!", "?", "…", ":")


def make_annex(figures: Iterable[Figure], words: Words) -> Blocks:
    """Return the section with the data of the charts that want it there; nothing where none does."""
    tables = tuple(_make_table(node, node.data, words) for node in figures if _wants(node) and node.data)
    if not tables:
        return ()
    return Heading(1, (Text(words.say("Data of the charts")),), "data-of-the-charts"), *tables


def _wants(node: object) -> bool:
    return isinstance(node, Figure) and node.annex and bool(node.id) and node.data is not None


def _make_table(figure: Figure, data: Table, words: Words) -> Table:
    return replace(data, caption=tuple(_caption(figure, words)), id=data_id(figure), place=figure.place)


def _caption(figure: Figure, words: Words) -> Iterator[Inline]:
    if not figure.number:
        yield Text(words.say("Data of the chart: %(title)s", title=figure.alt.partition(". ")[0]))
        return
    before, _, after = words.say("Data of %(figure)s", figure=_SPOT).partition(_SPOT)
    if before:
        yield Text(before)
    yield Ref(figure.id)
    if after:
        yield Text(after)


def data_id(figure: Figure) -> str:
    """Return the id of the table with a figure's data."""
    return f"{figure.id}-data"


def tell_annex(node: Any, targets: Mapping[str, str], words: Words) -> Any:
    """Return a figure whose alternative text says where its data stand; any other node as it is."""
    if not _wants(node) or data_id(node) not in targets:
        return node
    said = words.say("Its data are in %(table)s.", table=targets[data_id(node)])
    alt = node.alt.rstrip()
    return replace(node, alt=f"{alt}{'' if alt.endswith(_ENDS) else '.'} {said}")
