"""Take Markdown, templates or a whole project as text; send them through the rooms of the line; give what comes out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from struct import pack
from typing import Any

from render_project import FILES

from pipeline.document.theme import Theme
from pipeline.document.tree import Blocks, Note, Section
from pipeline.document.walk import walk
from pipeline.model.load import load_project, load_settings
from pipeline.problems import Problem
from pipeline.render.assemble.document import Rendered
from pipeline.render.assemble.resolve import resolve
from pipeline.render.markdown import Page, read_blocks
from pipeline.render.templates.environment import make_environment, run_prose, run_template
from pipeline.render.templates.functions import Functions
from pipeline.render.theme_file import load_theme
from pipeline.render.views.records import Record, Records
from pipeline.render.words import Words
from pipeline.sources.snapshot import Door, Snapshot
from tests.worlds.portfolio import Portfolio, render_portfolio

TIME = datetime(2026, 10, 1, tzinfo=UTC)
FILE = "atlas/documents/note.md"
PNG = b"\x89PNG\r\n\x1a\n" + pack(">I4sII", 13, b"IHDR", 400, 200) + b"\x08\x02\x00\x00\x00"
PICTURES = {"atlas/images/plan.png": PNG, "atlas/documents/other.md": b"# Other\n", "root.md": b"x\n"}
THEME: Theme = load_theme()

RISKS = Records(
    "risks",
    (
        Record("risk", {"id": "R-01", "title": "Data are poor", "level": 16}),
        Record("risk", {"id": "R-02", "title": "*Late* | [x](y) <b>", "level": 4}),
    ),
)
NAMES: Mapping[str, Any] = {
    "project": Record("project", {"name": "Atlas", "title": "Records platform", "end": TIME.date()}),
    "risks": RISKS,
}


def make_page(files: Mapping[str, str | bytes] | None = None) -> Page:
    return Page(Door(Snapshot.of({**PICTURES, FILE: "x", **(files or {})}, TIME)), home=FILE)


def read(text: str, files: Mapping[str, str | bytes] | None = None, first: int = 1) -> tuple[Blocks, list[Problem]]:
    """Return the blocks and problems of a Markdown text that stands in FILE from line `first` on."""
    page = make_page(files)
    return read_blocks(text, page, FILE, first), page.problems


def run(
    text: str,
    files: Mapping[str, str | bytes] | None = None,
    *,
    prose: bool = False,
    language: str = "en",
    **names: Any,
) -> tuple[Blocks, list[Problem]]:
    """Return what a template (or prose with values) gives that may use NAMES, `names` and the house's functions."""
    page, words = make_page(files), Words(language)
    templates = {path: page.door.snapshot.read(path) for path in page.door.snapshot.paths("templates/")}
    environment = make_environment(page, words, templates, {**NAMES, **names, **Functions(page, words).names()})
    made = (run_prose if prose else run_template)(environment, text, FILE, 1, page)
    blocks = read_blocks(made, page, FILE, 1, trusted=True) if made else ()
    return blocks, page.problems


def settle(text: str, files: Mapping[str, str | bytes] | None = None, **how: bool) -> tuple[tuple[Section, ...], Page]:
    """Return the resolved sections of a template's text, and its page with the problems."""
    sections, _, page = settle_all(text, files, **how)
    return sections, page


def settle_all(
    text: str, files: Mapping[str, str | bytes] | None = None, **how: bool
) -> tuple[tuple[Section, ...], tuple[Note, ...], Page]:
    page, words = make_page(files), Words("en")
    environment = make_environment(page, words, {}, {**NAMES, **Functions(page, words).names()})
    made = run_prose(environment, text, FILE, 1, page)
    assert made is not None, [str(problem) for problem in page.problems]
    sections, notes = resolve(read_blocks(made, page, FILE, 1, trusted=True), page, words, THEME, **how)
    return sections, notes, page


def find(nodes: object, kind: type[Any]) -> list[Any]:
    """Return the nodes of a kind in reading order."""
    return [node for node in walk(nodes) if isinstance(node, kind)]


def codes(problems: Iterable[Problem]) -> list[str]:
    return [problem.code for problem in problems]


def portfolio_of(files: Mapping[str, str | bytes | None], **settings: object) -> Portfolio:
    """Return all documents of the sample project with some files replaced, added, or (None) left out."""
    merged = {path: text for path, text in {**FILES, **files}.items() if text is not None}
    snapshot = Snapshot.of(merged, TIME, **settings)
    read_settings, problems = load_settings(snapshot)
    assert read_settings is not None, problems
    loaded = load_project(snapshot, read_settings, "atlas")
    assert loaded.project is not None, loaded.problems
    assert [str(problem) for problem in loaded.problems if problem.severity == "error"] == []
    return render_portfolio((loaded.project,), snapshot, lambda project, name: True)


def render(files: Mapping[str, str | bytes | None], name: str = "charter") -> Rendered:
    """Return one document of the sample project."""
    portfolio = portfolio_of(files)
    made = {one.job.name: one for one in portfolio.rendered}
    assert name in made, (sorted(made), [str(problem) for problem in portfolio.problems])
    return made[name]
