"""Take the files of finished documents under their keys; keep them beside the repository; give them back, proved."""

from __future__ import annotations

from pipeline.archive.store.place import find_store
from pipeline.archive.store.store import Store

__all__ = ["Store", "find_store"]
