"""Take a source file as it was and as it is; find the YAML keys or the lines that differ; give them, with values."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

from pipeline.problems import Problem
from pipeline.sources.text import read_text
from pipeline.sources.yaml.file import read_yaml

MOST = 3  # places that a reason names; further ones are counted
_LONGEST = 5_000  # lines: beyond, comparing takes longer than a person wants to wait for a reason
_WIDEST = 60  # characters of a value that are shown
_GONE = object()


@dataclass(frozen=True, slots=True)
class Difference:
    """One place at which two contents differ: a key's way such as `risks[R-07].owner`, or `line 12`.

    `old` and `new` are the values in short, "" where there was or is none.
    """

    place: str
    old: str = ""
    new: str = ""


def name_differences(found: Iterable[Difference]) -> str:
    """Return where two contents differ, in a few words: `total`, `risks[R-07].owner, lines[WP2] and 4 more`."""
    names = [one.place for one in found]
    more = len(names) - MOST
    return ", ".join(names[:MOST]) + (f" and {more} more" if more > 0 else "")


def find_differences(path: str, before: bytes, after: bytes) -> tuple[Difference, ...]:
    """Return where two contents of a file differ: keys of YAML, lines of another text, nothing of other files."""
    keys = _find_keys(path, before, after) if path.endswith((".yaml", ".yml")) else None
    # Where only comments or the layout of a YAML file differ, its lines tell.
    return tuple(keys or _find_lines(before, after))


def _find_keys(path: str, before: bytes, after: bytes) -> list[Difference] | None:
    old, new = read_yaml(path, before), read_yaml(path, after)
    if _is_broken(old.problems) or _is_broken(new.problems):
        return None
    return list(dict.fromkeys(_compare(old.value, new.value, "")))


def _find_lines(before: bytes, after: bytes) -> list[Difference]:
    if b"\0" in before or b"\0" in after:
        return []
    old, new = (read_text("", data)[0].removesuffix("\n").split("\n") for data in (before, after))
    if max(len(old), len(new)) > _LONGEST:
        return []
    matcher = SequenceMatcher(a=old, b=new, autojunk=False)
    return [
        Difference(_span(first, last), _show(" ".join(old[start:end])), _show(" ".join(new[first:last])))
        for tag, start, end, first, last in matcher.get_opcodes()
        if tag != "equal"
    ]


def _is_broken(problems: tuple[Problem, ...]) -> bool:
    return any(problem.severity == "error" for problem in problems)


def _compare(old: Any, new: Any, way: str) -> Iterator[Difference]:
    if isinstance(old, dict) and isinstance(new, dict):
        for key in dict.fromkeys((*old, *new)):
            yield from _compare(old.get(key, _GONE), new.get(key, _GONE), f"{way}.{key}" if way else str(key))
    elif isinstance(old, list) and isinstance(new, list):
        yield from _compare_lists(old, new, way)
    elif type(old) is not type(new) or old != new:
        yield Difference(way or "all of it", _show(old), _show(new))


def _compare_lists(old: list[Any], new: list[Any], way: str) -> Iterator[Difference]:
    """Records with ids are compared by id, wherever in the list they stand; other entries by their place, from 1."""
    before, after = _by_id(old), _by_id(new)
    if before is None or after is None:
        before, after = ({str(place): one for place, one in enumerate(listed, start=1)} for listed in (old, new))
    elif before == after and list(before) != list(after):
        yield Difference(way, "in another order")
    for id in dict.fromkeys((*before, *after)):
        yield from _compare(before.get(id, _GONE), after.get(id, _GONE), f"{way}[{id}]")


def _by_id(records: list[Any]) -> dict[str, Any] | None:
    found = {str(one["id"]): one for one in records if isinstance(one, dict) and "id" in one}
    return found if len(found) == len(records) else None


def _span(start: int, end: int) -> str:
    """Return lines counted from 1; what was only taken out is told by the line that now stands there."""
    first, last = start + 1, max(end, start + 1)
    return f"line {first}" if first == last else f"lines {first}–{last}"


def _show(value: Any) -> str:
    if value is _GONE or isinstance(value, dict | list):
        return ""
    text = " ".join(("empty" if value is None else str(value)).split())
    return text if len(text) <= _WIDEST else f"{text[: _WIDEST - 1]}…"
