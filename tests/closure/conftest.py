"""Take nothing; close a small project once for all workers of a test run; give its repository and its package."""

from __future__ import annotations

import fcntl
import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from closing_world import NAME, Closed, make_world, run


@pytest.fixture(scope="session")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder that all workers of a test run share."""
    base = tmp_path_factory.getbasetemp()
    folder = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "closed"
    folder.mkdir(exist_ok=True)
    return folder


@pytest.fixture(scope="module", autouse=True)
def font_cache(pytestconfig: pytest.Config, shared: Path) -> Iterator[None]:
    """Point Deedbox's cache below .pytest_cache, unless somebody chose one; let all builds share a store."""
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("SOURCE_DATE_EPOCH", raising=False)
        patch.setenv("DEEDBOX_STORE", str(shared / "store"))
        if "DEEDBOX_CACHE" not in os.environ:
            patch.setenv("DEEDBOX_CACHE", str(pytestconfig.cache.mkdir("deedbox")))  # type: ignore[union-attr]
        yield


@pytest.fixture(scope="module")
def closed(font_cache: None, shared: Path) -> Closed:
    """Return the small project, closed by the command."""
    folder = shared
    made = Closed(folder / "repository", folder / "out" / f"{NAME}.zip", folder / "unpacked" / NAME)
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (folder / "done").exists():
            make_world(made.root)
            code, answer, words = run("close", "mill", "-C", str(made.root), "-o", str(folder / "out"))
            assert code == 0, (answer, words)
            shutil.unpack_archive(made.package, folder / "unpacked")
            (folder / "done").touch()
    return made


@pytest.fixture
def need() -> Callable[[str], str]:
    """Return a function that gives the path of a program, or skips the test where it is absent."""

    def find(program: str) -> str:
        path = shutil.which(program)
        if path is None:
            pytest.skip(f"{program} is not installed")
        return path

    return find
