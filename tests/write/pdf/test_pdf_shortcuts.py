"""Take documents; lay them out the long way and the short way; check that no byte differs and that less is done."""

from __future__ import annotations

import subprocess
import sys
from io import BytesIO
from pathlib import Path
from xml.etree import ElementTree

import pytest
import tinyhtml5
from PIL import Image
from pypdf import PdfReader

from pipeline.document.theme import Theme
from pipeline.document.tree import Asset, Document, Figure, Furniture, Properties, Section
from pipeline.write.html.body import make_head
from pipeline.write.pdf import Pdf, layout, standards, write_pdf
from pipeline.write.pdf.engine import load_engine
from pipeline.write.pdf.layout import write_source
from pipeline.write.pdf.patches import take_shortcuts

TESTS = Path(__file__).parents[1]
LONG_WAY = """
import sys
from hashlib import sha256
from pipeline.write.pdf import engine
engine.take_shortcuts = lambda: None
import conftest, yaml
from writers_sample import make_sample
from pipeline.write.pdf import write_pdf
theme = conftest.make_theme(yaml.safe_load(conftest.THEME.read_text(encoding="utf-8")))
print(sha256(write_pdf(make_sample(theme.page, conftest.make_assets()), theme).data).hexdigest())
"""


def test_the_steps_of_weasyprint_that_are_shortened_are_known() -> None:
    assert take_shortcuts()


def test_shortcuts_change_no_byte(sample_pdf: Pdf) -> None:
    from hashlib import sha256

    words = [
        sys.executable,
        "-c",
        f"import sys; sys.path[:0] = [{str(TESTS)!r}, {str(TESTS.parents[1])!r}]\n{LONG_WAY}",
    ]
    done = subprocess.run(words, capture_output=True, check=True, encoding="utf-8")
    assert done.stdout.strip() == sha256(sample_pdf.data).hexdigest()


def test_settled_objects_change_no_byte(
    sample_document: Document, theme: Theme, sample_pdf: Pdf, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pipeline.write.pdf.standards.settle", lambda pdf: None)
    assert write_pdf(sample_document, theme).data == sample_pdf.data


def test_our_base_style_sheet_looks_as_the_engines_own(
    sample_document: Document, theme: Theme, sample_pdf: Pdf, monkeypatch: pytest.MonkeyPatch
) -> None:
    html = load_engine().HTML(string="<p>")
    monkeypatch.setattr(layout, "read_base", lambda: html._ua_stylesheets()[0])
    assert write_pdf(sample_document, theme).data == sample_pdf.data


def test_what_is_read_as_xml_is_what_a_parser_of_html_reads(sample_document: Document, theme: Theme) -> None:
    html = write_source(sample_document, theme, []).html
    known = tinyhtml5.parse(html, namespace_html_elements=False)
    assert describe(layout.read_page(html)) == describe(known)


def describe(element: ElementTree.Element) -> object:
    """Return an element as what counts: white space between blocks and around the head does not."""
    text, tail = (part if part and part.strip() else "" for part in (element.text, element.tail))
    return element.tag, dict(element.attrib), text, tail, [describe(child) for child in element]


def test_every_element_that_is_left_open_in_html_is_closed() -> None:
    head = make_head(Properties("A & B", author='Ann "A." <Owner>'))
    root = layout.read_page(f'{head}</head><body><p>a<br>b<img alt="a &gt; b" src="x"><hr></p></body></html>')
    assert [one.tag for one in root.iter()][-5:] == ["body", "p", "br", "img", "hr"]
    assert root.find(".//img").attrib == {"alt": "a > b", "src": "x"}  # type: ignore[union-attr]


def test_numbers_and_texts_are_settled_as_the_library_writes_them() -> None:
    from pydyf import Array, Dictionary, String

    things = [1, -2, 0.0, 2.0, 1.5, -0.25, 1e-7, 123456.123456789, "/Name", b"raw", True]
    thing = Dictionary({"A": Array([*things, String("(x) ü")]), "B": Dictionary({"C": 3})})
    assert standards._writer()(thing) == thing.data


def test_pictures_keep_two_hundred_dots_an_inch(theme: Theme) -> None:
    target = BytesIO()
    Image.effect_noise((1200, 900), 90).convert("RGB").save(target, "PNG")
    figure = Figure(asset="a.png", alt="Noise", width=144.0, height=108.0)
    asset = Asset(target.getvalue(), "image/png", 1200, 900)
    document = Document("p/d", Properties("T"), Furniture(), (Section((figure,)),), assets={"a.png": asset})
    first = PdfReader(BytesIO(write_pdf(document, theme).data)).pages[0]
    assert [image.image.size for image in first.images] == [(400, 300)]  # type: ignore[union-attr]
