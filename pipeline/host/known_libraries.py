"""Take the libraries that we change while they run; compare the files we change with those we know; tell what differs.

A change relies on lines of a library that are no promise of its makers. It is made only where the files it relies on
are, to the byte, those of a version that it was tried with. Elsewhere the library goes its own way, users are told what
they lose, and the fingerprint names the files, so that documents of both kinds are never mixed.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from pathlib import Path

from pipeline.problems import Problem

_LAID_OUT = {"docx", "pdf"}  # a Word file with a list of contents shows the numbers of the PDF's pages


@dataclass(frozen=True, slots=True)
class Library:
    """A library that is changed, by the name of its package, and the version that the changes were tried with."""

    package: str
    title: str
    version: str


@dataclass(frozen=True, slots=True)
class Patch:
    """A change to a library: the files that it relies on, their digest (see `hash_files`), what is lost without it."""

    library: Library
    files: tuple[str, ...]
    digest: str
    loss: str


_WEASYPRINT = Library("weasyprint", "WeasyPrint", "70.0")
_PYDYF = Library("pydyf", "pydyf", "0.13.0")
NOTES_STAY = Patch(
    _WEASYPRINT,
    ("layout/block.py",),
    "9457dca0528c378f",
    "page breaks will differ from those of other machines and of Word, and a footnote may leave the page of its call",
)
SHORTCUTS = Patch(
    _WEASYPRINT,
    ("css/__init__.py", "css/computed_values.py", "css/properties.py", "layout/percent.py"),
    "f7b714e09d35c848",
    "pages take longer to lay out",
)
SETTLED_OBJECTS = Patch(_PYDYF, ("__init__.py",), "0b10add9e640961d", "a PDF takes longer to write")
PATCHES = (NOTES_STAY, SHORTCUTS, SETTLED_OBJECTS)


@cache
def fits(patch: Patch) -> bool:
    """Return whether the installed library is, in the files that count, the one that is known."""
    return hash_files(_find_files(patch)) == patch.digest


def find_misfits() -> tuple[Problem, ...]:
    """Return a warning for each library of which another version is installed than the changes to it are made for."""
    misfits: dict[Library, list[str]] = {}
    for patch in _list_unfit():
        misfits.setdefault(patch.library, []).append(patch.loss)
    return tuple(_warn(library, "; ".join(losses)) for library, losses in misfits.items())


def report_misfits(formats: Collection[str]) -> tuple[Problem, ...]:
    """Return these warnings for a build of such formats; none where no page is laid out for them."""
    return find_misfits() if _LAID_OUT.intersection(formats) else ()


def read_misfits() -> dict[str, str]:
    """Return, by name, the version of each library that does not fit, with a digest of the files that count."""
    versions = {}
    for library in {patch.library for patch in _list_unfit()}:
        files = [file for patch in PATCHES if patch.library == library for file in _find_files(patch)]
        versions[library.package] = f"{_find_version(library)}+{hash_files(files)}"
    return versions


def list_patched_files() -> tuple[Path, ...]:
    """Return all files that count, as they are installed."""
    return tuple(file for patch in PATCHES for file in _find_files(patch))


def hash_files(files: Collection[Path]) -> str:
    """Return the digest of files by which a library is known."""
    return sha256(b"\0".join(file.read_bytes() for file in files)).hexdigest()[:16]


def _list_unfit() -> tuple[Patch, ...]:
    return tuple(patch for patch in PATCHES if _find_package(patch.library) and not fits(patch))


def _warn(library: Library, losses: str) -> Problem:
    found = _find_version(library)
    other = f"is not the version that Deedbox knows ({library.version})"
    words = "is not as its makers published it" if found == library.version else other
    hint = f"python3 -I -m pip install --force-reinstall {library.package}=={library.version}"
    return Problem("DB405", f"{library.title} {found} {words}: {losses}", hint=hint, severity="warning")


def _find_version(library: Library) -> str:
    try:
        return version(library.package)
    except PackageNotFoundError:
        return "of unknown version"


def _find_files(patch: Patch) -> tuple[Path, ...]:
    folder = _find_package(patch.library)
    return tuple(path for path in (folder / name for name in patch.files) if path.is_file()) if folder else ()


@cache
def _find_package(library: Library) -> Path | None:
    """Return the folder of a package without importing it; None where it is not installed."""
    spec = find_spec(library.package)
    return Path(spec.origin).parent if spec and spec.origin else None
