"""Take the contents list and page numbers; write Word's field with its result, so that nothing asks for an update."""

from __future__ import annotations

from dataclasses import replace

from pipeline.document.tree import Toc, TocEntry
from pipeline.write.docx.context import Look, Spot
from pipeline.write.docx.fields import close_field, open_field, write_field
from pipeline.write.docx.inlines import write_inlines
from pipeline.write.docx.paragraphs import write_indent, write_paragraph, write_spacer, write_spacing
from pipeline.write.docx.runs import write_run, write_text
from pipeline.write.docx.writing import Writing
from pipeline.write.docx.xml import twips
from pipeline.write.spacing import TOC_NUMBER, space_after

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
