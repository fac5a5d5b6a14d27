"""Take the bytes of an XML part that anybody may have made; see that it can be parsed without harm; give its tree.

XML may name its own encoding, and with it hide what a look at its bytes would find: so only UTF-8 and UTF-16 are read.
Expat, which takes its time in proportion to the text, counts what is there before lxml makes a tree of it.
"""

from __future__ import annotations

import re
from codecs import BOM_UTF8, BOM_UTF16_BE, BOM_UTF16_LE
from typing import Any
from xml.parsers import expat

DEEPEST = 200
MOST_ELEMENTS = 500_000
_MOST_ATTRIBUTES = 500
_DECLARATION = re.compile(r"\A\s*<\?xml\s[^<>]{0,200}?\?>")
_ENCODING = re.compile(r"""encoding\s*=\s*["']\s*([\w.:-]+)""")
_KNOWN = frozenset(("utf-8", "utf8", "us-ascii", "ascii", "utf-16", "utf16"))
_STARTS = (
    (BOM_UTF8, "utf-8-sig"),
    (BOM_UTF16_LE, "utf-16"),
    (BOM_UTF16_BE, "utf-16"),
    (b"<\0", "utf-16-le"),
    (b"\0<", "utf-16-be"),
)


DECLARES, ENCODED, HUGE, BROKEN = "declares", "encoded", "huge", "broken"


class Unfit(Exception):
    """Raised where XML is not parsed; `why` is DECLARES, ENCODED, HUGE or BROKEN."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


def read_xml(data: bytes, *, most: int = MOST_ELEMENTS, sheets: bool = True) -> Any:
    """Return the root of an XML text; Unfit where it declares a document type, is too large, or no well-formed XML.

    `most` is how many elements it may have; without `sheets`, an instruction that names a style sheet makes it unfit.
    """
    from lxml import etree  # only where there is such a file

    text = _decode(data)
    _count(text, most, sheets=sheets)
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False, load_dtd=False)
    try:
        return etree.fromstring(text.encode(), parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise Unfit(BROKEN) from error


def _decode(data: bytes) -> str:
    """Return the text without its declaration, which speaks of bytes."""
    encoding = next((encoding for start, encoding in _STARTS if data.startswith(start)), "utf-8")
    try:
        text = data.decode(encoding).removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        raise Unfit(ENCODED) from error
    declared = _DECLARATION.match(text)
    if declared is None:
        return text
    named = _ENCODING.search(declared[0])
    if named and named[1].lower() not in _KNOWN:
        raise Unfit(ENCODED)
    return text[declared.end() :]


def _count(text: str, most: int, *, sheets: bool) -> None:
    """Look through the text once; Unfit at the first thing that it may not hold."""
    parser = expat.ParserCreate("utf-8")
    elements = depth = 0

    def start(name: str, attributes: list[str]) -> None:
        nonlocal elements, depth
        elements, depth = elements + 1, depth + 1
        if elements > most or depth > DEEPEST or len(attributes) > 2 * _MOST_ATTRIBUTES:
            raise Unfit(HUGE)

    def end(name: str) -> None:
        nonlocal depth
        depth -= 1

    def refuse(*_: Any) -> None:
        raise Unfit(DECLARES)

    def refuse_sheet(target: str, _: str) -> None:
        if target == "xml-stylesheet":  # others speak to the program that made the file, and fetch nothing
            raise Unfit(DECLARES)

    parser.ordered_attributes = True
    parser.StartElementHandler, parser.EndElementHandler = start, end
    parser.StartDoctypeDeclHandler = refuse
    if not sheets:
        parser.ProcessingInstructionHandler = refuse_sheet
    try:
        parser.Parse(text.encode(), True)
    except expat.ExpatError as error:
        raise Unfit(BROKEN) from error
