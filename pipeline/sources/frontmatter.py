"""Take the bytes of a Markdown file; part its front matter from its body; give both, with the lines they stand on."""

from __future__ import annotations

import re
from dataclasses import dataclass

from pipeline.problems import Place, Problem
from pipeline.sources.text import read_text
from pipeline.sources.yaml.file import YamlFile, read_yaml_text

LONGEST_FRONT_MATTER = 200  # lines: further down, `---` is a rule of the text

_OPENING = re.compile(r"---[ \t]*")
_CLOSING = re.compile(r"(?:---|\.\.\.)[ \t]*")
_KEY = re.compile(r"[\w\"'][^:#]*:(?:\s|$)")
_PLAIN_KEY = re.compile(r"[a-z][a-z0-9_-]*:(?:\s|$)")


@dataclass(frozen=True)
class MarkdownFile:
    """A Markdown file: `meta.value` is the front matter ({} if there is none), `body` the text with LF line ends.

    `body_line` is the line of the file on which the body begins. `problems` holds those of `meta` too.
    """

    path: str
    meta: YamlFile
    body: str
    body_line: int = 1
    problems: tuple[Problem, ...] = ()


def read_markdown(path: str, data: bytes) -> MarkdownFile:
    """Return front matter and body of a file; `path` is only used to say where the problems are."""
    text, problems = read_text(path, data)
    text, more = _without_nul(path, text)
    lines = text.split("\n")
    end = _find_end(lines)
    if end:
        block = "\n".join(lines[1:end])
        meta = read_yaml_text(path, block, lines_before=1)
        if _is_front_matter(meta, lines[1:end]):
            found = (*problems, *more, *meta.problems)
            return MarkdownFile(path, _mapping(meta), "\n".join(lines[end + 1 :]), end + 2, found)
    unclosed = () if end else _check_unclosed(path, lines)
    return MarkdownFile(path, YamlFile(path, {}), text, 1, (*problems, *more, *unclosed))


def _find_end(lines: list[str]) -> int:
    """Return the index of the line that closes the front matter, 0 if there is none."""
    if not _OPENING.fullmatch(lines[0]):
        return 0
    near = range(1, min(len(lines), LONGEST_FRONT_MATTER))
    return next((number for number in near if _CLOSING.fullmatch(lines[number])), 0)


def _is_front_matter(meta: YamlFile, lines: list[str]) -> bool:
    """Many a text begins with a rule and has another one below: only keys make front matter of what is between."""
    if meta.text or not meta.problems:
        return meta.value is None or isinstance(meta.value, dict)
    return _begins_with_key(lines)


def _begins_with_key(lines: list[str]) -> bool:
    first = next((line for line in lines if line.strip() and not line.lstrip().startswith("#")), "")
    return _KEY.match(first) is not None


def _mapping(meta: YamlFile) -> YamlFile:
    return meta if isinstance(meta.value, dict) else YamlFile(meta.path, {}, meta.problems, meta.text, 1)


def _check_unclosed(path: str, lines: list[str]) -> tuple[Problem, ...]:
    """A rule never closes, and a blank line or prose follows it; front matter begins at once, with a key."""
    if not _OPENING.fullmatch(lines[0]) or len(lines) < 2 or not _PLAIN_KEY.match(lines[1]):
        return ()
    hint = "write `---` on a line of its own below the last key; before a text that is no key, leave a blank line"
    return (Problem("DB143", "the front matter that begins here is never closed", Place(path, 1, 1), hint),)


def _without_nul(path: str, text: str) -> tuple[str, tuple[Problem, ...]]:
    position = text.find("\0")
    if position < 0:
        return text, ()
    place = Place(path, text.count("\n", 0, position) + 1, position - text.rfind("\n", 0, position))
    message = "a NUL character, which no document can hold: shown as a replacement character"
    return text.replace("\0", "\ufffd"), (Problem("DB144", message, place, "delete it", "warning"),)
