"""Take nothing; name the places that Deedbox knows beside the sources; give them without importing anything."""

from __future__ import annotations

SETTINGS = "deedbox.yaml"  # stands at the root of a project repository
STORE = ".deedbox"  # the folder beside it in which builds keep what they need not make twice
STORE_VARIABLE = "DEEDBOX_STORE"  # names another folder for that
