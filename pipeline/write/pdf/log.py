"""Take what the layout engine writes to its log; keep errors and warnings; give problems."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager

from pipeline.problems import Problem

_LOGGER = "weasyprint"
_REFUSED = "not an asset of the document"  # the fetcher has said it already, and better


class _Gatherer(logging.Handler):
    """Turns log records into problems."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__(logging.WARNING)
        self._problems = problems

    def emit(self, record: logging.LogRecord) -> None:
        message = record.getMessage().splitlines()[0]
        if _REFUSED in message:
            return
        severe = record.levelno >= logging.ERROR
        self._problems.append(Problem("DB403", f"PDF: {message}", severity="error" if severe else "warning"))


@contextmanager
def gather_problems() -> Iterator[list[Problem]]:
    """Yield a list that fills with what the layout engine complains about meanwhile."""
    problems: list[Problem] = []
    logger = logging.getLogger(_LOGGER)
    handler = _Gatherer(problems)
    propagate = logger.propagate
    logger.addHandler(handler)
    logger.propagate = False
    try:
        yield problems
    finally:
        logger.removeHandler(handler)
        logger.propagate = propagate
