"""Take the snapshot; find the corporate Word file and see that it is harmless; give its bytes, its page and problems.

What the writer of Word files takes from it stands in `write/docx/corporate`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pipeline.document.theme import Page
from pipeline.problems import Place, Problem, has_errors
from pipeline.render.office import WORD, Refusal, instructions, parse, read_office
from pipeline.sources.snapshot import Snapshot

CORPORATE_PATHS = ("theme/corporate.docx", "theme/corporate.dotx")
_MAIN = "/officeDocument"
_STRICT = "http://purl.oclc.org/ooxml/"
_LEAST_ROOM = 144.0  # points: two inches of text, across and down
_TWIPS = 20  # a point
_SIDES = ("top", "right", "bottom", "left", "header", "footer")
_NOT_WORD = "open it in Word and save it as a Word document (.docx) or template (.dotx), not as Strict Open XML"
_SENSITIVITY = "put the field DOCPROPERTY Sensitivity into its header or footer, so that each page says who may read it"


@dataclass(frozen=True, slots=True)
class Corporate:
    """A corporate look: the file's bytes, empty where there is none or it is refused, and its page set-up."""

    data: bytes = b""
    page: Page | None = None
    problems: tuple[Problem, ...] = ()


def load_corporate(snapshot: Snapshot, page: Page) -> Corporate:
    """Return the corporate look of a repository; `page` fills what its page set-up does not say."""
    left_out = {problem.place.file for problem in snapshot.problems} - set(snapshot.files)
    there = [path for path in CORPORATE_PATHS if path in snapshot]
    missed = [path for path in CORPORATE_PATHS if path in left_out]
    if missed:
        return Corporate(problems=tuple(_not_read(path) for path in missed))
    if len(there) > 1:
        message = f"both {' and '.join(there)} are there, and only one can be the corporate look"
        return Corporate(problems=(Problem("DB313", message, Place(there[1]), "keep one of the two"),))
    return check_corporate(snapshot.read(there[0]), there[0], page) if there else Corporate()


def check_corporate(data: bytes, path: str, page: Page) -> Corporate:
    """Return the look if nothing speaks against the file, else its problems, all with the file as their place."""
    parts, problems = read_office(data, path)
    if problems:
        return Corporate(problems=problems)
    try:
        body = parse(_main_part(parts))
        own = _read_page(body, page)
    except Refusal as refusal:
        message = f"{path} {refusal.message}"
        return Corporate(problems=(Problem(refusal.code, message, Place(path), refusal.hint),))
    found = _find_missing(parts, path)
    return Corporate(b"" if has_errors(found) else data, own, found)


def _not_read(path: str) -> Problem:
    hint = "its own problem says why; commit the file itself"
    return Problem("DB313", f"{path} is there, but could not be read", Place(path), hint)


def _main_part(parts: Mapping[str, bytes]) -> bytes:
    relations = parse(parts["_rels/.rels"]) if "_rels/.rels" in parts else ()
    names = [node.get("Target") or "" for node in relations if (node.get("Type") or "").endswith(_MAIN)]
    name = names[0].lstrip("/") if names else ""
    if name not in parts or _STRICT.encode() in parts[name][:4096] or parse(parts[name]).tag != f"{WORD}document":
        raise Refusal("DB314", "is no Word document or template", _NOT_WORD)
    return parts[name]


def _find_missing(parts: Mapping[str, bytes], path: str) -> tuple[Problem, ...]:
    """Return a warning where the file has a footer of its own, which takes the place of ours, and no sensitivity."""
    roots = [parse(data) for name, data in parts.items() if name.endswith(".xml")]
    furniture = [root for root in roots if root.tag in (f"{WORD}hdr", f"{WORD}ftr")]
    footed = any(root.tag == f"{WORD}ftr" for root in furniture)
    if not footed or any("sensitivity" in instructions(root).lower() for root in furniture):
        return ()
    message = f"{path} has a footer that does not show the sensitivity"
    return (Problem("DB319", message, Place(path), _SENSITIVITY, "warning"),)


def _read_page(root: Any, base: Page) -> Page:
    """Return the page of the last section, upright; what it does not say is that of `base`."""
    sections = root.findall(f"{WORD}body/{WORD}sectPr") or root.findall(f".//{WORD}sectPr")
    if not sections:
        return base
    size, margins = sections[-1].find(f"{WORD}pgSz"), sections[-1].find(f"{WORD}pgMar")
    wide = sorted((_points(size, "w", base.width), _points(size, "h", base.height)))
    sides = {side: _points(margins, side, getattr(base, side)) for side in _SIDES}
    sides["left"] += _points(margins, "gutter", 0.0)
    page = Page(width=wide[0], height=wide[1], **sides)
    room = (page.text_width, page.landscape_text_width, page.height - page.top - page.bottom)
    # A landscape page keeps the margins, so it is as low as the sheet is wide.
    if min(*room, page.width - page.top - page.bottom) < _LEAST_ROOM:
        raise Refusal("DB314", "has margins that leave no room for text", "make its margins smaller")
    return page


def _points(node: Any, name: str, otherwise: float) -> float:
    """Return a length in points; below zero Word means the same length, held exactly."""
    given = node.get(f"{WORD}{name}") if node is not None else None
    try:
        return otherwise if given is None else abs(int(given)) / _TWIPS
    except ValueError:
        return otherwise
