"""Take the raw blocks of a document; number, name, measure and link them; give sections that any writer can set.

Everything that depends on the whole document is settled here, once: heading levels and numbers, captions, references,
contents, footnote numbers, column widths and picture sizes.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Callable, Mapping
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
from pipeline.document.walk import rewrite
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
    """Return the sections and footnotes of a document; dead references become problems and leave their words.

    The tree is walked twice: whatever is counted comes first, whatever refers to it or is measured comes second.
    """
    counts, order, levels = _Counts(), _NoteOrder(), _Levels()
    figures: list[Figure] = []
    headings: list[Heading | Toc] = []

    def count(node: Any) -> Any:
        if isinstance(node, NoteRef):
            return order.renumber(node)
        made = _number(levels.set(node) if isinstance(node, Heading) else node, counts, words, numbering)
        if isinstance(made, Figure):
            figures.append(made)
        return made

    def link(node: Any) -> Any:
        if isinstance(node, Heading | Toc):
            headings.append(node)
        return tell_annex(_link(node, counts, page), counts.targets, words)

    blocks = rewrite(blocks, count)
    notes = order.make_notes(page.notes)
    blocks += rewrite(make_annex(figures, words), lambda node: _number(node, counts, words, numbering))
    sections = tuple(_finish(section, link, page.assets, theme) for section in _part(blocks, landscape))
    notes = _finish(notes, lambda node: _link(node, counts, page), page.assets, theme)
    return _fill_contents(sections, headings), notes


class _NoteOrder:
    """Footnotes as they are met in reading order."""

    def __init__(self) -> None:
        self._numbers: dict[int, int] = {}
        self._waiting: deque[int] = deque()

    def renumber(self, node: NoteRef) -> NoteRef:
        """Return the call of a note with the note's number in reading order."""
        if node.number not in self._numbers:
            self._numbers[node.number] = len(self._numbers) + 1
            self._waiting.append(node.number)
        return NoteRef(self._numbers[node.number])

    def make_notes(self, notes: Mapping[int, Blocks]) -> tuple[Note, ...]:
        """Return the notes that are called; a note may itself call a note, so there come more while they are made."""
        made: list[Note] = []
        while self._waiting:
            source = self._waiting.popleft()
            made.append(Note(len(made) + 1, rewrite(notes.get(source, ()), self._change)))
        return tuple(made)

    def _change(self, node: Any) -> Any:
        return self.renumber(node) if isinstance(node, NoteRef) else node


class _Levels:
    """Heading levels that start at 1 and never skip one, as PDF/UA and Word's checker ask."""

    def __init__(self) -> None:
        self._open: list[int] = []

    def set(self, heading: Heading) -> Heading:
        """Return the next heading with its level."""
        while self._open and self._open[-1] >= heading.level:
            self._open.pop()
        self._open.append(heading.level)
        return replace(heading, level=min(len(self._open), 6))


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


def _fill_contents(sections: tuple[Section, ...], found: list[Heading | Toc]) -> tuple[Section, ...]:
    """Return the sections with the headings, as they were found, in each contents list; there may be none."""
    if not any(isinstance(node, Toc) for node in found):
        return sections
    entries = tuple(
        TocEntry(node.level, node.number, _quiet(node.children), node.id) for node in found if isinstance(node, Heading)
    )
    return rewrite(sections, lambda node: _list(node, entries) if isinstance(node, Toc) else node)


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


def _finish(part: Part, link: Callable[[Any], Any], assets: Mapping[str, Asset], theme: Theme) -> Part:
    """Return a section, or the footnotes, linked, its tables and pictures set to the text area that they stand on."""
    sheet = theme.page
    wide = isinstance(part, Section) and part.landscape
    width = sheet.landscape_text_width if wide else sheet.text_width
    height = (sheet.width if wide else sheet.height) - sheet.top - sheet.bottom

    def change(node: Any) -> Any:
        node = link(node)
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
