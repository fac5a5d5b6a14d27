"""Take texts that a spreadsheet would run; write them as CSV; open it in LibreOffice with each separator; find none."""

from __future__ import annotations

import csv
import re
import shutil
import subprocess
from decimal import Decimal
from io import StringIO
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.write.csv_text import disarm, write_csv

FORMULAS = (
    "=2+2", "+2+A1", "-2+A1", "@SUM(A1)", "\t=2+2", "\r=2+2", "\n=2+2", "  =2+2", '"=2+2', '""=2+2', "\u200b=2+2",
    "\ufeff=2+2", "\u00a0=2+2", "\u202e=2+2", "\uff1d3+3", "\uff0b3+A1", "\uff0d3+A1", "\uff20SUM(A1)", "x;=2+2;y",
    "x;=2+2,y", 'x";=2+2', 'x,y";"=2+2', "x;\uff1d3+3", "x\t=2+2", "x|=2+2", "x,=2+2", "x\n=2+2", "x\v=2+2",
    "x\u2028=2+2", '=HYPERLINK("http://example.org/?"&A1)', "=cmd|' /C calc'!A0", "x;-2+3+cmd|' /C calc'!A0",
    "1;=2+2", "-5;=2+2", "x;  =2+2", "x;\u200b\u200b =2+2",
)  # fmt: skip
NUMBERS = ("-5", "+19", "−3.5", "-1,234.50", "+4\u00a0%", "12", "1.5")
PLAIN = ("a = b", "well-known", "a+b", "2026-09-30", "–", "", "R-07", "Ann, Bob", "x; y")


@pytest.mark.parametrize("text", FORMULAS)
def test_a_text_that_would_run_is_held_back_in_every_part(text: str) -> None:
    for separators in (",", ";", "\t", "|"):
        for part in re.split(f"[{re.escape(separators)}\r\n]", disarm(text)):
            assert not re.match(r"[\s\"\u200b\ufeff\u202e\x00-\x20]*[=+@\uff1d\uff0b\uff20]", part), part


@pytest.mark.parametrize("text", (*NUMBERS, *PLAIN))
def test_numbers_and_ordinary_words_stay_what_they_are(text: str) -> None:
    assert disarm(text) == text


def test_numbers_of_our_own_and_lists_keep_their_values() -> None:
    rows = list(csv.reader(StringIO(write_csv([(-5, Decimal("-1.50"), None, [-3, "=x", "a;=y"])]).decode("utf-8-sig"))))
    assert rows == [["-5", "-1.50", "", """[-3, "'=x", "a;'=y"]"""]]


@given(st.lists(st.text(alphabet="=+-@;,|\t\n\r\"' ax1\u200b\uff1d", max_size=12), min_size=1, max_size=4))
def test_no_line_of_any_file_holds_a_part_that_begins_like_a_formula(cells: list[str]) -> None:
    written = write_csv([cells]).decode("utf-8-sig")
    for part in re.split(r"[;\t|\r\n]", written):
        words = part.strip(' \t"\u200b\u200d\ufeff')
        assert words[:1] not in ("=", "@", "\uff1d"), (cells, part)


@pytest.mark.soak
@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not here")
def test_libreoffice_finds_no_formula_whatever_parts_the_cells(tmp_path: Path) -> None:
    data = write_csv([("n", "text"), *((index, text) for index, text in enumerate((*FORMULAS, *NUMBERS, *PLAIN)))])
    for code in (44, 59):
        (tmp_path / f"by-{code}.csv").write_bytes(data)
        # Separator, quotation mark, UTF-8, first line; the last but some say: detect numbers, evaluate formulas.
        options = f"CSV:{code},34,76,1,,0,false,true,false,false,false,-1,true"
        command = [
            "soffice", f"-env:UserInstallation=file://{tmp_path}/profile", "--headless", f"--infilter={options}",
            "--convert-to", "fods", "--outdir", tmp_path, tmp_path / f"by-{code}.csv",
        ]  # fmt: skip
        subprocess.run(command, check=True, capture_output=True, timeout=120)
        sheet = (tmp_path / f"by-{code}.fods").read_text(encoding="utf-8")
        assert "R-07" in sheet  # else nothing was read
        assert "table:formula" not in sheet
