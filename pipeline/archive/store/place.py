"""Take the root of a project repository; choose the folder of its store; keep that out of Git's sight."""

from __future__ import annotations

import os
from pathlib import Path

from pipeline.sources.places import STORE, STORE_VARIABLE

TAG = "CACHEDIR.TAG"  # is there as long as the store is
_TEXT = (
    "Signature: 8a477f597d28d172789f06886806bc55\n# What Deedbox keeps so as not to make it twice; may be deleted.\n"
)
_FILES = {".gitignore": "*\n", TAG: _TEXT}


def find_store(root: Path) -> Path:
    """Return the folder of a repository's store: `DEEDBOX_STORE`, else `.deedbox` beside its deedbox.yaml."""
    own = os.environ.get(STORE_VARIABLE)
    return Path(own).absolute() if own else root / STORE


def make_store(folder: Path) -> bool:
    """Make the folder unless it is there; return whether it can be used: it is a real folder that we may write to."""
    try:
        if folder.is_symlink():
            return False
        folder.mkdir(parents=True, exist_ok=True)
        for name, text in _FILES.items():
            if not (folder / name).exists():
                (folder / name).write_text(text, encoding="ascii")
    except OSError:
        return False
    return os.access(folder, os.W_OK | os.X_OK)
