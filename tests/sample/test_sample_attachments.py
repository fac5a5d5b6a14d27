"""Take the sample's PDFs, as it is and with `attach` set; take their files out with poppler; compare every byte."""

from __future__ import annotations

import csv
import re
import subprocess
from collections.abc import Callable, Iterator, Mapping
from html import unescape
from io import StringIO
from pathlib import Path

import pikepdf
import pytest
from golden.repositories import commit_all, run_git
from markdown_it import MarkdownIt
from mdit_py_plugins.deflist import deflist_plugin
from mdit_py_plugins.footnote import footnote_plugin

from pipeline.document.theme import Theme
from pipeline.document.tree import Document, Figure, Row, Table, content_of, open_cell
from pipeline.document.walk import walk
from pipeline.write.markdown import write_markdown
from pipeline.write.pdf.attachments import make_attachments

from .read_tree import read_blocks, read_tree, squeeze
from .sample import Sample, copy_repository, make_once, run_deedbox

READER = MarkdownIt("commonmark").enable(["table", "strikethrough"]).use(footnote_plugin).use(deflist_plugin)
SETTINGS = "deedbox.yaml"
CARRIERS = ("atlas/charter", "beacon/closure-report", "atlas/documents/migration-runbook")
SILENT = "atlas/stakeholder-matrix"
LATER = "2026-11-30T09:00:00+01:00"
LOGO = "theme/logo.svg"
DRAWING = '<svg xmlns="http://www.w3.org/2000/svg" width="80" height="20"><rect width="80" height="20"/></svg>\n'
Take = Callable[[Path], dict[str, bytes]]


@pytest.fixture
def take(tmp_path: Path, need: Callable[[str, str], str]) -> Take:
    """Return a function that gives the files that `pdfdetach` takes out of a PDF, by name."""
    pdfdetach = need("pdfdetach", "poppler-utils")

    def take_out(path: Path) -> dict[str, bytes]:
        folder = tmp_path / path.relative_to(path.parents[2]).as_posix().replace("/", "_")
        folder.mkdir(parents=True)
        subprocess.run(
            [pdfdetach, "-enc", "UTF-8", "-saveall", "-o", str(folder), str(path)], check=True, capture_output=True
        )
        return {file.name: file.read_bytes() for file in folder.iterdir()}

    return take_out


@pytest.fixture(scope="module")
def attaching(sample: Sample, shared: Path) -> Sample:
    """Return the sample with `attach` set, but for one document that refuses it; some documents built."""
    return make_once(shared / "attaching", lambda made: set_attach(sample, made))


def set_attach(sample: Sample, made: Sample) -> None:
    root = copy_repository(sample, made.root)
    with (root / SETTINGS).open("a", encoding="utf-8") as settings:
        settings.write("attach: [sources, docx]\n")
    matrix = root / f"{SILENT}.md"
    text = matrix.read_text(encoding="utf-8")
    assert text.startswith("---\n")
    matrix.write_text(text.replace("---\n", "---\nattach: []\n", 1), encoding="utf-8")
    (root / "theme").mkdir()
    (root / "theme" / "theme.yaml").write_text(f"logo: {LOGO}\n", encoding="utf-8")
    (root / LOGO).write_text(DRAWING, encoding="utf-8")
    commit_all(root, "Let PDFs carry their sources", LATER)
    run_deedbox(root, "build", *CARRIERS, SILENT, "-o", str(made.output))


def test_by_default_a_pdf_carries_its_text_and_its_tables_and_nothing_else(
    sample: Sample, trees: Mapping[str, Document], theme: Theme, take: Take
) -> None:
    tables = 0
    for name, path in sample.files("pdf").items():
        files = take(path)
        text = f"{name.rpartition('/')[2]}.md"
        assert all(file == text or file.endswith(".csv") for file in files), name
        assert files == {one.name: one.data for one in make_attachments(trees[name], theme)}, name
        assert files[text].decode() == write_markdown(trees[name], theme)
        assert _missed(files[text].decode(), trees[name], theme) == [], name
        for prefix, table in _numbered(trees[name]):
            (file,) = (file for file in files if file.startswith(prefix))
            # What looks like a formula, such as the trend `= 16`, has an apostrophe before it.
            rows = [[squeeze(cell).removeprefix("'") for cell in row] for row in _rows(files[file])]
            assert [row for row in map(list, _grid(table, theme)) if row not in rows] == [], (name, file)
            tables += 1
    assert tables > 2 * len(sample.files("pdf"))


def test_with_attach_a_pdf_gives_back_its_sources_and_its_word_file_byte_for_byte(
    attaching: Sample, take: Take
) -> None:
    for name in CARRIERS:
        files = take(attaching.files("pdf")[name])
        assert files[f"{name.rpartition('/')[2]}.docx"] == attaching.files("docx")[name].read_bytes(), name
        sources = _sources(attaching, name)
        assert {"people.yaml", LOGO} <= sources
        expected = {
            f"source-{path.replace('/', '-')}": (attaching.root / path).read_bytes()
            for path in sources - {"people.yaml", LOGO}
        }
        assert {file: data for file, data in files.items() if file.startswith("source-")} == expected, name
        assert len(expected) > 3


def test_people_and_the_look_and_other_projects_never_travel(attaching: Sample, take: Take) -> None:
    people = (attaching.root / "people.yaml").read_bytes()
    logo = (attaching.root / LOGO).read_bytes()
    for name in CARRIERS:
        project, other = name.partition("/")[0], {"atlas": "beacon", "beacon": "atlas"}[name.partition("/")[0]]
        files = take(attaching.files("pdf")[name])
        assert people not in files.values() and logo not in files.values()
        assert f"source-{project}-project.yaml" in files
        assert not [file for file in files if "people" in file or file.startswith(f"source-{other}-")]
        addresses = re.findall(rb"[\w.]+@[\w.]+", people)
        assert len(addresses) > 5
        whole = b"".join(data for file, data in files.items() if file.startswith("source-"))
        assert [address for address in addresses if address in whole] == []


def test_documents_that_show_people_are_among_them(attaching: Sample, take: Take) -> None:
    names = re.findall(rb"name: (.+)", (attaching.root / "people.yaml").read_bytes())
    for name in ("atlas/charter", "beacon/closure-report"):
        assert name in CARRIERS
        text = take(attaching.files("pdf")[name])[f"{name.rpartition('/')[2]}.md"]
        assert sum(one in text for one in names) > 5, name


def test_a_document_that_refuses_carries_its_text_and_its_tables_alone(attaching: Sample, take: Take) -> None:
    assert {file.rpartition(".")[2] for file in take(attaching.files("pdf")[SILENT])} == {"md", "csv"}


def test_each_file_says_what_it_is_to_the_document_and_has_the_date_of_its_revision(attaching: Sample) -> None:
    relations = {"docx": "/Alternative", "md": "/Alternative", "csv": "/Data"}
    for name in CARRIERS:
        with pikepdf.open(attaching.files("pdf")[name]) as file:
            for spec in file.Root.AF:
                own = str(spec.UF)
                relation = "/Source" if own.startswith("source-") else relations[own.rpartition(".")[2]]
                assert str(spec.AFRelationship) == relation, own
                assert {str(spec.EF.F.Params[key]) for key in ("/ModDate", "/CreationDate")} == {"D:20261130080000Z"}
                assert str(spec.EF.F.Subtype) != "/application/octet-stream", own


def test_the_same_commit_gives_the_same_bytes_and_no_file_of_its_own_for_the_word_edition(
    attaching: Sample, tmp_path: Path
) -> None:
    run_deedbox(attaching.root, "build", CARRIERS[0], "--to", "pdf", "-o", str(tmp_path / "again"), "-j", "1")
    made = sorted(path.name for path in (tmp_path / "again" / "atlas").iterdir())
    assert made == ["charter.pdf"]
    first = attaching.files("pdf")[CARRIERS[0]].read_bytes()
    assert (tmp_path / "again" / "atlas" / "charter.pdf").read_bytes() == first


def test_a_draft_carries_the_sources_as_they_lie_in_the_work_tree(
    attaching: Sample, tmp_path: Path, take: Take
) -> None:
    root = tmp_path / "draft"
    run_git(attaching.root, "clone", "--quiet", "--no-hardlinks", str(attaching.root), str(root))
    budget = root / "atlas/budget.yaml"
    budget.write_bytes(budget.read_bytes() + b"# not yet committed\n")
    run_deedbox(root, "build", CARRIERS[0], "--to", "pdf", "-o", str(tmp_path / "build"))
    files = take(tmp_path / "build" / "atlas" / "charter.pdf")
    assert files["source-atlas-budget.yaml"] == budget.read_bytes()


def _sources(sample: Sample, name: str) -> set[str]:
    (entry,) = (entry for entry in sample.manifest()["files"] if entry["path"] == f"{name}.pdf")
    return set(entry["sources"])


def _numbered(document: Document) -> Iterator[tuple[str, Table]]:
    """Yield the numbered tables, and those that charts are drawn from, each with how the name of its file begins."""
    for node in walk(document.sections):
        if isinstance(node, Table) and node.number:
            yield f"table-{node.number:02}-", node
        elif isinstance(node, Figure) and node.data and not node.annex:
            yield f"figure-{node.number:02}-", node.data


def _rows(data: bytes) -> list[list[str]]:
    return list(csv.reader(StringIO(data.decode("utf-8-sig"), newline="")))


def _grid(table: Table, theme: Theme) -> Iterator[list[str]]:
    """Yield the words of each row in which no cell spans another and none reaches in from above."""
    reaching = 0
    for row in (*table.head, *table.body):
        plain = all(cell.colspan == cell.rowspan == 1 for cell in map(open_cell, row.cells))
        if plain and not reaching:
            yield _cells(row, theme)
        reaching = max(reaching, *(cell.rowspan for cell in map(open_cell, row.cells))) - 1 if row.cells else 0


def _cells(row: Row, theme: Theme) -> list[str]:
    shapes = str.maketrans("", "", "".join(look.shape for look in theme.status.values()))
    texts = ["".join(item.text for item in read_blocks(content_of(cell), theme)) for cell in row.cells]
    return [text.translate(shapes) for text in texts]


def _missed(text: str, document: Document, theme: Theme) -> list[str]:
    """Return what the document says and its Markdown, read by a parser of others, does not say in the same order.

    Cells are looked for anywhere: Markdown has one header row, in which those of the table are joined.
    """
    shown = squeeze(unescape(re.sub(r"<[^>]*>", "", READER.render(text))))
    missed, at = [], 0
    for item in read_tree(document, theme):
        for piece in item.pieces:
            found = shown.find(piece, 0 if item.kind == "cell" else at)
            if found < 0:
                missed.append(piece)
            elif item.kind != "cell":
                at = found + len(piece)
    return missed
