"""The text of a page comes in; its Markdown is parsed; tokens, and what their readers share, go out."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from itertools import islice
from typing import Any, cast, get_args
from urllib.parse import quote

from markdown_it import MarkdownIt
from markdown_it.common.normalize_url import normalizeLink
from markdown_it.rules_core import StateCore
from markdown_it.token import Token
from markdown_it.tree import SyntaxTreeNode
from mdit_py_plugins.attrs import attrs_plugin
from mdit_py_plugins.container import container_plugin
from mdit_py_plugins.deflist import deflist_plugin
from mdit_py_plugins.footnote import footnote_plugin

from pipeline.document.tree import Block, Inline
from pipeline.problems import Place
from pipeline.render.lines import LineMap
from pipeline.render.page import Page
from pipeline.render.templates.islands import list_tokens


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


DEEPEST = 90
_LONGEST = 1_000_000  # characters of one text: a book of four hundred pages
_LONGEST_PARAGRAPH = 100_000
_MOST_BRACKETS = 20_000  # `[` of one text: each may begin a link, and is looked at in several ways
_DEEPEST_LINE = 40  # emphasis within emphasis: more of it is an attack and would exhaust Python's stack


@cache
def _parser() -> MarkdownIt:
    # HTML is recognised so that it can be told from text; none of it ever reaches a document.
    parser = MarkdownIt("commonmark", {"html": True, "maxNesting": DEEPEST})
    parser.enable(["table", "strikethrough"])
    parser.use(footnote_plugin, inline=True, move_to_end=True)
    parser.core.ruler.before("footnote_tail", "lift_notes", _lift_notes)
    parser.core.ruler.after("block", "check_paragraphs", _check_paragraphs)
    parser.use(deflist_plugin)
    parser.use(attrs_plugin, spans=True)
    parser.use(container_plugin, name="div", validate=lambda _words, _mark: True)
    # A target that is not kept (javascript:, file:) still has to be read, to be told of.
    parser.validateLink = lambda url: True  # type: ignore[method-assign]
    parser.normalizeLink = normalize_target  # type: ignore[method-assign]
    return parser


def _lift_notes(state: StateCore) -> None:
    """Move a footnote that stands within another one, in a list of it say, behind it.

    The plugin that gathers footnotes takes the end of the inner one for that of the outer one.
    """
    out: list[Token] = []
    around: list[list[Token]] = []
    behind: list[Token] = []
    for token in state.tokens:
        if token.type == "footnote_reference_open":
            around.append([])
        (around[-1] if around else out).append(token)
        if token.type == "footnote_reference_close":
            note = around.pop()
            if around:
                behind += note
            else:
                out += note + behind
                behind = []
    state.tokens = out


def normalize_target(url: str) -> str:
    """Return the URL of a link or image with its special characters escaped, tokens left as they are."""
    made = normalizeLink(url)
    for token in list_tokens(url):
        made = made.replace(quote(token), token)
    return made


class TooLong(Exception):
    """Raised where a text is longer than one that is read; holds the message, and the line (from 1) of the text."""

    def __init__(self, message: str, line: int) -> None:
        super().__init__(message)
        self.message, self.line = message, line


def _check_paragraphs(state: StateCore) -> None:
    """Stop at a paragraph, cell or heading that is longer than any that somebody reads."""
    for token in state.tokens:
        if token.type == "inline" and len(token.content) > _LONGEST_PARAGRAPH:
            line = token.map[0] + 1 if token.map else 1
            raise TooLong(f"a paragraph has more than {_LONGEST_PARAGRAPH:,} characters", line)


def _check_length(text: str) -> None:
    if len(text) > _LONGEST:
        raise TooLong(f"the text has more than {_LONGEST:,} characters", text.count("\n", 0, _LONGEST) + 1)
    if text.count("[") > _MOST_BRACKETS:
        last = next(islice(re.finditer(r"\[", text), _MOST_BRACKETS, None)).start()
        raise TooLong(f"the text has more than {_MOST_BRACKETS:,} of the bracket `[`", text.count("\n", 0, last) + 1)


def parse_markdown(text: str) -> tuple[SyntaxTreeNode, tuple[str, ...], bool]:
    """Return the syntax tree, the labels of footnotes that nothing refers to, and whether nesting is too deep.

    TooLong for a text that would take too long to read.
    """
    _check_length(text)
    env: dict[str, Any] = {}
    tokens = _parser().parse(text, env)
    notes = env.get("footnotes", {}).get("refs", {})
    unused = tuple(label.removeprefix(":") for label, count in notes.items() if count < 0)
    too_deep = any(token.level >= DEEPEST - 1 for token in tokens)
    for token in tokens:
        if any(part.level >= _DEEPEST_LINE for part in token.children or ()):
            too_deep, token.children = True, []
    return SyntaxTreeNode(tokens), unused, too_deep
