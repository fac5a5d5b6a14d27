"""HTML within Markdown comes in; what paper can carry becomes nodes of the tree; of the rest the words go out, and
problems.

The standard library's parser reads broken HTML differently from one Python to the next and drops some of it: documents
must be the same everywhere, and what is no whole tag is words.

Paper cannot carry HTML, and a document must not: what an author wrote for readers stays, the mark-up goes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from html import unescape

from pipeline.document.tree import Inline, Inlines, LineBreak, Text
from pipeline.render.markdown.links import read_image, read_link
from pipeline.render.markdown.parser import Reader

_NAME = re.compile(r"<(?P<slash>/?)(?P<name>[A-Za-z][\w:-]*)")
_DECLARED = re.compile(r"<![A-Za-z]")
_SPECIAL = re.compile(r"""[<>"']""")
_ATTRIBUTE = re.compile(r"""([^\s"'<>/=]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'=<>`]+)))?""")
_CDATA = "<![CDATA["
_HIDDEN = re.compile(r"<!--|<(script|style)\b", re.IGNORECASE)
_ENDS = {name: re.compile(f"</{name}", re.IGNORECASE) for name in ("script", "style")}


@dataclass(frozen=True, slots=True)
class Tag:
    """One tag, its name in small letters; `name` is empty for an instruction or declaration."""

    name: str
    closing: bool
    attributes: Mapping[str, str]


def split_html(text: str) -> Iterator[str | Tag]:
    """Yield the stretches of words, their entities read, and the tags between them."""
    pieces = _Pieces(text)
    end = at = 0
    while (start := text.find("<", at)) >= 0:
        found = pieces.read(start)
        if found is None:
            at = start + 1
            continue
        piece, stop = found
        yield unescape(text[end:start])
        yield piece
        end = at = stop
    yield unescape(text[end:])


class _Pieces:
    """Reads what begins at a `<`, so that the whole text is looked through once, whatever never ends in it."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.last_data = text.rfind("]]>")
        self._ends: dict[int, int] = {}

    def read(self, start: int) -> tuple[str | Tag, int] | None:
        """Return the data or tag that begins here, and where it ends; None if it is neither."""
        text = self.text
        if text.startswith(_CDATA, start) and self.last_data >= start + len(_CDATA):
            end = text.index("]]>", start + len(_CDATA))
            return text[start + len(_CDATA) : end], end + 3
        if text.startswith("<?", start):
            return Tag("", False, {}), self._after("?>", start + 2)
        if _DECLARED.match(text, start):
            return Tag("", False, {}), self._after(">", start + 3)
        name = _NAME.match(text, start)
        end = self._find_end(name.end()) if name else -1
        if name is None or end < 0:
            return None
        return Tag(name["name"].lower(), bool(name["slash"]), _read_attributes(text[name.end() : end - 1])), end

    def _after(self, mark: str, start: int) -> int:
        found = self.text.find(mark, start)
        return len(self.text) if found < 0 else found + len(mark)

    def _find_end(self, at: int) -> int:
        """Return where a tag ends whose name ends here, -1 if it never does.

        Within quotation marks it may hold its own end; outside of them another `<` says that this was none.
        """
        passed = []
        while at not in self._ends:
            passed.append(at)
            mark = _SPECIAL.search(self.text, at)
            closing = self.text.find(mark[0], mark.end()) if mark and mark[0] in "\"'" else -1
            if closing < 0:
                self._ends[at] = mark.end() if mark and mark[0] == ">" else -1
            else:
                at = closing + 1
        self._ends.update(dict.fromkeys(passed, self._ends[at]))
        return self._ends[at]


def _read_attributes(text: str) -> dict[str, str]:
    found = _ATTRIBUTE.findall(text)
    return {name.lower(): unescape(double or single or bare) for name, double, single, bare in found}


def drop_hidden(text: str, reader: Reader) -> str:
    """Return a block of HTML without comments, scripts and styles; all but whole comments are told of.

    A script or style that does not end in the block keeps its words, since all that follows might be meant to be read;
    a comment that does not end stays hidden, since it might be meant for nobody.
    """
    kept: list[str] = []
    endless: set[str] = set()
    last = text.rfind(">")
    at = 0
    while start := _find_hidden(text, at, last):
        begin, end, name = start
        kept.append(text[at:begin])
        stop = -1 if name in endless else _find_stop(text, name, end)
        if name not in endless:
            _tell(name, reader, whole=stop >= 0)
        if stop < 0:
            endless.add(name)
        at = stop if stop >= 0 else end if name else len(text)
    return "".join((*kept, text[at:]))


def _find_hidden(text: str, at: int, last: int) -> tuple[int, int, str] | None:
    """Return where the next comment, script or style begins, where what it holds does, and its name."""
    found = _HIDDEN.search(text, at)
    if found is None or (found[1] and found.end() > last):
        # Behind the last `>` no tag ends, but a comment may begin.
        begin = text.find("<!--", found.start()) if found else -1
        return (begin, begin + 2, "") if begin >= 0 else None
    if not found[1]:
        # A comment may end where it begins: `<!-->`.
        return found.start(), found.start() + 2, ""
    return found.start(), text.index(">", found.end()) + 1, found[1].lower()


def _find_stop(text: str, name: str, at: int) -> int:
    """Return where a comment, or an element of a name, ends; -1 if it never does."""
    if not name:
        found = text.find("-->", at)
        return found + 3 if found >= 0 else -1
    closing = _ENDS[name].search(text, at)
    found = text.find(">", closing.end()) if closing else -1
    return found + 1 if found >= 0 else -1


def _tell(name: str, reader: Reader, *, whole: bool) -> None:
    if name and whole:
        message, hint = f"the HTML tag <{name}> is not carried into the document, nor is what it holds", "leave it out"
    elif name:
        message = f"the HTML tag <{name}> does not end before its block does, so what follows it is taken as text"
        hint = f"leave it out, or close it with </{name}>"
    elif not whole:
        message, hint = "the HTML comment never ends, so nothing that follows it is shown", "end it with -->"
    else:
        return
    reader.page.warn("DB321", message, reader.place, hint)


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
