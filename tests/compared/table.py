"""Take the facts of each tool; say each in a few words, a row a question; give Markdown tables."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from tests.compared.facts import Equal, PdfColumn, WordColumn
from tests.compared.page_facts import PageFacts

_MOST = 3  # so many findings a judge names


def write_word(columns: Mapping[str, WordColumn]) -> str:
    """Return the table of Word files."""
    return _write("Word file", columns, WORD_ROWS)


def write_pdf(columns: Mapping[str, PdfColumn]) -> str:
    """Return the table of PDF files."""
    return _write("PDF", columns, PDF_ROWS)


def _write(corner: str, columns: Mapping[str, Any], rows: Mapping[str, Callable[[Any], str]]) -> str:
    lines = [[corner, *columns], ["---"] * (len(columns) + 1)]
    lines += [[question, *map(say, columns.values())] for question, say in rows.items()]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _of(pair: tuple[int, int]) -> str:
    return f"{pair[0]} of {pair[1]}"


def _yes(value: bool) -> str:
    return "yes" if value else "no"


def _say_references(column: WordColumn) -> str:
    links = f", {column.facts.links} links" if column.facts.links else ""
    return f"{_of(column.facts.references)}{links}"


def _say_running(pages: PageFacts) -> str:
    return f"{_of(pages.running)}, {pages.turned} of them landscape"


def _say_findings(findings: Sequence[str]) -> str:
    return "none" if not findings else f"{len(findings)}{' or more' if len(findings) == _MOST else ''}"


def _say_rules(broken: Sequence[str]) -> str:
    if not broken:
        return "passes"
    more = " and more" if len(broken) == _MOST else ""
    return f"breaks {', '.join(rule.split()[0] for rule in broken)}{more}"


def _say_attached(names: Sequence[str]) -> str:
    texts = sum(name.endswith(".md") for name in names)
    tables = sum(name.endswith(".csv") for name in names)
    parts = ["the text" if texts else "", f"{tables} tables as CSV" if tables else ""]
    return ", ".join(filter(None, parts)) or "nothing"


def _equal(count: Callable[[Equal], int]) -> Callable[[Any], str]:
    def say(column: Any) -> str:
        same, files = count(column.equal), column.equal.files
        return _yes(same == files) if same in (0, files) else f"{same} of {files} files"

    return say


WORD_ROWS: Mapping[str, Callable[[WordColumn], str]] = {
    "Headings, paragraphs and cells that arrive": lambda one: _of(one.facts.words),
    "Contents list: entries there on opening": lambda one: _of(one.facts.entries),
    "Contents list: page numbers right on opening": lambda one: _of(one.facts.right_pages),
    "Word asks whether to update fields": lambda one: _yes(one.facts.asks),
    "Captions numbered by a SEQ field, number shown": lambda one: _of(one.facts.captions),
    "References that are REF fields, text shown": _say_references,
    "Names that two bookmarks share": lambda one: str(one.facts.twice),
    "Pages with header and page number": lambda one: _say_running(one.pages),
    "Pictures with their alternative text": lambda one: _of(one.facts.pictures),
    "Tables with a header row that repeats": lambda one: _of(one.facts.repeated),
    "Tables of fixed layout": lambda one: _of(one.facts.fixed),
    "Tables with the column widths asked for": lambda one: _of(one.facts.widths),
    "openxml-audit finds": lambda one: _say_findings(one.schema),
    "ooxml-integrity finds": lambda one: _say_findings(one.integrity),
    "Same bytes again, same folder": _equal(lambda equal: equal.again),
    "Same bytes again, another folder and time zone": _equal(lambda equal: equal.elsewhere),
}
PDF_ROWS: Mapping[str, Callable[[PdfColumn], str]] = {
    "Contents list: entries": lambda one: _of(one.pages.entries),
    "Contents list: page numbers right": lambda one: _of(one.pages.right_pages),
    "Bookmarks for headings": lambda one: _of(one.pages.bookmarks),
    "Pages with header and page number": lambda one: _say_running(one.pages),
    "Pictures with their alternative text": lambda one: _of(one.pages.pictures),
    "veraPDF, PDF/UA-1": lambda one: _say_rules(one.broken["ua1"]),
    "veraPDF, PDF/A-3a": lambda one: _say_rules(one.broken["3a"]),
    "veraPDF, PDF/A-3b": lambda one: _say_rules(one.broken["3b"]),
    "PDF/UA-1 and PDF/A-3a in one file": lambda one: _yes(one.both),
    "Attached": lambda one: _say_attached(one.attached),
    "Same bytes again, same folder": _equal(lambda equal: equal.again),
    "Same bytes again, another folder and time zone": _equal(lambda equal: equal.elsewhere),
}
