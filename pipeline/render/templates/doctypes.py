"""Take templates and their front matter; learn which document types there are; give them by id."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field, ValidationError
from pydantic_core import ErrorDetails, PydanticCustomError

from pipeline.document.house import house_templates
from pipeline.model.base import Flag, Record
from pipeline.model.explain import explain_failure
from pipeline.model.info import Phase
from pipeline.model.subjects import BY_NAME
from pipeline.model.where import Source
from pipeline.problems import Place, Problem
from pipeline.render.assemble.narrative import Wanted
from pipeline.sources.frontmatter import MarkdownFile, read_markdown
from pipeline.sources.snapshot import Snapshot

Each = Literal["project", "period", "document"]
ChartData = Literal["annex", "none"]
SUFFIX = ".md.j2"
_ID = r"^[a-z0-9]+(-[a-z0-9]+)*$"
_AN_ID = "progress-report: small letters, digits and hyphens, since it names the files that are made"


def _check_subject(name: str) -> str:
    if name not in BY_NAME:
        raise PydanticCustomError("literal_error", "is no subject", {"expected": ", ".join(BY_NAME)})
    return name


class Head(Record):
    """The front matter of a template: what the document type is made for each of, and what it asks of its narrative.

    `narrative` is a path below the project's folder in which `{period}` stands for the period; `needs` names the
    subjects without which there is nothing to show; where it is `optional`, nobody misses it while its narrative is not
    there; where it `lists_documents`, it is made last, from what the others turned out to be; `chart_data` says where
    the data of its charts stand.
    """

    id: str = Field(pattern=_ID, examples=[_AN_ID], description="Names the type, and the files that are made of it")
    title: str = Field(description="What the document is called")
    each: Each = Field(description="Whether it is made for each project, period or file of documents/")
    names: Mapping[Any, Any] = {}
    phases: tuple[Phase, ...] = ()
    narrative: str = ""
    narrative_required: Flag = True
    optional: Flag = False
    lists_documents: Flag = False
    needs: tuple[Annotated[str, AfterValidator(_check_subject)], ...] = ()
    sections: tuple[Wanted, ...] = ()
    landscape: Flag = False
    numbering: Flag = True
    chart_data: ChartData = "annex"


class DocumentType(Head):
    """One kind of document: its template's path and front matter, and the text below, with the line it begins on."""

    path: str
    body: str
    body_line: int


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
        doctype, found = (None, file.problems) if file.problems else _read(file)
        problems.extend(found)
        if doctype and doctype.id in types:
            message = f"`{doctype.id}` is also the id of {types[doctype.id].path}"
            problems.append(Problem("DB344", message, file.meta.place(("id",)), "give each template an id of its own"))
        elif doctype:
            types[doctype.id] = doctype
    return types, tuple(problems)


def _read(file: MarkdownFile) -> tuple[DocumentType | None, tuple[Problem, ...]]:
    try:
        head = Head.model_validate(file.meta.value)
    except ValidationError as failure:
        source = Source("template", file.path, file.meta)
        told = explain_failure(source, Head, "a template", failure, _choose_code)
        top = Place(file.path, 1)
        return None, tuple(replace(one, place=top) if one.code == _LACKS else one for one in told)
    return DocumentType.model_construct(**dict(head), path=file.path, body=file.body, body_line=file.body_line), ()


def _choose_code(error: ErrorDetails) -> str:
    is_own = error["loc"][1:] in ((), ("[key]",))
    return _CODES.get(error["type"], "DB343") if is_own else "DB343"


_LACKS = "DB342"
_CODES = {"extra_forbidden": "DB341", "invalid_key": "DB341", "missing": _LACKS}
