"""Take names of cases (none means all); build each and rewrite its `expected/` folder; show what changed.

Run as `python -m tests.golden.accept [CASE…]`. For a person who looks at the difference before it is committed.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from .cases import HERE, Case, list_cases
from .compare import read_expected
from .repositories import make_repository
from .results import make_results, make_word_pictures
from .word_pages import find_office


def main(names: Sequence[str]) -> int:
    """Accept the cases and return an exit code: 2 in CI, or where a name is no case."""
    known = {case.name: case for case in list_cases()}
    strangers = sorted(set(names) - known.keys())
    if os.environ.get("CI") or strangers:
        sys.stderr.write(f"no such case: {', '.join(strangers)}\n" if strangers else "never in CI\n")
        return 2
    for name in names or known:
        accept_case(known[name])
    subprocess.run(["git", "--no-pager", "diff", "--stat", "--", str(HERE)], check=False)
    return 0


def accept_case(case: Case) -> None:
    """Rewrite the expected files of one case."""
    with TemporaryDirectory() as folder:
        repository = make_repository(case.source, Path(folder) / "repository")
        built, files = make_results(case, repository, Path(folder) / "build")
    files |= make_word_pictures(case, built) if find_office() else read_expected(case, word=True)
    shutil.rmtree(case.expected, ignore_errors=True)
    for name, data in files.items():
        target = case.expected / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(data)
    sys.stdout.write(f"{case.name}: exit code {built.exit_code}, {len(files)} files accepted\n")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
