"""Take the block nodes of a Markdown syntax tree; read each in its kind; give blocks of the document tree."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from typing import cast

from markdown_it.tree import SyntaxTreeNode

from pipeline.document.tree import (
    Align,
    Block,
    Blocks,
    Callout,
    Cell,
    Code,
    Column,
    Definition,
    DefinitionList,
    Figure,
    Group,
    Heading,
    Inlines,
    LineBreak,
    List,
    ListItem,
    Paragraph,
    Picture,
    Quote,
    Row,
    Rule,
    Table,
    Text,
    make_cell,
)
from pipeline.problems import Place
from pipeline.render.lines import LineMap, unmark
from pipeline.render.markdown import html
from pipeline.render.markdown.inlines import read_inlines, tidy
from pipeline.render.markdown.parser import DEEPEST, Reader, TooLong, parse_markdown
from pipeline.render.page import Page
from pipeline.render.templates.budget import TooMuch
from pipeline.render.templates.islands import disarm

_ALERT = re.compile(r"\[!(NOTE|TIP|IMPORTANT|WARNING|CAUTION|DECISION)\]\s*\Z", re.IGNORECASE)
_TASK = re.compile(r"\[([ xX])\]\s+")
_HEADING_ATTRIBUTES = re.compile(r"(?<!\\)\{((?:[#.][\w:-]+\s*)+)\}\s*\Z")
# `{width=50%}`, as pandoc has it: the parser knows it only with quotation marks.
_BARE_ATTRIBUTES = re.compile(r"\{((?:\s*(?:[#.][\w:-]+|width=[0-9]{1,3}%?))+)\s*\}")
_CALLOUTS = {"note", "tip", "important", "warning", "caution", "decision"}


def read_blocks(text: str, page: Page, file: str, first: int = 1, *, trusted: bool = False) -> Blocks:
    """Return the blocks of a Markdown text whose first line stands on line `first` of `file`, unless marks say more.

    A text that has not passed the template engine is not `trusted`: its private characters are replaced, so that it
    cannot stand in for a value. Problems go to the page.
    """
    text, lines = unmark(text) if trusted else (disarm(text), LineMap(((1, first),)))
    reader = Reader(page, file, lines)
    try:
        tree, unused, too_deep = parse_markdown(text)
        blocks = _read_all(tree.children, reader)
    except TooLong as error:
        place = Place(file, lines.source(error.line))
        page.fail("DB335", error.message, place, "part it, or take what it shows from data")
        return ()
    except TooMuch as error:
        page.fail("DB354", str(error), reader.place, "show less of what is there")
        return ()
    for label in unused:
        page.warn("DB325", f"nothing refers to the footnote `[^{label}]`, so it is not shown", reader.place)
    if too_deep:
        page.fail("DB326", f"blocks are nested more than {DEEPEST} deep", reader.place, "flatten the list or quotation")
    return blocks


def _read_all(nodes: Iterable[SyntaxTreeNode], reader: Reader) -> Blocks:
    return tuple(block for node in nodes for block in _READ[node.type](node, reader))


def _inlines_of(node: SyntaxTreeNode, reader: Reader) -> Inlines:
    return read_inlines((part for inline in node.children for part in inline.children), reader)


def _read_paragraph(node: SyntaxTreeNode, reader: Reader) -> Iterator[Block]:
    place = reader.enter(node)
    islands = reader.page.islands.blocks_in(node.children[0].content)
    if islands is not None:
        yield from islands
        return
    figure = _read_figure(node, reader)
    if figure is not None:
        yield figure
        return
    inlines = _inlines_of(node, reader)
    if inlines:
        yield Paragraph(inlines, id=str(node.attrs.get("id", "")), place=place)


def _read_figure(node: SyntaxTreeNode, reader: Reader) -> Figure | None:
    """Return a figure for an image alone in its paragraph; its title is the caption."""
    children = [part for part in node.children[0].children if part.type != "text" or part.content.strip()]
    if not children or children[0].type != "image":
        return None
    image, place = children[0], reader.place
    said = "".join(part.content for part in children[1:] if part.type == "text").strip()
    bare = _BARE_ATTRIBUTES.fullmatch(said)
    if len(children) > 1 and not bare:
        return None
    words = bare.group(1).split() if bare else ()
    name = next((word[1:] for word in words if word.startswith("#")), str(image.attrs.get("id", "")))
    wide = next((word[6:] for word in words if word.startswith("width=")), str(image.attrs.get("width", "")))
    inlines = read_inlines((image,), reader)
    if not inlines or not isinstance(inlines[0], Picture):
        return None
    caption = reader.page.islands.plain(str(image.attrs.get("title", "")))
    picture = inlines[0]
    return Figure(
        picture.asset,
        picture.alt,
        caption=(Text(caption),) if caption else (),
        id=name,
        width=_share(wide),
        place=place,
    )


def _share(width: str) -> float:
    """Return a width given as `50%` as a negative share of the text width, to be settled with the page's size."""
    match = re.fullmatch(r"(\d{1,3})%?", width)
    return -min(int(match.group(1)), 100) / 100 if match else 0.0


def _read_heading(node: SyntaxTreeNode, reader: Reader) -> Iterator[Block]:
    place = reader.enter(node)
    inlines, name = _inlines_of(node, reader), str(node.attrs.get("id", ""))
    # Looked for in the source: what a value holds is no mark-up.
    match = _HEADING_ATTRIBUTES.search(node.children[0].content) if node.children else None
    if match and inlines and isinstance(inlines[-1], Text) and inlines[-1].text.endswith(match.group().strip()):
        inlines = tidy((*inlines[:-1], Text(inlines[-1].text.removesuffix(match.group().strip()).rstrip())))
        name = next((word[1:] for word in match.group(1).split() if word.startswith("#")), "")
    if inlines:
        yield Heading(int(node.tag[1]), inlines, name, place=place)


def _read_list(node: SyntaxTreeNode, reader: Reader) -> Iterator[Block]:
    place = reader.enter(node)
    tight = not any(part.type == "paragraph" and not part.hidden for item in node.children for part in item.children)
    items = tuple(_read_item(item, reader) for item in node.children)
    ordered = node.type == "ordered_list"
    yield List(items, ordered, int(node.attrs.get("start", 1)) if ordered else 1, tight, place)


def _read_item(node: SyntaxTreeNode, reader: Reader) -> ListItem:
    reader.enter(node)
    blocks = _read_all(node.children, reader)
    first = blocks[0] if blocks else None
    if isinstance(first, Paragraph) and first.children and isinstance(first.children[0], Text):
        written = node.children[0].children[0].content if node.children[0].type == "paragraph" else ""
        match = _TASK.match(first.children[0].text)
        if match and _TASK.match(written):
            rest = tidy((Text(first.children[0].text[match.end() :]), *first.children[1:]))
            checked = match.group(1) != " "
            return ListItem((Paragraph(rest, first.role, first.id, first.place), *blocks[1:]), checked)
    return ListItem(blocks)


def _read_quote(node: SyntaxTreeNode, reader: Reader) -> Iterator[Block]:
    place = reader.enter(node)
    blocks = _read_all(node.children, reader)
    kind = _alert_kind(node)
    if not kind:
        yield Quote(blocks, place)
        return
    first = cast(Paragraph, blocks[0])
    rest = tidy((Text(_drop_alert(first.children)), *first.children[1:]))
    rest = rest[1:] if rest and isinstance(rest[0], LineBreak) else rest
    head = (Paragraph(rest, first.role, first.id, first.place),) if rest else ()
    yield Callout(kind, (*head, *blocks[1:]), place=place)


def _alert_kind(node: SyntaxTreeNode) -> str:
    """Return the kind of a `> [!NOTE]` quotation, or nothing."""
    if not node.children or node.children[0].type != "paragraph":
        return ""
    line = node.children[0].children[0].content.split("\n", 1)[0]
    match = _ALERT.match(line)
    return match.group(1).lower() if match else ""


def _drop_alert(inlines: Inlines) -> str:
    text = inlines[0].text if isinstance(inlines[0], Text) else ""
    return text.partition("]")[2].lstrip()


def _read_container(node: SyntaxTreeNode, reader: Reader) -> Iterator[Block]:
    place = reader.enter(node)
    words = re.findall(r"[\w-]+", node.info)
    role, said = (words[0].lower() if words else ""), node.info.strip().partition(" ")[2].strip()
    title = "" if said.startswith("{") else reader.page.islands.plain(said).strip()
    blocks = _read_all(node.children, reader)
    if role in _CALLOUTS:
        yield Callout(role, blocks, (Text(title),) if title else (), place)
    else:
        yield Group(blocks, role)


def _read_code(node: SyntaxTreeNode, reader: Reader) -> Iterator[Block]:
    place = reader.enter(node)
    words = reader.page.islands.plain(node.info).split()
    if reader.page.islands.holds_block(node.content):
        reader.fail_block()
    yield Code(reader.page.islands.plain(node.content.rstrip("\n")), words[0].strip("{.}") if words else "", place)


def _read_html(node: SyntaxTreeNode, reader: Reader) -> Iterator[Block]:
    place = reader.enter(node)
    for inlines in html.read_block(node.content, reader):
        yield Paragraph(inlines, place=place)


def _read_table(node: SyntaxTreeNode, reader: Reader) -> Iterator[Block]:
    place = reader.enter(node)
    parts = {part.type: part for part in node.children}
    head = tuple(_read_row(row, reader, header=True) for row in parts["thead"].children)
    body = parts.get("tbody")
    rows = tuple(_read_row(row, reader, header=False) for row in body.children) if body else ()
    columns = tuple(Column(_alignment(cell)) for cell in parts["thead"].children[0].children)
    yield Table(columns, head, rows, place=place)


def _alignment(cell: SyntaxTreeNode) -> Align:
    style = str(cell.attrs.get("style", ""))
    return cast(Align, style.removeprefix("text-align:")) if style else "left"


def _read_row(node: SyntaxTreeNode, reader: Reader, *, header: bool) -> Row:
    reader.enter(node)
    lines = (_inlines_of(cell, reader) for cell in node.children)
    return Row(tuple(Cell((Paragraph(line, "cell-head"),), header) if header else make_cell(line) for line in lines))


def _read_definitions(node: SyntaxTreeNode, reader: Reader) -> Iterator[Block]:
    place = reader.enter(node)
    items: list[Definition] = []
    term: Inlines = ()
    blocks: list[Block] = []
    for part in node.children:
        if part.type == "dt":
            if term:
                items.append(Definition(term, tuple(blocks)))
            term, blocks = _inlines_of(part, reader), []
        else:
            blocks.extend(_read_all(part.children, reader))
    items.append(Definition(term, tuple(blocks)))
    yield DefinitionList(tuple(items), place)


def _read_notes(node: SyntaxTreeNode, reader: Reader) -> Iterator[Block]:
    for note in node.children:
        number = reader.notes.get(str(note.meta["id"]))
        if number is not None:
            reader.page.notes[number] = _read_all(note.children, reader)
    return iter(())


def _read_bare(node: SyntaxTreeNode, reader: Reader) -> Iterator[Block]:
    inlines = read_inlines(node.children, reader)
    if inlines and inlines != (LineBreak(),):
        yield Paragraph(inlines, place=reader.place)


_READ: dict[str, Callable[[SyntaxTreeNode, Reader], Iterator[Block]]] = {
    "paragraph": _read_paragraph,
    "heading": _read_heading,
    "bullet_list": _read_list,
    "ordered_list": _read_list,
    "blockquote": _read_quote,
    "container_div": _read_container,
    "fence": _read_code,
    "code_block": _read_code,
    "hr": lambda _node, _reader: iter((Rule(),)),
    "html_block": _read_html,
    "table": _read_table,
    "dl": _read_definitions,
    "footnote_block": _read_notes,
    "inline": _read_bare,
    "footnote_anchor": lambda _node, _reader: iter(()),
}
