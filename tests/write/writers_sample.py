"""Take a page and assets; make a progress report in which every class of the tree occurs; give the document."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime

from writers_tables import (
    make_budget,
    make_facts,
    make_figures,
    make_milestones,
    make_plain_table,
    make_stakeholders,
    para,
    words,
)

from pipeline.document.theme import Page
from pipeline.document.tree import (
    Asset,
    Blocks,
    Callout,
    Code,
    CodeSpan,
    Definition,
    DefinitionList,
    Document,
    Emphasis,
    Figure,
    Furniture,
    Group,
    Heading,
    LineBreak,
    Link,
    List,
    ListItem,
    Note,
    NoteRef,
    PageBreak,
    Paragraph,
    Picture,
    Properties,
    Quote,
    Ref,
    Rule,
    Section,
    SignatureBlock,
    Signer,
    Span,
    Status,
    Strike,
    Strong,
    Text,
    Toc,
    TocEntry,
)


def make_lists() -> Blocks:
    deep: Blocks = (para("Level nine"),)
    for level in range(8, 0, -1):
        deep = (para(f"Level {level}"), List((ListItem(deep),), ordered=level % 2 == 0))
    outcome = (Strong(words("Outcome.")), Text(" Every request answered from one place in three working days."))
    return (
        List((ListItem((Paragraph(outcome),)), ListItem((para("Cost: 780 thousand EUR."),)))),
        List(
            (ListItem((para("First"), para("More of the first."))), ListItem((para("Second"),))),
            ordered=True,
            tight=False,
        ),
        List((ListItem((para("Fourth"),)), ListItem((para("Fifth"),))), ordered=True, start=4),
        List((ListItem((para("Done"),), checked=True), ListItem((para("Open"),), checked=False))),
        List((ListItem(deep),)),
    )


def make_first_page(width: float, pages: bool = True) -> Blocks:
    entries = (
        TocEntry(1, "1", words("Summary"), "summary"),
        TocEntry(2, "1.1", words("What is asked"), "asked"),
        TocEntry(1, "2", words("Schedule and cost"), "schedule-and-cost"),
        TocEntry(1, "3", words("Stakeholders"), "stakeholders"),
        TocEntry(1, "4", words("Approval"), "approval"),
    )
    return (
        para("Atlas · September 2026", "kicker"),
        para("Progress report", "title"),
        para("Core service is in test and holds its targets; migration is nineteen days late.", "standfirst"),
        make_facts(width),
        make_figures(width),
        Toc("Contents", 2, entries),
        make_plain_table(width),
    )


def make_summary() -> Blocks:
    everything = (
        Text("Earned value stands at 531 thousand EUR & < 566 planned: "),
        Emphasis(words("in italics")),
        Text(", "),
        Strong((Text("bold with "), Emphasis(words("both")))),
        Text(", "),
        Strike(words("gone")),
        Text(", "),
        Span("accent", words("coloured")),
        Text(", "),
        Span("nobody-knows", words("plain")),
        Text(", "),
        CodeSpan("deedbox build"),
        Text(", "),
        Link("https://example.org/?a=1&b=2", words("a page"), "A page"),
        Text(", "),
        Link("#schedule-and-cost", words("a place")),
        Text(", "),
        Ref("tbl-budget", "Table 2"),
        Text(", "),
        Ref("fig-value", "Figure 1"),
        Text(", "),
        Ref("asked", "Section 1.1"),
        Text(", "),
        Ref("appendix", "the appendix"),
        Text("."),
        NoteRef(1),
        LineBreak(),
        Text("A second line with "),
        Status("at_risk", "At risk"),
        Text(" and a mark "),
        Picture("images/mark.png", "A small mark"),
        Text("; tab\there, line\nthere, bad\x0bcharacter."),
        NoteRef(2),
    )
    decision = (Strong(words("Decision asked of the steering committee.")), Text(" Approve change CR-012."))
    return (
        Heading(1, words("Summary"), "summary", "1"),
        para("What a reader with one minute needs.", "lead"),
        Paragraph(everything, id="everything"),
        para("A role that no theme knows.", "no-such-role"),
        para("A note in small letters.", "note"),
        Heading(2, words("What is asked"), "asked", "1.1"),
        Callout("decision", (Paragraph(decision),)),
        Callout("warning", (para("Two paragraphs."), para("The second.")), title=words("Mind this")),
        Callout("tip", (para("With a list:"), List((ListItem((para("one"),)), ListItem((para("two"),)))))),
        Heading(3, words("Lists"), "lists"),
        *make_lists(),
        Heading(4, words("Terms"), "terms"),
        DefinitionList((Definition(words("Earned value"), (para("What was planned for the work done."),)),)),
        Heading(5, words("Voices"), "voices"),
        Quote((para("The law gives ten days."), List((ListItem((para("quoted item"),)),)))),
        Heading(6, words("Code"), "code"),
        Code("def f(x):\n    return x < 1 & 2\n\tend", "python"),
        Rule(),
    )


def make_schedule(width: float) -> Blocks:
    return (
        PageBreak(),
        Heading(1, words("Schedule and cost"), "schedule-and-cost", "2"),
        Figure(
            "charts/value.svg",
            "Earned value against plan, rising",
            words("Earned value is 6 % below plan."),
            "Figure",
            1,
            "fig-value",
            width,
            width / 3,
        ),
        make_milestones(width),
        para("Text between two tables."),
        make_budget(width),
        Figure("images/site.png", "The site", width=240, height=80),
        Figure("images/photo.jpg", "A photograph", words("The second basement."), "Figure", 2, "fig-photo", 320, 120),
    )


def make_end() -> Blocks:
    signers = (
        Signer("Project owner", "Ilse Brandt", "Approved"),
        Signer("Solution provider", "Paul Okoye"),
        Signer("User representative"),
    )
    annex = (Heading(1, words("Annex"), "annex"), para("Kept for the reader."))
    return (
        Heading(1, words("Approval"), "approval", "4"),
        para("Signed by those who answer for it."),
        SignatureBlock(signers),
        Group(annex, "appendix", "appendix"),
    )


def make_notes() -> tuple[Note, ...]:
    source = Link("https://example.org/source", words("source"))
    return (
        Note(1, (para("First note."), para("Its second paragraph."))),
        Note(2, (Paragraph((Text("See the "), source, Text("."))),)),
    )


def make_sample(page: Page, assets: Mapping[str, Asset]) -> Document:
    """Return the sample document: a portrait, a landscape and again a portrait section."""
    wide = (Heading(1, words("Stakeholders"), "stakeholders", "3"), make_stakeholders(page.landscape_text_width))
    return Document(
        id="atlas/report",
        properties=Properties(
            title="Progress report",
            subject="Atlas · Records management platform",
            author="Ilse Brandt",
            company="Registry",
            keywords=("atlas", "report"),
            language="en-GB",
            sensitivity="Internal",
            revision="1.4 · 3f2a91c",
            modified=datetime(2026, 9, 30, 12, 0, 0, tzinfo=UTC),
        ),
        furniture=Furniture(
            header_left="Atlas · Records management platform",
            header_right="Progress report",
            footer_left="Revision 1.4 · 3f2a91c · 30 September 2026",
            footer_center="Internal",
            draft="DRAFT",
        ),
        sections=(
            Section((*make_first_page(page.text_width), *make_summary(), *make_schedule(page.text_width))),
            Section(wide, landscape=True),
            Section(make_end()),
        ),
        notes=make_notes(),
        assets=assets,
    )
