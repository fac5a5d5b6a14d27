"""Take problems of rules and the severities of deedbox.yaml; apply them; give the problems that remain."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from pipeline.model.settings import Settings
from pipeline.problems import Problem


def apply_severities(problems: Iterable[Problem], settings: Settings) -> Iterator[Problem]:
    """Yield the problems with the severity that the settings give their code; none for a code that is `off`."""
    for problem in problems:
        severity = settings.rules.get(problem.code, problem.severity)
        if severity != "off":
            yield replace(problem, severity=severity)
