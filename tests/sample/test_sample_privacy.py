"""Take the sample's files in all formats with their metadata; check that none holds an address unseen."""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Mapping
from pathlib import Path
from zipfile import ZipFile

import pytest
import yaml
from golden.print_pdf import read_pages

from pipeline.document.theme import Theme
from pipeline.document.tree import Document
from pipeline.write import write_document

from .read_tree import read_notes, read_tree
from .sample import Sample


@pytest.fixture(scope="module")
def secrets(sample: Sample) -> set[str]:
    """Return the addresses and telephone numbers of people.yaml."""
    people = yaml.safe_load((sample.root / "people.yaml").read_text(encoding="utf-8"))["people"]
    found = {str(person[key]) for person in people for key in ("email", "phone") if key in person}
    assert len(found) > 5
    return found


def test_word_files_hold_no_address_that_no_page_shows(
    sample: Sample, trees: Mapping[str, Document], theme: Theme, secrets: set[str]
) -> None:
    for name, path in sample.files("docx").items():
        with ZipFile(path) as archive:
            content = b"\n".join(archive.read(part) for part in archive.namelist()).decode("utf-8", "replace")
        assert _hidden(content, secrets, _shown(trees[name], theme)) == set(), name


def test_pdf_files_hold_no_address_that_no_page_shows(
    sample: Sample, secrets: set[str], need: Callable[[str, str], str]
) -> None:
    qpdf = need("qpdf", "qpdf")
    need("pdftotext", "poppler-utils")
    for name, path in sample.files("pdf").items():
        shown = "".join("".join(read_pages(path.read_bytes())).split())
        words = [qpdf, "--qdf", "--object-streams=disable", str(path), "-"]
        content = subprocess.run(words, capture_output=True, check=True).stdout.decode("latin-1")
        assert _hidden(content, secrets, shown) == set(), name


def test_web_pages_hold_no_address_that_they_do_not_show(
    trees: Mapping[str, Document], theme: Theme, secrets: set[str]
) -> None:
    for name, document in trees.items():
        content = write_document(document, theme, ("html",)).files["html"].decode("utf-8")
        assert _hidden(content, secrets, _shown(document, theme)) == set(), name


def test_the_manifest_and_the_index_hold_no_address(sample: Sample, secrets: set[str]) -> None:
    for file in ("manifest.json", "index.html"):
        content = Path(sample.output / file).read_text(encoding="utf-8")
        assert _hidden(content, secrets, "") == set()


def _shown(document: Document, theme: Theme) -> str:
    return "".join(item.text for item in (*read_tree(document, theme), *read_notes(document, theme)))


def _hidden(content: str, secrets: set[str], shown: str) -> set[str]:
    return {secret for secret in secrets if secret in content and "".join(secret.split()) not in shown}
