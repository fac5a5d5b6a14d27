"""Take records and a list of columns; make tables, facts and key figures; give table nodes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any, get_args

from pipeline.document.tree import Align, Cell, Column, Inline, Inlines, Paragraph, Row, Status, Table, Text, make_cell
from pipeline.problems import did_you_mean
from pipeline.render.views.records import Record, kind_of
from pipeline.render.words import Words

_LOOKED_INTO = (Record, Mapping)
_NODES = (Status, Text)
CELL = 90  # what a cell weighs beside its words, in characters


@dataclass(frozen=True, slots=True)
class ColumnPlan:
    """What a template says of one column: its head, where its values come from, and how they are written."""

    title: str
    value: str
    format: str = ""
    align: Align = "left"
    width: float = 0.0
    role: str = ""


def make_column(
    title: str, value: str = "", format: str = "", align: Align = "left", width: float = 0.0, role: str = ""
) -> ColumnPlan:
    """Return a column: `value` is a path (`owner.name`), `format` a filter, `width` a share of the text width."""
    if align not in get_args(Align):
        raise ValueError(f"a column is aligned {', '.join(get_args(Align))}, not `{align}`")
    title = str(title)
    return ColumnPlan(title, str(value) or title.lower(), str(format), align, min(abs(float(width)), 1.0), str(role))


def make_table(
    rows: Iterable[Any],
    columns: Iterable[ColumnPlan],
    words: Words,
    *,
    caption: str = "",
    id: str = "",
    total: Mapping[str, Any] | None = None,
    row_header: bool = True,
    description: str = "",
    groups: Iterable[tuple[str, int]] = (),
) -> Table:
    """Return a numbered table of records; `groups` is an upper header row of (title, columns spanned) pairs."""
    plans = tuple(columns)
    head = (Row(tuple(_head(plan.title, plan.align) for plan in plans)),)
    upper = tuple(_head(str(title), "center", int(span)) for title, span in groups)
    body = [Row(tuple(_cells(row, plans, words, row_header))) for row in rows]
    if total is not None:
        body.append(Row(tuple(_cells(total, plans, words, row_header)), "total"))
    return Table(
        tuple(Column(plan.align, plan.width) for plan in plans),
        ((Row(upper), *head) if upper else head),
        tuple(body),
        (Text(str(caption)),) if caption else (),
        id=str(id),
        description=str(description),
    )


def _head(title: str, align: Align, span: int = 1) -> Cell:
    return Cell(paragraph(title, "cell-head"), header=True, colspan=span, align=align)


def _cells(row: Any, plans: tuple[ColumnPlan, ...], words: Words, row_header: bool) -> Iterable[Cell | str]:
    words.pay(CELL * len(plans))
    for index, plan in enumerate(plans):
        line = write_value(look_up(row, plan.value), plan.format, words)
        role = str(look_up(row, plan.role) or "") if plan.role else ""
        yield make_cell(line, header=row_header and index == 0, role=role)


def look_up(row: Any, path: str) -> Any:
    """Return the value at a dotted path of a record or mapping; None where a value or a key is missing.

    ValueError where a record has no such field: the column would be empty for ever.
    """
    if not isinstance(row, Record) and isinstance(row, Mapping) and path in row:
        return row[path]
    value = row
    for step in (path,) if "." not in path else path.split("."):
        if not isinstance(value, _LOOKED_INTO):
            return None
        try:
            value = value[step]
        except KeyError:
            if isinstance(value, Record):
                hint = did_you_mean(step, dir(value)) or "see the names of its fields in the reference"
                raise ValueError(f"`{kind_of(value)}` has no `{step}`; {hint}") from None
            return None
    return value


def write_value(value: Any, format: str, words: Words) -> Inlines:
    """Return a value as inlines: nodes stay, states become words, all else passes the format or the usual way."""
    if isinstance(value, _NODES):
        return (value,)
    if isinstance(value, tuple) and value and all(isinstance(part, get_args(Inline)) for part in value):
        return value
    if value is None or not format or (isinstance(value, str) and not value.strip()):
        return (Text(words.plain(value)),)
    write = words.filters().get(format)
    if write is None:
        raise ValueError(f"there is no format `{format}`; {did_you_mean(format, words.filters())}")
    return (Text(write(value)),)


def paragraph(text: str, role: str) -> tuple[Paragraph, ...]:
    """Return one paragraph of plain text in a role."""
    return (Paragraph((Text(text),), role),)


def make_facts(facts: Mapping[str, Any], words: Words) -> Table:
    """Return the facts of the first page: labels as header cells, values under them."""
    head = tuple(Cell(paragraph(str(label), "fact-label"), header=True) for label in facts)
    body = tuple(Cell((Paragraph(write_value(value, "", words), "fact-value"),)) for value in facts.values())
    return Table(tuple(Column() for _ in facts), (Row(head),), (Row(body),), role="facts")


def make_key_figures(panels: Iterable[Mapping[str, Any]], words: Words) -> Table:
    """Return the panels of key figures: for each a label, a value, a state and a note, read column by column."""
    shown = tuple(panels)
    head = Row(tuple(Cell(paragraph(str(panel["label"]), "figure-label"), header=True) for panel in shown))
    rows = [
        Row(tuple(Cell((Paragraph(write_value(panel.get(name), "", words), role),)) for panel in shown))
        for name, role in (("value", "figure-value"), ("state", "figure-state"), ("note", "figure-note"))
        if any(panel.get(name) for panel in shown)
    ]
    return Table(tuple(Column() for _ in shown), (head,), tuple(rows), role="figures")


def make_budget_table(budget: Any, words: Words, caption: str, id: str) -> Table:
    """Return the budget by line and year, with contingency and total; a year without money shows a dash."""
    years = tuple(budget.years)
    columns = [make_column(words.say("Budget line"), "title", width=0.44 if len(years) < 4 else 0.3)]
    columns += [make_column(str(year), str(year), "amount", "right") for year in years]
    columns.append(make_column(words.say("Total"), "total", "amount", "right"))
    share = (1 - columns[0].width) / (len(years) + 1)
    columns = [columns[0], *(replace(column, width=share) for column in columns[1:])]
    rows: list[Mapping[str, Any]] = [
        {"title": line.title, "total": line.total, **{str(year): line.years.get(year) for year in years}}
        for line in budget.lines
    ]
    if budget.contingency:
        rows.append({"title": words.say("Contingency"), "total": budget.contingency})
    sums = {str(year): sum(line.years.get(year, 0) for line in budget.lines) for year in years}
    total = {"title": words.say("Total"), "total": budget.total, **sums}
    return make_table(rows, columns, words, caption=caption, id=id, total=total)
