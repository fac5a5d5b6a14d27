"""Take nothing; find the templates and the theme that come with Deedbox; give them by path."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path


@cache
def house_templates() -> Mapping[str, bytes]:
    """Return the templates that come with Deedbox, by path such as `templates/charter.md.j2`."""
    folder = house_folder()
    return {f"templates/{file.name}": file.read_bytes() for file in sorted(folder.iterdir()) if file.is_file()}


def house_folder() -> Path:
    """Return the folder of the templates and the theme that come with Deedbox."""
    here = Path(__file__).resolve()
    inside = here.parents[1] / "templates"  # in an installed package
    return inside if inside.is_dir() else here.parents[2] / "templates"
