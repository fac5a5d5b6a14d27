"""Take the width of the text; make the tables of the sample document: facts, figures, spans, totals; give each."""

from __future__ import annotations

from pipeline.document.tree import Align, Cell, Column, Inline, Paragraph, Row, State, Status, Table, Text


def words(text: str) -> tuple[Inline, ...]:
    return (Text(text),)


def para(text: str, role: str = "body") -> Paragraph:
    return Paragraph(words(text), role)


def cell(text: str, align: Align | None = None, role: str = "", header: bool = False) -> Cell:
    return Cell((para(text, "cell"),), align=align, role=role, header=header)


def head(text: str, align: Align | None = None, colspan: int = 1, rowspan: int = 1) -> Cell:
    return Cell((para(text, "cell"),), header=True, align=align, colspan=colspan, rowspan=rowspan)


def mark(state: State, word: str) -> Cell:
    return Cell((Paragraph((Status(state, word),), "cell"),))


def columns(width: float, *parts: tuple[float, Align]) -> tuple[Column, ...]:
    total = sum(part for part, _ in parts)
    return tuple(Column(align, width * part / total) for part, align in parts)


def make_facts(width: float) -> Table:
    facts = (
        ("Project owner", "Director, Registry"),
        ("Project manager", "PMO, ICT unit"),
        ("Status date", "30 September 2026"),
        ("Phase", "Executing"),
        ("Revision", "1.4 (3f2a91c)"),
    )
    parts = columns(width, (150, "left"), (130, "left"), (170, "left"), (95, "left"), (120, "left"))
    labels = tuple(Cell((para(label, "fact-label"),), header=True) for label, _ in facts)
    values = tuple(Cell((para(value, "fact-value"),)) for _, value in facts)
    return Table(parts, (Row(labels),), (Row(values),), role="facts", description="Facts of the project")


def make_figures(width: float) -> Table:
    panels: tuple[tuple[str, str, State, str, str], ...] = (
        ("Schedule", "SPI 0.94", "at_risk", "At risk", "forecast 10 March 2027"),
        ("Cost", "CPI 0.92", "at_risk", "At risk", "EAC 849 thousand EUR"),
        ("Scope", "2 changes", "on_track", "On track", "1 awaits a decision"),
        ("Risk", "4 high", "off_track", "Off track", "exposure 96 thousand EUR"),
    )
    labels = tuple(Cell((para(panel[0], "figure-label"),), header=True) for panel in panels)
    rows = (
        Row(tuple(Cell((para(panel[1], "figure-value"),)) for panel in panels)),
        Row(tuple(mark(panel[2], panel[3]) for panel in panels)),
        Row(tuple(Cell((para(panel[4], "figure-note"),)) for panel in panels)),
    )
    return Table(columns(width, *((1.0, "left"),) * 4), (Row(labels),), rows, role="figures", description="Key figures")


def make_milestones(width: float) -> Table:
    rows: tuple[tuple[str, str, str, str, State, str], ...] = (
        ("M3 Core records service accepted", "28 Aug 2026", "28 Aug 2026", "0", "on_track", "On track"),
        ("M4 Migration rehearsal passed", "16 Oct 2026", "12 Nov 2026", "+19", "off_track", "Off track"),
        ("M5 Security accreditation", "20 Nov 2026", "27 Nov 2026", "+5", "at_risk", "At risk"),
        ("M6 Pilot closed", "18 Dec 2026", "22 Jan 2027", "+19", "not_yet", "Not yet"),
        ("M7 Roll-out complete", "29 Jan 2027", "10 Mar 2027", "+28", "done", "Done"),
    )
    titles = ("Milestone", "Baseline", "Forecast", "Days", "Status")
    parts = columns(width, (275, "left"), (116, "left"), (116, "left"), (62, "right"), (100, "left"))
    body = tuple(Row((cell(a, header=True), cell(b), cell(c), cell(d), mark(e, f))) for a, b, c, d, e, f in rows)
    return Table(
        parts,
        (Row(tuple(head(title) for title in titles)),),
        body,
        caption=words("Milestones"),
        label="Table",
        number=1,
        id="tbl-milestones",
        description="Baseline and forecast of each milestone",
    )


def make_budget(width: float) -> Table:
    parts = columns(width, (36, "left"), (16, "right"), (16, "right"), (16, "right"), (16, "right"))
    heads = (
        Row((head("Work package", rowspan=2), head("Spent", "center", colspan=2), head("Ahead", "center", colspan=2))),
        Row((head("Budget"), head("Actual"), head("Earned"), head("Forecast"))),
    )
    body = (
        Row((cell("WP 3 Core"), cell("248.0"), cell("251.5"), cell("248.0"), cell("251.5"))),
        Row(
            (
                Cell((para("WP 4 Integration", "cell"),), rowspan=2),
                cell("112.0"),
                cell("41.0"),
                cell("34.0"),
                cell("135.1"),
            )
        ),
        Row((cell("12.0"), cell("4.0"), cell("3.0"), cell("13.1", role="level-high"))),
        Row((cell("Total"), cell("780.0"), cell("578.0"), cell("531.0"), cell("849.0")), role="total"),
    )
    return Table(
        parts,
        heads,
        body,
        caption=words("Budget, thousand EUR"),
        label="Table",
        number=2,
        id="tbl-budget",
        description="Budget, cost and forecast by work package",
    )


def make_plain_table(width: float) -> Table:
    rows = (
        Row((cell("2.0"), cell("18 Mar 2026"), Cell((), role="unknown-role"))),
        Row((cell("1.0"), cell("9 Feb 2026"))),
    )
    titles = Row((head("Revision"), head("Date"), head("Change")))
    return Table(
        columns(width, (1, "left"), (1, "left"), (2, "left")), (titles,), rows, caption=words("Document control")
    )


def make_stakeholders(width: float) -> Table:
    titles = ("Stakeholder", "Power", "Unaware", "Resistant", "Neutral", "Supportive", "Next action")
    parts = columns(
        width, (20, "left"), (8, "right"), (10, "center"), (10, "center"), (10, "center"), (12, "center"), (30, "left")
    )
    rows = (
        ("S1 Registry directorate", "5", "", "", "C", "D", "Monthly review with the owner"),
        ("S2 Data protection officer", "4", "", "C", "", "D", "Join the privacy workshop"),
    )
    role = {"C": "current", "D": "desired"}
    body = tuple(Row(tuple(cell(text, role=role.get(text, "")) for text in row)) for row in rows)
    return Table(
        parts,
        (Row(tuple(head(title) for title in titles)),),
        body,
        caption=words("Engagement, current (C) and desired (D)"),
        label="Table",
        number=3,
        id="tbl-stakeholders",
        description="Engagement of each stakeholder",
    )
