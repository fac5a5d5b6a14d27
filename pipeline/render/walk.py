"""Take a document tree or a part of it; visit or rewrite its nodes in reading order; give nodes or a new tree."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import fields, is_dataclass, replace
from functools import cache
from typing import Any, TypeVar

from pipeline.problems import Place

Node = TypeVar("Node")


@cache
def _parts(kind: Any) -> tuple[str, ...]:
    """Return the names of a node class's fields that may hold nodes: those typed as tuples of nodes."""
    names = ("sections", "notes", "title", "caption", "term", "head", "body", "items", "cells", "children", "blocks")
    own = {field.name for field in fields(kind)}
    return tuple(name for name in names if name in own)


def walk(node: object) -> Iterator[Any]:
    """Yield a node and all nodes below it, in reading order; tuples are entered, other values passed by."""
    waiting = [node]
    while waiting:
        node = waiting.pop()
        if isinstance(node, tuple):
            waiting.extend(reversed(node))
            continue
        kind: Any = type(node)
        parts = _parts_below(kind)
        if parts is not None:
            yield node
            waiting.extend([getattr(node, name) for name in parts])


@cache
def _parts_below(kind: Any) -> tuple[str, ...] | None:
    """Return the fields of a node class that hold nodes, the last one first; None for what is no node."""
    is_node = is_dataclass(kind) and kind is not Place
    return tuple(reversed(_parts(kind))) if is_node else None


def rewrite(node: Node, change: Callable[[Any], Any]) -> Node:
    """Return the tree with `change` applied to every node, parents after their children.

    `change` gives the node that takes the place, or a tuple of nodes (none drops it).
    """
    if isinstance(node, tuple):
        return _rewrite_all(node, change)  # type: ignore[return-value]
    if not is_dataclass(node) or isinstance(node, (Place, Mapping)):
        return node
    parts = {}
    kind: Any = type(node)
    for name in _parts(kind):
        before = getattr(node, name)
        after = rewrite(before, change)
        if after is not before:
            parts[name] = after
    changed = replace(node, **parts) if parts else node  # type: ignore[type-var]
    return change(changed)  # type: ignore[no-any-return]


def _rewrite_all(nodes: tuple[Any, ...], change: Callable[[Any], Any]) -> tuple[Any, ...]:
    out: list[Any] = []
    for node in nodes:
        after = rewrite(node, change)
        out.extend(after if isinstance(after, tuple) else (after,))
    same = len(out) == len(nodes) and all(a is b for a, b in zip(out, nodes, strict=True))
    return nodes if same else tuple(out)
