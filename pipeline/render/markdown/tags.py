"""Take a piece of raw HTML; part it into its words and its tags, whatever state it is in; give both in their order.

The standard library's parser reads broken HTML differently from one Python to the next and drops some of it: documents
must be the same everywhere, and what is no whole tag is words.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from html import unescape

from pipeline.render.markdown.reader import Reader

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
