"""Take what judges say; hold findings and missing judges as values; give them to the table."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from tests.conformance.files import Made


class Missing(Exception):
    """Raised where a judge is not on this machine; carries its name and the command that installs it."""

    def __init__(self, judge: str, command: str) -> None:
        super().__init__(f"{judge} is missing: {command}")
        self.judge, self.command = judge, command


@dataclass
class Verdict:
    """What one judge said: of how many things, how many passed, and what it found on the others."""

    judge: str
    judged: int = 0
    passed: int = 0
    unit: str = "files"
    findings: list[str] = field(default_factory=list)
    least: float = 1.0

    @property
    def holds(self) -> bool:
        """Return whether enough passed and there was something to judge."""
        return self.judged > 0 and self.passed >= self.least * self.judged

    def take(self, name: str, findings: Sequence[str]) -> None:
        """Count one file with what was found in it."""
        self.judged += 1
        self.passed += not findings
        self.findings += [f"{name}: {finding}" for finding in findings]


Judge = Callable[[Sequence[Made]], list[Verdict]]
