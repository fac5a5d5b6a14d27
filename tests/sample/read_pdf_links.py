"""Take a PDF; find what its links cover and where they lead; give the words by target, and the words at each target."""

from __future__ import annotations

import subprocess
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from lxml import etree
from pypdf import PdfReader

from .read_pdf import unhyphen

_PAGE, _WORD = "{http://www.w3.org/1999/xhtml}page", "{http://www.w3.org/1999/xhtml}word"
_SLACK = 2.0  # points: letters may reach above the place that a target names
_BEYOND = 3000  # signs below a target among which its words must stand: a figure has its caption below its own words


@dataclass(frozen=True)
class Word:
    """One word of a page and its box, in points from the page's top left corner."""

    text: str
    left: float
    top: float
    right: float
    bottom: float


@dataclass(frozen=True)
class PdfLinks:
    """The words that links cover, by target (an address, or `#` and a name); the words at each name; the least size."""

    words: dict[str, str]
    landings: dict[str, str]
    smallest: float


def read_pdf_links(path: Path) -> PdfLinks:
    """Return the links of a PDF; a link over two lines is two areas, whose words are joined."""
    reader, pages = PdfReader(path), _read_words(path)
    words: dict[str, str] = defaultdict(str)
    sides = [100.0]
    for page, drawn in zip(reader.pages, pages, strict=True):
        for link in _links_of(page):
            left, low, right, high = (float(value) for value in link["/Rect"])
            sides += [abs(right - left), abs(high - low)]
            top, bottom = sorted(float(page.mediabox.height) - value for value in (low, high))
            words[_target_of(link)] += "".join(_covered(drawn, left, top, right, bottom))
    return PdfLinks({name: unhyphen(text) for name, text in words.items()}, _landings(reader, pages), min(sides))


def _links_of(page: Any) -> Iterator[Any]:
    notes = (note.get_object() for note in page.get("/Annots", ()))
    return (note for note in notes if note["/Subtype"] == "/Link")


def _target_of(link: Any) -> str:
    return f"#{link['/Dest']}" if "/Dest" in link else unquote(str(link["/A"]["/URI"]))


def _read_words(path: Path) -> list[list[Word]]:
    command = ["pdftotext", "-bbox", str(path), "-"]
    drawn = subprocess.run(command, capture_output=True, check=True).stdout
    root = etree.fromstring(drawn, etree.XMLParser(recover=True, huge_tree=True))
    return [[_word(node) for node in page.iter(_WORD)] for page in root.iter(_PAGE)]


def _word(node: etree._Element) -> Word:
    return Word(node.text or "", *(float(node.get(name)) for name in ("xMin", "yMin", "xMax", "yMax")))


def _covered(drawn: list[Word], left: float, top: float, right: float, bottom: float) -> Iterator[str]:
    for word in drawn:
        middle = (word.top + word.bottom) / 2
        if top <= middle <= bottom and word.left < right and word.right > left:
            yield word.text


def _landings(reader: PdfReader, pages: list[list[Word]]) -> dict[str, str]:
    """Return for each named place the words from there to the end of its page, cut off after a while."""
    landings = {}
    for name, place in reader.named_destinations.items():
        number = reader.get_destination_page_number(place)
        assert number is not None, f"the place {name} is on no page"
        top = float(reader.pages[number].mediabox.height) - float(place.top or 0)
        below = (word.text for word in pages[number] if word.top >= top - _SLACK)
        landings[f"#{name}"] = unhyphen("".join(below))[:_BEYOND]
    return landings
