"""Take a document with a chart; write it again, now knowing the pictures; check bytes and what was loaded."""

from __future__ import annotations

import pickle
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

from chart_rows import make
from pool_tasks import make_letter

from pipeline.document.theme import Theme
from pipeline.document.tree import Document, Figure, Paragraph, Section, Text
from pipeline.write import write_document
from pipeline.write.drawings import find_drawings, pack_document

ROOT = Path(__file__).parents[2]
FORMATS = ("docx", "html")


def make_charted(words: str) -> Document:
    chart = Figure(asset="", alt="Bars", width=300.0, height=150.0, chart=make("bars").spec)
    return replace(make_letter("p/charted"), sections=(Section((Paragraph((Text(words),)), chart)),))


def test_known_pictures_are_not_drawn_again_and_change_no_byte(theme: Theme, tmp_path: Path) -> None:
    first = write_document(make_charted("One."), theme, FORMATS)
    assert len(first.drawn) == 2  # the SVG of the chart, and its PNG for Word
    other = make_charted("Other words.")
    packed = pack_document(other)
    known = find_drawings(
        packed.charts, packed.pngs, lambda keys: {key: first.drawn[key] for key in keys if key in first.drawn}
    )
    assert known == first.drawn
    (tmp_path / "step").write_bytes(pickle.dumps((other, theme, FORMATS, known)))
    script = (
        "import pickle, sys; from pathlib import Path; from pipeline.write import write_document\n"
        "made = write_document(*pickle.loads(Path(sys.argv[1]).read_bytes()))\n"
        "assert not made.drawn and 'vl_convert' not in sys.modules\n"
        "Path(sys.argv[1]).write_bytes(pickle.dumps(made.files))"
    )
    subprocess.run([sys.executable, "-c", script, str(tmp_path / "step")], cwd=ROOT, check=True)
    assert pickle.loads((tmp_path / "step").read_bytes()) == write_document(other, theme, FORMATS).files


def test_picture_of_which_something_has_to_be_said_is_drawn_each_time(theme: Theme) -> None:
    charted = make_charted("One.")
    strange = make("bars").spec.replace('"mark"', '"title":"\\ue123","mark"', 1)
    assert strange != make("bars").spec
    paragraph, chart = charted.sections[0].blocks
    document = replace(charted, sections=(Section((paragraph, replace(chart, chart=strange))),))
    made = [write_document(document, theme, ("html",), drawn) for drawn in ({}, {})]
    assert [[problem.code for problem in one.problems] for one in made] == [["DB404"], ["DB404"]]
    assert [one.drawn for one in made] == [{}, {}]
