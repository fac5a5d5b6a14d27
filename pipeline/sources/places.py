"""Take nothing; name the places that Deedbox knows beside the sources; give them without importing anything."""

from __future__ import annotations

SETTINGS = "deedbox.yaml"  # stands at the root of a project repository
STORE = ".deedbox"  # a folder beside it in which earlier versions kept things: no source, and never believed
