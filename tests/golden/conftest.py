"""Take nothing; keep the faces that builds cut from the font packages in pytest's own cache, not in somebody's home."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest


@pytest.fixture(scope="session", autouse=True)
def font_cache(pytestconfig: pytest.Config) -> Iterator[None]:
    """Point Deedbox's cache to a folder below .pytest_cache, unless somebody chose one."""
    with pytest.MonkeyPatch.context() as patch:
        if "DEEDBOX_CACHE" not in os.environ:
            patch.setenv("DEEDBOX_CACHE", str(pytestconfig.cache.mkdir("deedbox")))  # type: ignore[union-attr]
        yield
