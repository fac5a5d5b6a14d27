"""Take manifests; make the index page; check its links, words and structure as a browser would."""

from __future__ import annotations

from html.parser import HTMLParser
from urllib.parse import unquote

from build_sample import PATHS, make_files, make_sample
from msgspec.structs import replace

from pipeline.archive.index import make_index
from pipeline.archive.manifest import Manifest
from pipeline.archive.save import save_build
from pipeline.problems import Place, Problem

VOID = {"meta", "col", "br"}


class Page(HTMLParser):
    """What a page holds: its tags with attributes, its links, its text."""

    def __init__(self, data: bytes) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.text = ""
        self.feed(data.decode())

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.text += data if self.open[-1:] != ["style"] else ""

    @property
    def links(self) -> list[str]:
        return [unquote(attributes["href"] or "") for tag, attributes in self.tags if tag == "a"]

    @property
    def words(self) -> str:
        return " ".join(self.text.split())


def test_every_file_is_linked_and_every_link_is_a_file(tmp_path):
    paths = (*PATHS, "atlas/Größe & 50 % #1.pdf")
    files = make_files(paths=paths)
    save_build(tmp_path, files, make_sample(files), whole=True)
    links = Page((tmp_path / "index.html").read_bytes()).links
    assert sorted(links) == sorted(paths)
    assert all((tmp_path / link).is_file() for link in links)


def test_page_says_what_and_when_in_words():
    words = Page(make_index(make_sample(make_files(size=100)))).words
    for expected in (
        "City Registry",
        "3 documents of 2 projects",
        "3f2a91c",
        "30 September 2026",
        "Progress report September 2026",
        "28 Sep 2026",
        "Word of Project charter",
        "Current 4 pages PDF",
        "Current",
        "Executing",
    ):
        assert expected in words.replace("\N{NO-BREAK SPACE}", " ")


def test_page_is_well_formed_and_escapes_what_it_shows():
    data = make_index(make_sample(make_files()))
    page = Page(data)
    assert page.open == []
    assert "Records <management> & archive" in page.words
    assert b"<management>" not in data


def test_page_needs_nothing_from_elsewhere():
    page = Page(make_index(make_sample(make_files())))
    names = {tag for tag, _ in page.tags}
    assert not names & {"script", "link", "img", "iframe"}
    assert not any("://" in value for _, attributes in page.tags for value in attributes.values() if value)
    assert page.tags[0] == ("html", {"lang": "en"})


def test_table_has_header_cells_for_columns_and_rows():
    page = Page(make_index(make_sample(make_files())))
    scopes = [attributes.get("scope") for tag, attributes in page.tags if tag == "th"]
    assert scopes.count("row") == 3
    assert set(scopes) == {"row", "col"}


def test_draft_and_older_documents_say_so_in_shape_and_word():
    manifest = make_sample(make_files(), dirty=True)
    older = replace(manifest.files[-1], draft=False, built="b" * 40)
    words = Page(make_index(replace(manifest, files=(*manifest.files[:-1], older)))).words
    assert "■ Draft." in words
    assert "■Draft" in words
    assert "○Older build" in words


def test_problems_of_the_build_are_listed():
    problem = Problem("DB321", "a remote <image> is shown as its text", Place("atlas/a.md", 3), severity="warning")
    words = Page(make_index(make_sample(make_files()), [problem])).words
    assert "A remote <image> is shown as its text DB321 in atlas/a.md:3" in words


def test_documents_of_the_team_stand_below_those_of_the_method():
    files = make_files(paths=("atlas/documents/agenda.pdf", "atlas/charter.pdf"))
    manifest = make_sample(files)
    assert Page(make_index(manifest)).links == ["atlas/charter.pdf", "atlas/documents/agenda.pdf"]


def test_page_of_nothing_is_a_page():
    assert "Nothing has been built here yet." in Page(make_index(Manifest("Deedbox", ""))).words


def test_reports_stand_newest_first_below_the_standing_documents():
    paths = ("atlas/progress-report-2026-08.pdf", "atlas/progress-report-2026-10.pdf", "atlas/charter.pdf")
    files = make_files(paths=paths)
    manifest = make_sample(files)
    entries = tuple(
        replace(entry, document="progress-report", period=entry.path[-11:-4]) if "2026" in entry.path else entry
        for entry in manifest.files
    )
    assert Page(make_index(replace(manifest, files=entries))).links == [paths[2], paths[1], paths[0]]
