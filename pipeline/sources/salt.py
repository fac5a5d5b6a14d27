"""Take nothing; draw secret bytes for a salt, the one place where chance is wanted; give them."""

from __future__ import annotations

import secrets


def make_salt() -> bytes:
    """Return 32 bytes that nobody can guess."""
    return secrets.token_bytes(32)
