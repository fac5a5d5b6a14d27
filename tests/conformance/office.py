"""Take Word files; let LibreOffice lay them out, few runs for all; give what it made of each as PDF."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path
from subprocess import run

from tests.conformance.files import Made
from tests.conformance.judges import Missing

_INSTALL = "sudo apt-get install libreoffice-writer-nogui fonts-liberation fontconfig"
_BATCH = 40  # files a run: with hundreds, some are left out without a word
_SECONDS = 30  # a file; far more than any needs


def lay_out(made: Sequence[Made], folder: Path, target: str = "pdf") -> dict[str, Path]:
    """Return LibreOffice's PDF of each Word file by the document's name; one that it refused is left out.

    `target` is what LibreOffice calls a filter, with its options: what kind of PDF it shall be.
    """
    program = shutil.which("soffice")
    if not program:
        raise Missing("LibreOffice", _INSTALL)
    # Our own layout has set its own fonts for this process: LibreOffice must see those of the machine.
    surroundings = {name: value for name, value in os.environ.items() if not name.startswith("FONTCONFIG")}
    fonts = run(["fc-list"], env=surroundings, capture_output=True, text=True, check=False).stdout
    if "Liberation Sans" not in fonts:
        raise Missing("the font Liberation Sans, which has the widths of Arial,", _INSTALL)
    folder.mkdir(parents=True)
    sources = {one.name: folder / f"{one.name.replace('/', '--')}.docx" for one in made}
    for one in made:
        shutil.copyfile(one.files["docx"], sources[one.name])
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    command = [program, "--headless", profile, "--convert-to", target, "--outdir", str(folder)]
    for some in batched([*map(str, sources.values())]):
        run([*command, *some], env=surroundings, capture_output=True, check=False, timeout=_SECONDS * len(some) + 60)
    made_by_office = {name: source.with_suffix(".pdf") for name, source in sources.items()}
    return {name: file for name, file in made_by_office.items() if file.is_file()}


def batched(words: Sequence[str]) -> Iterator[Sequence[str]]:
    """Yield the words in portions that one run of LibreOffice bears."""
    for start in range(0, len(words), _BATCH):
        yield words[start : start + _BATCH]
