"""Take the code, libraries and fonts as they are installed; name their versions; give what else decides the bytes.

Two engines are told apart. That of the writers turns a finished tree into bytes. That of the whole line adds what turns
sources into trees: an update of it renders all documents anew, and those whose tree comes out equal are not written.
"""

from __future__ import annotations

import platform
import sys
import zlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from hashlib import sha256
from importlib.metadata import PackageNotFoundError, distribution
from importlib.util import find_spec
from pathlib import Path

from pipeline import __version__
from pipeline.document.tree.canonical import make_digest
from pipeline.host.known_libraries import list_patched_files, read_misfits
from pipeline.host.system_libraries import ABSENT, read_system_libraries
from pipeline.sources.stats import STARTED, has_changed_since, read_marks

# Everything under these folders and files of the package, relative to it, that a writer runs.
WRITER_CODE = ("document", "write", "problems.py", "quoting.py")
LINE_CODE = (".",)
WRITER_LIBRARIES = (
    "brotli",
    "cssselect2",
    "fontpkg-arimo",
    "fontpkg-ibm-plex-mono",
    "fonttools",
    "lxml",
    "pillow",
    "pydyf",
    "pyphen",
    "python-docx",
    "tinycss2",
    "tinyhtml5",
    "vl-convert-python",
    "weasyprint",
    "zopfli",
)
LINE_LIBRARIES = (
    "babel",
    "holidays",
    "jinja2",
    "markdown-it-py",
    "markupsafe",
    "mdit-py-plugins",
    "mdurl",
    "numpy",
    "pydantic",
    "pydantic-core",
    "python-flint",
    "pyyaml",
)
FONT_PACKAGES = ("fontpkg_arimo", "fontpkg_ibm_plex_mono")
_PACKAGE = Path(__file__).resolve().parents[1]


@dataclass(frozen=True)
class Engine:
    """What turns sources into bytes: `parts` maps the name of each part to its version, or to a digest of its files.

    `files` tell whether any part has changed, `marks` is what the file system said of them before they were read;
    `folders` are those of our own code.
    """

    parts: Mapping[str, str]
    files: tuple[Path, ...] = ()
    marks: bytes = b""
    folders: tuple[Path, ...] = ()

    @property
    def paths(self) -> tuple[Path, ...]:
        """Return the files and folders that look as they did as long as no part has changed."""
        return (*self.files, *self.folders)

    @cached_property
    def digest(self) -> str:
        """Return the fingerprint: equal parts, equal fingerprint."""
        return make_digest(dict(self.parts))

    def is_steady(self) -> bool:
        """Return whether what runs is what was read: no part was changed since this process began.

        Somebody who edits or updates Deedbox while it builds gets his documents, but nothing of them is kept for later.
        """
        # The time of a folder is no sign: Python itself puts what it has compiled there, when it first runs.
        if has_changed_since(self.marks, STARTED) or read_marks(list(map(str, self.files))) != self.marks:
            return False
        own = set(self.files)
        return all(file in own for folder in self.folders for file in _list_files(folder))


@cache
def read_writer_engine() -> Engine:
    """Return the engine that turns trees into files, as it is installed here."""
    code, fonts = tuple(_list_code(WRITER_CODE)), tuple(_list_fonts())
    libraries, where = _read_versions(WRITER_LIBRARIES)
    system, found = read_system_libraries()
    files = (*code, *fonts, *where, *list_patched_files(), *found, Path(sys.executable).resolve())
    marks = read_marks(list(map(str, files)))
    parts = {
        "Deedbox": f"{__version__}+{_hash_files(code)}",
        "Python": f"{platform.python_implementation()} {platform.python_version()}",
        "zlib": zlib.ZLIB_RUNTIME_VERSION,
        "fonts": _hash_files(fonts),
        **libraries,
        **read_misfits(),
        **system,
    }
    return Engine(parts, files, marks)


@cache
def read_line_engine() -> Engine:
    """Return the engine of the whole line, as it is installed here: that of the writers and all before it."""
    writer = read_writer_engine()
    code = (*_list_code(LINE_CODE), *_list_templates())
    libraries, where = _read_versions(LINE_LIBRARIES)
    more = tuple(dict.fromkeys((*code, *where)))
    marks = read_marks(list(map(str, more)))
    parts = {**writer.parts, "Deedbox": f"{__version__}+{_hash_files(code)}", **libraries}
    return Engine(parts, (*writer.files, *more), writer.marks + marks, _folders(code))


def _list_code(places: Iterable[str]) -> Iterator[Path]:
    """Give the files of our own code; what Python has compiled of them lies beside them and does not count."""
    for place in places:
        path = _PACKAGE / place
        found = sorted(path.rglob("*")) if path.is_dir() else [path]
        yield from (file for file in found if "__pycache__" not in file.parts and file.is_file())


def _list_files(folder: Path) -> Iterator[Path]:
    return (file for file in folder.iterdir() if file.is_file())


def _list_templates() -> Iterator[Path]:
    from pipeline.document.house import house_folder

    return (file for file in sorted(house_folder().iterdir()) if file.is_file())


def _list_fonts() -> Iterator[Path]:
    for name in FONT_PACKAGES:
        spec = find_spec(name)
        for folder in spec.submodule_search_locations or () if spec else ():
            yield from sorted(Path(folder).rglob("*.ttf"))


def _folders(files: Iterable[Path]) -> tuple[Path, ...]:
    return tuple(dict.fromkeys(file.parent for file in files))


def _hash_files(files: Iterable[Path]) -> str:
    """Return a digest of the names and contents of files; where they lie on this machine does not count."""
    digest = sha256()
    for file in files:
        name = file.relative_to(_PACKAGE).as_posix() if file.is_relative_to(_PACKAGE) else file.name
        digest.update(f"{name}\0{sha256(file.read_bytes()).hexdigest()}\n".encode())
    return digest.hexdigest()[:16]


def _read_versions(names: Iterable[str]) -> tuple[dict[str, str], tuple[Path, ...]]:
    """Return the version of each library, and the folders in which an update of any of them leaves its mark."""
    versions, folders = {}, []
    for name in names:
        try:
            found = distribution(name)
        except PackageNotFoundError:
            versions[name] = ABSENT
            continue
        versions[name] = found.version
        folders.append(Path(str(found.locate_file(""))))
    return versions, tuple(dict.fromkeys(folders))
