"""Take an unpacked package with modules that its maker put in; verify it where it lies; see that none is run."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from closing_world import Closed
from packages import read_folder, reseal

PLANTED = ("selectors", "json", "fontpkg_arimo", "concurrent", "multiprocessing", "pipeline", "sitecustomize")


@pytest.mark.parametrize("start", ["deedbox", "python -I -m pipeline"])
def test_modules_that_a_package_lists_are_not_run_when_it_is_rebuilt(
    closed: Closed, tmp_path: Path, start: str
) -> None:
    code = f"open({str(tmp_path / 'ran')!r}, 'a').write(__name__)\n".encode()
    files = read_folder(closed.folder) | {f"{name}.py": code for name in PLANTED}
    package = reseal(files, tmp_path / f"{closed.folder.name}.zip")
    subprocess.run((sys.executable, "-I", "-m", "zipfile", "-e", package, tmp_path / "out"), check=True)
    folder = tmp_path / "out" / closed.folder.name
    program = Path(sys.executable).with_name("deedbox")
    words = [str(program)] if start == "deedbox" else [sys.executable, "-I", "-m", "pipeline"]
    done = subprocess.run(
        [*words, "verify", ".", "--rebuild"], cwd=folder, env=dict(os.environ), capture_output=True, timeout=300
    )
    assert (done.returncode, b"rebuild" in done.stdout) == (0, True), done.stdout + done.stderr
    assert not (tmp_path / "ran").exists(), (tmp_path / "ran").read_text()
