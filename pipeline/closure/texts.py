"""Take a document's web page; leave its words alone; give them as one line for a search."""

from __future__ import annotations

from html.parser import HTMLParser

_SILENT = frozenset({"head", "script", "style", "svg", "template"})
_INLINE = frozenset({"a", "abbr", "b", "code", "em", "i", "mark", "s", "span", "strong", "sub", "sup"})


class _Words(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self._silent = 0

    def handle_starttag(self, tag: str, attrs: object) -> None:
        """Count how deep we are in what says nothing; blocks part words."""
        self._silent += tag in _SILENT
        if tag not in _INLINE:
            self.parts.append(" ")

    def handle_endtag(self, tag: str) -> None:
        """Leave what says nothing."""
        self._silent -= tag in _SILENT and self._silent > 0
        if tag not in _INLINE:
            self.parts.append(" ")

    def handle_data(self, data: str) -> None:
        """Take words."""
        if not self._silent:
            self.parts.append(data)


def read_words(page: bytes) -> str:
    """Return the words of a page, parted by single spaces."""
    words = _Words()
    words.feed(page.decode("utf-8", "replace"))
    words.close()
    return " ".join("".join(words.parts).replace("\xad", "").split())
