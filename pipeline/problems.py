"""Take what went wrong anywhere on the line; hold it as values with place, code and hint; give exit codes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from pipeline.quoting import find_near, shorten

DONE = 0
SOURCES_WRONG = 1
USAGE = 2
OUR_BUG = 3
MACHINE_LACKS = 4
INTERRUPTED = 130

Severity = Literal["error", "warning"]


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """A position in a source file: `file` is relative to the project repository's root.

    `line` and `column` count from 1; 0 means that the whole file (or the line) is meant.
    """

    file: str = ""
    line: int = 0
    column: int = 0

    def __str__(self) -> str:
        numbers = [str(number) for number in (self.line, self.column) if number]
        return ":".join([self.file, *numbers]) if self.file else ""


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that a person should mend: where it is, what it is, and how to mend it.

    Message and hint quote no more of a source than a person reads: longer texts are cut where they are put in.
    """

    code: str
    message: str
    place: Place = Place()
    hint: str = ""
    severity: Severity = "error"

    def __post_init__(self) -> None:
        """Cut what is quoted."""
        for name in ("message", "hint"):
            text = getattr(self, name)
            if (shown := shorten(text)) is not text:
                object.__setattr__(self, name, shown)

    def __str__(self) -> str:
        where = f"{self.place}: " if self.place.file else ""
        return f"{where}{self.severity} {self.code}: {self.message}"

    def record(self) -> dict[str, str | int]:
        """Return it as every JSON of Deedbox tells it."""
        return {
            "code": self.code,
            "severity": self.severity,
            "message": self.message,
            "hint": self.hint,
            "file": self.place.file,
            "line": self.place.line,
            "column": self.place.column,
        }


class Stop(Exception):
    """Raised where the line cannot go on; carries the problems and the exit code."""

    def __init__(self, *problems: Problem, exit_code: int = SOURCES_WRONG) -> None:
        super().__init__("; ".join(str(problem) for problem in problems))
        self.problems = problems
        self.exit_code = exit_code


def sort_problems(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """Return the problems without repeats, by file and line, errors before warnings at one place."""
    unique = dict.fromkeys(problems)
    return tuple(sorted(unique, key=lambda p: (p.place, p.severity, p.code, p.message)))


def drop_echoes(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """Return the problems without mere echoes: names that a project's prose misses since its YAML could not be read."""
    found = tuple(problems)
    unread = {p.place.file for p in found if p.code in _UNREADABLE and p.place.file.endswith(".yaml")}
    folders = {path.partition("/")[0] if "/" in path else "" for path in unread}
    return tuple(p for p in found if not (p.code == _ECHO and _is_below(p.place.file, folders)))


def _is_below(path: str, folders: set[str]) -> bool:
    """Return whether a file is in one of the folders; "" stands for a file that all projects share."""
    folder = path.partition("/")[0]
    return folder in folders or (bool(folders) and ("" in folders or folder == "templates"))


_UNREADABLE = {f"DB{number}" for number in range(130, 146)}
_ECHO = "DB351"


def has_errors(problems: Iterable[Problem], *, strict: bool = False) -> bool:
    """Return whether any problem stops a build; under `strict` a warning does too."""
    return any(strict or problem.severity == "error" for problem in problems)


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """Return a hint that names the nearest known word, or the known words, or nothing."""
    words, near = find_near(word, known)
    if near:
        return f"did you mean `{near}`?"
    return f"known here: {', '.join(words)}" if 0 < len(words) <= 12 else ""
