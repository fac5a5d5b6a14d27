"""Take a package's history as Git read it; build the documents again; hold them against those of the package."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable, Iterator, Mapping
from html import unescape
from pathlib import Path

from pipeline.archive.descent import write_new
from pipeline.closure.issued import Paper, Press, Report
from pipeline.closure.texts import read_words
from pipeline.closure.verify.hashes import Digests
from pipeline.closure.verify.history import MAP, Provenance
from pipeline.closure.verify.ledger import DOCUMENTS
from pipeline.closure.verify.package import Package, read_text
from pipeline.host.engine import read_line_engine
from pipeline.problems import Place, Problem, Stop
from pipeline.sources.git import repository as git
from pipeline.sources.paths import show_path

WRONG = "DB519"
_TEXT = re.compile(rb"<w:t(?: [^>]*)?>([^<]*)</w:t>|</w:p>")
_LARGEST = 200_000_000  # bytes of a document, and of the text in it


def rebuild(
    package: Package, clone: Path, said: Provenance, folder: Path, jobs: int, report: Report
) -> tuple[Paper, ...]:
    """Return the documents built again from a package's history, at closing and at its baselines, below `folder`.

    Stop where they cannot be: the sources in the package are not those of its documents, or not all.
    """
    if MAP in package.files:
        with git.open_git(clone) as found:
            write_new(found.git_dir / git.ORIGINALS, read_text(package, MAP).encode())
    root = clone / said.folder
    root.mkdir(parents=True, exist_ok=True)
    press = Press(root, said.project, folder / "store", jobs, report)
    papers = press.build(said.tip, folder / "closing")
    for number, name in enumerate(said.baselines):
        more, problem = press.build_baseline(name, f"refs/tags/{name}", folder / f"baseline-{number}")
        if problem is not None:
            raise Stop(problem)
        papers += more
    return papers


def has_engine(said: Provenance) -> bool:
    """Return whether what made a package is what is installed here, to the byte."""
    return said.engine == read_line_engine().digest


def compare_papers(
    package: Package, found: Mapping[str, Digests], papers: tuple[Paper, ...], *, same: bool
) -> tuple[str, tuple[Problem, ...]]:
    """Return what was compared, in words, and each document that came out as another one.

    With the engine that made the package (`same`) all bytes have to be equal; with any other one the words of Word
    files and web pages have to be, since a newer layout may break lines elsewhere.
    """
    built = {f"{DOCUMENTS}{paper.path}": paper for paper in papers}
    problems = list(_list_others(found, built))
    check = _check_bytes if same else _check_words
    compared = [path for path in built if path in found and (same or path.endswith(tuple(_READERS)))]
    problems += [problem for path in compared for problem in check(package, path, built[path], found)]
    words = f"{len(compared)} documents and the registers made again, " + (
        "bytes compared" if same else "words compared: another engine made the package, so bytes may differ"
    )
    return words, tuple(problems)


def _list_others(found: Mapping[str, Digests], built: Mapping[str, Paper]) -> Iterator[Problem]:
    for path in sorted(path for path in found if path.startswith(DOCUMENTS) and path not in built):
        yield Problem(WRONG, "does not come out of the sources", Place(show_path(path)))
    for path in sorted(path for path in built if path not in found):
        yield Problem(WRONG, "comes out of the sources, and is not here", Place(show_path(path)))


def _check_bytes(package: Package, path: str, paper: Paper, found: Mapping[str, Digests]) -> Iterator[Problem]:
    if found[path].sha256 != paper.sha256:
        yield Problem(WRONG, "comes out of the sources with other bytes", Place(show_path(path)))


def _check_words(package: Package, path: str, paper: Paper, found: Mapping[str, Digests]) -> Iterator[Problem]:
    read = _READERS[Path(path).suffix]
    if package.files[path] > _LARGEST:
        yield Problem(WRONG, "is too large to be read", Place(show_path(path)))
    elif read(b"".join(package.pieces(path))) != read(paper.file.read_bytes()):
        yield Problem(WRONG, "comes out of the sources with other words", Place(show_path(path)))


def _read_docx(data: bytes) -> str:
    """Return the words of a Word file; its whole bytes, as it were, where it is none."""
    from io import BytesIO

    try:
        with zipfile.ZipFile(BytesIO(data)) as parts, parts.open("word/document.xml") as part:
            text = part.read(_LARGEST)
    except (zipfile.BadZipFile, KeyError, ValueError, NotImplementedError, RuntimeError, OSError):
        return data.decode("latin-1")
    words = "".join(found[1].decode("utf-8", "replace") if found[1] else " " for found in _TEXT.finditer(text))
    return " ".join(unescape(words).split())


_READERS: Mapping[str, Callable[[bytes], str]] = {".html": read_words, ".docx": _read_docx}
