"""Take what one document is made from while it is rendered; hold it; say what its pages and properties tell of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from pipeline.document.theme import Theme
from pipeline.document.tree import Blocks, Furniture, Properties
from pipeline.model.narrative import Revision
from pipeline.model.project import Project
from pipeline.problems import Place
from pipeline.render.assemble.control import STATE_WORDS, Control
from pipeline.render.assemble.jobs import Job
from pipeline.render.assets import read_asset
from pipeline.render.page import Page
from pipeline.render.views.configuration import Paper
from pipeline.render.views.project import View
from pipeline.render.words import Words
from pipeline.sources.frontmatter import MarkdownFile
from pipeline.sources.snapshot import Commit, Snapshot


@dataclass
class DocumentDraft:
    """What one document is made from while it is rendered.

    `meta` is the front matter that templates see. `revisions` and `attach` are what it says of them, checked; `file` is
    a document that is taken as it is once values are filled in.

    `subjects` are those that it asked for, `gone` deleted files of them; `others` are the project's other documents for
    one that lists them, `listed` what it has listed; `control` is known once its text has been read.
    """

    project: Project
    job: Job
    snapshot: Snapshot
    theme: Theme
    templates: Mapping[str, bytes]
    page: Page
    words: Words
    view: View
    meta: dict[str, Any] = field(default_factory=dict)
    revisions: tuple[Revision, ...] = ()
    attach: tuple[str, ...] | None = None
    file: MarkdownFile | None = None
    body: Blocks = ()
    logo: str = ""
    draft: bool = False
    subjects: set[str] = field(default_factory=set)
    gone: tuple[str, ...] = ()
    control: Control = field(default_factory=Control)
    others: tuple[Paper, ...] = ()
    listed: tuple[Paper, ...] = ()


def version_of(work: DocumentDraft) -> str:
    """Return the version that a document states of itself, "" if it states none."""
    return str(work.revisions[0].version) if work.revisions else str(work.meta.get("version") or "")


def make_properties(work: DocumentDraft, title: str, commit: Commit | None) -> Properties:
    """Return what the file says of itself; `commit` is the last that touched a source."""
    info, manager = work.project.info, work.project.manager
    author = str(work.meta.get("author") or "") or (manager.name if manager else "")
    return Properties(
        title=f"{info.name}: {title}" if info.name.lower() not in title.lower() else title,
        subject=work.words.month(work.view.day) if work.job.period else info.title,
        author=author,
        company=_organisation(work),
        keywords=(info.name, work.job.doctype.id),
        language=str(work.meta.get("lang") or work.project.language),
        sensitivity=info.sensitivity,
        revision=work.control.version or (commit.id[:7] if commit else ""),
        modified=commit.time if commit and not work.snapshot.time_is_set else work.snapshot.time,
    )


def _organisation(work: DocumentDraft) -> str:
    return work.project.info.organisation or work.project.settings.organisation or ""


def read_logo(work: DocumentDraft) -> str:
    """Return the name of the asset that is the theme's logo, or nothing."""
    path = work.theme.logo
    if path and path not in work.page.door:
        hint = "paths start at the repository's root"
        work.page.fail("DB332", f"the logo `{path}` does not exist", Place("theme/theme.yaml"), hint)
        return ""
    return (read_asset(path, work.page, Place("theme/theme.yaml")) or "") if path else ""


def make_furniture(work: DocumentDraft, title: str, commit: Commit | None) -> Furniture:
    """Return what stands at head and foot of each page; `commit` is the last that touched a source."""
    words, info = work.words, work.project.info
    control = work.control
    # Of a draft only its author can say which version it is going to be.
    version = control.stated if work.draft else control.version
    revision = [words.say("Version %(version)s", version=version)] if version else []
    if work.draft:
        revision.append(words.say("Draft, not committed"))
    elif commit is None:
        revision.append(words.say("Commit unknown"))
    else:
        revision += [commit.id[:7], words.date(commit.time.date())]
    header = f"{title}, {words.month(work.view.day)}" if work.job.period else title
    return Furniture(
        header_left=f"{info.name} · {info.title}",
        header_right=header,
        footer_left=" · ".join(revision),
        footer_center=words.term(info.sensitivity),
        page_words=words.say("Page {page} of {pages}"),
        draft=words.say("DRAFT") if work.draft else "",
        state=words.say(STATE_WORDS["changed"]) if control.state == "changed" and not work.draft else "",
        logo=work.logo,
        logo_alt=words.say("Logo of %(name)s", name=_organisation(work) or info.name) if work.logo else "",
    )
