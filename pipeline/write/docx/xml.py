"""Names, values and text come in; elements of WordprocessingML, their measures and languages go out as text."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from re import compile as pattern

NAMESPACES = {
    "w": "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
    "r": "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
    "wp": "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing",
    "a": "http://schemas.openxmlformats.org/drawingml/2006/main",
    "pic": "http://schemas.openxmlformats.org/drawingml/2006/picture",
    "v": "urn:schemas-microsoft-com:vml",
    "o": "urn:schemas-microsoft-com:office:office",
}
DECLARED = " ".join(f'xmlns:{prefix}="{uri}"' for prefix, uri in NAMESPACES.items())

# What XML forbids, and the controls that it only advises against: no reader shows them.
_ILLEGAL = pattern("[^\t\n\r\u0020-\u007e\u00a0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
# The schema's order of the children that we write: Word calls a file damaged that has them otherwise.
_PARAGRAPH = (
    "pStyle keepNext keepLines pageBreakBefore widowControl numPr pBdr shd tabs suppressAutoHyphens spacing ind jc "
    "outlineLvl sectPr"
)
_RUN = "rStyle rFonts b bCs i iCs caps strike noProof color spacing sz szCs vertAlign lang"
_TABLE = "tblStyle tblW tblInd tblLayout tblLook tblCaption tblDescription"
_CELL = "tcW gridSpan vMerge tcBorders shd tcMar vAlign"
_NAMES = {"pPr": _PARAGRAPH.split(), "rPr": _RUN.split(), "tblPr": _TABLE.split(), "tcPr": _CELL.split()}
_ORDER = {name: {child: place for place, child in enumerate(children)} for name, children in _NAMES.items()}


def clean(text: str) -> str:
    """Return the text without control characters and what else XML forbids, its line ends as newlines."""
    if text.isprintable():  # as nearly every text is: nothing to look for
        return text
    return _ILLEGAL.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def escape(text: str) -> str:
    """Return the text ready to stand between tags."""
    return clean(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def escape_attribute(text: str) -> str:
    """Return the text ready to stand in a double-quoted attribute, on one line."""
    return escape(text).replace('"', "&quot;").replace("\n", " ").replace("\t", " ")


def twips(points: float) -> int:
    """Return points as twentieths of a point."""
    return round(points * 20)


def eighths(points: float) -> int:
    """Return points as eighths, in which borders are measured; at least a quarter point, at most twelve points."""
    return min(96, max(2, round(points * 8)))


def emu(points: float) -> int:
    """Return points as English Metric Units, in which drawings are measured; at least one point."""
    return max(12700, round(points * 12700))


def hex_colour(colour: str) -> str:
    """Return #rrggbb as Word writes it."""
    return colour.lstrip("#").upper()


@lru_cache(maxsize=1024)
def val(name: str, value: object) -> str:
    """Return an element that has one value."""
    return f'<w:{name} w:val="{_spell(value)}"/>'


def attributes(name: str, values: Mapping[str, object]) -> str:
    """Return an empty element with attributes of the main namespace, in the order given."""
    written = [f' w:{key}="{_spell(value)}"' for key, value in values.items()]
    return f"<w:{name}{''.join(written)}/>"


@lru_cache(maxsize=1024)
def measure(name: str, points: float) -> str:
    """Return an element that is a width in twentieths of a point."""
    return attributes(name, {"w": twips(points), "type": "dxa"})


def _spell(value: object) -> str:
    return str(value) if isinstance(value, int) else escape_attribute(str(value))


def write_properties(name: str, properties: Mapping[str, str]) -> str:
    """Return a property element with its children in schema order, or nothing where there are none.

    `properties` maps the local name of each child to its XML; a name that the order does not know is our bug.
    """
    if not properties:
        return ""
    children = "".join([properties[key] for key in sorted(properties, key=_ORDER[name].__getitem__)])
    return f"<w:{name}>{children}</w:{name}>"


def shading(colour: str) -> str:
    """Return a plain fill in a colour given as #rrggbb."""
    return f'<w:shd w:val="clear" w:color="auto" w:fill="{hex_colour(colour)}"/>'


@lru_cache(maxsize=256)
def border(side: str, width: float, colour: str, space: float = 0.0) -> str:
    """Return one side of a border, `width` and `space` in points; a width of 0 means no line."""
    if not width:
        return f'<w:{side} w:val="nil"/>'
    values = {"val": "single", "sz": eighths(width), "space": round(space), "color": hex_colour(colour)}
    return attributes(side, values)


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


_REGIONS = {
    "cs": "CZ", "da": "DK", "de": "DE", "el": "GR", "en": "GB", "es": "ES", "et": "EE", "fi": "FI", "fr": "FR",
    "ga": "IE", "hr": "HR", "hu": "HU", "it": "IT", "lt": "LT", "lv": "LV", "nl": "NL", "no": "NO", "pl": "PL",
    "pt": "PT", "ro": "RO", "sk": "SK", "sl": "SI", "sv": "SE",
}  # fmt: skip


def full_language(language: str) -> str:
    """Return `en-GB` for `en`; a tag with a region or of an unknown language stays as it is."""
    tag = language.replace("_", "-") or "en"
    return f"{tag}-{_REGIONS[tag]}" if tag in _REGIONS else tag
