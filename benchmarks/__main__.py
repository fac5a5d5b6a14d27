"""Take names of rows, or none for all; measure each against its peer; keep JSON, print one table.

`--quick` makes everything small, to see that it runs; `--write` only fills docs/performance.md from what was kept.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.bench import Bench
from benchmarks.results import PAGE, Record, read_state, save_result, save_where, write_page, write_table
from benchmarks.rows import ROWS, WRONG, Row
from benchmarks.where import find_where, write_where

WHERE = "where"  # the profile: no row, but asked for like one


def main(words: Sequence[str]) -> int:
    """Return 0 if every row could be measured and no build was wrong, else 1; a ratio that misses is no failure."""
    options = _read_options(words)
    if options.write:
        PAGE.write_text(write_page(PAGE.read_text("utf-8")), "utf-8")
        return 0
    rows = [row for row in ROWS if not options.rows or row.name in options.rows]
    profile = not options.rows or WHERE in options.rows
    with TemporaryDirectory(prefix="deedbox-bench-", dir=options.folder) as folder:
        bench = Bench(Path(folder), options.quick)
        state = read_state()
        made = {row.name: _measure(row, bench, state) for row in rows}
        found = find_where(bench) if profile else None
    if found:
        save_where(found)
    kept = {name: record for name, record in made.items() if record}
    if options.quick:
        print("Small portfolios and few pairs: this shows that it runs, not what the words of the rows say.\n")
    if rows:
        print(write_table(kept))
    if found:
        print(f"\n{write_where(found)}")
    wrong = (record["unit"] == WRONG and record["value"] for record in kept.values())
    return 1 if len(kept) < len(rows) or any(wrong) else 0


def _measure(row: Row, bench: Bench, state: str) -> Record | None:
    """Return what came of a row on a state of the code, and keep it; None for one that fails: the others go on."""
    before, begun = os.getloadavg(), time.monotonic()
    print(f"{row.name}: {row.what}", file=sys.stderr, flush=True)
    try:
        measured = row.measure(bench)
    except Exception as error:  # a peer that is missing, a build that fails: whatever it is, the others go on
        print(f"{row.name} could not be measured: {type(error).__name__}: {error}", file=sys.stderr, flush=True)
        return None
    taken = time.monotonic() - begun
    record = save_result(row, measured, state, taken, before, quick=bench.quick)
    print(f"    {record['value']:g}{row.unit}, to reach {row.reach}; {taken:.0f} s", file=sys.stderr, flush=True)
    return record


def _read_options(words: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser("python -m benchmarks", description=__doc__)
    parser.add_argument("rows", nargs="*", metavar="ROW", help=f"of {', '.join(row.name for row in ROWS)}, {WHERE}")
    parser.add_argument("--quick", action="store_true", help="small portfolios, few pairs")
    parser.add_argument("--write", action="store_true", help="fill docs/performance.md from what was kept")
    parser.add_argument("--folder", metavar="DIR", help="where portfolios are made (default: the machine's)")
    options = parser.parse_args(words)
    unknown = set(options.rows) - {row.name for row in ROWS} - {WHERE}
    if unknown:
        parser.error(f"there is no row {', '.join(sorted(unknown))}")
    return options


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
