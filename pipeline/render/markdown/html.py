"""Take raw HTML found in Markdown; keep words, links and line breaks, drop tags and comments; give inlines.

Paper cannot carry HTML, and a document must not: what an author wrote for readers stays, the mark-up goes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.parser import HTMLParser

from pipeline.render.markdown.links import read_image, read_link
from pipeline.render.markdown.reader import Reader
from pipeline.render.tree import Inline, Inlines, LineBreak, Text

_COMMENT = re.compile(r"<!--.*?(-->|\Z)", re.DOTALL)
_CDATA = re.compile(r"<!\[CDATA\[(.*?)\]\]>", re.DOTALL)
_MARKED = re.compile(r"<!\[")
_TAG = re.compile(r"</?([A-Za-z][\w-]*)")
_BREAKS = {"p", "div", "tr", "li", "ul", "ol", "table", "h1", "h2", "h3", "h4", "h5", "h6", "details", "summary", "br"}
_BREAKS |= {"blockquote", "pre", "section", "hr", "dd", "dt"}
_SILENT = {"script", "style", "template"}


def read_inline(content: str, reader: Reader) -> Iterator[Inline]:
    """Yield what one inline tag leaves on the page: a line break, a picture, or nothing; comments vanish."""
    if content.startswith("<!--"):
        return
    _warn(content, reader)
    name = _tag(content)
    if name == "br":
        yield LineBreak()
    elif name == "img":
        yield from _parse(content, reader)


def read_block(content: str, reader: Reader) -> tuple[Inlines, ...]:
    """Return the paragraphs that a block of HTML leaves on the page."""
    text = _COMMENT.sub("", content)
    if not text.strip():
        return ()
    _warn(text, reader)
    lines: list[list[Inline]] = [[]]
    for inline in _parse(text, reader):
        if isinstance(inline, LineBreak):
            lines.append([])
        else:
            lines[-1].append(inline)
    return tuple(line for line in map(_trim, lines) if line)


def _tag(content: str) -> str:
    match = _TAG.match(content.strip())
    return match.group(1).lower() if match else ""


def _warn(content: str, reader: Reader) -> None:
    name = _tag(content)
    what = f"the HTML tag <{name}>" if name else "raw HTML"
    reader.page.warn("DB321", f"{what} is not carried into the document, its text is", reader.place, "write Markdown")


def _trim(line: list[Inline]) -> Inlines:
    words = [Text(re.sub(r"\s+", " ", i.text)) if isinstance(i, Text) else i for i in line]
    if words and isinstance(words[0], Text):
        words[0] = Text(words[0].text.lstrip())
    if words and isinstance(words[-1], Text):
        words[-1] = Text(words[-1].text.rstrip())
    return tuple(word for word in words if not isinstance(word, Text) or word.text)


def _parse(content: str, reader: Reader) -> list[Inline]:
    parser = _Words(reader)
    # The standard library's parser raises on `<![` and drops what is in `<![CDATA[`: both are words here.
    parser.feed(_MARKED.sub("&lt;![", _CDATA.sub(r"\1", content)))
    parser.close()
    parser.leave_link()
    return parser.inlines


class _Words(HTMLParser):
    """Collects the words, links, pictures and breaks of a piece of HTML."""

    def __init__(self, reader: Reader) -> None:
        super().__init__(convert_charrefs=True)
        self.reader = reader
        self.inlines: list[Inline] = []
        self.silent = 0
        self.link: tuple[str, int] | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        if tag in _SILENT:
            self.silent += 1
        elif tag in _BREAKS:
            self.leave_link()
            self.inlines.append(LineBreak())
        elif tag == "img":
            self.inlines.extend(read_image(values.get("src", ""), values.get("alt", ""), self.reader))
        elif tag == "a" and values.get("href"):
            self.leave_link()
            self.link = (values["href"], len(self.inlines))

    def handle_endtag(self, tag: str) -> None:
        if tag in _SILENT:
            self.silent = max(0, self.silent - 1)
        elif tag == "a":
            self.leave_link()
        elif tag in _BREAKS:
            self.leave_link()
            self.inlines.append(LineBreak())
        elif tag in ("td", "th"):
            self.inlines.append(Text(" "))

    def handle_data(self, data: str) -> None:
        if not self.silent:
            for part in self.reader.page.islands.split(data):
                self.inlines.extend((Text(part),) if isinstance(part, str) else part)  # type: ignore[arg-type]

    def leave_link(self) -> None:
        """Turn what came since `<a href>` into a link."""
        if self.link is None:
            return
        (target, start), self.link = self.link, None
        children = tuple(self.inlines[start:])
        if children:
            self.inlines[start:] = read_link(target, children, "", self.reader)
