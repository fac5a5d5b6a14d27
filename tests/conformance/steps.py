"""Take our PDF, our Word file and LibreOffice's layout of it; compare the page of each heading; give verdicts."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from zipfile import ZipFile

from lxml import etree
from pypdf import PdfReader

from tests.conformance.files import Made
from tests.conformance.judges import Verdict
from tests.conformance.pandoc import squeeze

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
Place = tuple[str, int]


@dataclass
class Step:
    """How far the two layouts of one document agree: headings, entries of the contents list, pages."""

    name: str
    headings: int = 0
    apart: list[str] = field(default_factory=list)
    farthest: int = 0
    entries: int = 0
    wrong: list[str] = field(default_factory=list)
    pages: tuple[int, int] = (0, 0)


def compare_pages(made: Sequence[Made], office: Mapping[str, Path]) -> list[Step]:
    """Return the comparison of each document that LibreOffice laid out."""
    return [_compare(one, office[one.name]) for one in made if one.name in office]


def judge_opening(made: Sequence[Made], office: Mapping[str, Path]) -> Verdict:
    """Return whether LibreOffice opened and laid out each file."""
    verdict = Verdict("LibreOffice opens")
    for one in made:
        verdict.take(one.name, [] if one.name in office else ["LibreOffice made nothing of it"])
    return verdict


def judge_steps(kind: str, steps: Sequence[Step], least: float = 1.0) -> list[Verdict]:
    """Return verdicts on headings, contents entries and number of pages; `least` of them have to agree."""
    headings = Verdict(f"in step, {kind}", unit="headings", least=least)
    entries = Verdict(f"contents list, {kind}", unit="entries", least=least)
    far = Verdict(f"within one page, {kind}", unit="headings")
    for step in steps:
        headings.judged, headings.passed = (
            headings.judged + step.headings,
            headings.passed + step.headings - len(step.apart),
        )
        entries.judged, entries.passed = entries.judged + step.entries, entries.passed + step.entries - len(step.wrong)
        far.judged, far.passed = far.judged + step.headings, far.passed + step.headings * (step.farthest <= 1)
        headings.findings += [f"{step.name}: {words}" for words in step.apart]
        entries.findings += [f"{step.name}: {words}" for words in step.wrong]
    return [headings, entries, far]


def _compare(one: Made, office: Path) -> Step:
    ours, theirs = PdfReader(one.files["pdf"]), PdfReader(office)
    mine, other = list(read_outline(ours, ours.outline)), list(read_outline(theirs, theirs.outline))
    step = Step(one.name, len(mine), pages=(len(ours.pages), len(theirs.pages)))
    if [squeeze(title) for title, _ in mine] != [squeeze(title) for title, _ in other]:
        step.apart = [f"LibreOffice has other headings: {len(other)} instead of {len(mine)}"] * max(1, len(mine))
        return step
    for (title, page), (_, there) in zip(mine, other, strict=True):
        if page != there:
            step.apart.append(f"“{title}” is on page {page} of the PDF, on page {there} in LibreOffice")
            step.farthest = max(step.farthest, abs(page - there))
    entries = list(read_contents(one.files["docx"]))
    step.entries, step.wrong = len(entries), list(_find_wrong(entries, other))
    return step


def _find_wrong(entries: Sequence[Place], headings: Sequence[Place]) -> Iterator[str]:
    """Yield the entries of Word's contents list that name another page than the one LibreOffice finds."""
    left = iter(headings)
    for title, page in entries:
        there = next((place for name, place in left if squeeze(name) == squeeze(title)), 0)
        if there != page:
            yield f"the contents list says page {page} for “{title}”, LibreOffice {there}"


def read_contents(file: Path) -> Iterator[Place]:
    """Yield each entry of a Word file's contents list with the page number that it shows."""
    with ZipFile(file) as archive:
        body = etree.fromstring(archive.read("word/document.xml"))
    for paragraph in body.iter(f"{_W}p"):
        style = paragraph.find(f"{_W}pPr/{_W}pStyle")
        if style is None or not re.fullmatch(r"TOC\d", style.get(f"{_W}val", "")):
            continue
        *words, page = "".join(_letters(paragraph)).split("\t")
        if page.isdigit():
            yield "".join(words), int(page)


def _letters(paragraph: Any) -> Iterator[str]:
    for node in paragraph.iter(f"{_W}t", f"{_W}tab"):
        if node.tag == f"{_W}t":
            yield node.text or ""
        elif node.getparent().tag == f"{_W}r":
            yield "\t"


def read_outline(reader: PdfReader, entries: Any) -> Iterator[Place]:
    """Yield each bookmark of a PDF with the page, from 1, that it leads to."""
    for entry in entries:
        if isinstance(entry, list):
            yield from read_outline(reader, entry)
        else:
            yield str(entry.title), (reader.get_destination_page_number(entry) or 0) + 1
