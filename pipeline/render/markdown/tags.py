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

# Within quotation marks a tag may hold its own end; outside of them another `<` says that this was none.
_PIECE = re.compile(
    r"""<!\[CDATA\[(?P<data>.*?)\]\]>"""
    r"""|<\?.*?(?:\?>|\Z)"""
    r"""|<![A-Za-z][^>]*(?:>|\Z)"""
    r"""|<(?P<slash>/?)(?P<name>[A-Za-z][\w:-]*)(?P<rest>(?:[^<>"']|"[^"]*"|'[^']*')*)>""",
    re.DOTALL,
)
_ATTRIBUTE = re.compile(r"""([^\s"'<>/=]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'=<>`]+)))?""")
_HIDDEN = re.compile(r"<!--|<(script|style)\b[^>]*>", re.IGNORECASE)
_ENDS = {
    "": re.compile("-->"),
    "script": re.compile(r"</script[^>]*>", re.IGNORECASE),
    "style": re.compile(r"</style[^>]*>", re.IGNORECASE),
}


@dataclass(frozen=True, slots=True)
class Tag:
    """One tag, its name in small letters; `name` is empty for an instruction or declaration."""

    name: str
    closing: bool
    attributes: Mapping[str, str]


def split_html(text: str) -> Iterator[str | Tag]:
    """Yield the stretches of words, their entities read, and the tags between them."""
    end = 0
    for match in _PIECE.finditer(text):
        yield unescape(text[end : match.start()])
        if match["data"] is not None:
            yield match["data"]
        else:
            yield Tag((match["name"] or "").lower(), bool(match["slash"]), _read_attributes(match["rest"] or ""))
        end = match.end()
    yield unescape(text[end:])


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
    at = 0
    while start := _HIDDEN.search(text, at):
        kept.append(text[at : start.start()])
        name = (start[1] or "").lower()
        # A comment may end where it begins: `<!-->`.
        end = None if name in endless else _ENDS[name].search(text, start.end() if name else start.start() + 2)
        if name not in endless:
            _tell(name, reader, whole=end is not None)
        if end is None:
            endless.add(name)
        at = end.end() if end else start.end() if name else len(text)
    return "".join((*kept, text[at:]))


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
