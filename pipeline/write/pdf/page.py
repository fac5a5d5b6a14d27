"""Take the HTML of a document as our writer makes it; read it as XML; give it as the layout engine wants it.

What we write is well-formed, so the XML parser of the standard library, written in C, reads it: the engine's own parser
would spend a tenth of a document's time on guessing what no text of ours leaves open.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree

from pipeline.write.pdf.base_css import BASE_CSS
from pipeline.write.pdf.engine import load_engine
from pipeline.write.pdf.fetcher import BASE, make_fetcher

if TYPE_CHECKING:
    from weasyprint.urls import URLFetcher

_DOCTYPE = "<!DOCTYPE html>"
# No value of an attribute holds a `>`: all are escaped.
_VOID = re.compile(r"<((?:br|col|hr|img|meta)\b[^>]*)>")


def read_page(html: str) -> Any:
    """Return the root element of a document; what HTML closes by itself is closed first."""
    return ElementTree.fromstring(_VOID.sub(r"<\1/>", html.removeprefix(_DOCTYPE)))


def make_page(root: Any, fetcher: URLFetcher) -> Any:
    """Return a document that the engine can lay out, under our base style sheet instead of the engine's."""
    return _page_class()(root, fetcher)


@lru_cache(maxsize=4)
def parse_css(text: str) -> Any:
    """Return a style sheet that asks for nothing, parsed once a process for a theme."""
    return load_engine().CSS(string=text, url_fetcher=make_fetcher((), []))


def read_base() -> Any:
    """Return our base style sheet, the engine loaded for it."""
    return parse_css(BASE_CSS)


@cache
def _page_class() -> Any:
    from cssselect2 import ElementWrapper  # type: ignore[import-untyped]

    class Page(load_engine().HTML):  # type: ignore[misc]
        """A document of the engine made from elements instead of text."""

        def __init__(self, root: Any, fetcher: URLFetcher) -> None:
            self.base_url, self.url_fetcher, self.media_type = BASE, fetcher, "print"
            self.wrapper_element = ElementWrapper.from_html_root(root, content_language=None)
            self.etree_element = self.wrapper_element.etree_element

        def _ua_stylesheets(self, forms: bool = False) -> list[Any]:
            return [read_base()]

    return Page
