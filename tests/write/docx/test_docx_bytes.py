"""Take the same document twice, the second time on a machine set otherwise; write it; compare the bytes."""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import sha256
from io import BytesIO
from os import environ
from pathlib import Path
from subprocess import run
from sys import executable
from zipfile import ZipFile

from pipeline.document.theme import Theme
from pipeline.document.tree import Document
from pipeline.write.docx import write_docx

ROOT = Path(__file__).parents[3]
PROGRAM = """
from hashlib import sha256
import yaml
from conftest import THEME, make_assets, make_theme
from writers_sample import make_sample
from pipeline.write.docx import write_docx
theme = make_theme(yaml.safe_load(THEME.read_text(encoding="utf-8")))
pages = {"summary": 1, "asked": 1, "schedule-and-cost": 3, "stakeholders": 5, "approval": 6}
print(sha256(write_docx(make_sample(theme.page, make_assets()), theme, pages)).hexdigest())
"""


def test_bytes_are_equal_twice(
    sample_document: Document, theme: Theme, sample_docx: bytes, pages: Mapping[str, int]
) -> None:
    assert write_docx(sample_document, theme, pages) == sample_docx


def test_bytes_are_equal_under_another_clock_locale_and_hash_seed(sample_docx: bytes, tmp_path: Path) -> None:
    here = {"PYTHONPATH": f"{ROOT}:{ROOT / 'tests' / 'write'}", "PYTHONHASHSEED": "4711"}
    there = {"TZ": "Pacific/Kiritimati", "LC_ALL": "tr_TR.UTF-8", "LANG": "tr_TR.UTF-8", "PYTHONUTF8": "1"}
    result = run(
        [executable, "-c", PROGRAM], env={**environ, **here, **there}, cwd=tmp_path, capture_output=True, text=True,
        check=True,
    )  # fmt: skip
    assert result.stdout.strip() == sha256(sample_docx).hexdigest()


def test_parts_are_sorted_and_carry_no_date(sample_docx: bytes) -> None:
    with ZipFile(BytesIO(sample_docx)) as archive:
        entries = archive.infolist()
    names = [entry.filename for entry in entries]
    assert names[:2] == ["[Content_Types].xml", "_rels/.rels"]
    assert names[2:] == sorted(names[2:])
    assert {entry.date_time for entry in entries} == {(1980, 1, 1, 0, 0, 0)}
