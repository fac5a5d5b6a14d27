"""Take the examples of CommonMark and of GitHub's tables and task lists; give each with what a browser would show.

They come with the source of markdown-it-py; `make test` puts them beside the libraries, see `.ci/machine`.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import tinyhtml5
from markdown_it.utils import read_fixture_file

FOLDER = Path(sys.prefix) / "examples"
OPEN, DONE = "☐", "☑"
_HIDDEN = {"script", "style", "template", "head"}


@dataclass(frozen=True)
class Example:
    """One example: its name (CommonMark's number, or kind and line), its title, its Markdown and the right HTML."""

    name: str
    title: str
    text: str
    html: str

    @property
    def file(self) -> str:
        """Return the path of the source that it is read as."""
        return f"atlas/documents/{self.name}.md"

    @cached_property
    def page(self) -> Any:
        """Return the right HTML as a tree."""
        return tinyhtml5.parse(self.html, namespace_html_elements=False)

    @property
    def words(self) -> str:
        """Return what a browser shows, a picture as its alternative text, without any space."""
        return squeeze("".join(_read(self.page)))


def load_examples() -> tuple[Example, ...]:
    """Return all examples; none where they have not been fetched."""
    if not FOLDER.is_dir():
        return ()
    listed = json.loads((FOLDER / "commonmark.json").read_text(encoding="utf-8"))
    common = (Example(str(one["example"]), one["section"], one["markdown"], one["html"]) for one in listed)
    return (*common, *_read_fixtures("tables"), *_read_fixtures("tasklists"))


def _read_fixtures(kind: str) -> Iterator[Example]:
    for line, title, text, html in read_fixture_file(FOLDER / f"{kind}.md"):
        yield Example(f"{kind}-{line}", title, text, html)


def read_html(html: str) -> str:
    """Return what a browser shows of HTML, without any space."""
    return squeeze("".join(_read(tinyhtml5.parse(html, namespace_html_elements=False))))


def squeeze(text: str) -> str:
    """Return a text without spaces of any kind."""
    return "".join(text.split())


def _read(node: Any) -> Iterator[str]:
    if not isinstance(node.tag, str) or node.tag in _HIDDEN:
        return
    yield node.text or ""
    if node.tag == "img":
        yield node.get("alt", "")
    elif node.get("type") == "checkbox":
        yield OPEN if node.get("checked") is None else DONE
    for child in node:
        yield from _read(child)
        yield child.tail or ""
