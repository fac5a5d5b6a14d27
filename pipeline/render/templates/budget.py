"""Take what the templates of one document do and make; pay for it from one purse; stop them when it is empty.

Work is counted in characters that a template makes or looks through; what lands in the document is counted apart, a
node of the tree as thirty characters. Both end in `TooMuch`, so no template fills the memory or never ends.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import fields, is_dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any, cast

from jinja2.exceptions import SecurityError

from pipeline.document.tree import Cell, Row
from pipeline.problems import Place
from pipeline.render.views.records import Record, Records

MOST = 10_000_000  # characters that one document's templates may make or look through
MOST_SHOWN = 100_000_000  # characters that one document may hold, a node of its tree counting thirty
STEP = 10  # what a step of a loop costs, in characters
_NODE = 30
_TEXT_CELL = 3 * _NODE  # plain text in a table is a cell, a paragraph and a text
_LIST = 20  # what looking into a list costs, beside its entries
_ENTRY = 8  # what an entry of a list weighs beside what it holds
_SINGLE: frozenset[type] = frozenset((int, float, bool, Decimal, date, type(None), Record))
_MANY: tuple[type, ...] = (list, tuple, set, frozenset, Mapping, Records, range)


class TooMuch(SecurityError):
    """Raised when a template has used up its budget."""

    def __init__(self, message: str = "the template does too much: its loops or texts grow without end") -> None:
        super().__init__(message)


class Budget:
    """What one document's templates may still do, and what the document may still take in."""

    def __init__(self, most: int = MOST, shown: int = MOST_SHOWN) -> None:
        self.left = most
        self.room = shown

    def spend(self, amount: int) -> None:
        """Pay for work; TooMuch when the budget is used up."""
        self.left -= amount
        if self.left < 0:
            raise TooMuch

    def show(self, weight: int) -> None:
        """Take something into the document; TooMuch when it becomes larger than any document."""
        self.room -= weight
        if self.room < 0:
            raise TooMuch("the template makes more than a document can hold")

    def weigh(self, value: Any) -> None:
        """Pay for all that a value holds, also for what it holds again and again in lists within lists."""
        if isinstance(value, str):
            self.spend(1 + len(value))
            return
        if not isinstance(value, _MANY):
            self.spend(1)
            return
        waiting = [value]
        while waiting:
            waiting += self._weigh_one(waiting.pop())

    def _weigh_one(self, value: Any) -> list[Any]:
        """Pay for one list or mapping with the texts in it; return the lists within it, not yet paid for."""
        if isinstance(value, Records | range):
            self.spend(len(value))
            return []
        inside = [*value.keys(), *value.values()] if isinstance(value, Mapping) else value
        self.spend(_LIST + len(inside))
        if {*map(type, inside)}.issubset(_SINGLE):
            return []
        self.spend(sum(len(one) for one in inside if isinstance(one, str)))
        return [one for one in inside if isinstance(one, _MANY)]

    def pay_all(self, items: Iterable[Any], more: int = 0) -> Iterator[Any]:
        """Yield the items, each paid for with what it holds, and `more` besides."""
        for item in items:
            self.spend(more)
            self.weigh(item)
            yield item

    def pay_made(self, made: Any) -> Any:
        """Return what a filter or a method has made, paid for: a text by its length, a list by its entries."""
        if isinstance(made, str):
            self.spend(len(made))
        elif isinstance(made, list | tuple | dict):
            self.spend(_ENTRY * len(made))
        elif isinstance(made, Iterator):
            return self.pay_all(made)
        return made


def weigh_nodes(nodes: object) -> Iterator[int]:
    """Yield the weights of a tree of nodes, one by one, so that whoever pays can stop within a tree without end."""
    waiting = [nodes]
    while waiting:
        node = waiting.pop()
        if isinstance(node, str):
            yield len(node)
        elif isinstance(node, tuple):
            waiting.extend(node)
        elif isinstance(node, Row):
            yield _weigh_row(node)
            waiting.extend(cell for cell in node.cells if not isinstance(cell, str))
        elif names := _fields(cast(Any, type(node))):
            yield _NODE
            waiting.extend(getattr(node, name) for name in names)


def _weigh_row(row: Row) -> int:
    """Return the weight of a row and of all plain text in it; its other cells are weighed by themselves."""
    plain = [len(cell) for cell in row.cells if isinstance(cell, str)]
    marked = sum(1 for cell in row.cells if isinstance(cell, Cell) and isinstance(cell.blocks, str))
    return _NODE + sum(plain) + _TEXT_CELL * len(plain) + (_TEXT_CELL - _NODE) * marked


@cache
def _fields(kind: Any) -> tuple[str, ...]:
    """Return the fields of a node class; none for what is no node."""
    is_node = is_dataclass(kind) and kind is not Place
    return tuple(field.name for field in fields(kind)) if is_node else ()
