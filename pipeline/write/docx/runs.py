"""Text and how it looks where it stands come in; runs and fields of WordprocessingML go out."""

from __future__ import annotations

from re import compile as pattern

from pipeline.write.docx.context import PLAIN, Look
from pipeline.write.docx.xml import attributes, clean, escape, full_language, hex_colour, val, write_properties

TEXT_END = "</w:t></w:r>"
_TEXT = '<w:t xml:space="preserve">'
_SPECIAL = {
    "\t": "<w:tab/>",
    "\n": "<w:br/>",
    "\u2028": "<w:br/>",
    "\u00ad": "<w:softHyphen/>",
    "\u2011": "<w:noBreakHyphen/>",
}
_PARTS = pattern(f"([{''.join(_SPECIAL)}])")


def write_text(text: str, look: Look = PLAIN) -> str:
    """Return text as one run, or nothing where there is none."""
    if is_plain(text):  # as nearly every text is
        return f"{open_text(look)}{escape(text)}{TEXT_END}"
    parts = [part for part in _PARTS.split(clean(text)) if part]
    content = "".join(_SPECIAL.get(part) or f"{_TEXT}{escape(part)}</w:t>" for part in parts)
    return write_run(content, look) if content else ""


def is_plain(text: str) -> bool:
    """Return whether a text is one run of nothing but characters that are shown, and of one at least."""
    return bool(text) and text.replace("\u00a0", " ").isprintable() and not _PARTS.search(text)


def open_text(look: Look) -> str:
    """Return the beginning of a run of plain text; `TEXT_END` ends it."""
    return f"<w:r>{write_look(look)}{_TEXT}"


def write_run(content: str, look: Look = PLAIN) -> str:
    """Return a run around its content."""
    return f"<w:r>{write_look(look)}{content}</w:r>"


def write_look(look: Look) -> str:
    """Return the run properties of a look."""
    if look == PLAIN:
        return ""
    properties: dict[str, str] = {}
    if look.style:
        properties["rStyle"] = val("rStyle", look.style)
    if look.bold:
        properties |= {"b": "<w:b/>", "bCs": "<w:bCs/>"}
    if look.italic:
        properties |= {"i": "<w:i/>", "iCs": "<w:iCs/>"}
    if look.strike:
        properties["strike"] = "<w:strike/>"
    if look.colour:
        properties["color"] = val("color", hex_colour(look.colour))
    if look.size:
        properties |= {"sz": val("sz", round(look.size * 2)), "szCs": val("szCs", round(look.size * 2))}
    if look.language:
        tag = full_language(look.language)
        properties["lang"] = attributes("lang", {"val": tag, "eastAsia": tag, "bidi": tag})
    return write_properties("rPr", properties)


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
