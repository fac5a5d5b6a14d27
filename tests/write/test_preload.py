"""Take a search path with a compiler that notes its use; load what writers need; check that nobody asked for it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def test_no_compiler_is_asked_for_the_libraries_of_the_engine(tmp_path: Path) -> None:
    used = tmp_path / "used"
    for name in ("gcc", "cc", "ld"):
        program = tmp_path / name
        program.write_text(f"#!/bin/sh\necho {name} >> {used}\nexit 1\n")
        program.chmod(0o755)
    path = f"{tmp_path}{os.pathsep}{os.environ['PATH']}"
    code = "import os, sys, pipeline.write.preload; print(os.environ['PATH']); print('weasyprint' in sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env={**os.environ, "PATH": path},
        check=True,
        capture_output=True,
        text=True,
    )
    assert done.stdout.splitlines() == [path, "True"]
    assert not used.exists()
