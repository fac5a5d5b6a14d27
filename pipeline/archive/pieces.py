"""Take pieces of a text; encode one after the other, so that it is never whole in memory as text; give the bytes."""

from __future__ import annotations

from collections.abc import Iterable
from io import BytesIO


def encode_pieces(pieces: Iterable[str]) -> bytes:
    """Return the pieces as UTF-8, with a newline at the end."""
    file = BytesIO()
    for piece in pieces:
        file.write(piece.encode())
    file.write(b"\n")
    return file.getvalue()
