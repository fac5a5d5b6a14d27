"""Take what all records have in common that are kept as JSON; give their base, and what fails where one is none.

msgspec writes and reads them: it is loaded by those who keep records, and by nobody who only starts.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from msgspec import Struct

# What reading a record raises where somebody else wrote it, or a disk forgot half of it.
BROKEN = (ValueError, LookupError, TypeError, RecursionError)


class Stored(Struct, frozen=True, forbid_unknown_fields=True):
    """A record that is kept as JSON: frozen, its values of just their kinds, with no members but its own."""


def copy_view(view: Mapping[str, Any]) -> dict[str, Any]:
    """Return a mapping that is no plain one as one: what msgspec is to be told of views."""
    return dict(view.items())
