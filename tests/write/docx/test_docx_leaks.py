"""Take a document of known words; write it as a Word file; check that no part of the file says anything else."""

from __future__ import annotations

import re
from datetime import UTC, datetime

from lxml import etree
from word_file import read_parts
from writers_tables import cell, columns, words

from pipeline.document.theme import Theme
from pipeline.document.tree import Document, Furniture, Heading, Paragraph, Properties, Row, Section, Table
from pipeline.write.docx import write_docx

KNOWN = set(re.findall(r"\w+", "alpha beta gamma epsilon zeta eta theta iota kappa lambda mu nu"))
# What the format or the writer itself says, in any file: names of styles, fonts and properties stand in attributes.
OURS = {"Deedbox", "Page", "of", "PAGE", "NUMPAGES", "SEQ", "Table", "ARABIC"}
OURS |= {"DOCPROPERTY", "Document", "Project", "Revision", "Sensitivity"}  # codes of fields


def test_no_value_from_outside_the_tree_gets_into_the_file(theme: Theme) -> None:
    table = Table(columns(300, (1, "left"), (1, "left")), (), (Row((cell("alpha"), cell("beta"))),), words("gamma"))
    document = Document(
        "delta/epsilon",
        Properties("zeta", "eta", "theta", "", ("iota",), modified=datetime(2026, 9, 30, tzinfo=UTC)),
        Furniture("kappa", "lambda"),
        (Section((Heading(1, words("mu"), "mu"), Paragraph(words("nu")), table)),),
    )
    said: dict[str, set[str]] = {}
    for name, content in read_parts(write_docx(document, theme)).items():
        if name.endswith(".xml"):
            for node in etree.fromstring(content).iter():
                said.setdefault(name, set()).update(re.findall(r"[^\W\d_]{2,}", node.text or ""))
    strange = {name: found - KNOWN - OURS for name, found in said.items() if found - KNOWN - OURS}
    dates = {"docProps/core.xml"}  # the one time that is known, as W3CDTF: 2026-09-30T00:00:00Z
    assert {name: found for name, found in strange.items() if name not in dates} == {}
    assert strange.get("docProps/core.xml", set()) <= {"en", "GB", "US"}
