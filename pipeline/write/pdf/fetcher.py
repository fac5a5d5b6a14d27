"""Take a document's assets; answer the layout engine's requests from them alone; give bytes, or refuse and note it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from pipeline.document.tree import Asset
from pipeline.problems import Problem
from pipeline.write.html.body import content_name

if TYPE_CHECKING:
    from weasyprint.urls import URLFetcher

BASE = "https://repo.invalid/"


def picture_urls(assets: Mapping[str, Asset]) -> dict[str, str]:
    """Return a URL for each asset, made from its content: bytes of a PDF never depend on a path."""
    return {name: f"{BASE}{content_name(asset.data)}" for name, asset in assets.items()}


def make_fetcher(assets: Iterable[Asset], problems: list[Problem]) -> URLFetcher:
    """Return a fetcher that knows the assets and nothing else; each refusal becomes a problem."""
    from weasyprint.urls import URLFetcher, URLFetcherResponse

    known = {f"{BASE}{content_name(asset.data)}": asset for asset in assets}

    class AssetFetcher(URLFetcher):  # type: ignore[misc]
        """Answers from memory; opens neither files nor connections."""

        def fetch(self, url: str, headers: Any = None) -> Any:
            asset = known.get(url)
            if asset is None:
                problems.append(_refusal(url))
                raise ValueError("not an asset of the document")
            return URLFetcherResponse(url, asset.data, {"Content-Type": asset.media_type})

    return AssetFetcher(allowed_protocols=frozenset(), allow_redirects=False)


def _refusal(url: str) -> Problem:
    shown = url if len(url) <= 80 else f"{url[:77]}..."
    hint = "put what it shows into the picture itself"
    return Problem("DB402", f"a picture asks for `{shown}`, which a document may not fetch", hint=hint)
