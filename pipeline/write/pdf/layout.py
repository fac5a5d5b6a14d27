"""Take a document and a theme; make its HTML and lay it out on pages; give the pages and where each heading stands."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import Any

from pipeline.document.theme import Theme
from pipeline.document.tree import Document, Furniture
from pipeline.problems import Problem
from pipeline.write.html.body import Body, make_body, make_head
from pipeline.write.html.css import make_css, make_furniture_css, make_print_css
from pipeline.write.pdf.engine import load_engine
from pipeline.write.pdf.fetcher import make_fetcher, picture_urls
from pipeline.write.pdf.glyphs import STAND_IN, missing_characters, report_characters
from pipeline.write.pdf.page import make_page, parse_css, read_page
from pipeline.write.pdf.watermark import draw_watermark, watermark_css

_DPI = (
    200  # what a picture keeps, an inch; WeasyPrint wants to know when it reads the pictures, not when it writes them
)


@dataclass(frozen=True, slots=True)
class Source:
    """What the layout engine is given: a page, the style sheet of the theme, that of the document, and who fetches."""

    html: str
    shared_css: str
    own_css: str
    fetcher: Any


def lay_out(document: Document, theme: Theme, problems: list[Problem]) -> Any:
    """Return the laid out document (WeasyPrint's, with its `pages`), adding to `problems` what went wrong."""
    engine = load_engine()
    source = write_source(document, theme, problems)
    root = read_page(source.html)
    _move_notes(root)
    sheets = [parse_css(source.shared_css), engine.CSS(string=source.own_css, url_fetcher=source.fetcher)]
    return make_page(root, source.fetcher).render(stylesheets=sheets, presentational_hints=False, dpi=_DPI)


def write_source(document: Document, theme: Theme, problems: list[Problem]) -> Source:
    """Return the document as HTML and CSS for paper; its footnotes stand at its end still."""
    body, furniture = _make_drawable(document, theme, problems)
    marks = {"draft": draw_watermark(furniture.draft, theme.colours["line"])} if furniture.draft else {}
    fetcher = make_fetcher((*document.assets.values(), *marks.values()), problems)
    behind = "".join(watermark_css(url) for url in picture_urls(marks).values())
    own = make_furniture_css(furniture, theme) + behind + body.css
    return Source(_write_page(document, body), make_css(theme) + make_print_css(theme), own, fetcher)


def heading_pages(laid: Any) -> dict[str, int]:
    """Return the page, from 1, on which each heading with an id begins."""
    pages: dict[str, int] = {}
    for number, page in enumerate(laid.pages, start=1):
        for box in page._page_box.descendants():
            element = box.element
            if element is not None and element.get("data-outline") and element.get("id"):
                pages.setdefault(element.get("id"), number)
    return pages


def _write_page(document: Document, body: Body) -> str:
    head = make_head(document.properties)
    return f"{head}</head>\n<body>\n<main>\n{body.html}</main>\n</body>\n</html>\n"


def _make_drawable(document: Document, theme: Theme, problems: list[Problem]) -> tuple[Body, Furniture]:
    """Return the body and the furniture, with a stand-in for each character that no font can show."""
    pictures = picture_urls(document.assets)
    body = make_body(document, theme, pictures)
    furniture = document.furniture
    words = [getattr(furniture, part.name) for part in fields(furniture)]
    missing = missing_characters("".join((body.html, *words)))
    if not missing:
        return body, furniture
    problems.extend(report_characters(missing, document, theme))
    stand_ins = dict.fromkeys(map(ord, missing), STAND_IN)
    drawable = {part.name: word.translate(stand_ins) for part, word in zip(fields(furniture), words, strict=True)}
    return make_body(document, theme, pictures, stand_ins), replace(furniture, **drawable)


def _move_notes(root: Any) -> None:
    """Move each footnote behind its first call, from where CSS floats it to the foot of the page."""
    parents = {child: parent for parent in root.iter() for child in parent}
    notes = {note.get("id"): note for note in root.iter("div") if note.get("class") == "note"}
    for link in list(root.iter("a")):
        if not (link.get("id") or "").startswith("call-"):
            continue
        note, call = notes[link.get("href", "")[1:]], parents[link]
        _drop_breaks(note)
        parents[note].remove(note)
        note.tail, call.tail = call.tail, None
        place = parents[call]
        place.insert(list(place).index(call) + 1, note)


def _drop_breaks(note: Any) -> None:
    """Take away the line breaks between elements: WeasyPrint would make each a line of the footnote."""
    for element in note.iter():
        if element.text and not element.text.strip():
            element.text = element.text.replace("\n", "")
        if element.tail and not element.tail.strip():
            element.tail = element.tail.replace("\n", "")
