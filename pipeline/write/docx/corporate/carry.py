"""Take a part of a corporate file; put it into our package with what it relates to, under names of its own; give it."""

from __future__ import annotations

from dataclasses import dataclass, field
from posixpath import basename
from typing import Any

from docx.opc.packuri import PackURI
from docx.opc.part import Part

from pipeline.write.docx.corporate.source import Relation, Source

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
