"""Take the sample document; write it as a Word file once; give its bytes and its body as fixtures."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from lxml import etree
from word_file import read_xml

from pipeline.document.theme import Theme
from pipeline.document.tree import Document
from pipeline.write.docx import write_docx


@pytest.fixture(scope="session")
def pages() -> Mapping[str, int]:
    """Return page numbers for some headings of the sample."""
    return {"summary": 1, "asked": 1, "schedule-and-cost": 3, "stakeholders": 5, "approval": 6}


@pytest.fixture(scope="session")
def sample_docx(sample_document: Document, theme: Theme, pages: Mapping[str, int]) -> bytes:
    """Return the sample document as a Word file."""
    return write_docx(sample_document, theme, pages)


@pytest.fixture(scope="session")
def sample_body(sample_docx: bytes) -> etree._Element:
    """Return the body of the sample document as a Word file."""
    return read_xml(sample_docx)[0]
