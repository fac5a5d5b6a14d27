"""Take documents with charts; draw and write them; check pictures, files, attachments and that no machine shows."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import replace
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pytest
from chart_rows import SAMPLES, THEME, cells_of, make
from lxml import etree
from pypdf import PdfReader

from pipeline.document.tree import Blocks, Document, Figure, Furniture, Heading, Properties, Ref, Table, Text
from pipeline.document.walk import walk
from pipeline.render.assemble.annex import make_annex
from pipeline.render.assemble.resolve import resolve
from pipeline.render.charts.canvas import Chart
from pipeline.render.page import Page
from pipeline.render.words import Words
from pipeline.sources.snapshot import Door, Snapshot
from pipeline.write import Written, write_document
from pipeline.write.charts import draw_charts, draw_spec

ROOT = Path(__file__).parents[2]
A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
WP = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}"


def figure_of(chart: Chart, *, caption: str = "", annex: bool = True, id: str = "") -> Figure:
    shown = (Text(caption or chart.finding),)
    size = {"width": chart.width, "height": chart.height}
    return Figure("", chart.alt, shown, id=id, **size, chart=chart.spec, data=chart.data, annex=annex)


def document_of(*blocks: object) -> Document:
    """Return a document of blocks, resolved as any other."""
    page = Page(Door(Snapshot({}, "", None)))  # type: ignore[arg-type]
    raw: Blocks = (Heading(1, (Text("Charts"),)), *blocks)  # type: ignore[arg-type]
    sections, notes = resolve(raw, page, Words("en"), THEME)
    assert page.problems == []
    return Document("p/charts", Properties("Charts"), Furniture(), sections, notes)


def figures_in(document: Document) -> list[Figure]:
    return [node for node in walk(document.sections) if isinstance(node, Figure)]


@pytest.fixture(scope="module")
def all_charts() -> Document:
    """Return a document with every chart of the house, the data of the first in the annex."""
    return document_of(*(figure_of(make(name), annex=name == "gantt", id=f"fig-{name}") for name in SAMPLES))


@pytest.fixture(scope="module")
def written(all_charts: Document) -> Written:
    return write_document(all_charts, THEME, ("pdf", "docx", "html"))


def test_each_chart_is_drawn_as_a_picture_of_its_size(all_charts: Document) -> None:
    drawn, problems = draw_charts(all_charts)
    assert problems == ()
    for before, after in zip(figures_in(all_charts), figures_in(drawn), strict=True):
        asset = drawn.assets[after.asset]
        assert after == replace(before, asset=after.asset)
        assert (asset.media_type, asset.width) == ("image/svg+xml", 482)
        assert asset.height == pytest.approx(before.height, abs=0.1)
    assert len(drawn.assets) == len(SAMPLES)


def test_a_document_without_charts_stays_the_same_object() -> None:
    document = document_of(Figure("a.png", "A picture", width=10, height=5))
    assert draw_charts(document)[0] is document


def test_the_picture_has_text_in_both_faces_ids_of_its_own_and_no_labels_of_the_engine() -> None:
    svg = draw_spec(make("s_curve").spec).svg
    assert 'font-family="Arial, Arimo, sans-serif"' in svg
    assert ">Planned value 780</text>" in svg
    assert "aria-label=" not in svg
    assert not any(word in svg for word in ("<script", "<image", "href=", "<style"))
    x = '"x":{"field":"a","type":"quantitative"}'
    own = f'{{"data":{{"values":[{{"a":1}}]}},"mark":{{"clip":true,"type":"bar"}},"encoding":{{{x}}}}}'
    clipped = draw_spec(own).svg
    assert 'id="c1"' in clipped
    assert "url(#c1)" in clipped
    assert "clip1" not in clipped


@pytest.mark.parametrize(("zone", "locale"), [("Pacific/Auckland", "C"), ("America/New_York", "de_DE.UTF-8")])
def test_a_chart_has_the_same_bytes_in_every_process_time_zone_and_locale(zone: str, locale: str) -> None:
    here = "".join(sha256(draw_spec(make(name).spec).svg.encode()).hexdigest() for name in ("gantt", "s_curve", "line"))
    # Drawn the other way round, so that the engine's counters stand elsewhere.
    there = (
        "import sys; sys.path.insert(0, 'tests/worlds')\n"
        "from hashlib import sha256\n"
        "from pipeline.write.charts import draw_spec\n"
        "from chart_rows import make\n"
        "made = {name: draw_spec(make(name).spec).svg for name in ('line', 's_curve', 'gantt')}\n"
        "print(''.join(sha256(made[name].encode()).hexdigest() for name in ('gantt', 's_curve', 'line')), end='')\n"
    )
    environment = os.environ | {"TZ": zone, "LANG": locale, "LC_ALL": locale, "PYTHONHASHSEED": "7"}
    made = subprocess.run(
        [sys.executable, "-c", there], cwd=ROOT, env=environment, capture_output=True, text=True, check=True
    )
    assert made.stdout == here


def test_drawing_leaves_the_time_zone_of_the_process_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TZ", "Asia/Tokyo")
    draw_spec(make("bars").spec)
    assert os.environ["TZ"] == "Asia/Tokyo"


def test_a_spec_that_cannot_be_drawn_is_a_problem_of_the_document() -> None:
    chart = replace(make("bars"), spec='{"data":{"values":[{"a":1}]},"mark":"nonsense"}')
    document, problems = draw_charts(document_of(figure_of(chart)))
    assert [(problem.code, problem.severity) for problem in problems] == [("DB422", "error")]
    assert figures_in(document)[0].asset == ""


def test_nothing_is_fetched_while_a_chart_is_drawn() -> None:
    drawn = draw_spec('{"data":{"url":"https://repo.invalid/a.csv"},"mark":"bar"}')
    assert "not allowed" in drawn.fault


def test_letters_that_no_font_has_are_replaced_and_reported() -> None:
    chart = make("bars")
    document, problems = draw_charts(
        document_of(figure_of(replace(chart, spec=chart.spec.replace("Open", "Op\U0001f680n"))))
    )
    assert [(problem.code, problem.severity) for problem in problems] == [("DB404", "warning")]
    svg = next(iter(document.assets.values())).data.decode()
    assert "Op\ufffdn" in svg
    assert "\U0001f680" not in svg


def test_the_pdf_has_the_words_of_the_charts_as_text_in_an_embedded_font(written: Written) -> None:
    reader = PdfReader(BytesIO(written.files["pdf"]))
    text = "\n".join(page.extract_text() for page in reader.pages)
    for words in ("Planned value 780", "Stairs", "Mast stands", "thousand EUR", "P80: 25 Jan 2027", "R-07", "Sep"):
        assert words in text
    fonts = {
        str(font["/BaseFont"]).partition("+")[2]
        for page in reader.pages
        for form in page["/Resources"].get("/XObject", {}).values()
        for font in form.get("/Resources", {}).get("/Font", {}).values()
    }
    assert all(font.startswith("Arimo") for font in fonts)


def test_word_gets_each_chart_as_svg_with_a_png_behind_and_its_alternative_text(
    written: Written, all_charts: Document
) -> None:
    with ZipFile(BytesIO(written.files["docx"])) as archive:
        names = archive.namelist()
        body = etree.fromstring(archive.read("word/document.xml"))
    assert len([name for name in names if name.endswith(".svg")]) == len(SAMPLES)
    assert len([name for name in names if name.endswith(".png")]) == len(SAMPLES)
    assert len(list(body.iter(f"{A}blip"))) == len(SAMPLES)
    said = [drawing.get("descr") for drawing in body.iter(f"{WP}docPr")]
    assert said == [figure.alt for figure in figures_in(all_charts)]
    assert all(alt for alt in said)


def test_html_shows_each_chart_within_itself(written: Written, all_charts: Document) -> None:
    html = written.files["html"].decode()
    assert html.count("data:image/svg+xml") == len(SAMPLES)
    assert figures_in(all_charts)[3].alt.replace("'", "&#x27;") in html


def test_nothing_is_wrong_with_the_files(written: Written) -> None:
    assert [str(problem) for problem in written.problems] == []


def test_the_pdf_carries_the_data_of_each_chart_once(written: Written) -> None:
    attached = PdfReader(BytesIO(written.files["pdf"])).attachments
    tables = sorted(name for name in attached if name.endswith(".csv"))
    assert len(tables) == len(SAMPLES)
    assert "table-01-data-of-figure-1.csv" in tables
    curve = next(name for name in tables if name.startswith("figure-03-earned-value"))
    lines = attached[curve][0].decode("utf-8-sig").splitlines()
    assert lines[0] == "Day,Planned value,Earned value,Actual cost,Forecast"
    assert lines[3] == '30 Sep 2026,"438,000","412,000","450,000.00",–'


def test_the_annex_has_the_data_of_those_charts_that_want_it_and_the_figure_says_where(all_charts: Document) -> None:
    tables = [node for node in walk(all_charts.sections) if isinstance(node, Table)]
    assert [(table.id, table.number) for table in tables] == [("fig-gantt-data", 1)]
    assert tables[0].caption == (Text("Data of "), Ref("fig-gantt", "Figure 1"))
    assert cells_of(tables[0])[1:] == cells_of(make("gantt").data)[1:]
    first, second = figures_in(all_charts)[:2]
    assert first.alt == f"{make('gantt').alt} Its data are in Table 1."
    assert second.alt == make("milestone_trend").alt


def test_a_document_whose_charts_keep_their_data_to_themselves_has_no_annex() -> None:
    plain = document_of(figure_of(make("bars"), annex=False))
    assert make_annex(plain.sections[0].blocks, Words("en")) == ()
    assert [node for node in walk(plain.sections) if isinstance(node, Table)] == []
