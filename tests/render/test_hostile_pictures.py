"""Take pictures and corporate files that hide what they hold, or that grow when they are drawn; see them refused."""

from __future__ import annotations

from base64 import b64encode
from struct import pack as pack_bytes

import pytest
from office_files import WORD, body, pack
from render_work import PNG, codes, make_page

from pipeline.document.theme import Page as Sheet
from pipeline.problems import Place
from pipeline.render.assets import read_asset
from pipeline.render.office import check_corporate

SVG = "http://www.w3.org/2000/svg"
OPEN = f'<svg xmlns="{SVG}" xmlns:xlink="http://www.w3.org/1999/xlink" width="10" height="10">'
LAUGHS = "".join(f'<g id="g{n}"><use href="#g{n + 1}"/><use href="#g{n + 1}"/></g>' for n in range(40))
PATTERNS = "".join(
    f'<pattern id="p{n}"><rect fill="url(#p{n + 1})"/><rect fill="url( \'#p{n + 1}\' )"/></pattern>' for n in range(40)
)
HUGE_PNG = b64encode(PNG[:16] + pack_bytes(">II", 60_000, 60_000) + PNG[24:]).decode()


def _svg(inner: str) -> bytes:
    return f"{OPEN}{inner}</svg>".encode()


PICTURES: dict[str, tuple[bytes, str]] = {
    "UTF-7": (b'<?xml version="1.0" encoding="UTF-7"?>' + _svg("+ADw-script/+AD4-"), "DB333"),
    "EBCDIC": (b'<?xml version="1.0" encoding="cp037"?><svg/>' + OPEN.encode("cp037"), "DB333"),
    "UTF-16, which nobody draws": (f'<?xml version="1.0" encoding="UTF-16"?>{OPEN}</svg>'.encode("utf-16"), "DB333"),
    "a document type in UTF-16": (f'<!DOCTYPE svg [<!ENTITY a "b">]>{OPEN}</svg>'.encode("utf-16"), "DB333"),
    "a style sheet": (b'<?xml-stylesheet href="http://example.org/a.css"?>' + _svg(""), "DB333"),
    "an address in entities": (_svg('<image href="&#104;ttp://example.org/a.png"/>'), "DB333"),
    "an escaped fetch": (_svg('<rect style="fill:u\\72l(http://example.org/a)"/>'), "DB333"),
    "a fetch with a comment": (_svg("<style>@im/**/port 'http://example.org'</style>"), "DB333"),
    "a script of another prefix": (_svg(f'<x:script xmlns:x="{SVG}"/>'), "DB333"),
    "a handler of another case": (_svg('<rect onLoad="x()"/>'), "DB333"),
    "an animated link": (_svg('<a><set attributeName="xlink:href" to="javascript:x()"/></a>'), "DB333"),
    "a base": (f'<svg xmlns="{SVG}" xml:base="http://example.org/" width="1" height="1"/>'.encode(), "DB333"),
    "an SVG within": (_svg('<image href="data:image/svg+xml;base64,PHN2Zy8+"/>'), "DB333"),
    "a huge picture within": (_svg(f'<image href="data:image/png;base64,{HUGE_PNG}"/>'), "DB333"),
    "laughs": (_svg(LAUGHS), "DB334"),
    "patterns within patterns": (_svg(PATTERNS), "DB334"),
    "itself": (_svg('<g id="a"><use xlink:href="#a"/></g>'), "DB334"),
    "deep groups": (_svg("<g>" * 5_000 + "</g>" * 5_000), "DB334"),
    "many elements": (_svg("<g/>" * 200_001), "DB334"),
    "many attributes": (_svg("<g " + " ".join(f'a{n}=""' for n in range(200_000)) + "/>"), "DB334"),
    "openings without end": (b"<svg " * 80_000, "DB333"),
    "one long name": (b"<svg " + b"a" * 400_000 + b">", "DB333"),
    "too many pixels": (PNG[:16] + pack_bytes(">II", 60_000, 60_000) + PNG[24:], "DB334"),
    "a JPEG of markers": (b"\xff\xd8" + b"\xff\xe0\x00\x02" * 400_000, "DB333"),
}


@pytest.mark.parametrize("name", PICTURES)
def test_a_picture_that_hides_or_grows_is_refused_by_its_content(name: str) -> None:
    data, code = PICTURES[name]
    page = make_page({"atlas/images/a.png": data})
    assert read_asset("atlas/images/a.png", page, Place("x.md", 3)) is None
    assert codes(page.problems) == [code]
    assert page.problems[0].place == Place("x.md", 3)
    assert len(str(page.problems[0])) < 300


FINE = {
    "a source kept": f'{OPEN}<?plantuml 1.2024.3?><?plantuml-src abc?><?xpacket begin=""?></svg>'.encode(),
    "a picture within": _svg(f'<image href="data:image/png;base64,{b64encode(PNG).decode()}"/>'),
    "marks and patterns": _svg(
        '<pattern id="p"><g/></pattern><rect fill="url(#p)" transform="scale(2)"/><use href="#p"/>'
    ),
    "a title": _svg("<title>Sent by mail (on = off), see url of the image (left)</title>"),
}


@pytest.mark.parametrize("name", FINE)
def test_an_honest_picture_is_shown(name: str) -> None:
    page = make_page({"atlas/images/a.svg": FINE[name]})
    assert read_asset("atlas/images/a.svg", page, Place("x.md", 3))
    assert page.problems == []


ATTRIBUTES = " ".join(f'w:a{n}="1"' for n in range(200_000))
CORPORATE: dict[str, tuple[dict[str, str | bytes | None], str]] = {
    "no content types": ({"[Content_Types].xml": None}, "DB314"),
    "no relationships": ({"_rels/.rels": None}, "DB314"),
    "UTF-7": ({"word/styles.xml": b'<?xml version="1.0" encoding="UTF-7"?>+ADwAIQ-DOCTYPE x+AD4-<x/>'}, "DB318"),
    "another encoding": ({"word/styles.xml": '<?xml version="1.0" encoding="cp037"?><x/>'}, "DB318"),
    "UTF-16 with a document type": ({"word/styles.xml": "<!DOCTYPE x><x/>".encode("utf-16")}, "DB318"),
    "a document type in a part of another name": ({"word/styles.bin": "<!DOCTYPE x><x/>"}, "DB318"),
    "many attributes": ({"word/document.xml": body(f"<w:pgSz {ATTRIBUTES}/>")}, "DB315"),
    "deep elements": ({"word/document.xml": body("<w:a>" * 5_000 + "</w:a>" * 5_000)}, "DB315"),
    "many elements": (
        {"word/styles.xml": f'<w:styles xmlns:w="{WORD}">' + "<w:a/>" * 500_001 + "</w:styles>"},
        "DB315",
    ),
}


@pytest.mark.parametrize("name", CORPORATE)
def test_a_corporate_file_that_hides_or_grows_is_refused(name: str) -> None:
    parts, code = CORPORATE[name]
    sheet = Sheet(595, 842, 72, 72, 72, 72, 36, 36)
    found = check_corporate(pack(**parts), "theme/corporate.docx", sheet)
    assert found.data == b""
    assert {problem.code for problem in found.problems} == {code}
    assert {problem.place.file for problem in found.problems} == {"theme/corporate.docx"}
