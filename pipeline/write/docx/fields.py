"""Take an instruction and the result that we know; write a field that shows it without asking Word; give runs."""

from __future__ import annotations

from pipeline.write.docx.context import PLAIN, Look
from pipeline.write.docx.runs import write_run, write_text
from pipeline.write.docx.xml import clean, escape

LONGEST_PROPERTY = 255  # letters; Word and python-docx take no more
_BREAKS = frozenset("\t\n")


def open_field(instruction: str, look: Look = PLAIN) -> str:
    """Return the runs that begin a field, up to its result."""
    code = f'<w:instrText xml:space="preserve"> {escape(instruction)} </w:instrText>'
    return _mark("begin", look) + write_run(code, look) + _mark("separate", look)


def close_field(look: Look = PLAIN) -> str:
    """Return the run that ends a field."""
    return _mark("end", look)


def write_field(instruction: str, result: str, look: Look = PLAIN) -> str:
    """Return a whole field with its result as text."""
    return open_field(instruction, look) + write_text(result, look) + close_field(look)


def write_property(name: str, text: str, look: Look = PLAIN) -> str:
    """Return the text as the result of a field that shows a property; plain where a property could not hold it."""
    fits = 0 < len(text) <= LONGEST_PROPERTY and clean(text) == text and not _BREAKS.intersection(text)
    return write_field(f'DOCPROPERTY "{name}"', text, look) if fits else write_text(text, look)


def _mark(kind: str, look: Look) -> str:
    return write_run(f'<w:fldChar w:fldCharType="{kind}"/>', look)
