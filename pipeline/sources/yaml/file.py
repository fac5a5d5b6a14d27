"""Take the bytes of a YAML file; read them by the core rules of YAML 1.2; give values with lines, and problems."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from pipeline.problems import Place, Problem
from pipeline.sources.text import find_invisible, read_text

LARGEST_YAML = 5_000_000  # bytes


@dataclass(frozen=True)
class YamlFile:
    """The value of a YAML file: dict, list, str, int, Decimal, bool, date or None, as deep as the file says.

    `value` is None for an empty file, and for one that could not be read. Floats are Decimals of the digits written,
    so that money is exact. If there is any problem, the value is not fit for use.
    """

    path: str
    value: Any
    problems: tuple[Problem, ...] = ()
    text: str = field(default="", repr=False)
    lines_before: int = 0
    _tree: list[Any] = field(default_factory=list, repr=False, compare=False)

    def place(self, path: tuple[Any, ...], key: bool = False) -> Place:
        """Return where a value stands, or its key; `path` holds keys and list positions (from 0).

        If the value is not there, this is the place of the nearest one around it that is.
        """
        from pipeline.sources.yaml.places import find_mark, read_tree

        if not self.text.strip():
            return Place(self.path)
        if not self._tree:
            self._tree.append(read_tree(self.text))
        mark = find_mark(self._tree[0], path, key=key)
        if mark is None:
            return Place(self.path)
        return Place(self.path, self.lines_before + mark.line + 1, mark.column + 1)


def read_yaml(path: str, data: bytes) -> YamlFile:
    """Return the value of a file with its problems; `path` is only used to say where they are."""
    if len(data) > LARGEST_YAML:
        return _refused(path, _too_large(path, len(data)))
    text, problems = read_text(path, data)
    if problems:
        return _refused(path, *problems)
    return read_yaml_text(path, text)


def read_yaml_text(path: str, text: str, lines_before: int = 0) -> YamlFile:
    """Return the value of a text that stands `lines_before` lines below the beginning of its file."""
    from pipeline.sources.yaml.reader import Reader, Refused

    invisible = find_invisible(path, text, lines_before)
    if invisible:
        return _refused(path, invisible)
    reader = Reader(path, text, lines_before)
    try:
        value = reader.read()
    except Refused as refused:
        return _refused(path, *reader.problems, refused.problem)
    return YamlFile(path, value, tuple(reader.problems), text, lines_before)


def _refused(path: str, *problems: Problem) -> YamlFile:
    # Without its text no place is looked up: a tree of it might not even fit into memory.
    return YamlFile(path, None, problems)


def _too_large(path: str, size: int) -> Problem:
    message = f"has {size / 1_000_000:.1f} MB; YAML is read up to {LARGEST_YAML // 1_000_000} MB"
    return Problem("DB138", message, Place(path), "split it, one record a file")
