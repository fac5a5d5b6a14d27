"""Take Markdown text; parse it as CommonMark with tables, footnotes, containers and attributes; give a syntax tree."""

from __future__ import annotations

from functools import cache
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.tree import SyntaxTreeNode
from mdit_py_plugins.attrs import attrs_plugin
from mdit_py_plugins.container import container_plugin
from mdit_py_plugins.deflist import deflist_plugin
from mdit_py_plugins.footnote import footnote_plugin

DEEPEST = 90


@cache
def _parser() -> MarkdownIt:
    # HTML is recognised so that it can be told from text; none of it ever reaches a document.
    parser = MarkdownIt("commonmark", {"html": True, "maxNesting": DEEPEST})
    parser.enable(["table", "strikethrough"])
    parser.use(footnote_plugin, inline=True, move_to_end=True)
    parser.use(deflist_plugin)
    parser.use(attrs_plugin, spans=True)
    parser.use(container_plugin, name="div", validate=lambda _words, _mark: True)
    return parser


def parse_markdown(text: str) -> tuple[SyntaxTreeNode, tuple[str, ...], bool]:
    """Return the syntax tree, the labels of footnotes that nothing refers to, and whether nesting is too deep."""
    env: dict[str, Any] = {}
    tokens = _parser().parse(text, env)
    notes = env.get("footnotes", {}).get("refs", {})
    unused = tuple(label.removeprefix(":") for label, count in notes.items() if count < 0)
    return SyntaxTreeNode(tokens), unused, any(token.level >= DEEPEST for token in tokens)
