"""Take the door of a document and the folder of its project; choose the sources that may travel; give their bytes.

A whole source holds more than its reader may see, so only the setting `attach` asks for them. Three kinds stay at home
even then: the personal data of people.yaml, the files of the look, and what lies in the folder of another project.
"""

from __future__ import annotations

from pipeline.document.tree import SourceFile
from pipeline.model.load import PEOPLE, PROJECT
from pipeline.model.narrative import FileMeta
from pipeline.model.read import check_value
from pipeline.model.where import Source
from pipeline.render.page import Page
from pipeline.sources.frontmatter import MarkdownFile
from pipeline.sources.snapshot import Door

_LOOK = "theme/"
_THEME = "theme/theme.yaml"


def check_attach(file: MarkdownFile, page: Page) -> tuple[str, ...] | None:
    """Return what a document that is taken as it is says of `attach`, noting what is wrong; None if it says nothing."""
    meta, faults = check_value(Source("documents", file.path, file.meta, file.path), FileMeta, "")
    page.problems.extend(faults)
    return meta.attach if meta else None


def read_attached(door: Door, project: str) -> tuple[SourceFile, ...]:
    """Return the sources that passed the door and may travel with a document of a project's folder, by path."""
    paths = (path for path in sorted(door.seen) if _may_travel(path, project, door))
    return tuple(SourceFile(path, door.snapshot.read(path)) for path in paths)


def _may_travel(path: str, project: str, door: Door) -> bool:
    folder = path.partition("/")[0]
    foreign = folder != project and f"{folder}/{PROJECT}" in door
    return path != PEOPLE and not foreign and (path == _THEME or not path.startswith(_LOOK))
