"""Take good files of ours; damage them in one way each; check that the quick checks say so, and say nothing before."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from io import BytesIO
from zipfile import ZipFile

import pytest
from writers_tables import para, words

from pipeline.document.theme import Theme
from pipeline.document.tree import (
    Document,
    Furniture,
    Heading,
    Link,
    Paragraph,
    Properties,
    Ref,
    Section,
    Toc,
    TocEntry,
)
from pipeline.write import check_file, is_fault, write_document
from pipeline.write.pdf.faults import find_faults_in
from pipeline.write.pdf.objects import read_objects

Change = Callable[[bytes], bytes]


@pytest.fixture(scope="module")
def files(theme: Theme) -> dict[str, bytes]:
    """Return a document with a contents list, a reference and a link, in both formats."""
    heading = Heading(1, words("One"), "one", "1")
    link = Paragraph((Link("https://example.org/", words("out")), Ref("one", "Section 1")))
    toc = Toc("Contents", 1, (TocEntry(1, "1", words("One"), "one"),))
    document = Document("p/d", Properties("T"), Furniture(), (Section((toc, heading, link, para("Text"))),))
    written = write_document(document, theme, ("docx", "pdf"))
    assert written.problems == ()
    return dict(written.files)


def change_part(data: bytes, name: str, change: Change) -> bytes:
    target = BytesIO()
    with ZipFile(BytesIO(data)) as old, ZipFile(target, "w") as new:
        for part in old.namelist():
            content = old.read(part)
            changed = change(content) if part == name else content
            assert part != name or changed != content
            new.writestr(part, changed)
    return target.getvalue()


def swap(old: bytes, new: bytes, count: int = 1) -> Change:
    return lambda content: content.replace(old, new, count)


UNTYPED = rb'<Default Extension="xml"[^>]*/>|<Override PartName="/word/styles.xml"[^>]*/>'
BODY, TYPES, RELS = "word/document.xml", "[Content_Types].xml", "word/_rels/document.xml.rels"


@pytest.mark.parametrize(
    ("part", "change", "words_of_fault"),
    [
        (BODY, swap(b'w:fldCharType="end"', b'w:fldCharType="begin"'), "field that is not closed"),
        (BODY, swap(b"Text", b"Te\x01xt"), "is no XML"),
        (BODY, lambda xml: re.sub(rb'<w:bookmarkEnd [^>]*/>', b"", xml, count=1), "only one end"),
        (BODY, lambda xml: re.sub(rb'(<w:bookmarkStart [^>]*/>)', rb"\1\1", xml, count=1), "two bookmarks share"),
        (BODY, lambda xml: re.sub(rb'(<w:hyperlink [^>]*r:id=")[^"]*', rb"\1rId99", xml, count=1), "rId99"),
        (RELS, swap(b'Target="styles.xml"', b'Target="looks.xml"'), "word/looks.xml, which is not there"),
        (TYPES, lambda xml: re.sub(UNTYPED, b"", xml), "no content type"),
    ],
)  # fmt: skip
def test_a_damaged_word_file_is_found_out(
    part: str, change: Change, words_of_fault: str, files: dict[str, bytes]
) -> None:
    problems = check_file("p/d", "docx", change_part(files["docx"], part, change))
    assert any(words_of_fault in problem.message for problem in problems), problems
    assert all(is_fault(problem) and problem.code == "DB441" for problem in problems)


def test_two_pictures_of_one_number_are_found_out(sample_document: Document, theme: Theme) -> None:
    data = write_document(sample_document, theme, ("docx",)).files["docx"]
    assert check_file("p/d", "docx", data) == ()
    same = change_part(data, BODY, lambda xml: re.sub(rb'(<wp:docPr [^>]*id=")\d+', rb"\g<1>1", xml))
    assert any("two pictures share" in problem.message for problem in check_file("p/d", "docx", same))


@pytest.mark.parametrize(
    ("change", "words_of_fault"),
    [
        (swap(b"/Marked true", b"/Marked fals"), "tagged"),
        (swap(b"/Lang (en)", b"/Land (en)"), "language"),
        (swap(b"/DisplayDocTitle true", b"/DisplayDocTitle fals"), "title"),
        (swap(b"/OutputIntents", b"/OutputIntentz"), "output intent"),
        (swap(b"/StructTreeRoot", b"/StructTreeRood"), "no tags"),
        (swap(b"/AFRelationship", b"/AFRelationshiq"), "attached file"),
        (swap(b"/AF [", b"/AG ["), "attached files are not listed"),
        (swap(b"/Count 1", b"/Count 0"), "no pages"),
    ],
)
def test_a_pdf_that_lacks_something_is_found_out(change: Change, words_of_fault: str, files: dict[str, bytes]) -> None:
    objects = read_objects(files["pdf"])
    changed = {number: change(content) for number, content in objects.packed.items()}
    assert changed != objects.packed
    faults = list(find_faults_in(replace(objects, packed=changed)))
    assert len(faults) >= 1
    assert any(words_of_fault in fault for fault in faults), faults


@pytest.mark.parametrize(
    "change",
    [
        lambda data: data[:-200],
        lambda data: data[200:],
        lambda data: b"",
        lambda data: data.replace(b" 0 obj", b"x0 obj"),
    ],
)
def test_a_pdf_that_does_not_open_is_found_out(change: Change, files: dict[str, bytes]) -> None:
    assert [problem.code for problem in check_file("p/d", "pdf", change(files["pdf"]))] == ["DB442"]


def test_our_reader_finds_every_object_that_the_file_has(files: dict[str, bytes]) -> None:
    import pikepdf

    objects = read_objects(files["pdf"])
    with pikepdf.open(BytesIO(files["pdf"])) as file:
        assert str(file.Root.Lang) == "en"
        assert {number for number in range(1, len(file.objects)) if objects.read(number)} >= {file.Root.objgen[0]}


def test_other_formats_and_good_files_have_no_faults(files: dict[str, bytes]) -> None:
    assert check_file("p/d", "html", b"anything") == ()
    assert [problem for format in files for problem in check_file("p/d", format, files[format])] == []
