"""Take the address of a link; tell whether every format of a document can carry it."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

SCHEMES = frozenset({"http", "https", "mailto"})
_LONGEST = 2000
_HOST = re.compile(r"[\w.-]+(:\d+)?|.*@[\w.-]+(:\d+)?|\[[0-9A-Fa-f:.]+\](:\d+)?")


def is_address(target: str) -> bool:
    """Return whether Word, which is the strictest, can open an address: one bad one and it calls the file damaged."""
    try:
        parts = urlsplit(target)
    except ValueError:
        return False
    host_fits = parts.scheme == "mailto" or bool(_HOST.fullmatch(parts.netloc))
    return parts.scheme in SCHEMES and host_fits and len(target) <= _LONGEST
