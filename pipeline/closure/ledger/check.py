"""Take the lines of a ledger, and what was known of it; find what was altered, dropped or moved; name the entries."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, islice

from pipeline.closure.ledger.entries import NOTHING, Line, list_leaves, make_leaf, read_lines
from pipeline.closure.ledger.merkle import compute_root

MOST_ENTRIES = 1_000_000
MOST_FINDINGS = 1000  # after which a ledger is not looked at any further: whoever wrote it may want to fill memory


@dataclass(frozen=True, slots=True)
class Checked:
    """The lines that could be read, what is wrong with the ledger, and the root of its tree (hex)."""

    lines: tuple[Line, ...]
    findings: tuple[str, ...]
    root: str


def check_ledger(data: bytes) -> Checked:
    """Return what a ledger holds and, in words that name the entry, what is wrong with it."""
    lines: list[Line] = []
    findings: list[str] = []
    for at, found in enumerate(islice(read_lines(data), MOST_ENTRIES), 1):
        if isinstance(found, Line):
            lines.append(found)
        else:
            findings.append(f"line {at} {found}")
        if len(findings) == MOST_FINDINGS:
            break
    more = chain(_check_entries(lines), _check_order(lines))
    findings += islice(more, MOST_FINDINGS - len(findings))
    return Checked(tuple(lines), tuple(findings), compute_root(list_leaves(lines)).hex())


def check_grown(before: Sequence[Line], after: Sequence[Line]) -> Iterator[str]:
    """Yield what a later ledger does not hold as an earlier one did: entries may be added and erased, nothing else."""
    places = {line.leaf: at for at, line in enumerate(after, 1)}
    for at, line in enumerate(before, 1):
        now = after[at - 1] if at <= len(after) else None
        if now is not None and now.leaf == line.leaf:
            if line.entry is None and now.entry is not None:
                yield f"{name_line(now, at)} was erased and is back"
            continue
        if line.leaf in places:
            yield f"{name_line(line, at)} was moved to place {places[line.leaf]}"
        elif now is not None and _number(now, at) == at:
            yield f"{name_line(line, at)} was altered"
        else:
            yield f"{name_line(line, at)} was dropped"


def name_line(line: Line, at: int) -> str:
    """Return what to call a line: its entry's number and path."""
    return f"entry {line.entry.number} ({line.entry.path})" if line.entry else f"entry {at} (erased)"


def _check_entries(lines: Sequence[Line]) -> Iterator[str]:
    for at, line in enumerate(lines, 1):
        if line.entry is not None and make_leaf(line.entry) != line.leaf:
            yield f"{name_line(line, at)} was altered: it is not what its leaf was made from"


def _check_order(lines: Sequence[Line]) -> Iterator[str]:
    """Numbers tell what is gone or moved; the leaf of the entry before tells where numbers were mended as well."""
    numbers = [_number(line, at) for at, line in enumerate(lines, 1)]
    yield from _check_numbers(lines, numbers)
    before = NOTHING
    for at, line in enumerate(lines, 1):
        expected = before if at == 1 or numbers[at - 2] == numbers[at - 1] - 1 else None
        if line.entry is not None and expected is not None and line.entry.previous != expected:
            yield f"{name_line(line, at)} does not follow the entry that stands before it"
        before = line.leaf


def _check_numbers(lines: Sequence[Line], numbers: Sequence[int]) -> Iterator[str]:
    known = set(numbers)
    highest = 0
    for at, (line, number) in enumerate(zip(lines, numbers, strict=True), 1):
        gap = range(highest + 1, min(number, highest + 1 + len(lines)))
        yield from (f"entry {missing} was dropped" for missing in _gone(gap, known))
        if number <= highest:
            yield f"{name_line(line, at)} stands after entry {highest}: entries were moved, or one is there twice"
        highest = max(highest, number)


def _gone(numbers: Iterable[int], known: set[int]) -> Iterator[int]:
    return (number for number in numbers if number not in known)


def _number(line: Line, at: int) -> int:
    return line.entry.number if line.entry is not None else at
