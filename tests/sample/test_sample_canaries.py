"""Take the sample with a word of its own in every text; build it; check that no file says what no page of it shows."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator, Mapping
from dataclasses import fields
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pikepdf
import pytest
from golden.builds import render_all
from golden.print_pdf import read_pages
from golden.print_tree import print_tree
from golden.repositories import ADDRESS
from lxml import etree

from pipeline.document.formats import FORMATS
from pipeline.document.theme import Theme
from pipeline.document.tree import Document, Figure
from pipeline.document.walk import walk

from .canaries import WORD, Canaries, plant
from .read_tree import read_blocks, read_notes, read_tree
from .sample import SOME, SOURCE, Sample, make_once, run_deedbox

KEPT = "canaries.json"
pytestmark = pytest.mark.skipif(not shutil.which("pdftotext"), reason="poppler (pdftotext) is not installed")


@pytest.fixture(scope="module")
def planted(shared: Path) -> Sample:
    """Return the sample with a word in every text of its sources, some documents built in all formats."""
    return make_once(shared / "canaries", plant_and_build)


def plant_and_build(made: Sample) -> None:
    shutil.copytree(SOURCE, made.root, ignore=shutil.ignore_patterns("build", ".schemas"))
    canaries = plant(made.root)
    (made.root.parent / KEPT).write_text(json.dumps(canaries.places), encoding="utf-8")
    formats = [word for format in FORMATS for word in ("--to", format)]
    run_deedbox(made.root, "build", *SOME, *formats, "-o", str(made.output))


@pytest.fixture(scope="module")
def canaries(planted: Sample) -> Canaries:
    found = Canaries()
    found.places.update(json.loads((planted.root.parent / KEPT).read_text(encoding="utf-8")))
    return found


@pytest.fixture(scope="module")
def documents(planted: Sample) -> Mapping[str, Document]:
    rendered = {f"{one.job.project}/{one.job.name}": one.document for one in render_all(planted.root)}
    return {name: document for name, document in rendered.items() if document is not None and name in SOME}


@pytest.fixture(scope="module")
def told(planted: Sample) -> Mapping[str, Mapping[str, set[str]]]:
    """Return the words that each file holds anywhere, by format and document."""
    return {format: {name: READ[format](path) for name, path in planted.files(format).items()} for format in FORMATS}


def test_every_text_of_every_source_has_its_word(planted: Sample, canaries: Canaries) -> None:
    sources = {path.relative_to(planted.root).as_posix() for path in planted.root.rglob("*.yaml")}
    named = {place.removeprefix("comment ").partition(" ")[0] for place in canaries.places.values()}
    assert sources - named == {"theme/theme.yaml"}
    assert len(canaries.places) > 1500
    assert len(canaries.under("people.yaml people")) > 60


def test_no_file_holds_a_word_that_its_document_does_not(
    told: Mapping[str, Mapping[str, set[str]]], documents: Mapping[str, Document], canaries: Canaries
) -> None:
    for format in FORMATS:
        assert told[format].keys() == set(SOME) == documents.keys()
        for name, words in told[format].items():
            strange = words - _held(documents[name])
            assert {canaries.places[word] for word in strange} == set(), (format, name)


def _held(document: Document) -> set[str]:
    """Return the words of a document; the goldens' print of it has only digests of what its charts draw."""
    figures = [node for node in walk(document.sections) if isinstance(node, Figure)]
    drawn = "".join(f"{figure.chart} {figure.data}" for figure in figures)
    return set(WORD.findall(print_tree(document) + drawn))


def test_what_no_page_shows_is_the_author_or_the_organisation_in_the_properties(
    told: Mapping[str, Mapping[str, set[str]]], documents: Mapping[str, Document], theme: Theme, canaries: Canaries
) -> None:
    for format in FORMATS:
        for name, words in told[format].items():
            unseen = words - _shown(documents[name], theme) - _properties(documents[name])
            assert {canaries.places[word] for word in unseen} == set(), (format, name)


def test_most_of_what_the_sources_say_is_in_no_file(
    told: Mapping[str, Mapping[str, set[str]]], canaries: Canaries
) -> None:
    found = {word for format in FORMATS for words in told[format].values() for word in words}
    assert len(found) > 300 and len(canaries.places.keys() - found) > 300
    for prefix in ("comment", "hidden", "git"):
        assert {canaries.places[word] for word in found & canaries.under(prefix)} == set()
    private = {word for word in canaries.under("people.yaml") if canaries.places[word].endswith(("email", "phone"))}
    assert len(private) > 20 and private & found == set()


def test_manifest_and_index_hold_no_word_that_no_document_shows(
    planted: Sample, documents: Mapping[str, Document], canaries: Canaries
) -> None:
    shown = {word for document in documents.values() for word in WORD.findall(print_tree(document))}
    # The index lists the projects, and what is wrong with the sources, as the command line does.
    shown |= canaries.under("deedbox.yaml name") | canaries.under("beacon/project.yaml title")
    shown |= canaries.under("hidden lost link") | canaries.under("hidden local link")
    for file in ("manifest.json", "index.html"):
        words = set(WORD.findall((planted.output / file).read_text(encoding="utf-8")))
        assert {canaries.places[word] for word in words - shown} == set(), file


def test_no_file_holds_the_address_of_who_committed(planted: Sample) -> None:
    for format in FORMATS:
        for name, path in planted.files(format).items():
            assert ADDRESS not in " ".join(OPEN[format](path)), (format, name)


def test_a_word_that_is_hidden_in_a_file_is_found(planted: Sample, tmp_path: Path) -> None:
    hidden = [f"zq{number}qz" for number in range(9001, 9008)]
    made = tmp_path / "made.pdf"
    with pikepdf.open(planted.files("pdf")[SOME[0]]) as file:
        file.docinfo["/Own"] = f"Ελ {hidden[0]}"
        file.attachments["a.csv"] = f"a,{hidden[1]}".encode()
        file.Root.Names.Own = pikepdf.Array([pikepdf.Dictionary({f"/{hidden[2]}": pikepdf.String(hidden[3])})])
        with file.open_metadata() as metadata:
            metadata["dc:description"] = hidden[4]
        file.save(made)
    assert set(hidden[:5]) <= READ["pdf"](made)
    made = shutil.copyfile(planted.files("docx")[SOME[0]], tmp_path / "made.docx")
    with ZipFile(made, "a") as archive:
        archive.writestr("customXml/item1.xml", f"<a b='{hidden[5]}'><c>zq90</c><c>07qz</c></a>")
    assert set(hidden[5:]) <= READ["docx"](made)


def _shown(document: Document, theme: Theme) -> set[str]:
    """Return the words on the pages: text, notes, running header and footer, and what charts are drawn from."""
    charts = [node.data for node in walk(document.sections) if isinstance(node, Figure) and node.data]
    items = (*read_tree(document, theme), *read_notes(document, theme), *read_blocks(tuple(charts), theme))
    running = (str(getattr(document.furniture, field.name)) for field in fields(document.furniture))
    return set(WORD.findall(" ".join((*(item.text for item in items), *running))))


def _properties(document: Document) -> set[str]:
    """Return the words of the two properties that no page has to show: who answers for a file, and whose it is."""
    return set(WORD.findall(f"{document.properties.author} {document.properties.company}"))


def _open_docx(path: Path) -> Iterator[str]:
    with ZipFile(path) as archive:
        for name in archive.namelist():
            data = archive.read(name)
            yield f"{name} {data.decode('utf-8', 'replace')}"
            if name.endswith((".xml", ".rels")):
                # Runs part a text anywhere, so it is read once more without them.
                yield "".join(etree.fromstring(data).itertext())


def _open_pdf(path: Path) -> Iterator[str]:
    with pikepdf.open(path) as file:
        for thing in file.objects:
            yield from _texts(thing)
    yield from (" ".join(page.split()) for page in read_pages(path.read_bytes(), "-raw"))


def _texts(thing: Any) -> Iterator[str]:
    """Yield the strings, names and streams of an object; what it refers to comes by itself."""
    if isinstance(thing, pikepdf.Stream):
        yield from _bytes(thing)
    if isinstance(thing, pikepdf.Stream | pikepdf.Dictionary):
        yield from thing.keys()
        yield from _inside(value for _, value in thing.items())
    elif isinstance(thing, pikepdf.Array):
        yield from _inside(iter(thing))
    elif isinstance(thing, pikepdf.String | pikepdf.Name):
        yield str(thing)


def _inside(values: Iterator[Any]) -> Iterator[str]:
    for value in values:
        if isinstance(value, pikepdf.Object) and not value.is_indirect:
            yield from _texts(value)


def _bytes(stream: Any) -> Iterator[str]:
    try:
        data = stream.read_bytes()
    except pikepdf.PdfError:  # a picture of a kind that only a viewer can unpack
        data = stream.read_raw_bytes()
    yield from (data.decode(code, "replace") for code in ("latin-1", "utf-16-be"))


def _open_html(path: Path) -> Iterator[str]:
    yield path.read_text(encoding="utf-8")


def _words(parts: Iterator[str]) -> set[str]:
    return {word for part in parts for word in WORD.findall(part.lower())}


OPEN: Mapping[str, Callable[[Path], Iterator[str]]] = {"docx": _open_docx, "pdf": _open_pdf, "html": _open_html}
READ: Mapping[str, Callable[[Path], set[str]]] = {
    format: lambda path, read=read: _words(read(path)) for format, read in OPEN.items()
}
