"""Take templates and their front matter; learn which document types there are; give them by id."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal

from pipeline.problems import Place, Problem, did_you_mean
from pipeline.render.narrative import Wanted
from pipeline.sources.frontmatter import MarkdownFile, read_markdown
from pipeline.sources.snapshot import Snapshot

Each = Literal["project", "period", "document"]
SUFFIX = ".md.j2"
_EACH = ("project", "period", "document")
_KEYS: Mapping[str, type | tuple[type, ...]] = {
    "id": str,
    "title": str,
    "each": str,
    "names": dict,
    "phases": list,
    "narrative": str,
    "narrative_required": bool,
    "sections": list,
    "landscape": bool,
    "numbering": bool,
}


@dataclass(frozen=True, slots=True)
class DocumentType:
    """One kind of document: its template, what it is made for each of, and what it asks of its narrative.

    `narrative` is a path below the project's folder in which `{period}` stands for the period.
    """

    id: str
    title: str
    each: Each
    path: str
    body: str
    body_line: int
    narrative: str = ""
    narrative_required: bool = True
    sections: tuple[Wanted, ...] = ()
    phases: tuple[str, ...] = ()
    landscape: bool = False
    numbering: bool = True
    names: tuple[tuple[str, str], ...] = ()


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


def load_doctypes(snapshot: Snapshot) -> tuple[dict[str, DocumentType], tuple[Problem, ...]]:
    """Return the document types by id, a repository's own before the house's, and what is wrong with them."""
    own = {path: snapshot.read(path) for path in snapshot.paths("templates/", SUFFIX)}
    types: dict[str, DocumentType] = {}
    problems: list[Problem] = []
    for path, data in sorted({**house_templates(), **own}.items()):
        if path.endswith(SUFFIX) and not path.rpartition("/")[2].startswith("_"):
            file = read_markdown(path, data)
            made = [*file.problems] or _check(file)
            problems.extend(made)
            if not made:
                doctype = _make(file)
                types[doctype.id] = doctype
    return types, tuple(problems)


def _check(file: MarkdownFile) -> list[Problem]:
    meta = file.meta.value if isinstance(file.meta.value, dict) else {}
    problems = [
        Problem(
            "DB341", f"unknown key `{key}` in a template", file.meta.place((key,), key=True), did_you_mean(key, _KEYS)
        )
        for key in meta
        if key not in _KEYS
    ]
    for key in ("id", "title", "each"):
        if key not in meta:
            hint = "a template begins with front matter: id, title, each"
            problems.append(Problem("DB342", f"the template says no `{key}`", Place(file.path, 1), hint))
    for key, kind in _KEYS.items():
        if key in meta and not isinstance(meta[key], kind):
            problems.append(Problem("DB343", f"`{key}` is of the wrong kind", file.meta.place((key,))))
    if meta.get("each") not in (None, *_EACH):
        problems.append(
            Problem("DB343", "`each` is not known", file.meta.place(("each",)), f"known here: {', '.join(_EACH)}")
        )
    for index, section in enumerate(meta.get("sections") or ()):
        if not isinstance(section, dict) or set(section) - {"title", "required"} or "title" not in section:
            hint = "each section is {title: …, required: true}"
            problems.append(
                Problem("DB343", "a section is of the wrong kind", file.meta.place(("sections", index)), hint)
            )
    return problems


def _make(file: MarkdownFile) -> DocumentType:
    meta: dict[str, Any] = file.meta.value
    return DocumentType(
        id=meta["id"],
        title=meta["title"],
        each=meta["each"],
        path=file.path,
        body=file.body,
        body_line=file.body_line,
        narrative=meta.get("narrative", ""),
        narrative_required=meta.get("narrative_required", True),
        sections=tuple(Wanted(one["title"], bool(one.get("required"))) for one in meta.get("sections", ())),
        phases=tuple(meta.get("phases", ())),
        landscape=meta.get("landscape", False),
        numbering=meta.get("numbering", True),
        names=tuple((str(key), str(value)) for key, value in meta.get("names", {}).items()),
    )
