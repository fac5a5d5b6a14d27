"""Take the folders beside this file; read what each `case.toml` says; give the cases."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).parent


@dataclass(frozen=True)
class Case:
    """A golden repository: what it is about, how its build ends, and which outputs are kept in full.

    `docx`, `styles`, `pdf`, `html`, `pages` and `word_pages` name documents such as `mill/charter`; the last two, which
    are pictures of the PDF and of the Word file in LibreOffice, may name one page: `mill/charter#2`.
    """

    name: str
    about: str
    exit_code: int = 0
    docx: tuple[str, ...] = ()
    styles: tuple[str, ...] = ()
    pdf: tuple[str, ...] = ()
    html: tuple[str, ...] = ()
    pages: tuple[str, ...] = ()
    word_pages: tuple[str, ...] = ()

    @property
    def folder(self) -> Path:
        """Return the folder of the case."""
        return HERE / self.name

    @property
    def source(self) -> Path:
        """Return the source tree."""
        return self.folder / "repository"

    @property
    def expected(self) -> Path:
        """Return the folder of the accepted files."""
        return self.folder / "expected"


def list_cases() -> tuple[Case, ...]:
    """Return all cases, by name."""
    return tuple(read_case(file.parent.name) for file in sorted(HERE.glob("*/case.toml")))


def read_case(name: str) -> Case:
    """Return one case; TypeError for a key that no case knows."""
    values = tomllib.loads((HERE / name / "case.toml").read_text(encoding="utf-8"))
    return Case(name, **{key: tuple(value) if isinstance(value, list) else value for key, value in values.items()})
