"""Take a document tree or a part of it; visit or rewrite its nodes in reading order; give nodes or a new tree."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import fields, is_dataclass, replace
from functools import cache
from typing import Any, TypeVar

from pipeline.problems import Place

Node = TypeVar("Node")
_RUNNING = frozenset({"title", "caption", "term", "children"})  # fields that hold running text


@cache
def _parts(kind: Any) -> tuple[str, ...]:
    """Return the names of a node class's fields that may hold nodes: those typed as tuples of nodes."""
    names = ("sections", "notes", "title", "caption", "term", "head", "body", "items", "cells", "children", "blocks")
    own = {field.name for field in fields(kind)}
    return tuple(name for name in names if name in own)


def walk(node: object, *, running: bool = True) -> Iterator[Any]:
    """Yield a node and all nodes below it, in reading order; tuples are entered, other values passed by.

    A cell that is plain text is no node.

    Without `running`, running text is not entered.
    """
    waiting = [node]
    while waiting:
        node = waiting.pop()
        if isinstance(node, tuple):
            waiting.extend(reversed(node))
            continue
        kind: Any = type(node)
        if kind is str:  # a cell of plain text
            continue
        parts = _parts_below(kind, running)
        if parts is not None:
            yield node
            waiting.extend([getattr(node, name) for name in parts])


@cache
def _parts_below(kind: Any, running: bool) -> tuple[str, ...] | None:
    """Return the fields of a node class that hold nodes, the last one first; None for what is no node."""
    is_node = is_dataclass(kind) and kind is not Place
    return tuple(name for name in reversed(_parts(kind)) if running or name not in _RUNNING) if is_node else None


def rewrite(node: Node, change: Callable[[Any], Any]) -> Node:
    """Return the tree with `change` applied to every node, parents after their children.

    `change` gives the node that takes the place, or a tuple of nodes (none drops it).
    """
    if isinstance(node, tuple):
        return _rewrite_all(node, change)  # type: ignore[return-value]
    kind: Any = type(node)
    names = _parts_within(kind)
    if names is None:
        return node
    parts: dict[str, Any] = {}
    for name in names:
        before = getattr(node, name)
        after = rewrite(before, change) if before else before
        if after is not before:
            parts[name] = after
    return change(replace(node, **parts) if parts else node)  # type: ignore[type-var, no-any-return]


@cache
def _parts_within(kind: Any) -> tuple[str, ...] | None:
    """Return the fields of a node class that hold nodes, in reading order; None for what is no node."""
    is_node = not issubclass(kind, (Place, Mapping)) and is_dataclass(kind)
    return _parts(kind) if is_node else None


def _rewrite_all(nodes: tuple[Any, ...], change: Callable[[Any], Any]) -> tuple[Any, ...]:
    out: list[Any] = []
    same = True
    for node in nodes:
        if node.__class__ is str:  # a cell of plain text
            out.append(node)
            continue
        after = rewrite(node, change)
        same = same and after is node
        if isinstance(after, tuple):
            out.extend(after)
            same = False
        else:
            out.append(after)
    return nodes if same else tuple(out)
