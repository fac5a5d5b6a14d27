"""Take the typed records of a project; show them to templates as plain, read-only values; give records.

Templates see `Record`s, never our models: a record gives the fields it holds and nothing else, so no method of a
library can be reached from a template. A person's id is shown as the person: `risk.owner.name`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any


class Record:
    """A read-only bag of named values; `risk.title` and `risk['title']` are the same; a missing name is undefined."""

    __slots__ = ("_name", "_values")

    def __init__(self, name: str, values: Mapping[str, Any]) -> None:
        object.__setattr__(self, "_name", name)
        object.__setattr__(self, "_values", values)

    def __getattr__(self, name: str) -> Any:
        try:
            value = self._values[name]
        except KeyError:
            raise AttributeError(name) from None
        return value() if isinstance(value, Lazy) else value

    def __getitem__(self, name: str) -> Any:
        # Not getattr: it would give what every object has, `__class__` and all that lies behind it.
        value = self._values[name]
        return value() if isinstance(value, Lazy) else value

    def __setattr__(self, name: str, value: Any) -> None:
        raise TypeError("a record is read-only")

    def __str__(self) -> str:
        for name in ("name", "title", "id"):
            if name in self._values:
                return str(getattr(self, name))
        return str(self._name)

    def __dir__(self) -> list[str]:
        return sorted(self._values)


class Measured(Record):
    """A computed figure: `value` (None where it is undefined), `unit`, `reason` in words; it prints by its unit."""

    __slots__ = ()

    def __init__(self, value: Any, unit: str, reason: str = "") -> None:
        shown = {"value": value, "unit": unit, "reason": reason, "defined": value is not None}
        super().__init__("measure", shown)


def kind_of(record: Record) -> str:
    """Return what a record is: `risk`, `milestone`."""
    return str(object.__getattribute__(record, "_name"))


class Records:
    """A read-only list of records that can also be asked by id: `risks['R-07']`, and counted: `risks | length`."""

    __slots__ = ("_by_id", "_items", "_name")

    def __init__(self, name: str, items: tuple[Record, ...]) -> None:
        self._name = name
        self._items = items
        self._by_id = {getattr(item, "id", index): item for index, item in enumerate(items)}

    def __iter__(self) -> Iterator[Record]:
        return iter(self._items)

    def __len__(self) -> int:
        return len(self._items)

    def __getitem__(self, key: str | int | slice) -> Any:
        return self._items[key] if isinstance(key, int | slice) else self._by_id[key]

    def __dir__(self) -> list[str]:
        return [str(key) for key in self._by_id]


class Lazy:
    """A value worked out when first asked for; `asked` is told each time, so that a document's sources are known."""

    __slots__ = ("_ask", "_done", "_make", "_value")

    def __init__(self, make: Callable[[], Any], ask: Callable[[], None] = lambda: None) -> None:
        self._make = make
        self._ask = ask
        self._done = False
        self._value: Any = None

    def __call__(self) -> Any:
        """Return the value, after telling who asked."""
        self._ask()
        if not self._done:
            self._value, self._done = self._make(), True
        return self._value
