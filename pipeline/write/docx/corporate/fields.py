"""Take a corporate header or footer and what we know of a document; fill its fields, drop what cannot be; change it.

Word and others show a field's last result until somebody updates it: it must not be that of the file it came from.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass, field
from re import IGNORECASE
from re import compile as pattern
from typing import Any

from pipeline.write.docx.corporate.source import W, parse_fragment, remove
from pipeline.write.docx.runs import write_text
from pipeline.write.docx.xml import NAMESPACES

_CODE = pattern(r'\s*(\w+)\s*(?:"([^"]*)"|([^\s\\]\S*))?')
# Fields that name a property by themselves.
_DIRECT = {"TITLE", "SUBJECT", "AUTHOR", "KEYWORDS", "LASTSAVEDBY"}
_STEP = pattern(r"(\w+)\[\d+\]\s*$|(\w+)\s*$", IGNORECASE)
# The two stores that each Word file has; controls bound to any other would be bound to nothing.
_STORES = {"{6C3C8BC8-F283-45AE-878A-BAB7291924A1}", "{6668398D-A668-4E3E-A5EB-62B293D839F1}"}
_BOUND = {"creator": "author", "lastmodifiedby": "author"}


@dataclass
class _Field:
    """A field while it is read: its code, the runs that mark it, and those that show its result."""

    begin: Any
    code: str = ""
    marks: list[Any] = field(default_factory=list)
    result: list[Any] = field(default_factory=list)
    separate: bool = False
    nested: bool = False


def fill_fields(root: Any, values: Mapping[str, str]) -> None:
    """Give fields and bound controls the document's values, by lower-case name of the property.

    A field that asks for a property the document does not have becomes plain text, since Word would show an error.
    """
    for node in list(root.iter(f"{W}fldSimple")):
        _fill_simple(node, values)
    for one in list(_find_fields(root)):
        _fill_field(one, values)
    for control in list(root.iter(f"{W}sdt")):
        _fill_control(control, values)
    for node in root.iter(f"{W}fldChar", f"{W}fldSimple"):
        node.attrib.pop(f"{W}dirty", None)


def _asked(code: str, values: Mapping[str, str]) -> tuple[str | None, bool]:
    """Return the value that a field asks for, None where we know none, and whether it asks for a property at all."""
    match = _CODE.match(code)
    name = match.group(1).upper() if match else ""
    if match and name == "DOCPROPERTY":
        return values.get((match.group(2) or match.group(3) or "").lower()), True
    if name in _DIRECT:
        return values.get("author" if name == "LASTSAVEDBY" else name.lower()), True
    return (values.get("pages"), False) if name == "NUMPAGES" else (None, False)


def _fill_simple(node: Any, values: Mapping[str, str]) -> None:
    value, property_asked = _asked(node.get(f"{W}instr") or "", values)
    if value is not None:
        look = node.find(".//w:rPr", NAMESPACES)
        for child in list(node):
            remove(child)
        node.extend(_write_run(value, look))
    elif property_asked:
        for child in list(node):
            node.addprevious(child)
        remove(node)


def _fill_field(one: _Field, values: Mapping[str, str]) -> None:
    value, property_asked = (None, False) if one.nested else _asked(one.code, values)
    if value is not None:
        look = next((run.find(f"{W}rPr") for run in one.result), one.begin.find(f"{W}rPr"))
        shown = _write_run(value, look)
        if not one.separate:
            shown.insert(0, parse_fragment('<w:r><w:fldChar w:fldCharType="separate"/></w:r>'))
        for run in shown:
            one.marks[-1].addprevious(run)
    for run in one.result if value is not None else one.marks if property_asked else ():
        remove(run)


def _write_run(value: str, look: Any) -> list[Any]:
    if not value:
        return []
    run = parse_fragment(write_text(value))
    if look is not None:
        run.insert(0, deepcopy(look))
    return [run]


def _find_fields(root: Any) -> Iterator[_Field]:
    """Yield the fields of a part that are made of runs, each when it ends."""
    stack: list[_Field] = []
    for run in root.iter(f"{W}r"):
        marks = [node.get(f"{W}fldCharType") for node in run.iter(f"{W}fldChar")]
        if "begin" in marks:
            for outer in stack:
                outer.nested = True
            stack.append(_Field(run))
        if not stack:
            continue
        one = stack[-1]
        codes = [node.text or "" for node in run.iter(f"{W}instrText")]
        one.code += "".join(codes)
        one.separate = one.separate or "separate" in marks
        (one.marks if marks or codes else one.result).append(run)
        if "end" in marks:
            yield stack.pop()


def _fill_control(control: Any, values: Mapping[str, str]) -> None:
    """Fill a content control that is bound to a property; no control may need what was left behind."""
    properties, content = control.find(f"{W}sdtPr"), control.find(f"{W}sdtContent")
    if properties is None:
        return
    for name in ("placeholder", "showingPlcHdr"):
        for node in properties.findall(f"{W}{name}"):
            remove(node)
    binding = properties.find(f"{W}dataBinding")
    if binding is None:
        return
    step = _STEP.search(binding.get(f"{W}xpath") or "")
    name = (step.group(1) or step.group(2)).lower() if step else ""
    value = values.get(_BOUND.get(name, name))
    if (binding.get(f"{W}storeItemID") or "").upper() not in _STORES or value is None:
        remove(binding)
    elif content is not None:
        _fill_content(content, value)


def _fill_content(content: Any, value: str) -> None:
    runs = list(content.iter(f"{W}r"))
    if runs:
        for run in _write_run(value, runs[0].find(f"{W}rPr")):
            runs[0].addprevious(run)
        for run in runs:
            remove(run)
