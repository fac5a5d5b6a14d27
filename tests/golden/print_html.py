"""Take the bytes of a web page that Deedbox wrote; give its elements as text, one a line; styles as hashes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from hashlib import sha256

from lxml import html
from lxml.html import HtmlElement

_DATA = re.compile(r"data:[^\"')\s]{40,}")


def print_html(data: bytes) -> str:
    """Return the page as text."""
    return "\n".join(_elements(html.document_fromstring(data.decode("utf-8")), 0)) + "\n"


def _elements(element: HtmlElement, depth: int) -> Iterator[str]:
    if not isinstance(element.tag, str):
        yield f"{'  ' * depth}comment “{element.text}”"
        return
    shown = "".join(f' {key}="{_short(value)}"' for key, value in sorted(element.attrib.items()))
    yield f"{'  ' * depth}{element.tag}{shown}{_text(element)}"
    for child in element:
        yield from _elements(child, depth + 1)
        if child.tail and child.tail.strip():
            yield f"{'  ' * (depth + 1)}“{_visible(child.tail)}”"


def _text(element: HtmlElement) -> str:
    if not element.text or not element.text.strip():
        return ""
    return f" {_digest(element.text)}" if element.tag == "style" else f" “{_visible(element.text)}”"


def _short(value: str) -> str:
    return _visible(_DATA.sub(lambda match: _digest(match.group()), value))


def _digest(text: str) -> str:
    return f"(sha256 {sha256(text.encode()).hexdigest()[:16]})"


def _visible(text: str) -> str:
    return "".join(sign if sign.isprintable() else sign.encode("unicode_escape").decode() for sign in text)
