"""Take the sample's files; let programs that are not ours judge, convert and read them; fail on any finding."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import ooxml_integrity
import openxml_audit
import pypandoc
from pypdf import PdfReader

from pipeline.document.theme import Theme
from pipeline.document.tree import Document, Table
from pipeline.document.walk import walk

from .read_docx import count_tables
from .read_tree import read_tree, squeeze
from .sample import Sample

Need = Callable[[str, str], str]


def test_openxml_audit_finds_nothing_in_any_word_file(sample: Sample) -> None:
    for name, path in sample.files("docx").items():
        # One validator a file: it remembers the ids of the footnotes that it saw in an earlier one.
        assert list(map(str, openxml_audit.OpenXmlValidator().validate(path).errors)) == [], name


def test_ooxml_integrity_finds_nothing_in_any_word_file(sample: Sample) -> None:
    found = {name: list(map(str, ooxml_integrity.check(str(path)))) for name, path in sample.files("docx").items()}
    assert {name: findings for name, findings in found.items() if findings} == {}


def test_qpdf_finds_every_pdf_sound(sample: Sample, need: Need) -> None:
    qpdf = need("qpdf", "qpdf")
    for name, path in sample.files("pdf").items():
        done = subprocess.run([qpdf, "--check", str(path)], capture_output=True, text=True, check=False)
        assert (done.returncode, "warning" in done.stdout.lower()) == (0, False), f"{name}: {done.stdout}{done.stderr}"


def test_libreoffice_opens_every_word_file(sample: Sample, need: Need, tmp_path: Path) -> None:
    soffice = need("soffice", "libreoffice-writer-nogui")
    copies = []
    for name, path in sample.files("docx").items():
        copies.append(tmp_path / f"{name.replace('/', '--')}.docx")
        shutil.copyfile(path, copies[-1])
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    words = [soffice, profile, "--headless", "--convert-to", "pdf", "--outdir", str(tmp_path), *map(str, copies)]
    subprocess.run(words, capture_output=True, check=True, timeout=300)
    pages = {copy.stem: len(PdfReader(copy.with_suffix(".pdf")).pages) for copy in copies}
    assert len(pages) == len(copies) > 5
    assert min(pages.values()) >= 1


def test_pandoc_reads_the_same_headings_and_tables(sample: Sample, trees: Mapping[str, Document], theme: Theme) -> None:
    for name, path in sample.files("docx").items():
        answer = _run_pandoc(path)
        headings = [squeeze(_words(node["c"][2])) for node in _nodes(answer) if node["t"] == "Header"]
        assert headings == [item.text for item in read_tree(trees[name], theme) if item.kind == "heading"], name
        tables = sum(node["t"] == "Table" for node in _nodes(answer))
        data, all_tables = count_tables(path)
        assert (tables, data) == (all_tables, sum(isinstance(node, Table) for node in walk(trees[name].sections))), name


def _run_pandoc(path: Path) -> Any:
    words = [pypandoc.get_pandoc_path(), "--from", "docx", "--to", "json", str(path)]
    return json.loads(subprocess.run(words, capture_output=True, check=True).stdout)["blocks"]


def _nodes(value: Any) -> Iterator[dict[str, Any]]:
    if isinstance(value, dict):
        if "t" in value:
            yield value
        value = list(value.values())
    if isinstance(value, list):
        for part in value:
            yield from _nodes(part)


def _words(inlines: Any) -> str:
    texts = {"Str": lambda node: node["c"], "Code": lambda node: node["c"][1]}
    return "".join(texts[node["t"]](node) for node in _nodes(inlines) if node["t"] in texts)
