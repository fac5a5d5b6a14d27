"""Take the documents of a package; write the page that a person opens first: a list, links, and a search of its own."""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from importlib.resources import files
from itertools import groupby
from typing import TYPE_CHECKING
from urllib.parse import quote

from pipeline.closure.issued import Paper
from pipeline.closure.texts import read_words
from pipeline.document.formats import FORMATS, rank_formats

if TYPE_CHECKING:
    from jinja2 import Template


@dataclass(frozen=True, slots=True)
class Row:
    """One document: its links by what they are called, in order, and the words that are searched."""

    title: str
    period: str
    changed: str
    pages: int
    links: tuple[tuple[str, str], ...]
    words: str


@dataclass(frozen=True, slots=True)
class Group:
    """Documents of one state: the closing one (name is ""), or a baseline."""

    name: str
    rows: tuple[Row, ...]


def make_index(papers: Iterable[Paper], facts: Mapping[str, str], links: Iterable[tuple[str, str, str]]) -> bytes:
    """Return the page as UTF-8; `facts` stand at its head, `links` (path, name, words) at its foot."""
    groups = tuple(
        Group(name, tuple(_make_rows(found))) for name, found in groupby(papers, key=lambda paper: paper.baseline)
    )
    script = _read("index.js")
    texts = [_make_text(row, group) for group in groups for row in group.rows]
    words = _template().render(
        groups=groups,
        facts=facts,
        links=[(quote(path), name, said) for path, name, said in links],
        script=script,
        script_hash=b64encode(sha256(script.encode()).digest()).decode(),
        texts=_embed(texts),
        count=len(texts),
    )
    return f"{words.strip()}\n".encode()


def _make_rows(papers: Iterable[Paper]) -> Iterable[Row]:
    """Standing documents first, then what is made for each period, newest first, then the project's own."""
    rows: dict[tuple[str, str], list[Paper]] = {}
    for paper in papers:
        rows.setdefault((paper.document, paper.period), []).append(paper)

    def rank(key: tuple[str, str]) -> tuple[object, ...]:
        return ("/" in key[0], bool(key[1]), key[0] if key[1] else rows[key][0].title, [-ord(sign) for sign in key[1]])

    return [_make_row(rows[key]) for key in sorted(rows, key=rank)]


def _make_row(papers: list[Paper]) -> Row:
    first = papers[0]
    by_format = {paper.format: paper for paper in papers}
    links = tuple(
        (FORMATS[format].label, quote(f"data/documents/{by_format[format].path}")) for format in rank_formats(by_format)
    )
    words = read_words(by_format["html"].file.read_bytes()) if "html" in by_format else ""
    pages = max(paper.pages for paper in papers)
    return Row(first.title or first.document, first.period, first.date[:10], pages, links, words)


def _make_text(row: Row, group: Group) -> dict[str, object]:
    return {
        "title": row.title,
        "state": f"Baseline {group.name}" if group.name else "",
        "period": row.period,
        "links": [list(link) for link in row.links],
        "words": row.words,
    }


def _embed(value: object) -> str:
    """Return JSON that no browser takes for anything else: it holds no `<`, and no line end that scripts know."""
    text = json.dumps(value, ensure_ascii=False, sort_keys=True)
    return text.replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")


@cache
def _template() -> Template:
    from jinja2 import Environment, StrictUndefined

    settings = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    return settings.from_string(_read("index.html.j2"))


def _read(name: str) -> str:
    return files("pipeline.closure").joinpath(name).read_text(encoding="utf-8")
