"""Take the problems of one document one by one; keep each once, and as many as a person reads; give a list.

A loop of a template or a text of a megabyte can hold a hundred thousand faults of one kind: whoever mends the first two
hundred finds the others next time.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from pipeline.problems import Place, Problem, Severity

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
