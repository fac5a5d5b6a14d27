"""Take a file that a writer made; look quickly for what would make it fail in its reader's hands; give problems.

These checks run in every build, so they are few and cheap. The thorough judges are in `tests/conformance`. What they
find is never the fault of the sources: a build that finds anything writes nothing and asks for a report.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from pipeline.problems import Problem

__all__ = ["check_file", "is_fault"]

_HINT = "a fault of Deedbox, not of your sources: nothing was written; please report it"


def _find_docx(data: bytes) -> Iterable[str]:
    from pipeline.write.checks.docx import find_docx_faults  # lxml is loaded only when a file is written

    return find_docx_faults(data)


def _find_pdf(data: bytes) -> Iterable[str]:
    from pipeline.write.checks.pdf import find_pdf_faults

    return find_pdf_faults(data)


_CHECKS: dict[str, tuple[str, Callable[[bytes], Iterable[str]]]] = {
    "docx": ("DB441", _find_docx),
    "pdf": ("DB442", _find_pdf),
}


def check_file(name: str, format: str, data: bytes) -> tuple[Problem, ...]:
    """Return an error for each fault of the file, none for formats without checks."""
    if format not in _CHECKS:
        return ()
    code, find = _CHECKS[format]
    return tuple(Problem(code, f"{name}.{format} is damaged: {fault}", hint=_HINT) for fault in find(data))


def is_fault(problem: Problem) -> bool:
    """Return whether a problem is one of these: the program's own."""
    return any(problem.code == code for code, _ in _CHECKS.values())
