"""Take the digests of a tree, a theme and an engine, and the formats; give the one key under which files are kept.

All formats of a document share a key: they are written together, since the page numbers of the PDF go into Word. The
project is in each key, though equal trees give equal bytes: what a process says that has read one project's files can
then never be taken for another project's document.
"""

from __future__ import annotations

from collections.abc import Iterable
from hashlib import sha256

SCHEMA = 2  # raise it when the meaning of a key or of what is kept under it changes


def make_drawing_key(project: str, key: str, engine: str) -> str:
    """Return the key (64 hex digits) under which a picture is kept that an engine drew for a project."""
    return _digest("drawing", project, key, engine)


def make_key(project: str, tree: str, theme: str, formats: Iterable[str], engine: str) -> str:
    """Return the key (64 hex digits) of one document's files; nothing that decides their bytes is left out of it."""
    return _digest("document", project, tree, theme, ",".join(sorted(formats)), engine)


def _digest(*parts: str) -> str:
    return sha256("\n".join((str(SCHEMA), *parts)).encode("utf-8", "surrogatepass")).hexdigest()
