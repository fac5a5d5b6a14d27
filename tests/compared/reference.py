"""Take pandoc's own reference document and the theme; dress its styles, page, header and footer; save it for pandoc.

This is what pandoc's manual asks of whoever wants a look of his own. Deedbox's Word file will not do as it is: it lacks
the styles that pandoc writes, such as `Compact` and `First Paragraph`.
"""

from __future__ import annotations

from pathlib import Path
from subprocess import run

import docx
from docx.enum.style import WD_STYLE_TYPE
from docx.oxml.ns import qn
from docx.shared import Pt

from pipeline.document.theme import Theme
from pipeline.document.tree import Furniture
from tests.compared.word_styles import dress_section, dress_style, save_input

_STYLES = {
    "Normal": "body", "Body Text": "body", "First Paragraph": "body", "Compact": "cell", "Title": "title",
    "Subtitle": "standfirst", "Author": "note", "Heading 1": "heading-1", "Heading 2": "heading-2",
    "Heading 3": "heading-3", "TOC Heading": "heading-1", "Table Caption": "caption", "Image Caption": "caption",
    "Header": "header", "Footer": "footer", "toc 1": "toc-1",
}  # fmt: skip
_ABOVE = {"Heading 1": "heading-1", "Heading 2": "heading-2", "Table Caption": "table"}


def make_reference(program: str, theme: Theme, furniture: Furniture, file: Path) -> Path:
    """Return the reference document, saved at `file`."""
    command = [program, "--print-default-data-file=reference.docx"]
    file.write_bytes(run(command, capture_output=True, check=True).stdout)
    document = docx.Document(str(file))
    for name, role in _STYLES.items():
        dress_style(document, name, theme.text[role], theme.text_font.word)
    document.styles["Captioned Figure"].paragraph_format.line_spacing = 1.0
    for name, block in _ABOVE.items():
        document.styles[name].paragraph_format.space_before = Pt(theme.space[block])
    if "Normal Table" not in [style.name for style in document.styles]:
        _add_normal_table(document)
    dress_section(document.sections[0], theme.page, furniture, landscape=False)
    save_input(document, file)
    return file


def _add_normal_table(document: docx.document.Document) -> None:
    """Add the style on which pandoc's `Table` is based; Word adds it when somebody saves the file there."""
    style = document.styles.add_style("Normal Table", WD_STYLE_TYPE.TABLE)
    style.element.set(qn("w:styleId"), "TableNormal")
