"""The headers, footers and pages of a corporate file come in; they are carried over with what they use; ours go out.

A side (header or footer) that the corporate file does not have stays ours.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from posixpath import basename
from typing import Any

from docx.opc.constants import CONTENT_TYPE, RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from lxml import etree

from pipeline.write.docx.context import Writing
from pipeline.write.docx.corporate.fields import fill_fields
from pipeline.write.docx.corporate.numbering import point_to_lists
from pipeline.write.docx.corporate.source import R, Relation, Source, W, is_on, parse_fragment, remove
from pipeline.write.docx.sections import write_watermark
from pipeline.write.docx.xml import DECLARED, NAMESPACES

_FOLDERS = {"/image": "/word/media"}


@dataclass(slots=True)
class Carrier:
    """Carries parts over, each once, also where several others relate to it."""

    source: Source
    package: Any
    carried: dict[str, Part] = field(default_factory=dict)

    def carry(self, name: str, content: bytes | None = None, kind: str = "") -> Part:
        """Return our copy of a part; `content` takes the place of its own."""
        if name in self.carried:
            return self.carried[name]
        data = self.source.parts[name] if content is None else content
        folder = next((folder for end, folder in _FOLDERS.items() if kind.endswith(end)), "/word")
        place = PackURI(f"{folder}/corporate{len(self.carried) + 1}-{basename(name)}")
        part = Part(place, self.source.media_type(name), data, self.package)
        self.carried[name] = part
        self.relate(part, name)
        return part

    def relate(self, part: Part, name: str) -> None:
        """Give a part of ours the relationships of theirs, with the ids that its content names."""
        for relation in self.source.relations(name):
            self._relate(part, relation)

    def _relate(self, part: Part, relation: Relation) -> None:
        if relation.external:
            part.load_rel(relation.kind, relation.target, relation.id, True)
        elif relation.target in self.source.parts:
            part.load_rel(relation.kind, self.carry(relation.target, kind=relation.kind), relation.id)


_SIDES = ("header", "footer")
_KINDS = ("default", "first", "even")
# What stands in the margin for work on the text, and would point to parts that are left behind.
_LEFT_BEHIND = (
    "bookmarkStart", "bookmarkEnd", "commentRangeStart", "commentRangeEnd", "commentReference", "proofErr",
    "permStart", "permEnd",
)  # fmt: skip
_FIRST_SHAPE = 100  # beyond the marks of our own headers
_TYPES = {"header": CONTENT_TYPE.WML_HEADER, "footer": CONTENT_TYPE.WML_FOOTER}
_RELATIONS = {"header": RELATIONSHIP_TYPE.HEADER, "footer": RELATIONSHIP_TYPE.FOOTER}


@dataclass(frozen=True, slots=True)
class Setting:
    """What headers and footers are made with: values of fields, new numbers of lists, whether even pages differ."""

    values: Mapping[str, str]
    lists: Mapping[str, str]
    even: bool


def take_furniture(writing: Writing, carrier: Carrier, setting: Setting) -> None:
    """Put the corporate headers and footers into all sections, those of the first page into the first one."""
    theirs = carrier.source.xml(carrier.source.main).findall(f".//{W}sectPr")
    first_differs = bool(theirs) and is_on(theirs[-1], "w:titlePg")
    sections = writing.part.element.findall(f".//{W}sectPr")
    wanted = {"default", *(["first"] if first_differs else []), *(["even"] if setting.even else [])}
    for side in _SIDES:
        named = _find_references(carrier, theirs, side)
        if any(kind in wanted for kind in named):
            parts = {kind: _carry(writing, carrier, name, setting) for kind, name in named.items() if kind in wanted}
            _use_theirs(writing, sections, side, {kind: parts.get(kind) for kind in _KINDS if kind in wanted})
        else:
            _use_ours(writing, sections, side, wanted - {"default"})
    if first_differs and sections:
        _set_first_page(sections[0])


def _find_references(carrier: Carrier, sections: list[Any], side: str) -> dict[str, str]:
    """Return the parts of the last section by kind; what it does not name is that of the section before."""
    targets = {one.id: one.target for one in carrier.source.relations(carrier.source.main)}
    found: dict[str, str] = {}
    for section in sections:
        for node in section.findall(f"{W}{side}Reference"):
            target = targets.get(node.get(f"{R}id"), "")
            if target in carrier.source.parts:
                found[node.get(f"{W}type") or "default"] = target
    return found


def _carry(writing: Writing, carrier: Carrier, name: str, setting: Setting) -> Part:
    if name in carrier.carried:
        return carrier.carried[name]
    root = carrier.source.xml(name)
    for node in list(root.iter(*(f"{W}{tag}" for tag in _LEFT_BEHIND))):
        remove(node)
    for drawing in root.iter(f"{{{NAMESPACES['wp']}}}docPr"):
        drawing.set("id", str(next(writing.drawings)))
    fill_fields(root, setting.values)
    point_to_lists(root, setting.lists)
    if root.tag == f"{W}hdr" and writing.document.furniture.draft:
        _mark_draft(writing, root, _FIRST_SHAPE + len(carrier.carried))
    return carrier.carry(name, _serialise(root))


def _mark_draft(writing: Writing, root: Any, number: int) -> None:
    paragraph = next(root.iter(f"{W}p"), None)
    if paragraph is None:
        paragraph = parse_fragment("<w:p/>")
        root.append(paragraph)
    paragraph.append(parse_fragment(write_watermark(writing.document.furniture.draft, writing.theme, number)))


def _use_theirs(writing: Writing, sections: list[Any], side: str, parts: Mapping[str, Part | None]) -> None:
    """Take our references away and set theirs; a kind that they leave empty stays so, but for the mark of a draft."""
    ours = {node.get(f"{R}id") for section in sections for node in section.findall(f"{W}{side}Reference")}
    names = {kind: _relate(writing, side, kind, part) for kind, part in parts.items()}
    for number, section in enumerate(sections):
        for node in section.findall(f"{W}{side}Reference"):
            remove(node)
        kinds = [kind for kind in _KINDS if names.get(kind) and (number == 0 or kind != "first")]
        _add_references(section, side, {kind: names[kind] for kind in kinds})
    for name in sorted(ours):
        del writing.part.rels[name]


def _relate(writing: Writing, side: str, kind: str, part: Part | None) -> str:
    if part is None:
        if side == "footer" or not writing.document.furniture.draft:
            return ""
        root = etree.fromstring(f"<w:hdr {DECLARED}/>")
        _mark_draft(writing, root, _FIRST_SHAPE + 50 + _KINDS.index(kind))
        part = _make_part(writing, side, f"mark-{kind}", _serialise(root))
    return str(writing.part.relate_to(part, _RELATIONS[side]))


def _use_ours(writing: Writing, sections: list[Any], side: str, kinds: set[str]) -> None:
    """Show ours on first and even pages too, where the corporate file tells those apart."""
    for number, section in enumerate(sections):
        name = section.find(f"{W}{side}Reference").get(f"{R}id")
        here = [kind for kind in _KINDS if kind in kinds and (number == 0 or kind != "first")]
        content = _serialise(writing.part.related_parts[name].element)
        parts = {kind: _make_part(writing, side, f"{number + 1}-{kind}", content) for kind in here}
        _add_references(section, side, {kind: writing.part.relate_to(parts[kind], _RELATIONS[side]) for kind in here})


def _make_part(writing: Writing, side: str, name: str, content: bytes) -> Part:
    return Part(PackURI(f"/word/{side}-{name}.xml"), _TYPES[side], content, writing.part.package)


def _add_references(section: Any, side: str, names: Mapping[str, str]) -> None:
    """Add references behind those that are there; headers come first."""
    present = [node for node in section if node.tag in (f"{W}headerReference", f"{W}footerReference")]
    before = [node for node in present if side == "footer" or node.tag == f"{W}headerReference"]
    at = section.index(before[-1]) + 1 if before else 0
    for place, (kind, name) in enumerate(names.items(), start=at):
        section.insert(place, parse_fragment(f'<w:{side}Reference w:type="{kind}" r:id="{name}"/>'))


def _set_first_page(section: Any) -> None:
    margins = section.find("w:pgMar", NAMESPACES)
    margins.addnext(parse_fragment("<w:titlePg/>"))


def _serialise(root: Any) -> bytes:
    return bytes(etree.tostring(root, encoding="UTF-8", standalone=True))
