"""Take any block of the tree; name the function that writes it; give the table that the writer goes by."""

from __future__ import annotations

from pipeline.document.tree import (
    Callout,
    Code,
    DefinitionList,
    Figure,
    Group,
    Heading,
    List,
    PageBreak,
    Paragraph,
    Quote,
    Rule,
    SignatureBlock,
    Table,
    Toc,
)
from pipeline.write.docx.blocks import (
    write_callout,
    write_code,
    write_group,
    write_heading,
    write_page_break,
    write_plain,
    write_quote,
    write_rule,
    write_signatures,
    write_toc,
)
from pipeline.write.docx.context import BlockWriter
from pipeline.write.docx.figures import write_figure
from pipeline.write.docx.lists import write_definitions, write_list
from pipeline.write.docx.table import write_table

BLOCK_WRITERS: dict[type, BlockWriter] = {
    Heading: write_heading,
    Paragraph: write_plain,
    List: write_list,
    DefinitionList: write_definitions,
    Quote: write_quote,
    Callout: write_callout,
    Code: write_code,
    Rule: write_rule,
    Table: write_table,
    Figure: write_figure,
    Toc: write_toc,
    SignatureBlock: write_signatures,
    PageBreak: write_page_break,
    Group: write_group,
}
