"""Take corporate Word files, sound ones and ones seeded with something bad; look at them; see what is refused."""

from __future__ import annotations

from datetime import UTC, datetime
from io import BytesIO
from zipfile import ZIP_STORED, ZipFile

import pytest
from office_files import MAIN, body, furniture, pack, relations, types

from pipeline.document.theme import Page
from pipeline.problems import Place, Problem
from pipeline.render import office
from pipeline.render.office import CORPORATE_PATHS, Corporate, check_corporate, load_corporate
from pipeline.render.theme_file import load_theme
from pipeline.sources.snapshot import Snapshot

PATH, TEMPLATE = CORPORATE_PATHS
NOON = datetime(2026, 9, 30, 12, tzinfo=UTC)
MACRO = MAIN.replace("document.main", "document.macroEnabled.main").replace(
    "openxmlformats-officedocument.", "ms-word."
)
POINTER = b"version https://git-lfs.github.com/spec/v1\noid sha256:" + b"a" * 64 + b"\nsize 12345\n"
LAUGHS = '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]>'


@pytest.fixture(scope="module")
def page() -> Page:
    return load_theme().page


def field(code: str) -> str:
    return f'<w:fldChar w:fldCharType="begin"/><w:instrText>{code}</w:instrText><w:fldChar w:fldCharType="end"/>'


def around_field(before: str, inner: str, after: str) -> str:
    """Return a field whose code holds another field."""
    first, last = (f"<w:instrText>{code}</w:instrText>" for code in (before, after))
    return f'<w:fldChar w:fldCharType="begin"/>{first}{inner}{last}<w:fldChar w:fldCharType="end"/>'


def encrypt(data: bytes) -> bytes:
    """Return an archive whose entries say that they are encrypted."""
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = data.find(mark)
        while at >= 0:
            data = data[: at + offset] + b"\x01" + data[at + offset + 1 :]
            at = data.find(mark, at + 4)
    return data


def twice() -> bytes:
    """Return an archive with two parts of one name."""
    target = BytesIO(pack())
    with ZipFile(target, "a") as archive, pytest.warns(UserWarning, match="Duplicate"):
        archive.writestr("word/styles.xml", "<other/>")
    return target.getvalue()


def many(count: int) -> bytes:
    target = BytesIO(pack())
    with ZipFile(target, "a", ZIP_STORED) as archive:
        for number in range(count):
            archive.writestr(f"word/media/{number}.png", b"")
    return target.getvalue()


OUTSIDE = {
    "attachedTemplate": ("attachedTemplate", "https://example.org/evil.dotm", True),
    "image": ("image", "https://example.org/pixel.png", True),
    "frame": ("frame", "https://example.org/a.htm", True),
    "hyperlink": ("hyperlink", "file:///etc/passwd", True),
}
REFUSED: dict[str, tuple[bytes, str, str]] = {
    "a text": (b"Dear Sir or Madam", "DB314", "no Word file"),
    "cut off": (pack()[:-200], "DB314", "no Word file"),
    "with a wrong sum": (pack()[:60] + b"?" + pack()[61:], "DB314", "no Word file"),
    "a pointer of Git LFS": (POINTER, "DB314", "Git LFS"),
    "encrypted by Word": (office._OLE + b"\0" * 600, "DB314", "encrypted"),
    "an encrypted archive": (encrypt(pack()), "DB314", "encrypted"),
    "with a part twice": (twice(), "DB314", "same name"),
    "with a name that leads elsewhere": (pack(**{"word/../../x.xml": "<x/>"}), "DB314", "leads elsewhere"),
    "Strict Open XML": (
        pack(document=body(namespace="http://purl.oclc.org/ooxml/wordprocessingml/main")),
        "DB314",
        "Word",
    ),
    "a workbook": (pack(document="<workbook/>"), "DB314", "no Word document"),
    "without a main part": (pack(document=None), "DB314", "no Word document"),
    "with broken XML": (pack(styles="<w:styles>"), "DB314", "damaged"),
    "without room for text": (pack(document=body('<w:pgMar w:left="6000" w:right="5000"/>')), "DB314", "no room"),
    "larger than it may be": (pack(**{"word/media/a.bin": b""}) + b"\0" * 20_000_001, "DB315", "larger"),
    "a bomb of one part": (pack(**{"word/media/a.png": b"\0" * 3_000_000}), "DB315", "unpacks"),
    "a bomb of many parts": (many(1001), "DB315", "unpacks"),
    "with macros": (pack(**{"word/vbaProject.bin": b"\0"}), "DB316", "vbaProject.bin"),
    "macro-enabled": (pack(types=types(MACRO)), "DB316", "macros"),
    "with a macro by relationship": (
        pack(document_relations=relations(("vbaProject", "a.bin", False))),
        "DB316",
        "vba",
    ),
    "with an embedded object": (pack(**{"word/embeddings/sheet.xlsx": b"PK"}), "DB316", "embeddings"),
    "with a linked object": (
        pack(document_relations=relations(("oleObject", "file:///C:/a.xls", True))),
        "DB316",
        "oleObject",
    ),
    "with a control": (pack(document_relations=relations(("control", "c.xml", False))), "DB316", "control"),
    "with another file inside": (pack(document_relations=relations(("aFChunk", "a.html", False))), "DB316", "aFChunk"),
    "with a linked VML picture": (
        pack(header=furniture("hdr", '<v:imagedata src="//example.org/a.png"/>')),
        "DB317",
        "hea",
    ),
    "with a field that fetches": (pack(header=furniture("hdr", field("INCLUDEPICTURE x"))), "DB317", "INCLUDEPICTURE"),
    "with a word of a field split": (
        pack(footer=furniture("ftr", "<w:instrText> DDE</w:instrText><w:instrText>AUTO c:\\x </w:instrText>")),
        "DB317",
        "DDEAUTO",
    ),
    "with a field that another field names": (
        pack(header=furniture("hdr", around_field(" ", field("DOCPROPERTY Title"), " x"))),
        "DB317",
        "made by another field",
    ),
    "with a word of a field that another field ends": (
        pack(header=furniture("hdr", around_field("D", field('QUOTE "DE"'), "x"))),
        "DB317",
        "made by another field",
    ),
    "with entities": (pack(styles=f"{LAUGHS}<x>&b;</x>"), "DB318", "document type"),
    "with entities in UTF-16": (pack(styles=f"{LAUGHS}<x>&b;</x>".encode("utf-16")), "DB318", "document type"),
    **{
        f"with an external {kind}": (pack(settings_relations=relations(given)), "DB317", kind)
        for kind, given in OUTSIDE.items()
    },
}


@pytest.mark.parametrize(("data", "code", "words"), REFUSED.values(), ids=REFUSED)
def test_a_file_is_refused(data: bytes, code: str, words: str, page: Page) -> None:
    found = check_corporate(data, PATH, page)
    assert found.data == b""
    assert {problem.code for problem in found.problems} == {code}
    first = found.problems[0]
    assert words in first.message
    assert first.place == Place(PATH)
    assert first.severity == "error"
    assert first.hint


def test_a_sound_file_is_taken_as_it_is(page: Page) -> None:
    data = pack(
        document_relations=relations(("hyperlink", "https://example.org", True), ("styles", "styles.xml", False))
    )
    assert check_corporate(data, PATH, page) == Corporate(data, page)


def test_a_template_is_taken_too(page: Page) -> None:
    data = pack(types=types(MAIN.replace("document.main", "template.main")))
    assert check_corporate(data, TEMPLATE, page).data == data


def test_page_and_margins_are_the_files(page: Page) -> None:
    margins = 'w:top="1440" w:right="1000" w:bottom="-1200" w:left="1100" w:header="500" w:footer="600" w:gutter="100"'
    section = f'<w:pgSz w:w="15840" w:h="12240" w:orient="landscape"/><w:pgMar {margins}/>'
    found = check_corporate(pack(document=body(section)), PATH, page)
    assert found.problems == ()
    assert found.page == Page(612.0, 792.0, top=72.0, right=50.0, bottom=60.0, left=60.0, header=25.0, footer=30.0)


def test_what_the_file_does_not_say_is_the_themes(page: Page) -> None:
    found = check_corporate(pack(document=body('<w:pgMar w:top="2000" w:left="wide"/>')), PATH, page)
    assert found.page is not None
    assert (found.page.top, found.page.left, found.page.width) == (100.0, page.left, page.width)


def test_a_footer_without_the_sensitivity_is_a_warning(page: Page) -> None:
    without = check_corporate(pack(footer=furniture("ftr", "<w:t>Page</w:t>")), PATH, page)
    assert [(problem.code, problem.severity) for problem in without.problems] == [("DB319", "warning")]
    assert without.data
    shown = pack(footer=furniture("ftr", field("DOCPROPERTY Sensitivity")))
    assert check_corporate(shown, PATH, page).problems == ()


def test_a_field_may_hold_others_where_its_own_name_stands_first(page: Page) -> None:
    asked = around_field(" IF ", field("DOCPROPERTY Sensitivity"), ' = "x" "y"')
    shown = f"{asked}{around_field('= ', field('PAGE'), ' - 1')}{field('')}"
    assert check_corporate(pack(footer=furniture("ftr", shown)), PATH, page).problems == ()


def test_both_files_at_once_are_a_problem(page: Page) -> None:
    found = load_corporate(Snapshot.of({PATH: pack(), TEMPLATE: pack()}, NOON), page)
    assert [(problem.code, problem.place.file) for problem in found.problems] == [("DB313", TEMPLATE)]
    assert found.data == b""


def test_a_file_that_the_snapshot_left_out_is_a_problem(page: Page) -> None:
    left_out = Problem("DB112", "is kept in Git LFS", Place(PATH), severity="warning")
    found = load_corporate(Snapshot.of({}, NOON, problems=(left_out,)), page)
    assert [(problem.code, problem.severity, problem.place.file) for problem in found.problems] == [
        ("DB313", "error", PATH)
    ]


def test_without_a_file_nothing_is_said(page: Page) -> None:
    assert load_corporate(Snapshot.of({"theme/theme.yaml": "colours: {}"}, NOON), page) == Corporate()
