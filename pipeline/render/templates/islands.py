"""Take nodes and values that templates produce; keep them behind opaque tokens; give them back where a token stands.

The text that the Markdown parser sees holds a token for each value, so data is never parsed as Markdown.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from markupsafe import Markup

from pipeline.document.tree import Block, Blocks, Inlines, Text
from pipeline.render import lines
from pipeline.render.templates.budget import Budget, weigh_nodes

# Noncharacters: unlike private ones no entity (`&#xE000;`) stands for them, so that none can be written in Markdown.
_OPEN, _CLOSE = "\ufdd0", "\ufdd1"
_TOKEN = re.compile(f"{_OPEN}(\\d+){_CLOSE}")
# Not the no-break spaces: they keep an amount and its currency on one line.
_SPACES = re.compile(r"[ \t\r\n\v\f\x1c-\x1f\x85\u2028\u2029]+")
_BLANK = rf"(?:{lines.OPEN}\d+{lines.CLOSE}|[ \t])*"
_ALONE = re.compile(rf"^({_BLANK}{_OPEN}\d+{_CLOSE}(?:{_BLANK}{_OPEN}\d+{_CLOSE})*)({_BLANK})$", re.MULTILINE)
_FENCES = str.maketrans(dict.fromkeys(_OPEN + _CLOSE + lines.OPEN + lines.CLOSE, "\ufffd"))


def list_tokens(text: str) -> tuple[str, ...]:
    """Return the tokens that stand in a text."""
    return tuple(match.group() for match in _TOKEN.finditer(text))


def holds_token(text: str) -> bool:
    """Return whether a token stands in a text."""
    return _OPEN in text


def disarm(text: str) -> str:
    """Return a source's text with the characters of tokens and marks replaced: no author can forge one."""
    return text.translate(_FENCES)


class Islands:
    """The nodes of one document that wait for their place in the text; what they weigh is paid from its budget.

    A token is short, what it stands for may be long: so each further place where one stands is paid for as well.
    """

    def __init__(self, budget: Budget | None = None) -> None:
        self._budget = budget or Budget()
        self._inlines: dict[int, Inlines] = {}
        self._blocks: dict[int, Blocks] = {}
        self._weights: dict[int, int] = {}
        self._shown: set[int] = set()

    def put_inlines(self, inlines: Inlines) -> Markup:
        """Return a token that stands for a piece of a line."""
        number = self._take(inlines)
        self._inlines[number] = inlines
        return Markup(f"{_OPEN}{number}{_CLOSE}")

    def put_blocks(self, blocks: Blocks) -> Markup:
        """Return a token that stands for whole blocks; it must be alone on its line."""
        number = self._take(blocks)
        self._blocks[number] = blocks
        return Markup(f"{_OPEN}{number}{_CLOSE}")

    def _take(self, nodes: Inlines | Blocks) -> int:
        """Return the number under which nodes are kept, their weight paid for."""
        number = len(self._weights)
        weight = 0
        for part in weigh_nodes(nodes):
            self._budget.show(part)
            weight += part
        self._weights[number] = weight
        return number

    def _show(self, number: int) -> None:
        """Pay for a place where nodes are shown; the first one was paid for when they were taken."""
        if number in self._shown:
            self._budget.show(self._weights.get(number, 0))
        self._shown.add(number)

    def set_apart(self, text: str) -> str:
        """Return a text in which blocks that stand on lines of their own are paragraphs, as Markdown wants them.

        A mark at a line's end goes behind the new line end, so that it still speaks for the line that follows.
        """

        def part(match: re.Match[str]) -> str:
            blocks = all(int(number) in self._blocks for number in _TOKEN.findall(match.group(1)))
            return f"\n{match.group(1)}\n{match.group(2)}" if blocks else match.group()

        return _ALONE.sub(part, text)

    def put_text(self, text: str) -> Markup:
        """Return a token that stands for plain text."""
        return self.put_inlines((Text(_SPACES.sub(" ", disarm(lines.drop_marks(text)))),) if text else ())

    def split(self, text: str) -> Iterator[Inlines | Blocks | str]:
        """Yield the stretches of a text: plain strings, and the nodes that tokens stand for."""
        end = 0
        for match in _TOKEN.finditer(text):
            if match.start() > end:
                yield disarm(text[end : match.start()])
            number = int(match.group(1))
            self._show(number)
            yield self._blocks.get(number) or self._inlines.get(number, ())
            end = match.end()
        if end < len(text):
            yield disarm(text[end:])

    def blocks_in(self, text: str) -> tuple[Block, ...] | None:
        """Return the blocks of a text that is made of block tokens alone, else None."""
        numbers = [int(match.group(1)) for match in _TOKEN.finditer(text)]
        if not numbers or _TOKEN.sub("", text).strip() or not any(n in self._blocks for n in numbers):
            return None
        for number in numbers:
            self._show(number)
        return tuple(block for number in numbers for block in self._blocks.get(number, ()))

    def holds_block(self, text: str) -> bool:
        """Return whether a token in the text stands for blocks."""
        return any(int(match.group(1)) in self._blocks for match in _TOKEN.finditer(text))

    def plain(self, text: str) -> str:
        """Return a text with each token replaced by its words: for code, link targets and front matter."""
        return _TOKEN.sub(lambda match: self._words(int(match.group(1))), text)

    def _words(self, number: int) -> str:
        self._show(number)
        return words_of(self._inlines.get(number, ()))


def words_of(node: object) -> str:
    """Return the plain words of any node or tuple of nodes, in reading order."""
    if isinstance(node, str):
        return node
    if isinstance(node, tuple):
        return "".join(words_of(part) for part in node)
    for name in ("text", "children", "word", "alt", "blocks"):
        if hasattr(node, name):
            return words_of(getattr(node, name))
    return " " if type(node).__name__ == "LineBreak" else ""
