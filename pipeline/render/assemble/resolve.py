"""Take the raw blocks of a document; number, name, measure and link them; give sections that any writer can set.

Everything that depends on the whole document is settled here, once: heading levels and numbers, captions, references,
contents, footnote numbers, column widths and picture sizes.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, TypeVar

from pipeline.document.theme import Theme
from pipeline.document.tree import (
    Asset,
    Blocks,
    Callout,
    Figure,
    Group,
    Heading,
    Link,
    Note,
    NoteRef,
    Ref,
    Section,
    Table,
    Text,
    Toc,
    TocEntry,
)
from pipeline.document.walk import rewrite, walk
from pipeline.render.assemble.annex import make_annex, tell_annex
from pipeline.render.assemble.narrative import slug
from pipeline.render.assemble.widths import set_widths
from pipeline.render.page import Page
from pipeline.render.templates.islands import words_of
from pipeline.render.words import Words

_PIXEL = 0.75  # points
Part = TypeVar("Part", Section, tuple[Note, ...])
_LONGEST_NAME = 200  # characters of a heading that stand where it is referred to
_TALLEST = 0.62  # of the text area's height: a picture leaves room for its caption and a few lines


@dataclass
class _Counts:
    """What numbering has come to."""

    headings: list[int] = field(default_factory=list)
    tables: int = 0
    figures: int = 0
    ids: set[str] = field(default_factory=set)
    again: dict[str, int] = field(default_factory=dict)  # ids that were asked for again → the last number added
    targets: dict[str, str] = field(default_factory=dict)
    last_level: int = 0

    def name(self, wish: str) -> str:
        """Return an id that nothing has yet: the wish, or the wish with a number."""
        name, count = wish, self.again.get(wish, 1)
        while name in self.ids:
            count += 1
            name = f"{wish}-{count}"
        if name != wish:
            self.again[wish] = count
        self.ids.add(name)
        return name

    @cached_property
    def squeezed(self) -> dict[str, str]:
        """Return the ids by their letters and digits alone; asked for when all of them are known."""
        return {_squeeze(name): name for name in sorted(self.ids, reverse=True)}


def resolve(
    blocks: Blocks, page: Page, words: Words, theme: Theme, *, landscape: bool = False, numbering: bool = True
) -> tuple[tuple[Section, ...], tuple[Note, ...]]:
    """Return the sections and footnotes of a document; dead references become problems and leave their words."""
    blocks, notes = _number_notes(blocks, page.notes)
    blocks = _level_headings(blocks)
    counts = _Counts()
    blocks = rewrite(blocks, lambda node: _number(node, counts, words, numbering))
    blocks += rewrite(make_annex(blocks, words), lambda node: _number(node, counts, words, numbering))
    blocks = rewrite(blocks, lambda node: tell_annex(_link(node, counts, page), counts.targets, words))
    notes = rewrite(notes, lambda node: _link(node, counts, page))
    entries = tuple(_entries(blocks))
    blocks = rewrite(blocks, lambda node: _list(node, entries) if isinstance(node, Toc) else node)
    sections = tuple(_measure(section, page.assets, theme) for section in _part(blocks, landscape))
    return sections, _measure(notes, page.assets, theme)


def _number_notes(blocks: Blocks, notes: Mapping[int, Blocks]) -> tuple[Blocks, tuple[Note, ...]]:
    """Return the blocks with footnotes numbered in reading order, and the notes themselves in that order."""
    order: dict[int, int] = {}
    waiting: deque[int] = deque()

    def renumber(node: Any) -> Any:
        if not isinstance(node, NoteRef):
            return node
        if node.number not in order:
            order[node.number] = len(order) + 1
            waiting.append(node.number)
        return NoteRef(order[node.number])

    blocks = rewrite(blocks, renumber)
    made: list[Note] = []
    # A note may itself refer to a note, so the order grows while the notes are made.
    while waiting:
        source = waiting.popleft()
        made.append(Note(len(made) + 1, rewrite(notes.get(source, ()), renumber)))
    return blocks, tuple(made)


def _level_headings(blocks: Blocks) -> Blocks:
    """Return the blocks with heading levels that start at 1 and never skip one, as PDF/UA and Word's checker ask."""
    open_levels: list[int] = []

    def change(node: Any) -> Any:
        if not isinstance(node, Heading):
            return node
        while open_levels and open_levels[-1] >= node.level:
            open_levels.pop()
        open_levels.append(node.level)
        return replace(node, level=min(len(open_levels), 6))

    return rewrite(blocks, change)


def _number(node: Any, counts: _Counts, words: Words, numbering: bool) -> Any:
    if isinstance(node, Heading):
        return _number_heading(node, counts, words, numbering)
    if isinstance(node, Table) and node.caption:
        counts.tables += 1
        return _name(node, counts, words.say("Table"), counts.tables, "tbl")
    if isinstance(node, Figure) and node.caption:
        counts.figures += 1
        return _name(node, counts, words.say("Figure"), counts.figures, "fig")
    if isinstance(node, Callout) and not node.title:
        return replace(node, title=(Text(words.term(node.kind)),))
    named = getattr(node, "id", "")
    if not named:
        return node
    name = counts.name(named)
    counts.targets[name] = words_of(node)[:60]
    return node if name == named else replace(node, id=name)


def _number_heading(node: Heading, counts: _Counts, words: Words, numbering: bool) -> Heading:
    del counts.headings[node.level :]
    counts.headings.extend([0] * (node.level - len(counts.headings)))
    counts.headings[node.level - 1] += 1
    number = ".".join(map(str, counts.headings)) if numbering and node.level <= 2 else ""
    text = words_of(node.children)
    name = counts.name(node.id or slug(text) or "section")
    counts.targets[name] = words.say("Section %(number)s", number=number) if number else text[:_LONGEST_NAME]
    if node.id and node.id != name:
        counts.targets.setdefault(node.id, counts.targets[name])
    return replace(node, id=name, number=number)


def _name(node: Any, counts: _Counts, label: str, number: int, prefix: str) -> Any:
    name = counts.name(node.id or f"{prefix}-{number}")
    counts.targets[name] = f"{label} {number}"
    return replace(node, id=name, number=number, label=label)


def _entries(blocks: Blocks) -> list[TocEntry]:
    return [
        TocEntry(node.level, node.number, _quiet(node.children), node.id)
        for node in walk(blocks)
        if isinstance(node, Heading)
    ]


def _quiet(inlines: Any) -> Any:
    """Return a heading's words for the contents list: without the links and notes that live in the heading."""

    def change(node: Any) -> Any:
        if isinstance(node, Link):
            return node.children
        return () if isinstance(node, NoteRef) else node

    return rewrite(inlines, change)


def _list(toc: Toc, entries: tuple[TocEntry, ...]) -> Toc:
    return replace(toc, entries=tuple(entry for entry in entries if entry.level <= toc.depth))


def _link(node: Any, counts: _Counts, page: Page) -> Any:
    if isinstance(node, Ref):
        if node.target in counts.targets:
            return replace(node, text=counts.targets[node.target])
        page.warn(
            "DB327",
            f"the reference `[@{node.target}]` leads nowhere",
            page.place_of(node),
            "name a table, figure or heading",
        )
        return Text(f"[@{node.target}]")
    if isinstance(node, Link) and node.target.startswith("#") and node.target[1:] not in counts.ids:
        near = _find_anchor(node.target[1:], counts)
        if near:
            return replace(node, target=f"#{near}")
        page.warn("DB322", f"the link to `{node.target}` leads nowhere, its words are kept", page.place_of(node))
        return node.children
    return node


def _find_anchor(target: str, counts: _Counts) -> str:
    """Return the id that an anchor in another tool's spelling means: GitHub keeps other characters than we do.

    Its `whats-new` is our `what-s-new`, and the second heading of that name is its `whats-new-1`, our `what-s-new-2`.
    """
    known = counts.squeezed
    found = known.get(_squeeze(target), "")
    again = re.fullmatch(r"(.+)-([0-9]{1,9})", target)
    if found or not again:
        return found
    return known.get(_squeeze(f"{again.group(1)}-{int(again.group(2)) + 1}"), "")


def _squeeze(name: str) -> str:
    return re.sub(r"[\W_]+", "", name.lower())


def _part(blocks: Blocks, landscape: bool) -> tuple[Section, ...]:
    """Return the blocks parted where a landscape container begins or ends."""
    sections: list[Section] = []
    for block in blocks:
        wide = landscape or (isinstance(block, Group) and block.role == "landscape")
        inner = block.blocks if isinstance(block, Group) and block.role == "landscape" else (block,)
        if sections and sections[-1].landscape == wide:
            sections[-1] = Section(sections[-1].blocks + inner, wide)
        else:
            sections.append(Section(inner, wide))
    return tuple(sections) or (Section((), landscape),)


def _measure(part: Part, assets: Mapping[str, Asset], theme: Theme) -> Part:
    """Return a section, or the footnotes, with tables and pictures set to the text area that they stand on."""
    sheet = theme.page
    wide = isinstance(part, Section) and part.landscape
    width = sheet.landscape_text_width if wide else sheet.text_width
    height = (sheet.width if wide else sheet.height) - sheet.top - sheet.bottom

    def change(node: Any) -> Any:
        if isinstance(node, Table):
            return set_widths(node, width, theme)
        if isinstance(node, Figure):
            drawn = assets.get(node.asset)
            size = (drawn.width * _PIXEL, drawn.height * _PIXEL) if drawn else (node.width, node.height)
            return _fit(node, size, width, height * _TALLEST)
        return node

    return rewrite(part, change)


def _fit(figure: Figure, size: tuple[float, float], width: float, height: float) -> Figure:
    """Return the figure with its size in points: as asked, or its own `size`, never beyond the text area."""
    wish = -figure.width * width if figure.width < 0 else figure.width or size[0]
    ratio = size[1] / size[0]
    shown = min(wish, width, height / ratio)
    return replace(figure, width=round(shown * 20) / 20, height=round(shown * ratio * 20) / 20)
