"""Take formulas with the amounts that they are about; let LibreOffice Calc work them out; give the answers as texts."""

from __future__ import annotations

import csv
import os
import shutil
import subprocess
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path

SPACES = "".join(
    f' xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.{minor}"'
    for name, minor in (("office", 0), ("table", 0), ("of", 2))
)
FILTER = "csv:Text - txt - csv (StarCalc):44,34,76,1"
FIRST = 2  # amounts begin in column B
Cells = Sequence[Decimal]


def find_calc() -> str | None:
    """Return the path of LibreOffice; None where it, or its Calc, is not installed."""
    program = shutil.which("soffice")
    folder = Path(program).resolve().parent if program else Path()
    return program if program and any(folder.glob("libsclo.*")) else None


def work_out(formulas: Sequence[tuple[str, Cells]], folder: Path) -> list[str]:
    """Return what each formula gives, ten decimals: `{all}` in it stands for the amounts, `{rest}` for all but one."""
    program = find_calc()
    assert program is not None
    rows = "".join(_row(formula, amounts, line) for line, (formula, amounts) in enumerate(formulas, start=1))
    (folder / "sheet.fods").write_text(_wrap(rows), encoding="utf-8")
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    words = [
        program,
        profile,
        "--headless",
        "--convert-to",
        FILTER,
        "--outdir",
        str(folder),
        str(folder / "sheet.fods"),
    ]
    surroundings = {name: value for name, value in os.environ.items() if not name.startswith("FONTCONFIG")}
    subprocess.run(words, env=surroundings, capture_output=True, check=True, timeout=120)
    with (folder / "sheet.csv").open(encoding="utf-8", newline="") as file:
        return [row[0] for row in csv.reader(file)]


def _row(formula: str, amounts: Cells, line: int) -> str:
    first, second, last = (_column(FIRST + at) for at in (0, 1, len(amounts) - 1))
    words = formula.format(
        all=f"[.{first}{line}:.{last}{line}]", rest=f"[.{second}{line}:.{last}{line}]", first=f"[.{first}{line}]"
    )
    cells = "".join(f'<table:table-cell office:value-type="float" office:value="{amount}"/>' for amount in amounts)
    formula = f'table:formula="of:=TEXT({words};&quot;0.0000000000&quot;)"'
    return f"<table:table-row><table:table-cell {formula}/>{cells}</table:table-row>"


def _column(number: int) -> str:
    """Return the letters of a column: 1 is A, 27 is AA."""
    letters = ""
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def _wrap(rows: str) -> str:
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><office:document{SPACES} office:version="1.3" '
        'office:mimetype="application/vnd.oasis.opendocument.spreadsheet"><office:body><office:spreadsheet>'
        f'<table:table table:name="s">{rows}</table:table></office:spreadsheet></office:body></office:document>'
    )
