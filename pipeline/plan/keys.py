"""Take the digests of a tree, a theme and an engine, and the formats; give the one key under which files are kept.

All formats of a document share a key: they are written together, since the page numbers of the PDF go into Word.
"""

from __future__ import annotations

from collections.abc import Iterable
from hashlib import sha256

SCHEMA = 1  # raise it when the meaning of a key or of what is kept under it changes


def make_drawing_key(key: str, engine: str) -> str:
    """Return the key (64 hex digits) under which a picture is kept that an engine drew."""
    return sha256(f"{SCHEMA}\ndrawing\n{key}\n{engine}".encode()).hexdigest()


def make_key(tree: str, theme: str, formats: Iterable[str], engine: str) -> str:
    """Return the key (64 hex digits) of one document's files; nothing that decides their bytes is left out of it."""
    parts = (str(SCHEMA), tree, theme, ",".join(sorted(formats)), engine)
    return sha256("\n".join(parts).encode()).hexdigest()
