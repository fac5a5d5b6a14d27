"""Take Markdown text with tokens in it; parse it with markdown-it; give blocks of the document tree and problems."""

from __future__ import annotations

from pipeline.render.markdown.blocks import read_blocks
from pipeline.render.page import Page

__all__ = ["Page", "read_blocks"]
