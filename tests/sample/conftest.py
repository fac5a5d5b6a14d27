"""Take the sample; give it built, its document trees and its theme as fixtures that all tests of a run share."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest
from golden.builds import render_all

from pipeline.document.theme import Theme
from pipeline.document.tree import Document
from pipeline.render.theme_file import load_theme

from .sample import Sample, build_sample, make_once


@pytest.fixture(scope="session", autouse=True)
def font_cache(pytestconfig: pytest.Config) -> Iterator[None]:
    """Point Deedbox's cache to a folder below .pytest_cache, unless somebody chose one."""
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("SOURCE_DATE_EPOCH", raising=False)
        if "DEEDBOX_CACHE" not in os.environ:
            patch.setenv("DEEDBOX_CACHE", str(pytestconfig.cache.mkdir("deedbox")))  # type: ignore[union-attr]
        yield


@pytest.fixture(scope="session")
def shared(font_cache: None, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder that all workers of a test run share."""
    base = tmp_path_factory.getbasetemp()
    return base.parent if "PYTEST_XDIST_WORKER" in os.environ else base


@pytest.fixture(scope="session")
def sample(shared: Path) -> Sample:
    """Return the sample, committed and built."""
    return make_once(shared / "sample", build_sample)


@pytest.fixture(scope="session")
def trees(sample: Sample) -> Mapping[str, Document]:
    """Return the document tree of each document by name."""
    return {f"{one.job.project}/{one.job.name}": one.document for one in render_all(sample.root) if one.document}


@pytest.fixture(scope="session")
def theme() -> Theme:
    """Return the house theme, which the sample uses unchanged."""
    return load_theme()


@pytest.fixture
def need() -> Callable[[str, str], str]:
    """Return a function that gives the path of a program, or skips the test where it is absent."""

    def find(program: str, package: str) -> str:
        path = shutil.which(program)
        if path is None:
            pytest.skip(f"{program} is not installed (package {package})")
        return path

    return find
