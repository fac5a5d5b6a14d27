"""What is common to one document while its text is read comes in; notes, assets and problems are collected and go out.

A loop of a template or a text of a megabyte can hold a hundred thousand faults of one kind: whoever mends the first two
hundred finds the others next time.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from pipeline.document.tree import Asset, Blocks
from pipeline.problems import Place, Problem, Severity
from pipeline.render.templates.budget import Budget
from pipeline.render.templates.islands import Islands
from pipeline.sources.snapshot import Door

MOST_NOTED = 200  # errors of one document, and as many warnings


class Noted(list[Problem]):
    """The problems of one document. An error is never left out in favour of warnings: each kind is counted apart."""

    def __init__(self) -> None:
        super().__init__()
        self.told = 0  # how often something was noted, kept or not
        self._known: set[Problem] = set()
        self._counts: Counter[str] = Counter()

    def takes(self, severity: Severity) -> bool:
        """Return whether problems of this kind are still kept: for others no hint need be worked out."""
        return self._counts[severity] <= MOST_NOTED  # one more: the one which says that there are others

    def append(self, problem: Problem) -> None:
        """Keep a problem, unless it is known or there are too many of its kind."""
        self.told += 1
        count = self._counts[problem.severity]
        if count > MOST_NOTED or problem in self._known:
            return
        self._counts[problem.severity] += 1
        if count == MOST_NOTED:
            message = f"this document has more than {MOST_NOTED} {problem.severity}s: the others are not listed"
            hint = "mend those that are listed, and build again"
            problem = Problem("DB336", message, Place(problem.place.file), hint, problem.severity)
        self._known.add(problem)
        super().append(problem)

    def extend(self, problems: Iterable[Problem]) -> None:
        """Keep problems, unless they are known or there are too many of their kind."""
        for problem in problems:
            self.append(problem)


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
