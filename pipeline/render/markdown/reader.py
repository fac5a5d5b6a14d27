"""Take where a Markdown text stands and the page it goes to; hold what reading it needs; give places for its nodes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import cast, get_args

from markdown_it.tree import SyntaxTreeNode

from pipeline.document.tree import Block, Inline
from pipeline.problems import Place
from pipeline.render.lines import LineMap
from pipeline.render.page import Page


@dataclass
class Reader:
    """One Markdown text while it is read: `lines` knows where each of its lines came from."""

    page: Page
    file: str
    lines: LineMap = field(default_factory=LineMap)
    line: int = 0
    notes: dict[str, int] = field(default_factory=dict)

    def enter(self, node: SyntaxTreeNode) -> Place:
        """Return the place of a block and remember its line for the inlines in it."""
        if node.map:
            self.line = self.lines.source(node.map[0] + 1)
        return self.place

    def split(self, text: str) -> Iterator[str | Inline]:
        """Yield the stretches of a text and the nodes that its tokens stand for; a block among them is a problem."""
        for part in self.page.islands.split(text):
            if isinstance(part, str):
                yield part
            elif part and isinstance(part[0], get_args(Block)):
                self.fail_block()
            else:
                yield from cast(tuple[Inline, ...], part)

    def fail_block(self) -> None:
        """Note that a block stands where only words can."""
        self.page.fail(
            "DB305",
            "a table, figure or other block stands within a line of text or in code",
            self.place,
            "put it on a line of its own",
        )

    @property
    def place(self) -> Place:
        """Return the place that reading has come to."""
        return Place(self.file, self.line or self.lines.source(1))
