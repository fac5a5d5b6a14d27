"""The inline nodes of a paragraph come in; Markdown in which no word is taken for a mark goes out."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from unicodedata import category

from pipeline.document.tree import (
    CodeSpan,
    Emphasis,
    Inlines,
    LineBreak,
    Link,
    NoteRef,
    Picture,
    Ref,
    Span,
    Status,
    Strike,
    Strong,
    Text,
)
from pipeline.write.html.context import link_target, show


@dataclass(frozen=True, slots=True)
class Context:
    """The shape of each state; `other` asks a list for its other mark, since equal marks would join two lists."""

    shapes: Mapping[str, str]
    other: bool = False


_SPACES = dict.fromkeys(map(ord, "\t\n\r"), " ")
_TAKEN_FOR_MARKS = re.compile(r"[\\`*\[\]<{~$]|(?<![^\W_])_|_(?![^\W_])|&(?=[#\w]|\Z)|!\Z")
_START = re.compile(r"(?:#{1,6}(?=\s|\Z)|[-+](?!\w)|=+\s*\Z|:(?!\w)|[>|])")
_COUNT = re.compile(r"(\d+)(?=[.)](?:\s|\Z))")
_NOTE = re.compile(r"^(\[\^\d+\])(?=:)")
_CLOSING = re.compile(r"(?<=\s)(#+\s*)\Z")


def escape(text: str) -> str:
    """Return text of a line with its marks escaped; characters that no document may hold become stand-ins."""
    return _TAKEN_FOR_MARKS.sub(r"\\\g<0>", tidy(text))


def tidy(text: str) -> str:
    """Return text of a line as the pages show it: breaks and tabs as spaces, a stand-in for what cannot be shown."""
    return show(text).translate(_SPACES)


def escape_start(line: str) -> str:
    """Return a line of a paragraph that no longer looks like the start of a heading, list, table or the like."""
    line = line.strip(" ")
    if _START.match(line):
        return f"\\{line}"
    return _NOTE.sub(r"\1\\", _COUNT.sub(r"\1\\", line, count=1) if _COUNT.match(line) else line, count=1)


def escape_end(line: str) -> str:
    """Return the words of a heading that no longer end in what would close it."""
    return _CLOSING.sub(r"\\\1", f" {line}")[1:]


_TARGET = {ord(char): f"%{ord(char):02X}" for char in ' <>\\|"`{}'} | {ord("&"): "&amp;"}


Writer = Callable[[Any, Context, tuple[str, ...]], Iterator["Piece"]]
_MARKS = ("*", "**", "~~", "`")


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a line: `mark` stands around its words; `bare` are its words where no mark may stand."""

    words: str
    mark: str = ""
    bare: str = ""


def write_inlines(nodes: Inlines, context: Context, inside: tuple[str, ...] = (), edge: str = "") -> str:
    """Return the source of a line; `inside` are the marks that it stands in, `edge` is what stands at either end."""
    pieces = [piece for piece in _write_all(nodes, context, inside) if piece.words]
    line = ""
    for index, piece in enumerate(pieces):
        following = pieces[index + 1] if index + 1 < len(pieces) else Piece(edge)
        line += _set(piece, line[-1:] or edge, (following.mark or following.words)[:1])
    return line


def _write_all(nodes: Inlines, context: Context, inside: tuple[str, ...]) -> Iterator[Piece]:
    for node in nodes:
        yield from WRITERS[type(node)](node, context, inside)


def _set(piece: Piece, before: str, after: str) -> str:
    """Return a piece with its marks, or without them where a reader would not take them for marks."""
    core = piece.words.strip()
    lead, _, trail = piece.words.partition(core) if core else (piece.words, "", "")
    left, right = (lead or before)[-1:], (trail or after)[:1]
    if piece.mark and core and _may_open(left, core[0]) and _may_open(right, core[-1]):
        return f"{lead}{piece.mark}{core}{piece.mark}{trail}"
    words = piece.bare if piece.mark or before == piece.words[0] == "`" else piece.words
    # What follows a link or a note's mark must not look like its target.
    return f"\\{words}" if before == "]" and words[:1] in ("(", ":") else words


def _may_open(outside: str, inside: str) -> bool:
    """Return whether a mark between two characters counts as one (CommonMark, section 6.2), on either side."""
    if outside in ("*", "~", "`", "\\"):
        return False
    return not outside or outside.isspace() or _is_punctuation(outside) or not _is_punctuation(inside)


def _is_punctuation(char: str) -> bool:
    return category(char)[0] in "PS"


def _text(words: str) -> Iterator[Piece]:
    yield Piece(escape(words))


def _marked(mark: str) -> Writer:
    def write(node: Any, context: Context, inside: tuple[str, ...]) -> Iterator[Piece]:
        if mark in inside:
            yield from _write_all(node.children, context, inside)
            return
        words = write_inlines(node.children, context, (*inside, mark), mark)
        yield Piece(words, mark, write_inlines(node.children, context, _MARKS))

    return write


def _write_span(node: Span, context: Context, inside: tuple[str, ...]) -> Iterator[Piece]:
    yield from _write_all(node.children, context, inside)


def _write_code(node: CodeSpan, context: Context, inside: tuple[str, ...]) -> Iterator[Piece]:
    words = tidy(node.text)
    if not words.strip() or "`" in inside:
        yield from _text(words)
        return
    fence = "`" * (max((len(run) for run in re.findall("`+", words)), default=0) + 1)
    gap = " " if words[0] in " `" or words[-1] in " `" else ""
    yield Piece(f"{fence}{gap}{words}{gap}{fence}", bare=escape(words))


def _write_link(node: Link, context: Context, inside: tuple[str, ...]) -> Iterator[Piece]:
    words = write_inlines(node.children, context, inside, edge="|")
    target = link_target(node.target)
    if not words.strip() or not target or target.startswith("#"):
        yield from _write_all(node.children, context, inside)
        return
    safe = tidy(target).translate(_TARGET)
    yield Piece(f"[{words}](<{safe}>)" if "(" in safe or ")" in safe else f"[{words}]({safe})")


WRITERS: dict[type, Writer] = {
    Text: lambda node, _context, _inside: _text(node.text),
    Emphasis: _marked("*"),
    Strong: _marked("**"),
    Strike: _marked("~~"),
    Span: _write_span,
    CodeSpan: _write_code,
    Link: _write_link,
    Ref: lambda node, _context, _inside: _text(node.text),
    NoteRef: lambda node, _context, _inside: iter((Piece(f"[^{node.number}]"),)),
    LineBreak: lambda _node, _context, _inside: iter((Piece("\n"),)),
    Status: lambda node, context, _inside: _text(f"{context.shapes[node.state]}\u00a0{node.word}"),
    Picture: lambda node, _context, _inside: _text(f"[{node.alt}]"),
}
