"""Take selectors such as `atlas/progress-report-*`; match them against what there is; give the choice."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fnmatch import fnmatchcase

from pipeline.problems import USAGE, Problem, Stop, did_you_mean


@dataclass(frozen=True, slots=True)
class Selection:
    """Which projects and documents are wanted; no pattern means all."""

    patterns: tuple[tuple[str, str], ...] = ()

    def wants_project(self, project: str) -> bool:
        """Return whether any document of a project may be wanted."""
        return not self.patterns or any(fnmatchcase(project, pattern) for pattern, _ in self.patterns)

    def wants(self, project: str, document: str) -> bool:
        """Return whether a document is wanted; `progress-report` means those of all its periods."""
        return not self.patterns or any(
            fnmatchcase(project, first) and _names(document, second) for first, second in self.patterns
        )

    @property
    def whole(self) -> bool:
        """Return whether everything is wanted."""
        return not self.patterns


def _names(document: str, pattern: str) -> bool:
    return any(fnmatchcase(document, form) for form in (pattern, f"{pattern}-[0-9][0-9][0-9][0-9]-[0-9][0-9]"))


def read_selectors(selectors: Iterable[str], projects: Iterable[str]) -> Selection:
    """Return the selection that `PROJECT` or `PROJECT/DOCUMENT` texts mean; Stop where a project does not exist."""
    known = tuple(projects)
    patterns = []
    for text in selectors:
        project, _, document = text.strip("/").partition("/")
        if not any(fnmatchcase(name, project) for name in known):
            raise Stop(
                Problem("DB381", f"there is no project `{project}`", hint=did_you_mean(project, known)), exit_code=USAGE
            )
        patterns.append((project, document or "*"))
    return Selection(tuple(patterns))


def check_documents(selection: Selection, documents: Iterable[tuple[str, str]]) -> None:
    """Stop with a usage problem where a selector matches no document of (project, name) pairs."""
    known = tuple(documents)
    for project, pattern in selection.patterns:
        if not any(fnmatchcase(first, project) and _names(name, pattern) for first, name in known):
            names = [name for first, name in known if fnmatchcase(first, project)]
            message = f"there is no document `{pattern}` in {project}"
            raise Stop(Problem("DB382", message, hint=did_you_mean(pattern, names)), exit_code=USAGE)
