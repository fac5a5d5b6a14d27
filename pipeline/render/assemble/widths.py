"""Take a table and the width of the text area; weigh what its columns hold; give the table with widths in points.

The widths are worked out once, on the tree, so that Word, PDF and HTML draw the same table.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from math import floor

from pipeline.document.theme import Theme
from pipeline.document.tree import Cell, Table
from pipeline.render.metrics import measure
from pipeline.render.templates.islands import words_of

_EQUAL = {"facts", "figures"}
_LONGEST_WORD = 0.4  # of the text width: a longer word is broken rather than given a column of its own
_LONGEST_LINE = 1.6


def set_widths(table: Table, width: float, theme: Theme) -> Table:
    """Return the table with its columns set to share `width` (points); columns with a width keep their share."""
    count = len(table.columns)
    if not count:
        return table
    if table.role in _EQUAL and not any(column.width for column in table.columns):
        shares = _facts(table, theme) if table.role == "facts" else [1.0] * count
        return _with(table, [width * share / sum(shares) for share in shares])
    fixed = [column.width for column in table.columns]
    if all(fixed):
        return _with(table, [width * share / sum(fixed) for share in fixed])
    least, best = _needs(table, width, theme)
    if any(fixed):
        weights = [share or best[index] / width for index, share in enumerate(fixed)]
        return _with(table, [width * weight / sum(weights) for weight in weights])
    return _with(table, _share(least, best, width))


def _with(table: Table, widths: list[float]) -> Table:
    # Whole twentieths of a point: Word counts in them, so both formats round alike.
    # Rounded down, so that they never add up to more than there is; the little more is for 0.1 + 0.2.
    sizes = (floor(size * 20 + 1e-6) / 20 for size in widths)
    columns = (replace(column, width=size) for column, size in zip(table.columns, sizes, strict=True))
    return replace(table, columns=tuple(columns))


def _facts(table: Table, theme: Theme) -> list[float]:
    least, best = _needs(table, theme.page.text_width, theme)
    return [small + large for small, large in zip(least, best, strict=True)]


def _share(least: list[float], best: list[float], width: float) -> list[float]:
    if sum(best) <= width:
        spare = (width - sum(best)) / sum(best)
        return [need * (1 + spare) for need in best]
    if sum(least) >= width:
        return [need * width / sum(least) for need in least]
    wishes = [want - need for want, need in zip(best, least, strict=True)]
    spare = (width - sum(least)) / sum(wishes)
    return [need + wish * spare for need, wish in zip(least, wishes, strict=True)]


def _needs(table: Table, width: float, theme: Theme) -> tuple[list[float], list[float]]:
    """Return for each column the least width (its longest word) and the best (its longest line)."""
    least: list[float] = []
    best: list[float] = []
    padding = 2 * theme.table.padding_x + 1
    size = theme.text["cell"].size
    for lines in _list_lines(table):
        # A word that a column holds again and again is measured once.
        words = {(word, bold) for text, bold in lines for word in text.split()}
        longest_word = max((measure(word, size, bold=bold) for word, bold in words), default=0.0)
        longest_line = max((measure(text, size, bold=bold) for text, bold in lines), default=0.0)
        least.append(min(longest_word, width * _LONGEST_WORD) + padding)
        best.append(max(min(longest_line, width * _LONGEST_LINE / len(table.columns)) + padding, least[-1]))
    return least, best


def _list_lines(table: Table) -> list[dict[tuple[str, bool], None]]:
    """Return for each column the texts that it holds, each once, and whether they are set in bold."""
    lines: list[dict[tuple[str, bool], None]] = [{} for _ in table.columns]
    for column, cell, bold in _single_cells(table):
        lines[column][words_of(cell if isinstance(cell, str) else cell.blocks), bold] = None
    return lines


def _single_cells(table: Table) -> Iterator[tuple[int, Cell | str, bool]]:
    """Yield each cell that spans one column, with its column's index and whether it is set in bold."""
    for rows, head in ((table.head, True), (table.body, False)):
        covered: dict[int, int] = {}
        for row in rows:
            column = 0
            for cell in row.cells:
                while covered.get(column, 0) > 0:
                    covered[column] -= 1
                    column += 1
                if isinstance(cell, str):
                    if column < len(table.columns):
                        yield column, cell, head or row.role == "total"
                    column += 1
                    continue
                if cell.colspan == 1 and column < len(table.columns):
                    yield column, cell, head or cell.header or row.role == "total"
                for spanned in range(column, column + cell.colspan):
                    covered[spanned] = cell.rowspan - 1
                column += cell.colspan
