"""Take pytest's own cache folder; keep the cut fonts there between runs; give the sample document as PDF."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

from pipeline.document.theme import Theme
from pipeline.document.tree import Document
from pipeline.write.pdf import Pdf, write_pdf


@pytest.fixture(scope="session", autouse=True)
def font_cache(pytestconfig: pytest.Config) -> Iterator[None]:
    """Keep tests out of the user's cache folder; cutting the fonts takes seconds, so they stay between runs."""
    with pytest.MonkeyPatch.context() as patch:
        if "DEEDBOX_CACHE" not in os.environ:
            patch.setenv("DEEDBOX_CACHE", str(pytestconfig.cache.mkdir("deedbox")))  # type: ignore[union-attr]
        yield


@pytest.fixture(scope="session")
def sample_pdf(sample_document: Document, theme: Theme, font_cache: None) -> Pdf:
    """Return the sample document, written once."""
    return write_pdf(sample_document, theme)
