"""Take a project, a job and the theme; run template and prose; give a resolved document, its sources and problems."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from pipeline.controls.figures import Figures
from pipeline.controls.revisions import State
from pipeline.document.theme import Theme
from pipeline.document.tree import Blocks, Document, Heading
from pipeline.model.project import Project
from pipeline.problems import Place, Problem, has_errors, sort_problems
from pipeline.render.assemble.accessibility import check_accessibility
from pipeline.render.assemble.attached import check_attach, read_attached
from pipeline.render.assemble.control import Control, fill_marks, list_gone, make_control
from pipeline.render.assemble.draft import DocumentDraft, make_furniture, make_properties, read_logo, version_of
from pipeline.render.assemble.jobs import Job
from pipeline.render.assemble.narrative import Part, part_narrative, shift_headings
from pipeline.render.assemble.resolve import resolve
from pipeline.render.markdown import read_blocks
from pipeline.render.office import CORPORATE_PATHS
from pipeline.render.page import Page
from pipeline.render.templates.environment import make_environment, run_prose, run_template
from pipeline.render.templates.functions import Functions
from pipeline.render.templates.islands import words_of
from pipeline.render.views.configuration import list_configuration
from pipeline.render.views.project import View
from pipeline.render.views.records import Lazy, Record
from pipeline.render.words import Words, find_locale
from pipeline.sources.frontmatter import MarkdownFile, read_markdown
from pipeline.sources.scope import is_draft
from pipeline.sources.snapshot import Commit, Door, Snapshot

# What every document shows or depends on: the settings, the people, the project's identity.
_ALWAYS = ("settings", "project", "people")


@dataclass(frozen=True)
class Rendered:
    """A rendered job: the document (None if it has errors), its problems, and the sources it was made from.

    `draft` says that no commit holds what it was made from. `control` is what is known of its own history; `gone` are
    sources that it would show if they had not been deleted; `commit` is the last commit that touched a source, None for
    a draft, or where history is cut off.
    """

    job: Job
    title: str
    control: Control
    document: Document | None
    problems: tuple[Problem, ...]
    sources: Mapping[str, str]
    gone: tuple[str, ...]
    commit: Commit | None
    draft: bool = False

    @property
    def author(self) -> str:
        """Return the author that its file names, "" where it could not be made."""
        return self.document.properties.author if self.document else ""


def render_document(
    project: Project,
    job: Job,
    snapshot: Snapshot,
    theme: Theme,
    templates: Mapping[str, bytes],
    others: tuple[Rendered, ...] = (),
) -> Rendered:
    """Return the document of a job; `templates` holds the house's and the repository's, by path.

    `others` are the project's other documents, for one that lists them.
    """
    work = _prepare(project, job, snapshot, theme, templates)
    work.others = others
    text, title = _run(work)
    blocks = read_blocks(text, work.page, job.doctype.path, job.doctype.body_line, trusted=True) if text else ()
    numbering = bool(work.meta.get("numbering", job.doctype.numbering))
    landscape = bool(work.meta.get("landscape", job.doctype.landscape))
    work.page.problems.extend(check_accessibility(blocks, work.page))
    work.logo = read_logo(work)
    # From here on nothing more is read: what the document was made from is known, and with it its history.
    gone = {*list_gone(snapshot, job.project, work.subjects), *(path for one in work.listed for path in one.gone)}
    work.gone = tuple(sorted(gone))
    work.control = _make_control(work)
    blocks = fill_marks(blocks, work.control, work.words) if work.page.is_marked else blocks
    sections, notes = resolve(blocks, work.page, work.words, theme, landscape=landscape, numbering=numbering)
    problems = sort_problems(work.page.problems)
    work.draft = is_draft(work.page.door, project.id) or any(one.draft for one in work.listed)
    commit = _last_commit(work)
    attach = project.settings.attach if work.attach is None else work.attach
    document = Document(
        id=f"{job.project}/{job.name}",
        properties=make_properties(work, title, commit),
        furniture=make_furniture(work, title, commit),
        sections=sections,
        notes=notes,
        assets=dict(sorted(work.page.assets.items())),
        attached=read_attached(work.page.door, project.id) if "sources" in attach else (),
        attach_docx="docx" in attach,
    )
    whole = None if has_errors(problems) or text is None else document
    return Rendered(job, title, work.control, whole, problems, work.page.door.digests(), work.gone, commit, work.draft)


def _prepare(
    project: Project, job: Job, snapshot: Snapshot, theme: Theme, templates: Mapping[str, bytes]
) -> DocumentDraft:
    door = Door(snapshot)
    files = dict(project.files) | {"settings": ("deedbox.yaml",), "people": ("people.yaml",)}

    progress = project.progress_of(job.period)
    day = progress.status_date if progress else project.as_of
    # Figures of a day come from the progress up to it: a later period changes no earlier report.
    periods = (one.period for one in project.progress if one.status_date <= day)
    files["progress"] = tuple(path for period in periods for path in files.get(f"progress/{period}", ()))

    subjects: set[str] = set()

    def touch(subject: str) -> None:
        subjects.add(subject)
        for path in files.get(subject, ()):
            if path in snapshot:
                door.seen.add(path)

    for subject in _ALWAYS:
        touch(subject)
    for path in ("theme/theme.yaml", *CORPORATE_PATHS):
        if path in snapshot:
            door.read(path)
    if job.doctype.path in snapshot:
        door.read(job.doctype.path)
    page = Page(door, home=job.narrative.path if job.narrative else job.file or job.doctype.path)
    _check_language(project, page)
    words = Words(project.language, project.info.currency)
    view = View(Figures(project, day, project.settings.scales), words, touch)
    work = DocumentDraft(project, job, snapshot, theme, templates, page, words, view, subjects=subjects)
    if job.narrative:
        door.read(job.narrative.path)
        said = job.narrative.meta
        work.meta = {name: value for name in ("title", "standfirst") if (value := getattr(said, name))}
        work.revisions, work.attach = said.revisions, said.attach
    return work


def _check_language(project: Project, page: Page) -> None:
    if find_locale(project.language) is None:
        place = Place(f"{project.id}/project.yaml" if project.info.language else "deedbox.yaml")
        page.fail("DB309", f"the language `{project.language}` is not known", place, "write a code such as en or de-AT")


def _run(work: DocumentDraft) -> tuple[str | None, str]:
    """Return the template's Markdown text (None if it failed) and the document's title."""
    job, page, words = work.job, work.page, work.words
    if job.file:
        _read_file(work)
    title = words.say(str(work.meta.get("title") or job.doctype.title))
    names = work.view.names() | _more_names(work, title)
    functions = Functions(
        page,
        words,
        body=work.body,
        levels=work.project.settings.scales.level_name,
        theme=work.theme,
        landscape=bool(work.meta.get("landscape", job.doctype.landscape)),
        chart_data=job.doctype.chart_data,
    )
    names |= functions.names()
    environment = make_environment(page, words, work.templates, names)
    if job.narrative:
        functions.parts = _read_narrative(work, environment)
    elif work.file:
        functions.body = _read_values(work, work.file, environment)
    text = run_template(environment, job.doctype.body, job.doctype.path, job.doctype.body_line, page)
    words.paying = None  # what is written from here on is ours
    if text is not None:
        _tell_unused(functions, page)
    return text, title


def _tell_unused(functions: Functions, page: Page) -> None:
    """Warn of each section that the narrative has and the template never shows."""
    for key, part in functions.parts.items():
        if key not in functions.used and part.blocks:
            title = words_of(part.heading.children)
            hint = "the template can show it with section() or other_sections()"
            page.warn("DB308", f"the template shows no section `{title}`", part.heading.place, hint)


def _more_names(work: DocumentDraft, title: str) -> dict[str, Any]:
    job, words, view = work.job, work.words, work.view
    day = view.day
    earlier = view.figures.earlier
    period = {
        "id": job.period,
        "title": words.month(day),
        "end": day,
        "before": earlier.status_date if earlier else None,
    }
    document = {
        "id": job.doctype.id,
        "name": job.name,
        "title": title,
        "standfirst": work.meta.get("standfirst", ""),
        "version": version_of(work),
        "revisions": tuple(view.show(one) for one in work.revisions),
        "history": _history(work),
        "meta": dict(work.meta),
        "toc": work.meta.get("toc", _long(work.body)),
    }
    configuration = Lazy(lambda: list_configuration(job, work.others, work.snapshot, view), _list(work))
    records = {"period": Record("period", period), "document": Record("document", document)}
    return records | {"configuration": configuration}


def _list(work: DocumentDraft) -> Callable[[], None]:
    """Return what is done when a document lists the others: what they are made from, it is made from too."""

    def note() -> None:
        work.listed = work.others
        work.page.door.seen.update(path for one in work.others for path in one.sources)

    return note


def _long(body: Blocks) -> bool:
    """Return whether a document taken as it is wants a contents list: eight headings or more on two levels."""
    return sum(isinstance(block, Heading) and block.level <= 2 for block in body) >= 8


def _read_narrative(work: DocumentDraft, environment: Any) -> dict[str, Part]:
    narrative = work.job.narrative
    assert narrative is not None
    text = run_prose(environment, narrative.body, narrative.path, narrative.body_line, work.page)
    if text is None:
        return {}
    blocks = read_blocks(text, work.page, narrative.path, narrative.body_line, trusted=True)
    parts, problems = part_narrative(blocks, narrative.path, work.job.doctype.sections, work.words.say)
    work.page.problems.extend(problems)
    return parts


def _read_file(work: DocumentDraft) -> None:
    """Read a document that is taken as it is: its front matter, its title, its text."""
    file = read_markdown(work.job.file, work.page.door.read(work.job.file))
    work.page.problems.extend(file.problems)
    work.meta = dict(file.meta.value) if isinstance(file.meta.value, dict) else {}
    # A document that is taken as it is may carry any front matter: only a narrative's revisions have been checked.
    work.meta.pop("revisions", None)
    if "attach" in work.meta:
        work.attach = check_attach(file, work.page)
    if work.meta.get("values") is True:
        work.file = file
        work.meta.setdefault("title", work.job.name.rpartition("/")[2].replace("-", " ").capitalize())
        return
    blocks = read_blocks(file.body, work.page, work.job.file, file.body_line)
    work.body = _take_title(blocks, work.meta, work.job.name)


def _read_values(work: DocumentDraft, file: MarkdownFile, environment: Any) -> Blocks:
    text = run_prose(environment, file.body, file.path, file.body_line, work.page)
    return read_blocks(text, work.page, file.path, file.body_line, trusted=True) if text else ()


def _take_title(blocks: Blocks, meta: dict[str, Any], name: str) -> Blocks:
    """Return the text without the heading that is its title; a title in the front matter goes before it."""
    tops = [block for block in blocks if isinstance(block, Heading) and block.level == 1]
    first = blocks[0] if blocks else None
    if isinstance(first, Heading) and len(tops) == 1 and first is tops[0]:
        meta.setdefault("title", words_of(first.children))
        if str(meta["title"]) == words_of(first.children):
            return shift_headings(blocks[1:], -1)
    meta.setdefault("title", name.rpartition("/")[2].replace("-", " ").replace("_", " ").capitalize())
    return blocks


def _history(work: DocumentDraft) -> tuple[Record, ...]:
    """Return the commits that changed the narrative or file, newest first, for documents without stated revisions."""
    commits = () if work.snapshot.shallow else work.snapshot.changes().get(work.job.main, ())
    return tuple(
        Record("commit", {"id": one.id[:7], "date": one.time.date(), "by": one.author, "change": one.subject})
        for one in commits[:8]
    )


def _make_control(work: DocumentDraft) -> Control:
    job, revisions = work.job, work.revisions
    state: State = ("approved" if revisions[0].approved_by else "draft") if revisions else ""
    stated = Control(stated=version_of(work), stated_state=state, stated_on=revisions[0].date if revisions else None)
    sources = (*sorted(work.page.door.seen), *work.gone)
    return make_control(work.snapshot, sources, job.main, f"{job.project}/{job.name}", stated)


def _last_commit(work: DocumentDraft) -> Commit | None:
    """Return the last commit that touched any source of the document; None where that cannot be known."""
    if work.draft or work.snapshot.shallow:
        return None
    return work.snapshot.changes().find_last((*work.page.door.seen, *work.gone))
