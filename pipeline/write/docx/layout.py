"""Take widths and cells that no data table has; write them as a table without rules or paddings; give XML."""

from __future__ import annotations

from pipeline.write.docx.xml import attributes, twips

_NO_MARGINS = "".join(attributes(side, {"w": 0, "type": "dxa"}) for side in ("top", "left", "bottom", "right"))
_LOOK = attributes(
    "tblLook",
    {"val": "0600", "firstRow": 0, "lastRow": 0, "firstColumn": 0, "lastColumn": 0, "noHBand": 1, "noVBand": 1},
)


def write_layout_table(indent: float, widths: tuple[float, ...], *rows: tuple[str, ...]) -> str:
    """Return a table of fixed widths in points; each row is a tuple of its cells and stays on one page."""
    total = {"w": sum(map(twips, widths)), "type": "dxa"}
    properties = (
        f"{attributes('tblW', total)}{attributes('tblInd', {'w': twips(indent), 'type': 'dxa'})}"
        f'<w:tblLayout w:type="fixed"/><w:tblCellMar>{_NO_MARGINS}</w:tblCellMar>{_LOOK}'
    )
    grid = "".join(attributes("gridCol", {"w": twips(width)}) for width in widths)
    content = "".join(f"<w:tr><w:trPr><w:cantSplit/></w:trPr>{''.join(row)}</w:tr>" for row in rows)
    return f"<w:tbl><w:tblPr>{properties}</w:tblPr><w:tblGrid>{grid}</w:tblGrid>{content}</w:tbl>"


def write_layout_cell(width: float, content: str, look: str = "") -> str:
    """Return a cell; `look` is what stands after its width in the cell's properties."""
    return f"<w:tc><w:tcPr>{attributes('tcW', {'w': twips(width), 'type': 'dxa'})}{look}</w:tcPr>{content}</w:tc>"
