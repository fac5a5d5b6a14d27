"""Take the text of a YAML file; read libyaml's events one by one; give plain values and the problems on the way."""

from __future__ import annotations

from typing import Any

import yaml
from yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    StreamEndEvent,
)

from pipeline.problems import Place, Problem
from pipeline.sources.yaml.slips import explain
from pipeline.sources.yaml.values import BadScalar, resolve_scalar

DEEPEST = 50  # levels. libyaml's own reader of trees crashes the process some ten thousand levels down.
MOST_ALIASES = 20
MOST_PROBLEMS = 100  # of one file: whoever mends these finds the others next time

_CORE = "tag:yaml.org,2002:"
_TEXT_TAGS = frozenset(("!", f"{_CORE}str"))
_COLLECTION_TAGS = frozenset((None, "!", f"{_CORE}map", f"{_CORE}seq"))


class Refused(Exception):
    """Raised inside this module where a file cannot be read on; carries the problem."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.message)
        self.problem = problem


class Reader:
    """Reads one YAML text; `problems` fills as it goes, and the value is of no use if reading ends with Refused."""

    def __init__(self, path: str, text: str, lines_before: int = 0) -> None:
        self.problems: list[Problem] = []
        self._path = path
        self._text = text
        self._lines_before = lines_before
        self._loader: Any = yaml.CSafeLoader(text)
        self._next = self._loader.get_event
        self._anchors: dict[str, Any] = {}
        self._aliases = 0
        self._nested: set[str] = set()
        self._lines: list[str] = []

    def read(self) -> Any:
        """Return the value of the only document, None if the file is empty; Refused if it cannot be read."""
        try:
            return self._document()
        except yaml.YAMLError as error:
            raise self._syntax(error) from None
        finally:
            self._loader.dispose()

    def _document(self) -> Any:
        self._next()
        if isinstance(self._next(), StreamEndEvent):
            return None
        value = self._node(self._next(), 1)
        self._next()
        if isinstance(event := self._next(), DocumentStartEvent):
            raise self._refuse(event, "DB137", "a second document begins here", "keep one in a file: delete the `---`")
        return value

    def _node(self, event: Any, depth: int) -> Any:
        kind = event.__class__
        if kind is ScalarEvent and not event.anchor:  # as nearly every node is
            return self._scalar(event)
        if kind is AliasEvent:
            return self._alias(event)
        before = self._aliases
        value = self._scalar(event) if kind is ScalarEvent else self._collection(event, kind, depth)
        if event.anchor:
            self._name(event, value, nested=self._aliases > before)
        return value

    def _collection(self, event: Any, kind: type, depth: int) -> dict[Any, Any] | list[Any]:
        if depth > DEEPEST:
            raise self._refuse(event, "DB139", f"more than {DEEPEST} levels inside one another", "make it flatter")
        if event.tag not in _COLLECTION_TAGS:
            self._report_tag(event)
        return self._mapping(depth) if kind is MappingStartEvent else self._sequence(depth)

    def _sequence(self, depth: int) -> list[Any]:
        values = []
        event: Any
        while (event := self._next()).__class__ is not SequenceEndEvent:
            values.append(self._node(event, depth + 1))
        return values

    def _mapping(self, depth: int) -> dict[Any, Any]:
        values: dict[Any, Any] = {}
        lines: dict[Any, int] = {}
        event: Any
        while (event := self._next()).__class__ is not MappingEndEvent:
            key = self._node(event, depth + 1)
            value = self._node(self._next(), depth + 1)
            if not self._is_key(event, key):
                continue
            if key in values:
                hint = f"the first one is in line {lines[key]}: keep one of them"
                self._report(event, "DB132", f"`{event.value}` is given twice in this record", hint)
                continue
            values[key] = value
            lines[key] = event.start_mark.line + 1 + self._lines_before
        return values

    def _is_key(self, event: Any, key: Any) -> bool:
        if event.__class__ is not ScalarEvent:
            hint = 'a text that begins with { or [ needs "quotes"'
            self._report(event, "DB135", "a key is a list, a record or an alias: it must be one word or text", hint)
        elif key is None:
            self._report(event, "DB135", "a key is missing before the colon", "write a name before the colon")
        elif event.value == "<<" and event.implicit[0]:
            self._report(event, "DB134", "`<<` merges records, which is not taken here", "write the keys out")
        else:
            return True
        return False

    def _scalar(self, event: Any) -> Any:
        if event.tag is not None:
            if event.tag not in _TEXT_TAGS:
                self._report_tag(event)
            return event.value
        if not event.implicit[0]:
            return event.value
        try:
            return resolve_scalar(event.value)
        except BadScalar as bad:
            self._report(event, bad.code, bad.message, bad.hint)
            return event.value

    def _name(self, event: Any, value: Any, *, nested: bool) -> None:
        if event.anchor in self._anchors:
            self._report(event, "DB131", f"two places in this file are named `&{event.anchor}`", "rename one of them")
        if nested:
            self._nested.add(event.anchor)
        self._anchors[event.anchor] = value

    def _alias(self, event: Any) -> Any:
        self._aliases += 1
        if self._aliases > MOST_ALIASES:
            raise self._refuse(event, "DB133", f"more than {MOST_ALIASES} `*` aliases in one file", "write it out")
        if event.anchor not in self._anchors:
            message = f"`*{event.anchor}` points to a name that is not there"
            self._report(event, "DB131", message, 'if it is a text, put it in "quotes"')
        elif event.anchor in self._nested:
            raise self._refuse(event, "DB133", "an alias of a place that itself holds aliases", "write it out")
        return self._anchors.get(event.anchor)

    def _report_tag(self, event: Any) -> None:
        tag = event.tag.replace(_CORE, "!!")
        hint = 'leave it out; a text that begins with `!` needs "quotes"'
        self._report(event, "DB136", f"`{tag[:60]}` names a type that is not known here", hint)

    def _report(self, event: Any, code: str, message: str, hint: str) -> None:
        if len(self.problems) == MOST_PROBLEMS:
            message = f"this file has more than {MOST_PROBLEMS} problems: the others are not listed"
            raise self._refuse(event, "DB145", message, "mend those above, and build again")
        self.problems.append(Problem(code, message, self._place(event.start_mark), hint))

    def _refuse(self, event: Any, code: str, message: str, hint: str) -> Refused:
        return Refused(Problem(code, message, self._place(event.start_mark), hint))

    def _syntax(self, error: yaml.YAMLError) -> Refused:
        said = f"{getattr(error, 'problem', '')} {getattr(error, 'context', '')}"
        mark = getattr(error, "problem_mark", None)
        # Where a quote is not closed, or a key has no colon, libyaml notices it too late: the beginning tells more.
        if any(part in said for part in ("unexpected end of stream", "simple key")):
            mark = getattr(error, "context_mark", None) or mark
        place = self._place(mark)
        message, hint, lines_up = explain(said, self._split(), place.line - self._lines_before)
        if lines_up:
            place = Place(self._path, place.line - lines_up)
        return Refused(Problem("DB131", message, place, hint))

    def _place(self, mark: Any) -> Place:
        """Return a mark as a place in the file; the end of the text counts as the end of its last line."""
        lines = self._split()
        if mark is None:
            return Place(self._path, self._lines_before + 1, 1)
        if mark.line >= len(lines):
            return Place(self._path, self._lines_before + len(lines), len(lines[-1]) + 1)
        return Place(self._path, self._lines_before + mark.line + 1, mark.column + 1)

    def _split(self) -> list[str]:
        if not self._lines:
            self._lines = self._text.removesuffix("\n").split("\n")
        return self._lines
