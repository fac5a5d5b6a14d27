"""Take template source while Jinja reads it; mark where each stretch of text comes from; give each line's source.

A `{% if %}` swallows lines and a loop repeats them, so a problem's line in the result is not its line in the source.
A mark is a number between two private characters at the start of each stretch; it goes before Markdown is parsed.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass

from jinja2.ext import Extension
from jinja2.lexer import Token, TokenStream

OPEN, CLOSE = "\ue002", "\ue003"
_MARK = re.compile(f"{OPEN}(\\d+){CLOSE}")


class LineMarks(Extension):
    """Marks the text of prose and of whole templates; parts that others import (`_front.md.j2`) speak for no line."""

    def filter_stream(self, stream: TokenStream) -> Iterator[Token]:
        """Yield the tokens, each stretch of text with its line before it."""
        name = (stream.name or "").rpartition("/")[2]
        for token in stream:
            if token.type == "data" and not name.startswith("_"):
                yield Token(token.lineno, "data", f"{OPEN}{token.lineno}{CLOSE}{token.value}")
            else:
                yield token


@dataclass(frozen=True, slots=True)
class LineMap:
    """For lines of a text the lines of its source: pairs of (line of the text, line of the source), ascending."""

    pairs: tuple[tuple[int, int], ...] = ((1, 1),)

    def source(self, line: int) -> int:
        """Return the source's line of a line of the text, both from 1."""
        at = max(bisect_right(self.pairs, (line, 1 << 60)) - 1, 0)
        mine, source = self.pairs[at]
        return max(source + line - mine, 1)


def unmark(text: str) -> tuple[str, LineMap]:
    """Return the text without its marks, and the map that they make."""
    pairs: dict[int, int] = {1: 1}
    parts: list[str] = []
    line, end = 1, 0
    for match in _MARK.finditer(text):
        stretch = text[end : match.start()]
        parts.append(stretch)
        line += stretch.count("\n")
        pairs[line] = int(match.group(1))
        end = match.end()
    return "".join((*parts, text[end:])), LineMap(tuple(sorted(pairs.items())))


def drop_marks(text: str) -> str:
    """Return the text without marks, where no line is asked for: a value that a template captured."""
    return _MARK.sub("", text)
