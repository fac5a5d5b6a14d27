"""Take a folder; make the charter there with all three tools; leave their files. Run as a program of its own."""

from __future__ import annotations

import sys
from pathlib import Path

from pipeline.problems import DONE, MACHINE_LACKS
from tests.compared.by_docxtpl import fill_charter
from tests.compared.by_pandoc import convert_charter
from tests.compared.source import build_charter, make_source
from tests.conformance.judges import Missing

# Where the files lie below the folder: Word by tool, PDF by tool and engine, a file for each standard.
WORD = {"pandoc": "pandoc/charter.docx", "docxtpl": "docxtpl/charter.docx", "Deedbox": "deedbox/atlas/charter.docx"}
PDF = {
    "pandoc, WeasyPrint": ("pandoc/ua1.pdf", "pandoc/3a.pdf"),
    "pandoc, typst": ("pandoc/typst.pdf", "pandoc/typst.pdf"),
    "docxtpl, LibreOffice": ("docxtpl/ua1.pdf", "docxtpl/3b.pdf"),
    "Deedbox": ("deedbox/atlas/charter.pdf", "deedbox/atlas/charter.pdf"),
}


def make_all(folder: Path) -> None:
    """Make the charter with each tool below a folder."""
    source = make_source(folder)
    convert_charter(source, folder / "pandoc")
    fill_charter(source, folder / "docxtpl")
    build_charter(source, folder / "deedbox")


def main(folder: Path) -> int:
    """Return the exit code: 0 made, 4 a tool is missing; then its name and what installs it are printed."""
    try:
        make_all(folder)
    except Missing as missing:
        sys.stdout.write(f"{missing.judge}\t{missing.command}\n")
        return MACHINE_LACKS
    return DONE


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
