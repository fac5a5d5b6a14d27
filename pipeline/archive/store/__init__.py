"""Take the files of finished documents under their keys; keep them in the cache folder; give them back, proved."""

from __future__ import annotations

from pipeline.archive.store.place import check_cache, explain_absence, find_store
from pipeline.archive.store.store import Store

__all__ = ["Store", "check_cache", "explain_absence", "find_store"]
