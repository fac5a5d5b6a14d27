"""A document comes in; its HTML is laid out on pages, footnotes with their calls; a laid out document goes out.

WeasyPrint's own style sheet knows all of HTML, forms and right-to-left pages. Its rules for pseudo-elements match every
element, so that six more styles are made for each; without what we never write, a page's styles take half the time.

What we write is well-formed, so the XML parser of the standard library, written in C, reads it: the engine's own parser
would spend a tenth of a document's time on guessing what no text of ours leaves open.

The letters are drawn as outlines: as text they would turn up, one by one, in what a reader copies or searches.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields, replace
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree

from pipeline.document.theme import Theme
from pipeline.document.tree import Asset, Document, Furniture
from pipeline.problems import Problem
from pipeline.write.fonts import prepare_fonts
from pipeline.write.html.body import Body, content_name, make_body, make_head
from pipeline.write.html.context import length
from pipeline.write.html.css import make_css, make_furniture_css, make_print_css
from pipeline.write.pdf.engine import load_engine
from pipeline.write.pdf.glyphs import STAND_IN, missing_characters, report_characters

if TYPE_CHECKING:
    from weasyprint.urls import URLFetcher


BASE = "https://repo.invalid/"


def picture_urls(assets: Mapping[str, Asset]) -> dict[str, str]:
    """Return a URL for each asset, made from its content: bytes of a PDF never depend on a path."""
    return {name: f"{BASE}{content_name(asset.data)}" for name, asset in assets.items()}


def make_fetcher(assets: Iterable[Asset], problems: list[Problem]) -> URLFetcher:
    """Return a fetcher that knows the assets and nothing else; each refusal becomes a problem."""
    from weasyprint.urls import URLFetcher, URLFetcherResponse

    known = {f"{BASE}{content_name(asset.data)}": asset for asset in assets}

    class AssetFetcher(URLFetcher):  # type: ignore[misc]
        """Answers from memory; opens neither files nor connections."""

        def fetch(self, url: str, headers: Any = None) -> Any:
            asset = known.get(url)
            if asset is None:
                problems.append(_refusal(url))
                raise ValueError("not an asset of the document")
            return URLFetcherResponse(url, asset.data, {"Content-Type": asset.media_type})

    return AssetFetcher(allowed_protocols=frozenset(), allow_redirects=False)


def _refusal(url: str) -> Problem:
    shown = url if len(url) <= 80 else f"{url[:77]}..."
    hint = "put what it shows into the picture itself"
    return Problem("DB402", f"a picture asks for `{shown}`, which a document may not fetch", hint=hint)


# Only what the theme's style sheets leave open. Taken from the rendering section of the HTML standard.
BASE_CSS = """\
head,meta,title{display:none}
html,body,main,section,nav,aside,div,figure,figcaption,h1,h2,h3,h4,h5,h6,p,pre,blockquote,ul,ol,dl,dt,dd,hr{display:block}
li{display:list-item}
table{display:table;box-sizing:border-box;text-indent:initial}
caption{display:table-caption}
colgroup{display:table-column-group}
col{display:table-column}
thead{display:table-header-group}
tbody{display:table-row-group}
tr{display:table-row}
td,th{display:table-cell}
em{font-style:italic}
strong{font-weight:bold}
br::before{content:"\\A";white-space:pre-line}
img{overflow:hidden}
ol,ul{counter-reset:list-item}
ol{list-style-type:decimal}
li::marker{font-variant-numeric:tabular-nums;white-space:pre;text-transform:none}
h1{bookmark-level:1}
h2{bookmark-level:2}
h3{bookmark-level:3}
h4{bookmark-level:4}
h5{bookmark-level:5}
h6{bookmark-level:6}
"""


_DOCTYPE = "<!DOCTYPE html>"
# No value of an attribute holds a `>`: all are escaped.
_VOID = re.compile(r"<((?:br|col|hr|img|meta)\b[^>]*)>")


def read_page(html: str) -> Any:
    """Return the root element of a document; what HTML closes by itself is closed first."""
    return ElementTree.fromstring(_VOID.sub(r"<\1/>", html.removeprefix(_DOCTYPE)))


def make_page(root: Any, fetcher: URLFetcher) -> Any:
    """Return a document that the engine can lay out, under our base style sheet instead of the engine's."""
    return _page_class()(root, fetcher)


@lru_cache(maxsize=4)
def parse_css(text: str) -> Any:
    """Return a style sheet that asks for nothing, parsed once a process for a theme."""
    return load_engine().CSS(string=text, url_fetcher=make_fetcher((), []))


def read_base() -> Any:
    """Return our base style sheet, the engine loaded for it."""
    return parse_css(BASE_CSS)


@cache
def _page_class() -> Any:
    from cssselect2 import ElementWrapper  # type: ignore[import-untyped]

    class Page(load_engine().HTML):  # type: ignore[misc]
        """A document of the engine made from elements instead of text."""

        def __init__(self, root: Any, fetcher: URLFetcher) -> None:
            self.base_url, self.url_fetcher, self.media_type = BASE, fetcher, "print"
            self.wrapper_element = ElementWrapper.from_html_root(root, content_language=None)
            self.etree_element = self.wrapper_element.etree_element

        def _ua_stylesheets(self, forms: bool = False) -> list[Any]:
            return [read_base()]

    return Page


_SIDE = 460.0
_HIGHEST = 110.0


@lru_cache(maxsize=4)
def draw_watermark(word: str, colour: str) -> Asset:
    """Return a square picture with the word from corner to corner."""
    outline, width, em = _outline(word)
    size = min(_HIGHEST, _SIDE * em / max(width, 1.0))
    scale, middle = size / em, _SIDE / 2
    place = f"rotate(-45 {middle} {middle}) translate({middle - width * scale / 2:.3f} {middle + size / 3:.3f})"
    picture = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{_SIDE}pt" height="{_SIDE}pt" viewBox="0 0 {_SIDE} {_SIDE}">'
        f'<path transform="{place} scale({scale:.6f} {-scale:.6f})" fill="{colour}" fill-opacity="0.4" '
        f'd="{outline}"/></svg>'
    )
    return Asset(picture.encode("utf-8"), "image/svg+xml")


def watermark_css(url: str) -> str:
    """Return the rule that puts the picture behind the text of every page."""
    return f'@page{{background:url("{url}") center no-repeat;background-size:{length(_SIDE)} {length(_SIDE)}}}\n'


def _outline(word: str) -> tuple[str, float, float]:
    """Return a line of text as an SVG path, its width, and the size of the em, in units of the font."""
    from fontTools.pens.svgPathPen import SVGPathPen
    from fontTools.pens.transformPen import TransformPen
    from fontTools.ttLib import TTFont

    with TTFont(prepare_fonts() / "faces" / "Arimo-Bold.ttf", lazy=True) as font:
        names, glyphs, width = font.getBestCmap(), font.getGlyphSet(), 0.0
        path = SVGPathPen(glyphs)
        for char in word:
            glyph = glyphs[names.get(ord(char), ".notdef")]
            glyph.draw(TransformPen(path, (1, 0, 0, 1, width, 0)))
            width += glyph.width
        return path.getCommands(), width, float(font["head"].unitsPerEm)


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
