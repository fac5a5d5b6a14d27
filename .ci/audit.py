"""Take all locks of this repository; ask PyPI for known advisories about what they name; print them, or why not.

Exit codes: 0 every locked version was looked up and none has an advisory, 1 some have, 4 nobody could tell here.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
FOUND, NOT_HERE = 1, 4
_LONGEST = 900  # seconds for one lock: each version is a question of its own


def main() -> int:
    """Ask, print, and return the exit code."""
    answers = {lock.name: ask(lock) for lock in sorted(ROOT.glob("requirements*.txt"))}
    things = [thing for answer in answers.values() for thing in answer or ()]
    lines = sorted({line for thing in things for line in describe(thing)})
    for line in lines:
        print(line)
    unread = [name for name, answer in answers.items() if answer is None]
    passed_over = sorted({thing["name"] for thing in things if "vulns" not in thing})
    if lines:
        print(f"{len(lines)} advisories: raise what pyproject.toml asks for, make the lock anew, then make test")
        return FOUND
    if unread or passed_over:
        what = ", ".join(unread) or f"{len(passed_over)} of {len({thing['name'] for thing in things})} libraries"
        print(f"not looked up: {what}: PyPI does not answer here; docs/security-advisories.md is what we know")
        return NOT_HERE
    print(f"{len({thing['name'] for thing in things})} libraries in {len(answers)} locks: no known advisory")
    return 0


def ask(lock: Path) -> list[dict[str, Any]] | None:
    """Return what PyPI says of each locked version; None where it, or the way to it, says nothing.

    A version that PyPI does not know comes back without `vulns`: pip-audit itself would pass it over and call all well.
    """
    command = [sys.executable, "-P", "-m", "pip_audit", "--vulnerability-service", "pypi", "--disable-pip"]
    command += ["--require-hashes", "--progress-spinner", "off", "--format", "json", "--requirement", str(lock)]
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=_LONGEST, cwd="/")
        answer: list[dict[str, Any]] = json.loads(done.stdout)["dependencies"]
    except (OSError, subprocess.TimeoutExpired, ValueError, KeyError):
        return None
    return answer


def describe(thing: dict[str, Any]) -> list[str]:
    """Return a line for each advisory about a locked version."""
    return [
        f"{thing['name']} {thing['version']}: {' '.join([one['id'], *one.get('aliases', ())])},"
        f" mended in {', '.join(one['fix_versions']) or 'no version yet'}"
        for one in thing.get("vulns", ())
    ]


if __name__ == "__main__":
    sys.exit(main())
