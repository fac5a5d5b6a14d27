"""Blocks of the tree (headings, paragraphs, code, callouts, signatures, lists of contents) come in; Word's go out."""

from __future__ import annotations

from dataclasses import replace

from pipeline.document.tree import (
    Callout,
    Code,
    Group,
    Heading,
    PageBreak,
    Paragraph,
    Quote,
    Rule,
    SignatureBlock,
    Signer,
    Toc,
    TocEntry,
)
from pipeline.write.docx.context import EN_SPACE, Look, Spot, Writing, write_shown, write_target
from pipeline.write.docx.inlines import write_inlines
from pipeline.write.docx.paragraphs import (
    choose_role,
    fill_cell,
    write_indent,
    write_paragraph,
    write_spacer,
    write_spacing,
)
from pipeline.write.docx.properties import find_title, title_words
from pipeline.write.docx.runs import close_field, open_field, write_field, write_property, write_run, write_text
from pipeline.write.docx.xml import (
    attributes,
    border,
    hex_colour,
    shading,
    twips,
    write_layout_cell,
    write_layout_table,
)
from pipeline.write.spacing import (
    CALLOUT_BAR,
    CALLOUT_PADDING_X,
    CALLOUT_PADDING_Y,
    CODE_PADDING_X,
    INDENT,
    LONG_CODE,
    SIGNATURE_GAP,
    SIGNING_ROOM,
    TOC_NUMBER,
    space_after,
)


def write_heading(writing: Writing, node: Heading, spot: Spot) -> str:
    """Return a heading; its number is literal text, as it was computed on the tree."""
    number = write_shown(writing, node.id, write_text(node.number)) + write_text(EN_SPACE) if node.number else ""
    words = number + write_inlines(writing, node.children)
    level = min(max(node.level, 1), 6)
    return write_paragraph(writing, f"heading-{level}", write_target(writing, node.id, words), spot)


def write_plain(writing: Writing, node: Paragraph, spot: Spot) -> str:
    """Return a paragraph in the style of its role."""
    title = title_words(node) if node.role == "title" else ""
    known = title and title == find_title(writing.document)
    words = write_property("Document Title", title) if known else write_inlines(writing, node.children, spot.look)
    words = write_target(writing, node.id, words)
    return write_paragraph(writing, choose_role(node.role, spot, writing), words, spot)


def write_quote(writing: Writing, node: Quote, spot: Spot) -> str:
    """Return the blocks of a quotation, indented."""
    end = spot.end if spot.end is not None else writing.theme.text["quote"].after
    inner = replace(spot, role="quote", indent=spot.indent + INDENT, width=spot.width - INDENT, end=end)
    return writing.write_blocks(node.blocks, inner)


def write_code(writing: Writing, node: Code, spot: Spot) -> str:
    """Return a block of code as one paragraph, its lines parted by breaks."""
    properties = {} if node.text.count("\n") >= LONG_CODE else {"keepLines": "<w:keepLines/>"}
    properties["ind"] = write_indent(spot.indent + CODE_PADDING_X, right=CODE_PADDING_X + writing.part_frames())
    return write_paragraph(writing, "code", write_text(node.text), replace(spot, align="left", tight=False), properties)


def write_rule(writing: Writing, node: Rule, spot: Spot) -> str:
    """Return a thin line across."""
    return write_paragraph(writing, "rule", "", replace(spot, tight=False))


def write_page_break(writing: Writing, node: PageBreak, spot: Spot) -> str:
    """Return nothing: the next paragraph starts on a new page, so that no empty line stands on top of it."""
    writing.breaks = True
    return ""


def write_group(writing: Writing, node: Group, spot: Spot) -> str:
    """Return the blocks of a group, its place marked before them."""
    return write_target(writing, node.id) + writing.write_blocks(node.blocks, spot)


def write_title_line(writing: Writing, node: Callout, spot: Spot) -> str:
    """Return the title of a callout as a paragraph of its own, kept with what follows."""
    words = write_inlines(writing, node.title, Look(bold=True))
    return write_paragraph(writing, "callout", words, spot, {"keepNext": "<w:keepNext/>"})


_EDGE = 0.5  # a line in the wash's colour: Word pads a paragraph only between a border and its text


def write_callout(writing: Writing, node: Callout, spot: Spot) -> str:
    """Return a callout.

    Paragraphs stay paragraphs, since a layout table reads badly aloud; but Word joins borders only between paragraphs
    of equal indents, so that lists, tables and the like need the cell.
    """
    if all(isinstance(block, Paragraph) for block in node.blocks):
        return _write_paragraphs(writing, node, spot)
    return _write_cell(writing, node, spot)


def _inner(spot: Spot) -> Spot:
    return replace(spot, role="callout", width=spot.width - CALLOUT_BAR - 2 * CALLOUT_PADDING_X, depth=0, tight=False)


def _write_paragraphs(writing: Writing, node: Callout, spot: Spot) -> str:
    end = spot.end if spot.end is not None else writing.theme.space["callout"]
    inner = replace(_inner(spot), end=end, frame={**spot.frame, **_frame(writing, spot.indent)})
    title = write_title_line(writing, node, replace(inner, end=None if node.blocks else end)) if node.title else ""
    return title + writing.write_blocks(node.blocks, inner)


def _frame(writing: Writing, indent: float) -> dict[str, str]:
    colours = writing.theme.colours
    beside, above = CALLOUT_PADDING_X - _EDGE, CALLOUT_PADDING_Y - _EDGE
    sides = (
        border("top", _EDGE, colours["wash"], above)
        + border("left", CALLOUT_BAR, colours["accent"], CALLOUT_PADDING_X)
        + border("bottom", _EDGE, colours["wash"], above)
        + border("right", _EDGE, colours["wash"], beside)
    )
    left = indent + CALLOUT_BAR + CALLOUT_PADDING_X
    return {
        "pBdr": f"<w:pBdr>{sides}</w:pBdr>",
        "shd": shading(colours["wash"]),
        "ind": write_indent(left, right=CALLOUT_PADDING_X + writing.part_frames()),
        "keepLines": "<w:keepLines/>",
    }


def _write_cell(writing: Writing, node: Callout, spot: Spot) -> str:
    break_before = write_spacer(writing, 0.0) if writing.breaks else ""
    inner = replace(_inner(spot), indent=0.0, end=0.0, frame={})
    title = write_title_line(writing, node, replace(inner, end=None)) if node.title else ""
    content = fill_cell(writing, "callout", title + writing.write_blocks(node.blocks, inner), inner)
    below = spot.end if spot.end is not None else writing.theme.space["callout"]
    cell = write_layout_cell(spot.width, content, _cell_look(writing))
    table = write_layout_table(spot.indent, (spot.width,), (cell,))
    return break_before + table + write_spacer(writing, below)


def _cell_look(writing: Writing) -> str:
    colour = hex_colour(writing.theme.colours["accent"])
    bar = attributes("left", {"val": "single", "sz": round(CALLOUT_BAR * 8), "space": 0, "color": colour})
    # Word draws a cell's border half inside the cell.
    margins = (
        ("top", CALLOUT_PADDING_Y), ("left", CALLOUT_PADDING_X + CALLOUT_BAR / 2), ("bottom", CALLOUT_PADDING_Y),
        ("right", CALLOUT_PADDING_X),
    )  # fmt: skip
    sides = "".join(attributes(side, {"w": twips(size), "type": "dxa"}) for side, size in margins)
    fill = shading(writing.theme.colours["wash"])
    return f"<w:tcBorders>{bar}</w:tcBorders>{fill}<w:tcMar>{sides}</w:tcMar>"


_RULE = 0.75
_RULE_ROOM = 4.0  # between the line to sign on and the words below it
_ABREAST = 2


def write_signatures(writing: Writing, node: SignatureBlock, spot: Spot) -> str:
    """Return the lines to sign: rows of two, kept together."""
    if not node.signers:
        return ""
    above = write_spacer(writing, 0.0) if writing.breaks else ""
    half = (spot.width - SIGNATURE_GAP) / _ABREAST
    widths = (half, SIGNATURE_GAP, half)
    pairs = [node.signers[at : at + _ABREAST] for at in range(0, len(node.signers), _ABREAST)]
    last = len(pairs) - 1
    rows = (_write_pair(writing, pair, widths, keep=index < last) for index, pair in enumerate(pairs))
    below = spot.end if spot.end is not None else space_after(node, writing.theme)
    return above + write_layout_table(spot.indent, widths, *rows) + write_spacer(writing, below)


def _write_pair(writing: Writing, pair: tuple[Signer, ...], widths: tuple[float, ...], keep: bool) -> tuple[str, ...]:
    spot = Spot(width=widths[0], keep=keep)
    empty = write_paragraph(writing, "signature", "", spot)
    words = [_write_signer(writing, signer, spot) for signer in pair] + [empty]
    contents = (words[0], empty, words[1])
    return tuple(write_layout_cell(width, content) for width, content in zip(widths, contents, strict=True))


def _write_signer(writing: Writing, signer: Signer, spot: Spot) -> str:
    """Return the line to sign on as the first paragraph's upper border, the room to sign as space before it."""
    colour = writing.theme.colours["text"]
    line = {
        "pBdr": f"<w:pBdr>{border('top', _RULE, colour, _RULE_ROOM)}</w:pBdr>",
        "spacing": write_spacing(before=SIGNING_ROOM),
    }
    role = write_paragraph(writing, "signature", write_text(signer.role, Look(colour=colour)), spot, line)
    lines = [
        write_paragraph(writing, "signature", write_text(text), spot) for text in (signer.name, signer.note) if text
    ]
    return role + "".join(lines)


_GALLERY = (
    '<w:sdtPr><w:docPartObj><w:docPartGallery w:val="Table of Contents"/><w:docPartUnique/></w:docPartObj></w:sdtPr>'
)
_DEEPEST = 3  # the deepest level that the theme has a style for
_LOOK = Look(linked=True, marks=False)


def write_toc(writing: Writing, node: Toc, spot: Spot) -> str:
    """Return the contents list as a field whose result is written out, with page numbers where they are known."""
    title = replace(spot, tight=False, end=None)
    heading = write_paragraph(writing, "toc-heading", write_text(node.title), title) if node.title else ""
    switches = " \\n" if writing.pages is None else ""
    opening = open_field(f'TOC \\o "1-{max(1, min(node.depth, 9))}" \\h \\z \\u{switches}')
    last = len(node.entries) - 1
    entries = "".join(
        _write_entry(writing, entry, replace(title, parted=False), opening if index == 0 else "", last=index == last)
        for index, entry in enumerate(node.entries)
    )
    end = spot.end if spot.end is not None else space_after(node, writing.theme)
    # The field ends in the spacer: in the last entry, Word would swallow that entry's paragraph when it updates.
    closing = write_spacer(writing, end).replace("</w:p>", f"{'' if entries else opening}{close_field()}</w:p>")
    return f"<w:sdt>{_GALLERY}<w:sdtContent>{heading}{entries}{closing}</w:sdtContent></w:sdt>"


def _write_entry(writing: Writing, entry: TocEntry, spot: Spot, opening: str, last: bool) -> str:
    target = writing.targets.get(entry.target)
    number = write_text(entry.number) + write_run("<w:tab/>") if entry.number else ""
    words = number + write_inlines(writing, entry.children, _LOOK)
    page = (writing.pages or {}).get(entry.target)
    if target and page is not None:
        words += write_run("<w:tab/>") + write_field(f"PAGEREF {target.bookmark} \\h", str(page))
    linked = f'<w:hyperlink w:anchor="{target.bookmark}" w:history="1">{words}</w:hyperlink>' if target else words
    level = min(max(entry.level, 1), _DEEPEST)
    properties = _entry_properties(level, bool(entry.number), spot)
    if last:
        properties["spacing"] = write_spacing(after=0.0)
    return write_paragraph(writing, f"toc-{level}", opening + linked, replace(spot, tight=False), properties)


def _entry_properties(level: int, numbered: bool, spot: Spot) -> dict[str, str]:
    left = spot.indent + TOC_NUMBER * (level - 1)
    hanging = TOC_NUMBER if numbered else 0.0
    stops = f'<w:tab w:val="left" w:pos="{twips(left + hanging)}"/>' if numbered else ""
    right = f'<w:tab w:val="right" w:pos="{twips(spot.indent + spot.width)}"/>'
    return {"tabs": f"<w:tabs>{stops}{right}</w:tabs>", "ind": write_indent(left + hanging, hanging)}
