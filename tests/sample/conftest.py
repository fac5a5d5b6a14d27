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

from .sample import SOME, Sample, build_sample


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


@pytest.fixture(scope="session", params=["some", pytest.param("all", marks=pytest.mark.soak)])
def sample(request: pytest.FixtureRequest, shared: Path) -> Sample:
    """Return the sample, committed; one document of each kind built, or all of them."""
    return build_sample(shared / "sample-some", SOME) if request.param == "some" else build_sample(shared / "sample")


@pytest.fixture(scope="session")
def whole(shared: Path) -> Sample:
    """Return the sample with all of its documents, for what can only be said of all."""
    return build_sample(shared / "sample")


@pytest.fixture(scope="session")
def all_trees(shared: Path) -> Mapping[str, Document]:
    """Return the document tree of each document by name."""
    root = build_sample(shared / "sample-some", SOME).root
    return {f"{one.job.project}/{one.job.name}": one.document for one in render_all(root) if one.document}


@pytest.fixture(scope="session")
def trees(sample: Sample, all_trees: Mapping[str, Document]) -> Mapping[str, Document]:
    """Return the document tree of each document that is built, by name."""
    return {name: all_trees[name] for name in sample.files("docx")}


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
