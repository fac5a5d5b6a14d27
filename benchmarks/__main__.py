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
from benchmarks.results import read_results, save_result, write_page, write_table
from benchmarks.rows import ROWS, Row


def main(words: Sequence[str]) -> int:
    """Return 0 if every row could be measured and is as it should be, else 1."""
    options = _read_options(words)
    if options.write:
        write_page(read_results(quick=options.quick))
        return 0
    rows = [row for row in ROWS if not options.rows or row.name in options.rows]
    with TemporaryDirectory(prefix="deedbox-bench-", dir=options.folder) as folder:
        bench = Bench(Path(folder), options.quick)
        done = [_measure(row, bench) for row in rows]
    kept = read_results(quick=options.quick)
    if options.quick:
        print("Small portfolios and few pairs: this shows that it runs, not what the words of the rows say.\n")
    print(write_table({row.name: kept[row.name] for row in rows if row.name in kept}))
    return 0 if all(done) else 1


def _measure(row: Row, bench: Bench) -> bool:
    """Measure a row and keep what came of it; one that fails does not stop the others."""
    before, begun = os.getloadavg(), time.monotonic()
    print(f"{row.name}: {row.what}", file=sys.stderr, flush=True)
    try:
        measured = row.measure(bench)
    except Exception as error:  # a peer that is missing, a build that fails: whatever it is, the others go on
        print(f"{row.name} could not be measured: {type(error).__name__}: {error}", file=sys.stderr, flush=True)
        return False
    taken = time.monotonic() - begun
    record = save_result(row, measured, taken, before, quick=bench.quick)
    print(f"    {record['value']:g}{row.unit}, to reach {row.reach}; {taken:.0f} s", file=sys.stderr, flush=True)
    return record["met"] is not False


def _read_options(words: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser("python -m benchmarks", description=__doc__)
    parser.add_argument("rows", nargs="*", metavar="ROW", help=f"of {', '.join(row.name for row in ROWS)}")
    parser.add_argument("--quick", action="store_true", help="small portfolios, few pairs")
    parser.add_argument("--write", action="store_true", help="fill docs/performance.md from what was kept")
    parser.add_argument("--folder", metavar="DIR", help="where portfolios are made (default: the machine's)")
    options = parser.parse_args(words)
    unknown = set(options.rows) - {row.name for row in ROWS}
    if unknown:
        parser.error(f"there is no row {', '.join(sorted(unknown))}")
    return options


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
