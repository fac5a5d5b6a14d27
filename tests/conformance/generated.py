"""Take a number and a seed; write so many documents of random content as Markdown; build them; give them.

Their PDFs carry all that a PDF may carry. The same seed gives the same documents everywhere: the numbers come from a
linear congruential generator.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

from tests.conformance.files import Made, build_all
from tests.golden.cases import HERE
from tests.golden.repositories import commit_all, run_git

_PROJECT = HERE / "minimal" / "repository"
_PICTURE = HERE / "markdown" / "repository" / "lamp" / "images"
_STEMS = [
    "record",
    "ledger",
    "office",
    "harbour",
    "migration",
    "of",
    "the",
    "and",
    "to",
    "in",
    "a",
    "with",
    "for",
    "archive",
    "supplier",
    "steering",
    "committee",
    "baseline",
    "forecast",
    "acceptance",
    "deliverable",
    "register",
    "milestone",
    "retention",
    "schedule",
    "request",
    "answered",
    "within",
    "working",
    "days",
    "paper",
    "scanned",
    "index",
    "metadata",
    "classification",
    "transfer",
    "cut-over",
    "rehearsal",
    "window",
    "export",
    "import",
    "quality",
]


class Chance:
    """A linear congruential generator (Knuth's MMIX numbers); `pick` and `share` are all that is asked of it."""

    def __init__(self, seed: int) -> None:
        self._state = seed

    def number(self, low: int, high: int) -> int:
        """Return a number from `low` to `high`."""
        self._state = (self._state * 6364136223846793005 + 1442695040888963407) % 2**64
        return low + (self._state >> 33) % (high - low + 1)

    def holds(self, percent: int) -> bool:
        """Return true in so many of a hundred cases."""
        return self.number(1, 100) <= percent

    def words(self, low: int, high: int) -> str:
        """Return so many words as a sentence without its full stop."""
        text = " ".join(_STEMS[self.number(0, len(_STEMS) - 1)] for _ in range(self.number(low, high)))
        return text[:1].upper() + text[1:]


def build_generated(folder: Path, count: int, seed: int = 1) -> Iterator[Made]:
    """Yield `count` documents of about ten pages, written and built below a folder."""
    shutil.copytree(_PROJECT, folder)
    with (folder / "deedbox.yaml").open("a", encoding="utf-8") as settings:
        settings.write("attach: [sources, docx]\n")
    documents = folder / "mill" / "documents"
    documents.mkdir()
    shutil.copytree(_PICTURE, folder / "mill" / "images")
    for number in range(count):
        (documents / f"generated-{number:03}.md").write_text(write_markdown(Chance(seed * 1000 + number)), "utf-8")
    run_git(folder, "init", "--quiet")
    commit_all(folder, "Generate documents")
    for one in build_all("generated", folder):
        if one.document.id.startswith("mill/documents/"):
            yield one


def write_markdown(chance: Chance) -> str:
    """Return one document: chapters with sections, text, lists, tables, figures, notes and landscape pages."""
    head = "---\ntitle: A generated document\ntoc: true\nvalues: true\nnumbering: true\n---\n"
    notes: list[str] = []
    parts = [part for _ in range(chance.number(3, 6)) for part in _write_chapter(chance, notes)]
    return "\n\n".join((head, *parts, *notes)) + "\n"


def _write_chapter(chance: Chance, notes: list[str]) -> Iterator[str]:
    yield f"# {chance.words(1, 6)}"
    for _ in range(chance.number(2, 6)):
        if chance.holds(70):
            yield f"{'##' if chance.holds(70) else '###'} {chance.words(1, 9)}".replace("### ", "## ", 1)
        for _ in range(chance.number(1, 6)):
            yield _write_block(chance, notes)
    if chance.holds(15):
        wide = (f"## {chance.words(2, 5)}", _write_table(chance), _write_text(chance, notes))
        yield "\n\n".join((":::: landscape", *wide, "::::"))


def _write_block(chance: Chance, notes: list[str]) -> str:
    kinds = (
        (50, lambda: _write_text(chance, notes)),
        (65, lambda: _write_list(chance)),
        (80, lambda: _write_table(chance)),
        (86, lambda: _write_pipes(chance)),
        (92, lambda: _write_figure(chance)),
        (96, lambda: f"::: note {chance.words(1, 4)}\n{_write_text(chance, notes)}\n:::"),
        (98, lambda: f"> {chance.words(8, 40)}."),
        (100, lambda: "```\n" + "\n".join(chance.words(2, 8) for _ in range(chance.number(2, 9))) + "\n```"),
    )
    drawn = chance.number(1, 100)
    return next(write for most, write in kinds if drawn <= most)()


def _write_text(chance: Chance, notes: list[str]) -> str:
    text = ". ".join(chance.words(5, 22) for _ in range(chance.number(1, 6)))
    if chance.holds(10):
        notes.append(f"[^n{len(notes)}]: {chance.words(4, 30)}.")
        return f"{text}.[^n{len(notes) - 1}]"
    return f"{text}."


def _write_list(chance: Chance) -> str:
    mark = "1." if chance.holds(35) else "-"
    gap = "\n\n" if chance.holds(25) else "\n"
    return gap.join(_write_item(chance, mark) for _ in range(chance.number(2, 8)))


def _write_item(chance: Chance, mark: str) -> str:
    item = f"{mark} {chance.words(2, 26)}"
    room = " " * (len(mark) + 1)
    below = (f"\n{room}- {chance.words(2, 12)}" for _ in range(chance.number(1, 3)))
    return item + "".join(below) if chance.holds(15) else item


def _write_table(chance: Chance) -> str:
    count = chance.number(2, 6)
    columns = ", ".join(f'col("{chance.words(1, 2)}", "c{number}")' for number in range(count))
    rows = ", ".join(_write_record(chance, count) for _ in range(chance.number(2, 14)))
    return f'{{{{ table([{rows}], [{columns}], caption="{chance.words(2, 12)}") }}}}'


def _write_record(chance: Chance, count: int) -> str:
    return "{" + ", ".join(f'"c{number}": "{chance.words(1, 12)}"' for number in range(count)) + "}"


def _write_pipes(chance: Chance) -> str:
    count = chance.number(2, 5)
    rows = [" | ".join(chance.words(1, 8) for _ in range(count)) for _ in range(chance.number(2, 9))]
    return "\n".join(f"| {row} |" for row in (rows[0], " | ".join(["---"] * count), *rows[1:]))


def _write_figure(chance: Chance) -> str:
    name = "range.svg" if chance.holds(50) else "pier.png"
    return f'![{chance.words(3, 8)}](../images/{name} "{chance.words(2, 14)}"){{width="{chance.number(30, 100)}%"}}'
