"""Take a Word file; let LibreOffice print it with the fonts of the machine; draw its pages small; give PNG files."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path
from shutil import which
from tempfile import TemporaryDirectory

from .pages import draw_pages

MARK = ".docx.page-"  # stands in the names of such pictures
_SECONDS = 120


def find_office() -> str:
    """Return the path of LibreOffice, or nothing where it or the font that stands in for Arial is absent."""
    listed = (
        which("fc-list") and subprocess.run(["fc-list"], env=_surroundings(), capture_output=True, check=False).stdout
    )
    return (which("soffice") or "") if listed and b"Liberation Sans" in listed else ""


def _surroundings() -> dict[str, str]:
    # A build in this process has set fonts of its own: LibreOffice must see those of the machine.
    return {name: value for name, value in os.environ.items() if not name.startswith("FONTCONFIG")}


def draw_word_pages(data: bytes) -> tuple[bytes, ...]:
    """Return each page of a Word file as LibreOffice breaks it; CalledProcessError where it does not open the file."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "page.docx").write_bytes(data)
        profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
        words = [
            find_office(),
            profile,
            "--headless",
            "--convert-to",
            "pdf",
            "--outdir",
            name,
            str(folder / "page.docx"),
        ]
        subprocess.run(words, env=_surroundings(), check=True, capture_output=True, timeout=_SECONDS)
        return draw_pages((folder / "page.pdf").read_bytes())
