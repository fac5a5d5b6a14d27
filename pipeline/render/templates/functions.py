"""Take what one document is made of; give the functions that its templates and prose may call.

Each function makes a node of the tree, keeps it aside, and returns a token for the text.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from markupsafe import Markup

from pipeline.document.theme import Theme
from pipeline.document.tree import (
    Block,
    Blocks,
    Callout,
    Cell,
    Definition,
    DefinitionList,
    Figure,
    Heading,
    List,
    ListItem,
    PageBreak,
    Paragraph,
    Ref,
    Row,
    SignatureBlock,
    Signer,
    Status,
    Text,
    Toc,
    content_of,
    open_cell,
)
from pipeline.document.walk import rewrite
from pipeline.problems import Place
from pipeline.render.assemble.control import Late, mark_table
from pipeline.render.assemble.narrative import Part, shift_headings, slug
from pipeline.render.assets import read_asset
from pipeline.render.charts.canvas import Look, make_look
from pipeline.render.lines import drop_marks
from pipeline.render.page import Page
from pipeline.render.templates.blocks.matrices import make_engagement_matrix, make_power_grid, make_risk_matrix
from pipeline.render.templates.blocks.tables import (
    make_budget_table,
    make_column,
    make_facts,
    make_key_figures,
    make_table,
    paragraph,
    write_value,
)
from pipeline.render.templates.chart_functions import ChartFunctions
from pipeline.render.templates.doctypes import ChartData
from pipeline.render.templates.islands import holds_token
from pipeline.render.theme_file import load_theme
from pipeline.render.views.project import LIGHT_WORDS
from pipeline.render.views.records import Record
from pipeline.render.words import Words

_MOST_TOCS = 20
_PER_UNIT = 100  # bytes of a picture that are looked through in the time in which a character is made
_MEMBER = "Steering committee member"
_ROLES = (
    ("project_owner", "Project owner"),
    ("business_manager", "Business manager"),
    ("solution_provider", "Solution provider"),
    ("project_manager", "Project manager"),
    ("user_representative", "User representative"),
    ("project_support", "Project support"),
)


@dataclass
class Functions:
    """The blocks of one document: bound to its page, its words and its narrative's sections."""

    page: Page
    words: Words
    parts: Mapping[str, Part] = field(default_factory=dict)
    body: Blocks = ()
    levels: Callable[[int], str] = lambda level: "low"
    theme: Theme | None = None
    landscape: bool = False
    chart_data: ChartData = "annex"
    used: set[str] = field(default_factory=set)
    tocs: int = 0

    def names(self) -> dict[str, Any]:
        """Return the functions by the names that templates call."""
        return {
            "_": self.words.say,
            "col": make_column,
            "table": self.table,
            "facts": self.facts,
            "key_figures": self.key_figures,
            "definitions": self.definitions,
            "bullets": self.bullets,
            "label": self.label,
            "note": self.note,
            "budget_table": self.budget_table,
            "governance_roles": self.governance_roles,
            "control_roles": self.control_roles,
            "control_table": self.control_table,
            "version": self.version,
            "title_block": self.title_block,
            "figure": self.figure,
            "callout": self.callout,
            "toc": self.toc,
            "ref": self.ref,
            "status": self.status,
            "signature_block": self.signature_block,
            "page_break": self.page_break,
            "heading": self.heading,
            "section": self.section,
            "has_section": self.has_section,
            "other_sections": self.other_sections,
            "document_body": self.document_body,
            "engagement_matrix": self.engagement_matrix,
            "power_grid": self.power_grid,
            "risk_matrix": self.risk_matrix,
            **ChartFunctions(self.page, self.words, self._look, self.levels, self._put, self.chart_data).names(),
        }

    def _look(self) -> Look:
        theme = self.theme or load_theme()
        return make_look(theme, landscape=self.landscape)

    def _put(self, *blocks: Block) -> Markup:
        return self.page.islands.put_blocks(rewrite(blocks, self._swap))

    def _swap(self, node: Any) -> Any:
        """Swap the tokens within a block's words, such as a reference in a cell: nobody reads them again."""
        if isinstance(node, Row) and any(map(_waits, node.cells)):
            return replace(node, cells=tuple(map(self._swap_cell, node.cells)))
        if not isinstance(node, Text) or not holds_token(node.text):
            return node
        parts = self.page.islands.split(drop_marks(node.text))
        return tuple(one for part in parts for one in ((Text(part),) if isinstance(part, str) else part))

    def _swap_cell(self, cell: Cell | str) -> Cell | str:
        return replace(open_cell(cell), blocks=rewrite(content_of(cell), self._swap)) if _waits(cell) else cell

    def table(
        self, rows: Iterable[Any], columns: Iterable[Any], *, empty: str = "", keep_empty: bool = False, **settings: Any
    ) -> Markup:
        """Put a table of records; where there is none, the sentence `empty` in its place."""
        records = tuple(rows)
        if not records and not keep_empty:
            return self._put(Paragraph((Text(empty or self.words.say("Nothing to report.")),)))
        return self._put(make_table(records, columns, self.words, **settings))

    def facts(self, facts: Mapping[str, Any]) -> Markup:
        """Put the facts of the first page: labels with values."""
        return self._put(make_facts(facts, self.words))

    def key_figures(self, panels: Iterable[Mapping[str, Any]]) -> Markup:
        """Put the panels of key figures: each {label, value, state, note}."""
        return self._put(make_key_figures(panels, self.words))

    def definitions(self, items: Mapping[str, Any]) -> Markup:
        """Put terms with what is said of them."""
        shown = tuple(
            Definition((Text(str(term)),), (Paragraph(write_value(value, "", self.words)),))
            for term, value in items.items()
        )
        return self._put(DefinitionList(shown))

    def bullets(self, items: Iterable[Any]) -> Markup:
        """Put a bulleted list of plain values."""
        shown = tuple(ListItem((Paragraph((Text(self.words.plain(item)),)),)) for item in items)
        return self._put(List(shown)) if shown else Markup("")

    def label(self, text: str) -> Markup:
        """Put a small heading that is no section of its own: `Document control`."""
        return self._put(*paragraph(self.words.plain(text), "label"))

    def note(self, text: str) -> Markup:
        """Put a small remark."""
        return self._put(*paragraph(self.words.plain(text), "note"))

    def budget_table(self, budget: Any, caption: str = "", id: str = "") -> Markup:
        """Put the budget: a line each, a column each year, contingency and total below."""
        return self._put(make_budget_table(budget, self.words, caption, id))

    def governance_roles(self, roles: Any) -> tuple[Record, ...]:
        """Return the roles of the governance that are filled, each with its person, in PM² order."""
        filled = [(title, getattr(roles, name, None)) for name, title in _ROLES]
        members = [(_MEMBER, person) for person in getattr(roles, "steering_committee", ())]
        return tuple(
            Record("role", {"role": self.words.say(title), "person": person})
            for title, person in (*filled, *members)
            if person is not None
        )

    def control_roles(self, control: Any) -> tuple[Record, ...]:
        """Return who approves and who reviews the documents of a project, a record each."""
        people = [("Approves", one) for one in control.approvers] + [("Reviews", one) for one in control.reviewers]
        return tuple(Record("role", {"role": self.words.say(action), "person": person}) for action, person in people)

    def control_table(self) -> Markup:
        """Put the document's own history, from Git: version, commit, date, author, change, who approved or reviewed."""
        self.page.is_marked = True
        return self._put(mark_table())

    def version(self) -> Late:
        """Return the document's version, from its front matter or by rule from Git: for a fact or within a line."""
        self.page.is_marked = True
        return Late("")

    def title_block(
        self, title: str, kicker: str = "", standfirst: str = "", facts: Mapping[str, Any] | None = None
    ) -> Markup:
        """Put the head of the first page: a small line, the title, one sentence that says what matters, a few facts."""
        lines = (("kicker", kicker), ("title", title), ("standfirst", standfirst))
        blocks: list[Block] = [block for role, text in lines if text for block in paragraph(str(text), role)]
        if facts:
            blocks.append(make_facts({label: fact for label, fact in facts.items() if fact is not None}, self.words))
        return self._put(*blocks)

    def figure(self, path: str, alt: str, caption: str = "", id: str = "", width: float = 0.0) -> Markup:
        """Put a picture of the repository, `width` a share of the text width from 0 to 1."""
        if path not in self.page.door:
            self.page.fail(
                "DB332",
                f"the image `{path}` does not exist",
                Place(self.page.home),
                "paths start at the repository's root",
            )
            return Markup("")
        self.page.budget.spend(len(self.page.door.read(path)) // _PER_UNIT)
        name = read_asset(path, self.page, Place(self.page.home))
        if name is None:
            return Markup("")
        shown = (Text(str(caption)),) if caption else ()
        return self._put(Figure(name, str(alt), shown, id=str(id), width=-min(abs(float(width)), 1.0)))

    def callout(self, kind: str, text: Any, title: str = "") -> Markup:
        """Put a block set apart: note, tip, important, warning, caution or decision."""
        body = (Paragraph(write_value(text, "", self.words)),)
        return self._put(Callout(str(kind), body, (Text(str(title)),) if title else ()))

    def toc(self, title: str = "", depth: int = 1) -> Markup:
        """Put the contents list, `depth` levels of headings."""
        self.tocs += 1
        if self.tocs > _MOST_TOCS:
            raise ValueError(f"a document has at most {_MOST_TOCS} contents lists")
        return self._put(Toc(str(title), int(depth)))

    def ref(self, target: str) -> Markup:
        """Put a reference to a numbered table, figure or section, by id, within a line."""
        return self.page.islands.put_inlines((self.page.mark(Ref(str(target)), Place(self.page.home)),))

    def status(self, state: str, word: str = "") -> Status:
        """Return a traffic light with its word; ValueError for a state that no theme knows."""
        if state not in LIGHT_WORDS:
            raise ValueError(f"no state `{state}`; known are {', '.join(LIGHT_WORDS)}")
        return Status(state, str(word) or self.words.say(LIGHT_WORDS[state]))  # type: ignore[arg-type]

    def signature_block(self, signers: Iterable[Mapping[str, str]]) -> Markup:
        """Put lines to sign: each {role, name, note}."""
        return self._put(
            SignatureBlock(
                tuple(Signer(str(s["role"]), str(s.get("name", "")), str(s.get("note", ""))) for s in signers)
            )
        )

    def page_break(self) -> Markup:
        """Put a page break."""
        return self._put(PageBreak())

    def heading(self, title: str, level: int = 1, id: str = "") -> Markup:
        """Put a heading whose words are plain text."""
        words = self.words.plain(title)
        return self._put(Heading(max(1, min(6, int(level))), (Text(words),), str(id) or slug(words)))

    def section(self, title: str, level: int = 1) -> Markup:
        """Put the narrative's text of a section, its headings below `level`; nothing where the narrative has none."""
        part = self.parts.get(slug(title))
        self.used.add(slug(title))
        return self._put(*shift_headings(part.blocks, int(level) - 1)) if part and part.blocks else Markup("")

    def has_section(self, title: str) -> bool:
        """Return whether the narrative has text for a section."""
        return bool((part := self.parts.get(slug(title))) and part.blocks)

    def other_sections(self) -> Markup:
        """Put the sections that the narrative has beyond those that the template asked for, so that nothing is lost."""
        blocks: list[Block] = []
        for key, part in self.parts.items():
            if key not in self.used:
                blocks.extend((part.heading, *part.blocks))
                self.used.add(key)
        return self._put(*blocks) if blocks else Markup("")

    def document_body(self) -> Markup:
        """Put the whole text of a document that is taken as it is."""
        return self._put(*self.body) if self.body else Markup("")

    def engagement_matrix(self, stakeholders: Iterable[Any], caption: str = "", id: str = "") -> Markup:
        """Put the matrix of current and desired engagement."""
        return self._put(make_engagement_matrix(stakeholders, self.words, caption, id))

    def power_grid(self, stakeholders: Iterable[Any], caption: str = "", id: str = "") -> Markup:
        """Put the grid of power and interest."""
        return self._put(make_power_grid(stakeholders, self.words, caption, id))

    def risk_matrix(self, risks: Iterable[Any], caption: str = "", id: str = "") -> Markup:
        """Put the matrix of likelihood and impact."""
        return self._put(make_risk_matrix(risks, self.levels, self.words, caption, id))


def _waits(cell: Cell | str) -> bool:
    """Return whether a cell of plain text holds a token."""
    text = cell if isinstance(cell, str) else cell.blocks
    return isinstance(text, str) and holds_token(text)
