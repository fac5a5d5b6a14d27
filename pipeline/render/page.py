"""Take what is common to one document while its Markdown is read; collect it; give notes, assets and problems."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from pipeline.document.tree import Asset, Blocks
from pipeline.problems import Place, Problem
from pipeline.render.templates.budget import Budget
from pipeline.render.templates.islands import Islands
from pipeline.render.templates.noted import Noted
from pipeline.sources.snapshot import Door


@dataclass
class Page:
    """The open state of one document: filled while its template and narratives are read, then frozen into a tree.

    `home` is the source that is being read: the place of problems for which no line is known. `is_marked` says that
    there are marks to be filled when it is known what the document was made from. `budget` pays for its templates.
    """

    door: Door
    budget: Budget = field(default_factory=Budget)
    islands: Islands = field(init=False)
    notes: dict[int, Blocks] = field(default_factory=dict)
    assets: dict[str, Asset] = field(default_factory=dict)
    problems: Noted = field(default_factory=Noted)
    home: str = ""
    places: dict[int, tuple[Any, Place]] = field(default_factory=dict)
    is_marked: bool = False

    def __post_init__(self) -> None:
        """Let what is kept aside be paid from the budget too."""
        self.islands = Islands(self.budget)

    def mark(self, node: Any, place: Place) -> Any:
        """Return an inline node after noting where it was written: inline nodes carry no place of their own."""
        self.places[id(node)] = (node, place)
        return node

    def place_of(self, node: Any) -> Place:
        """Return where a marked inline node was written."""
        kept = self.places.get(id(node))
        return kept[1] if kept and kept[0] is node else Place(self.home)

    def reserve_note(self) -> int:
        """Return the number of a new footnote, to be filled later."""
        number = len(self.notes) + 1
        self.notes[number] = ()
        return number

    def warn(self, code: str, message: str, place: Place, hint: str = "") -> None:
        """Note something that paper cannot carry; the text stays on the page."""
        self.problems.append(Problem(code, message, place, hint, "warning"))

    def fail(self, code: str, message: str, place: Place, hint: str = "") -> None:
        """Note an error: the document will not be written."""
        self.problems.append(Problem(code, message, place, hint))
