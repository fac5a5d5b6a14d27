"""Take a manifest and the build's problems; give `index.html`, the documents by project, which a person opens first."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cache
from hashlib import sha256
from importlib.resources import files
from io import BytesIO
from itertools import groupby
from typing import TYPE_CHECKING
from urllib.parse import quote

from pipeline.archive.manifest import FileEntry, Manifest, ProjectLine
from pipeline.document.formats import FORMATS, rank_formats
from pipeline.problems import Problem

if TYPE_CHECKING:
    from jinja2 import Template

_PHASES = {
    "initiating": "Initiating",
    "planning": "Planning",
    "executing": "Executing",
    "closing": "Closing",
    "closed": "Closed",
}


@dataclass(frozen=True, slots=True)
class State:
    """How a document stands: a shape, a word and the name of its colour, so that colour never speaks alone."""

    shape: str
    word: str
    look: str


CURRENT = State("●", "Current", "current")
OLDER = State("○", "Older build", "older")
DRAFT = State("■", "Draft", "draft")


@dataclass(frozen=True, slots=True)
class Link:
    """One file of a document: where it is, its format and its size in words."""

    href: str
    format: str
    size: str


@dataclass(frozen=True, slots=True)
class Row:
    """One document of one period; `pages` is 0 if unknown."""

    title: str
    period: str
    lang: str
    changed: str
    commit: str
    state: State
    pages: int
    links: tuple[Link, ...]


@dataclass(frozen=True, slots=True)
class Group:
    """One project and its documents."""

    id: str
    name: str
    title: str
    phase: str
    rows: tuple[Row, ...]


def make_index(manifest: Manifest, problems: Iterable[Problem] = ()) -> bytes:
    """Return the page as UTF-8: one file, no script, nothing from elsewhere, as its policy says."""
    groups = _groups(manifest)
    states = dict.fromkeys(row.state for group in groups for row in group.rows)
    pieces = _template().generate(
        manifest=manifest,
        groups=groups,
        count=sum(len(group.rows) for group in groups),
        states=[state for state in (CURRENT, DRAFT, OLDER) if state in states],
        revision=manifest.revision[:7],
        date=_day(manifest.date),
        problems=tuple(problems),
        style_hash=_hash_style(),
    )
    text = BytesIO()
    for piece in pieces:  # whole, it would be in memory twice
        text.write(piece.encode())
    text.write(b"\n")
    return text.getvalue()


@cache
def _template() -> Template:
    from jinja2 import Environment, StrictUndefined

    settings = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    return settings.from_string(_read_template())


@cache
def _hash_style() -> str:
    """Return the digest of the page's style sheet, which holds no values, as a policy names it."""
    style = _read_template().partition("<style>")[2].partition("</style>")[0]
    return b64encode(sha256(style.encode()).digest()).decode()


@cache
def _read_template() -> str:
    return files("pipeline.archive").joinpath("index.html.j2").read_text(encoding="utf-8")


def _groups(manifest: Manifest) -> tuple[Group, ...]:
    known = {line.id: line for line in manifest.projects}
    entries = sorted(manifest.files, key=lambda entry: (entry.project, entry.path))
    by_project = groupby(entries, key=lambda entry: entry.project)
    return tuple(_group(known.get(id) or ProjectLine(id, id), tuple(found), manifest) for id, found in by_project)


def _group(line: ProjectLine, entries: tuple[FileEntry, ...], manifest: Manifest) -> Group:
    documents: dict[tuple[str, str, str], list[FileEntry]] = {}
    for entry in entries:
        documents.setdefault((entry.document, entry.period, entry.lang), []).append(entry)
    rows = [_row(found, manifest) for found in documents.values()]
    order = sorted(range(len(rows)), key=lambda at: _rank(list(documents)[at], rows[at]))
    title = line.title if line.title != line.name else ""
    return Group(line.id, line.name, title, _PHASES.get(line.phase, line.phase), tuple(rows[at] for at in order))


def _rank(key: tuple[str, str, str], row: Row) -> tuple[object, ...]:
    """Standing documents first, by title; then what is made for each period, newest first; then the team's own."""
    document, period, lang = key
    newest_first = tuple(-ord(sign) for sign in period)
    return ("/" in document, bool(period), row.title if not period else document, newest_first, lang)


def _row(entries: list[FileEntry], manifest: Manifest) -> Row:
    first = entries[0]
    order = rank_formats({entry.format: entry for entry in entries})
    ranked = sorted(entries, key=lambda entry: order.index(entry.format))
    return Row(
        title=first.title or first.document,
        period=_month(first.period),
        lang=first.lang,
        changed=_format(first.revision.date[:10], "d MMM y") or "Unknown",
        commit=first.revision.commit[:7],
        state=_state(entries, manifest),
        pages=max(entry.pages for entry in entries),
        links=tuple(_link(entry) for entry in ranked),
    )


def _state(entries: list[FileEntry], manifest: Manifest) -> State:
    if any(entry.draft for entry in entries):
        return DRAFT
    is_older = any(entry.built != manifest.revision for entry in entries)
    return OLDER if is_older else CURRENT


def _link(entry: FileEntry) -> Link:
    label = FORMATS[entry.format].label if entry.format in FORMATS else entry.format.upper()
    return Link(quote(entry.path), label, _size(entry.size).replace(" ", "\N{NO-BREAK SPACE}"))


def _size(count: int) -> str:
    """Return a size in decimal units, as file managers show it."""
    if count < 1_000_000:
        return f"{max(1, round(count / 1000))} kB"
    return f"{count / 1_000_000:.1f} MB"


def _day(text: str) -> str:
    return _format(text[:10], "d MMMM y")


def _month(text: str) -> str:
    return _format(f"{text}-01", "LLLL y") or text if text else ""


@cache
def _format(text: str, pattern: str) -> str:
    from babel.dates import format_date

    try:
        return format_date(date.fromisoformat(text), pattern, locale="en")
    except ValueError:
        return ""
