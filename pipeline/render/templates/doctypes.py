"""Take templates and their front matter; learn which document types there are; give them by id."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal, get_args

from pipeline.document.house import house_templates
from pipeline.model.info import Phase
from pipeline.model.subjects import BY_NAME
from pipeline.problems import Place, Problem, did_you_mean
from pipeline.render.assemble.narrative import Wanted
from pipeline.sources.frontmatter import MarkdownFile, read_markdown
from pipeline.sources.snapshot import Snapshot

Each = Literal["project", "period", "document"]
ChartData = Literal["annex", "none"]
SUFFIX = ".md.j2"
_EACH = ("project", "period", "document")
_ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_KEYS: Mapping[str, type | tuple[type, ...]] = {
    "id": str,
    "title": str,
    "each": str,
    "names": dict,
    "phases": list,
    "narrative": str,
    "narrative_required": bool,
    "optional": bool,
    "lists_documents": bool,
    "needs": list,
    "sections": list,
    "landscape": bool,
    "numbering": bool,
    "chart_data": str,
}


@dataclass(frozen=True, slots=True)
class DocumentType:
    """One kind of document: its template, what it is made for each of, and what it asks of its narrative.

    `narrative` is a path below the project's folder in which `{period}` stands for the period; `needs` names the
    subjects without which there is nothing to show; where it is `optional`, nobody misses it while its narrative is not
    there; where it `lists_documents`, it is made last, from what the others turned out to be; `chart_data` says where
    the data of its charts stand.
    """

    id: str
    title: str
    each: Each
    path: str
    body: str
    body_line: int
    narrative: str = ""
    narrative_required: bool = True
    optional: bool = False
    lists_documents: bool = False
    needs: tuple[str, ...] = ()
    sections: tuple[Wanted, ...] = ()
    phases: tuple[str, ...] = ()
    landscape: bool = False
    numbering: bool = True
    names: tuple[tuple[str, str], ...] = ()
    chart_data: ChartData = "annex"


def load_doctypes(snapshot: Snapshot) -> tuple[dict[str, DocumentType], tuple[Problem, ...]]:
    """Return the document types by id, a repository's own before the house's, and what is wrong with them."""
    own = {path: snapshot.read(path) for path in snapshot.paths("templates/", SUFFIX)}
    house, _ = _read_all({path: data for path, data in house_templates().items() if path not in own})
    types, problems = _read_all(own)
    return dict(sorted({**house, **types}.items())), problems


def _read_all(files: Mapping[str, bytes]) -> tuple[dict[str, DocumentType], tuple[Problem, ...]]:
    types: dict[str, DocumentType] = {}
    problems: list[Problem] = []
    for path, data in files.items():
        if not path.endswith(SUFFIX) or path.rpartition("/")[2].startswith("_"):
            continue
        file = read_markdown(path, data)
        found = [*file.problems] or _check(file)
        problems.extend(found)
        if not found and file.meta.value["id"] in types:
            message = f"`{file.meta.value['id']}` is also the id of {types[file.meta.value['id']].path}"
            problems.append(Problem("DB344", message, file.meta.place(("id",)), "give each template an id of its own"))
        elif not found:
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
    return problems or [*_check_values(file, meta)]


def _check_values(file: MarkdownFile, meta: Mapping[str, Any]) -> Iterator[Problem]:
    if not _ID.fullmatch(meta["id"]):
        hint = "use small letters, digits and hyphens: it names the files that are made"
        yield Problem("DB343", f"`{meta['id']}` is no id", file.meta.place(("id",)), hint)
    if meta["each"] not in _EACH:
        yield Problem("DB343", "`each` is not known", file.meta.place(("each",)), f"known here: {', '.join(_EACH)}")
    if meta.get("chart_data", "annex") not in get_args(ChartData):
        hint = f"known here: {', '.join(get_args(ChartData))}"
        yield Problem("DB343", "`chart_data` is not known", file.meta.place(("chart_data",)), hint)
    for index, section in enumerate(meta.get("sections", ())):
        if not _is_section(section):
            hint = "each section is {title: …, required: true}"
            yield Problem("DB343", "a section is of the wrong kind", file.meta.place(("sections", index)), hint)
    for index, phase in enumerate(meta.get("phases", ())):
        if phase not in get_args(Phase):
            hint = did_you_mean(str(phase), get_args(Phase))
            yield Problem("DB343", f"there is no phase `{phase}`", file.meta.place(("phases", index)), hint)
    for index, subject in enumerate(meta.get("needs", ())):
        if subject not in BY_NAME:
            hint = did_you_mean(str(subject), BY_NAME)
            yield Problem("DB343", f"there is no subject `{subject}`", file.meta.place(("needs", index)), hint)


def _is_section(section: Any) -> bool:
    return (
        isinstance(section, dict)
        and isinstance(section.get("title"), str)
        and isinstance(section.get("required", False), bool)
        and not set(section) - {"title", "required"}
    )


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
        optional=meta.get("optional", False),
        lists_documents=meta.get("lists_documents", False),
        needs=tuple(meta.get("needs", ())),
        sections=tuple(Wanted(one["title"], bool(one.get("required"))) for one in meta.get("sections", ())),
        phases=tuple(meta.get("phases", ())),
        landscape=meta.get("landscape", False),
        numbering=meta.get("numbering", True),
        names=tuple((str(key), str(value)) for key, value in meta.get("names", {}).items()),
        chart_data=meta.get("chart_data", "annex"),
    )
