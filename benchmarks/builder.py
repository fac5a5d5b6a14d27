"""Take a folder and lines; build the repository there once a line, in one process with warm workers; print seconds."""

from __future__ import annotations

import sys
import time
from pathlib import Path

from pipeline.build.build import build
from pipeline.build.request import Request


def main(root: Path) -> None:
    """Build once for each line that comes in."""
    for _ in sys.stdin:
        begun = time.perf_counter()
        outcome = build(Request(root, jobs=2))
        if outcome.exit_code:
            raise SystemExit("\n".join(map(str, outcome.problems)))
        print(time.perf_counter() - begun, flush=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
