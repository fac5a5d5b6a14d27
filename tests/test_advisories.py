"""Take the locks and the list of known advisories; fail where a lock holds a version that the list calls weak."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
from packaging.version import Version

ROOT = Path(__file__).parents[1]
LIST = ROOT / "docs" / "security-advisories.md"
LOCKS = sorted(ROOT.glob("requirements*.txt"))


def read_advisories() -> list[tuple[str, str]]:
    """Return the library of each advisory and the version that mends it, whatever other columns its table has."""
    found, at = [], -1
    for line in LIST.read_text("utf-8").splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if "Mended in" in cells:
            at = cells.index("Mended in")
        elif line.startswith("| ") and at > 0:
            found.append((cells[0], cells[at]))
    return found


def read_locked(lock: Path) -> list[tuple[str, str]]:
    return re.findall(r"^([a-z0-9][\w.-]*)==([^\s;]+)", lock.read_text("utf-8"), re.MULTILINE)


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.name)
def test_no_lock_holds_a_version_that_is_known_to_be_weak(lock: Path) -> None:
    mended = read_advisories()
    assert len(mended) > 20
    weak = [
        (name, version, least)
        for name, version in read_locked(lock)
        for known, least in mended
        if known == name and Version(version) < Version(least)
    ]
    assert weak == []


def test_every_library_of_the_list_is_locked_somewhere() -> None:
    locked = {name for lock in LOCKS for name, _ in read_locked(lock)}
    assert {name for name, _ in read_advisories()} <= locked


def test_locks_name_no_index() -> None:
    assert [lock.name for lock in LOCKS if "index-url" in re.sub("(?m)^#.*$", "", lock.read_text("utf-8"))] == []


def test_an_audit_that_nobody_answers_says_so_in_one_line() -> None:
    # Where the tests run there is no pip-audit: it has an environment of its own.
    done = subprocess.run([sys.executable, "-P", ROOT / ".ci/audit.py"], capture_output=True, text=True, check=False)
    assert done.returncode == 4
    assert len(done.stdout.splitlines()) == 1
    assert "docs/security-advisories.md" in done.stdout
    assert done.stderr == ""
