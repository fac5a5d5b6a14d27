"""Take examples of Markdown; read them into one document, a mark before each; give the words of each by format."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from io import BytesIO
from subprocess import run
from typing import Any

import docx
from docx.oxml.ns import qn
from markdown_examples import DONE, OPEN, Example, read_html, squeeze
from render_work import THEME, make_page

from pipeline.document.tree import (
    Block,
    Blocks,
    Code,
    CodeSpan,
    Document,
    Figure,
    Furniture,
    ListItem,
    Paragraph,
    Picture,
    Properties,
    Text,
)
from pipeline.document.walk import walk
from pipeline.problems import Problem, sort_problems
from pipeline.render.assemble.resolve import resolve
from pipeline.render.markdown import read_blocks
from pipeline.render.words import Words
from pipeline.write.docx import write_docx
from pipeline.write.html import write_html
from pipeline.write.pdf import Pdf, write_pdf
from tests.worlds.cells import spell_cells

_MARK = re.compile(r"§(\d+)§")
# A line that holds nothing but marks of list items: bullets, dashes, numbers, boxes.
_ITEMS = re.compile(r"(?:[•–□■]|\d{1,9}[.)])+")
_HYPHENS = {qn("w:noBreakHyphen"): "\u2011", qn("w:softHyphen"): "\u00ad"}


@dataclass(frozen=True)
class Written:
    """Some examples as one document, and what came of each in their order."""

    document: Document
    blocks: tuple[Blocks, ...]
    problems: tuple[Problem, ...]

    @cached_property
    def pdf(self) -> Pdf:
        """Return the document as PDF, laid out once."""
        return write_pdf(self.document, THEME)

    def read_tree(self) -> list[str]:
        """Return the words of each example as they stand in the tree, a task with its box."""
        return [squeeze("".join(_tree_words(blocks))) for blocks in self.blocks]

    def read_html(self) -> list[str]:
        return _part(read_html(write_html(self.document, THEME).decode("utf-8")))

    def read_docx(self) -> list[str]:
        body = docx.Document(BytesIO(write_docx(self.document, THEME))).element.body
        parts = body.iter(qn("w:t"), *_HYPHENS)
        return _part(squeeze("".join(_HYPHENS.get(part.tag) or part.text or "" for part in parts)))

    def read_pdf(self) -> list[str]:
        """Return the words in the PDF's own order; marks of list items, drawn apart, are left out."""
        done = run(["pdftotext", "-raw", "-", "-"], input=self.pdf.data, capture_output=True, check=True)
        lines = done.stdout.decode("utf-8").splitlines()
        return _part(squeeze("".join(line for line in lines if not _ITEMS.fullmatch(squeeze(line)))))


def write_examples(examples: Sequence[Example]) -> Written:
    """Return the examples as one document: each is read by itself, so that none reaches into the next."""
    page = make_page()
    blocks: list[Block] = []
    for number, example in enumerate(examples):
        blocks += [Paragraph((Text(f"§{number}§"),)), *read_blocks(example.text, page, example.file)]
    sections, notes = resolve(tuple(blocks), page, Words("en"), THEME, numbering=False)
    document = Document("examples", Properties("Examples"), Furniture(page_words=""), sections, notes)
    whole = tuple(block for section in sections for block in section.blocks)
    return Written(document, tuple(_part_blocks(whole)), sort_problems(page.problems))


def _part_blocks(blocks: Blocks) -> Iterator[Blocks]:
    marks = [at for at, block in enumerate(blocks) if _MARK.fullmatch("".join(_tree_words(block)))]
    for start, end in zip(marks, [*marks[1:], len(blocks)], strict=True):
        yield blocks[start + 1 : end]


def _part(stream: str) -> list[str]:
    before, *parts = _MARK.split(stream)
    assert not before, f"words before the first example: {before}"
    assert list(map(int, parts[::2])) == list(range(len(parts) // 2)), "the examples do not stand in their order"
    return parts[1::2]


def _tree_words(nodes: Any) -> Iterator[str]:
    for node in walk(spell_cells(nodes)):
        if isinstance(node, (Text, CodeSpan, Code)):
            yield node.text
        elif isinstance(node, (Picture, Figure)):
            yield node.alt
        elif isinstance(node, ListItem) and node.checked is not None:
            yield DONE if node.checked else OPEN
