"""Take raw HTML found in Markdown; keep words, links and line breaks, drop tags and comments; give inlines.

Paper cannot carry HTML, and a document must not: what an author wrote for readers stays, the mark-up goes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from pipeline.document.tree import Inline, Inlines, LineBreak, Text
from pipeline.render.markdown.links import read_image, read_link
from pipeline.render.markdown.reader import Reader
from pipeline.render.markdown.tags import Tag, drop_hidden, split_html

_BREAKS = {"p", "div", "tr", "li", "ul", "ol", "table", "h1", "h2", "h3", "h4", "h5", "h6", "details", "summary", "br"}
_BREAKS |= {"blockquote", "pre", "section", "hr", "dd", "dt"}


def read_inline(content: str, reader: Reader) -> Iterator[Inline]:
    """Yield what one inline tag leaves on the page: a line break, a picture, or nothing; comments vanish."""
    if content.startswith("<!--"):
        return
    pieces = [piece for piece in split_html(content) if piece]
    _warn(pieces, reader)
    for piece in pieces:
        if isinstance(piece, str):
            yield from _read_words(piece, reader)
        elif piece.name == "br":
            yield LineBreak()
        elif piece.name == "img":
            yield from _read_image(piece, reader)


def read_block(content: str, reader: Reader) -> tuple[Inlines, ...]:
    """Return the paragraphs that a block of HTML leaves on the page."""
    before = reader.page.problems.told
    text = drop_hidden(content, reader)
    pieces = [piece for piece in split_html(text) if piece]
    told = reader.page.problems.told > before
    if text.strip() and not (told and all(isinstance(piece, str) for piece in pieces)):
        _warn(pieces, reader)
    lines: list[list[Inline]] = [[]]
    for inline in _Words(reader).read(pieces):
        if isinstance(inline, LineBreak):
            lines.append([])
        else:
            lines[-1].append(inline)
    return tuple(line for line in map(_trim, lines) if line)


def _warn(pieces: list[str | Tag], reader: Reader) -> None:
    """Tell of the first tag, since the others belong to it; an instruction or declaration holds no text."""
    first = next((piece for piece in pieces if isinstance(piece, Tag)), None)
    if first is None:
        what = "raw HTML is not carried into the document, its text is"
    elif first.name:
        what = f"the HTML tag <{first.name}> is not carried into the document, its text is"
    else:
        what = "an instruction or declaration in HTML is not carried into the document"
    reader.page.warn("DB321", what, reader.place, "write Markdown")


def _trim(line: list[Inline]) -> Inlines:
    words = [Text(re.sub(r"\s+", " ", i.text)) if isinstance(i, Text) else i for i in line]
    if words and isinstance(words[0], Text):
        words[0] = Text(words[0].text.lstrip())
    if words and isinstance(words[-1], Text):
        words[-1] = Text(words[-1].text.rstrip())
    return tuple(word for word in words if not isinstance(word, Text) or word.text)


def _read_words(text: str, reader: Reader) -> Iterator[Inline]:
    return (Text(part) if isinstance(part, str) else part for part in reader.split(text))


def _read_image(tag: Tag, reader: Reader) -> Iterator[Inline]:
    return read_image(tag.attributes.get("src", ""), tag.attributes.get("alt", ""), reader)


class _Words:
    """Collects the words, links, pictures and breaks of a piece of HTML."""

    def __init__(self, reader: Reader) -> None:
        self.reader = reader
        self.inlines: list[Inline] = []
        self.link: tuple[str, int] | None = None

    def read(self, pieces: list[str | Tag]) -> list[Inline]:
        """Return all that the pieces leave on the page."""
        for piece in pieces:
            if isinstance(piece, str):
                self.inlines.extend(_read_words(piece, self.reader))
            elif piece.name in _BREAKS:
                self._leave_link()
                self.inlines.append(LineBreak())
            elif piece.closing:
                self._close(piece.name)
            else:
                self._open(piece)
        self._leave_link()
        return self.inlines

    def _open(self, tag: Tag) -> None:
        if tag.name == "img":
            self.inlines.extend(_read_image(tag, self.reader))
        elif tag.name == "a" and tag.attributes.get("href"):
            self._leave_link()
            self.link = (tag.attributes["href"], len(self.inlines))

    def _close(self, name: str) -> None:
        if name == "a":
            self._leave_link()
        elif name in ("td", "th"):
            self.inlines.append(Text(" "))

    def _leave_link(self) -> None:
        """Turn what came since `<a href>` into a link."""
        if self.link is None:
            return
        (target, start), self.link = self.link, None
        children = tuple(self.inlines[start:])
        if children:
            self.inlines[start:] = read_link(target, children, "", self.reader)
