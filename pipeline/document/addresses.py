"""Take the address of a link; tell whether every format of a document can carry it.

This is the one place that says what a live link may lead to: the web and mail. Whatever else a system would open
(files, shares, scripts, programs that have registered a scheme) stays as words.
"""

from __future__ import annotations

import re
from urllib.parse import urlsplit

SCHEMES = frozenset({"http", "https", "mailto"})
_LONGEST = 2000
_HOST = re.compile(r"[\w.-]+(:\d+)?|[^\\]*@[\w.-]+(:\d+)?|\[[0-9A-Fa-f:.]+\](:\d+)?")


def is_address(target: str) -> bool:
    """Return whether all can open an address alike: Word, which is the strictest, calls a file with a bad one damaged.

    Where characters are in it that nobody sees, readers do not agree where it leads.
    """
    try:
        parts = urlsplit(target)
    except ValueError:
        return False
    host_fits = parts.scheme == "mailto" or bool(_HOST.fullmatch(parts.netloc))
    return parts.scheme in SCHEMES and host_fits and len(target) <= _LONGEST and target.isprintable()
