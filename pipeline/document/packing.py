"""Take a document tree or a theme; give it as bytes for another process; read back such bytes, and no others.

The bytes are pickles, since no other form is as fast for a tree. Reading them gives only the frozen values of our own
tree and plain values of Python: bytes that ask for anything else are refused, so that they can run nothing.
"""

from __future__ import annotations

import io
import pickle
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from typing import Any

_OURS = ("pipeline.document.tree.", "pipeline.document.theme", "pipeline.problems", "pipeline.controls.catalogue")
_PLAIN = frozenset({("datetime", "date"), ("datetime", "datetime"), ("datetime", "timedelta"), ("datetime", "timezone"),
                    ("decimal", "Decimal")})  # fmt: skip


@dataclass(frozen=True, slots=True)
class Packed:
    """A document as bytes: its id, and the keys of the pictures that writing it needs: see `pipeline.write.drawings`.

    `charts` are those of charts that are not drawn yet, `pngs` those of the PNG that stands behind each SVG picture.
    """

    id: str
    data: bytes
    charts: tuple[str, ...] = ()
    pngs: tuple[str, ...] = ()


def pack(value: Any) -> bytes:
    """Return a tree, a theme or a part of one as bytes."""
    return pickle.dumps(value, pickle.HIGHEST_PROTOCOL)


def unpack(data: bytes) -> Any:
    """Return what was packed; `pickle.UnpicklingError` where the bytes name anything but parts of trees and themes."""
    return _Reader(io.BytesIO(data)).load()


class _Reader(pickle.Unpickler):
    def find_class(self, module: str, name: str) -> Any:
        """Return a class that trees and themes are made of; other names are refused."""
        found = _find(module, name)
        if found is None:
            raise pickle.UnpicklingError(f"`{module}.{name}` is no part of a document")
        return found


@cache
def _find(module: str, name: str) -> Any:
    is_ours = module.startswith(_OURS) and module.replace(".", "").isidentifier() and "." not in name
    if not is_ours and (module, name) not in _PLAIN:
        return None
    try:
        found = getattr(import_module(module), name, None)
    except ModuleNotFoundError:
        return None
    is_frozen = getattr(getattr(found, "__dataclass_params__", None), "frozen", False)
    return found if isinstance(found, type) and (is_frozen or not is_ours) else None
