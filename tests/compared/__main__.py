"""Take nothing; make the charter with every tool, three times; print what is in the files, hold docs/compared.md to it.

With `--write` the page's tables are rewritten; without, the program ends with 1 where they say something else.
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import sys
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from subprocess import run
from tempfile import TemporaryDirectory

from pipeline.problems import DONE, MACHINE_LACKS, OUR_BUG, SOURCES_WRONG
from tests.compared.facts import gather_pdf, gather_word, read_hashes
from tests.compared.source import INSTALL, ROOT, read_charter
from tests.compared.table import write_pdf, write_word
from tests.compared.versions import say_charter, say_versions
from tests.conformance.judges import Missing
from tests.golden.repositories import FIRST_TIME

PAGE = ROOT / "docs" / "compared.md"
REGION = re.compile(r"(<!-- made: compared -->\n\n)(.*?)(\n\n<!-- end -->)", re.DOTALL)


def main(words: Sequence[str]) -> int:
    """Return the exit code: 0 the page is true, 1 it is not, 3 a tool failed, 4 one is missing."""
    options = _read_options(words)
    try:
        with TemporaryDirectory(prefix="deedbox-compared-") as folder:
            text = measure(Path(folder))
    except Missing as missing:
        _say(f"{missing.judge} is missing on this machine. Install it with:\n    {missing.command}")
        return MACHINE_LACKS
    except ChildProcessError as error:
        _say(str(error))
        return OUR_BUG
    _say(text)
    page = PAGE.read_text("utf-8")
    fresh = REGION.sub(lambda found: f"{found[1]}{text}{found[3]}", page)
    if options.write:
        PAGE.write_text(fresh, "utf-8")
    elif fresh != page:
        _say(f"\n{PAGE.relative_to(ROOT)} says something else: python -m tests.compared --write")
        return SOURCES_WRONG
    return DONE


def measure(folder: Path) -> str:
    """Return the tables with what they were measured on; the charter is made twice in one folder, once in another."""
    here, there = folder / "here", folder / "there"
    rounds = []
    for place, zone in ((here, "UTC"), (there, "Pacific/Kiritimati"), (here, "UTC")):
        shutil.rmtree(place, ignore_errors=True)
        _make(place, zone)
        rounds.append(read_hashes(place))
    first, elsewhere, again = rounds
    order = (first, again, elsewhere)
    charter = say_charter(read_charter(here / "repository"))
    tables = (write_word(gather_word(here, order)), write_pdf(gather_pdf(here, order)))
    return "\n\n".join((f"The charter: {charter}.", *tables, f"Measured with {say_versions()}."))


def _make(folder: Path, zone: str) -> None:
    """Make the charter with all tools in a process and a home of their own."""
    folder.mkdir()
    time = int(datetime.fromisoformat(FIRST_TIME).timestamp())
    own = {"TZ": zone, "HOME": str(folder), "PYTHONPATH": str(ROOT), "SOURCE_DATE_EPOCH": str(time)}
    surroundings = {**os.environ, **own}
    command = [sys.executable, "-m", "tests.compared.make", str(folder)]
    done = run(command, cwd=ROOT, env=surroundings, capture_output=True, text=True, check=False)
    if done.returncode == MACHINE_LACKS:
        judge, _, how = done.stdout.strip().partition("\t")
        raise Missing(judge, how or INSTALL)
    if done.returncode:
        raise ChildProcessError(f"the charter could not be made:\n{done.stderr[-2000:]}")


def _read_options(words: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser("python -m tests.compared", description=__doc__)
    parser.add_argument("--write", action="store_true", help=f"rewrite the tables of {PAGE.relative_to(ROOT)}")
    return parser.parse_args(words)


def _say(words: str) -> None:
    sys.stdout.write(f"{words}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
