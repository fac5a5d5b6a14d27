"""Take the folders in which the charter was made; ask what is in each file and every judge; give all facts by tool."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from operator import eq
from pathlib import Path

from pipeline.document.tree import Document
from tests.compared.make import PDF, WORD
from tests.compared.page_facts import PageFacts, list_attached, read_pdf
from tests.compared.source import read_charter
from tests.compared.word_facts import WordFacts, read_word
from tests.conformance.files import Made
from tests.conformance.judges import Judge
from tests.conformance.office import lay_out
from tests.conformance.verapdf import validate
from tests.conformance.word import judge_integrity, judge_schema

_PROFILES = {"ua1": "PDFUA-1.xml", "3a": "PDFA-3A.xml", "3b": "PDFA-3B.xml"}


@dataclass(frozen=True)
class Equal:
    """How many of a tool's files have the same bytes when made again: in the same folder, and elsewhere."""

    files: int
    again: int
    elsewhere: int


@dataclass(frozen=True)
class WordColumn:
    """All that is known of one tool's Word file; `pages` are LibreOffice's."""

    facts: WordFacts
    pages: PageFacts
    schema: tuple[str, ...]
    integrity: tuple[str, ...]
    equal: Equal


@dataclass(frozen=True)
class PdfColumn:
    """All that is known of one tool's PDF; `broken` are the rules that veraPDF finds broken, by standard."""

    pages: PageFacts
    broken: Mapping[str, tuple[str, ...]]
    both: bool
    attached: tuple[str, ...]
    equal: Equal


def read_hashes(folder: Path) -> dict[str, str]:
    """Return the SHA-256 of each file that is compared, by its path below the folder."""
    paths = {*WORD.values(), *(path for pair in PDF.values() for path in pair)}
    return {path: sha256((folder / path).read_bytes()).hexdigest() for path in paths}


def gather_word(folder: Path, rounds: Sequence[Mapping[str, str]]) -> dict[str, WordColumn]:
    """Return the facts of each Word file; `rounds` are the hashes of three builds, the last one made elsewhere."""
    document = read_charter(folder / "repository")
    made = {tool: Made(tool, document, {"docx": folder / path}) for tool, path in WORD.items()}
    office = lay_out(list(made.values()), folder / "office")
    return {tool: _read_word(one, office[one.name], _compare((WORD[tool],), rounds)) for tool, one in made.items()}


def gather_pdf(folder: Path, rounds: Sequence[Mapping[str, str]]) -> dict[str, PdfColumn]:
    """Return the facts of each PDF."""
    document = read_charter(folder / "repository")
    return {tool: _read_pdf(folder, pair, document, _compare(pair, rounds)) for tool, pair in PDF.items()}


def _compare(paths: Sequence[str], rounds: Sequence[Mapping[str, str]]) -> Equal:
    own = sorted(set(paths))
    first, again, elsewhere = ([hashes[path] for path in own] for hashes in rounds)
    return Equal(len(own), sum(map(eq, first, again)), sum(map(eq, first, elsewhere)))


def _read_word(made: Made, office: Path, equal: Equal) -> WordColumn:
    pages = read_pdf(office, made.document)
    facts = read_word(made.files["docx"], made.document, pages)
    return WordColumn(facts, pages, _ask(judge_schema, made), _ask(judge_integrity, made), equal)


def _ask(judge: Judge, made: Made) -> tuple[str, ...]:
    return tuple(finding for verdict in judge([made]) for finding in verdict.findings)


def _read_pdf(folder: Path, pair: tuple[str, str], document: Document, equal: Equal) -> PdfColumn:
    """Return the facts of a tool's PDF; each standard is asked of the file that was made for it."""
    access, archive = (folder / path for path in pair)
    asked = {"ua1": access, "3a": archive, "3b": archive}
    broken = {name: tuple(validate(file, name, _PROFILES[name])) for name, file in asked.items()}
    both = access == archive and not broken["ua1"] and not broken["3a"]
    return PdfColumn(read_pdf(access, document), broken, both, list_attached(archive), equal)
