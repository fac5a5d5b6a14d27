"""Define a row of a Gantt chart: a task, a summary task or a milestone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class GanttRow:
    """A task, summary task (`group`) or milestone; `complete` is percent, `level` how deep it stands below summaries.

    A milestone is at its `finish`; baselines are those of the approved plan.
    """

    title: str
    finish: date
    start: date | None = None
    baseline_start: date | None = None
    baseline_finish: date | None = None
    complete: Decimal = Decimal(0)
    critical: bool = False
    milestone: bool = False
    group: bool = False
    level: int = 0

    @property
    def begin(self) -> date:
        """Return the first day: that of a milestone is its date."""
        return self.finish if self.milestone or self.start is None else self.start

    @property
    def late(self) -> bool:
        """Return whether it ends after its baseline."""
        return self.baseline_finish is not None and self.finish > self.baseline_finish
