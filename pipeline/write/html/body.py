"""A document comes in; its parts are written in order; the head and the body of an HTML page go out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC
from hashlib import sha256
from itertools import repeat

from pipeline.document.theme import Theme
from pipeline.document.tree import Blocks, Document, Note, PageBreak, Paragraph, Properties, Section
from pipeline.write.html.blocks import write_blocks
from pipeline.write.html.context import Context, attributes, clean, length
from pipeline.write.html.inlines import write_inlines
from pipeline.write.spacing import LOGO_GAP, fit_logo

GENERATOR = "Deedbox"


def make_head(properties: Properties) -> str:
    """Return the doctype, the language, the title and what the file says of itself, with `<head>` left open."""
    date = properties.modified.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ") if properties.modified else ""
    described = (
        ("author", properties.author),
        ("description", properties.subject),
        ("keywords", ", ".join(properties.keywords)),
        ("generator", GENERATOR),
        ("dcterms.created", date),
        ("dcterms.modified", date),
    )
    metas = "".join(f"<meta{attributes(name=name, content=content)}>\n" for name, content in described if content)
    title = clean(properties.title or "Untitled")
    language = attributes(lang=properties.language or "en")
    return f'<!DOCTYPE html>\n<html{language}>\n<head>\n<meta charset="utf-8">\n<title>{title}</title>\n{metas}'


@dataclass(frozen=True, slots=True)
class Body:
    """The content of `<main>` and the rules of its own that it needs."""

    html: str
    css: str


def make_body(
    document: Document, theme: Theme, pictures: Mapping[str, str], substitutes: Mapping[int, str] | None = None
) -> Body:
    """Return the sections, then the footnotes, of a document; `pictures` gives a URL for each asset."""
    context = Context(document, theme, pictures, theme.page.text_width, substitutes=substitutes or {})
    # The logo stands inside the first section: before it, it could be left alone on a page of another orientation.
    heads = (_write_logo(document, context), *[""] * len(document.sections))
    sections = "".join(map(_write_section, document.sections, repeat(context), heads))
    return Body(sections + _write_notes(document.notes, context), context.css())


def content_name(data: bytes) -> str:
    """Return a name that depends on the content alone."""
    return sha256(data).hexdigest()[:32]


def _write_logo(document: Document, context: Context) -> str:
    """Return the logo, around which the lines of the first page's head run."""
    furniture = document.furniture
    if furniture.logo not in document.assets:
        return ""
    width, height = map(length, fit_logo(document.assets[furniture.logo]))
    gap = length(LOGO_GAP)
    look = context.rule(f"float:right;margin:0 0 {gap} {gap};width:{width};height:{height}")
    picture = attributes(class_=look, src=context.pictures[furniture.logo])
    return f'<img{picture} alt="{context.text(furniture.logo_alt)}">\n'


def _write_section(section: Section, context: Context, head: str) -> str:
    page = context.theme.page
    width = page.landscape_text_width if section.landscape else page.text_width
    inside = replace(context, width=width)
    blocks = section.blocks
    while blocks and isinstance(blocks[-1], PageBreak):
        blocks = blocks[:-1]  # the next section starts on a new page anyway
    side = "landscape" if section.landscape else "portrait"
    return f'<section class="{side}">\n{head}{write_blocks(blocks, inside)}</section>\n'


def _write_notes(notes: tuple[Note, ...], context: Context) -> str:
    if not notes:
        return ""
    items = "".join(_write_note(note, context) for note in notes)
    return f'<section class="notes" role="doc-endnotes">\n{items}</section>\n'


def _write_note(note: Note, context: Context) -> str:
    link = f'<a href="#call-{note.number}" role="doc-backlink">{note.number}</a>'
    back = f'<sup class="call">{link}</sup> '
    first, rest = _part_first(note.blocks, context)
    opening = f'<p class="footnote">{back}{first}</p>\n'
    return f'<div class="note" id="note-{note.number}">{opening}{write_blocks(rest, context)}</div>\n'


def _part_first(blocks: Blocks, context: Context) -> tuple[str, Blocks]:
    """Return the words of a leading paragraph, which share their line with the note's number, and the other blocks."""
    if blocks and isinstance(blocks[0], Paragraph):
        return write_inlines(blocks[0].children, context), blocks[1:]
    return "", blocks
