"""Take an unpacked package; open its index from disk in a real browser; search, and follow the links."""

from __future__ import annotations

import re
import shutil
import subprocess
from html import unescape
from pathlib import Path
from urllib.parse import quote, unquote

import pytest
from closing_world import Closed

from pipeline.closure.texts import read_words

BROWSERS = ("chromium", "chromium-browser", "google-chrome")


def open_page(page: Path, query: str, home: Path) -> str:
    """Return the page as the browser has it after a search, without a network."""
    browser = next((path for path in map(shutil.which, BROWSERS) if path), None)
    if browser is None:
        pytest.skip("no browser is installed (chromium)")
    options = (
        *("--headless", "--no-sandbox", "--disable-gpu", "--virtual-time-budget=4000", f"--user-data-dir={home}"),
        *("--host-resolver-rules=MAP * ~NOTFOUND", "--enable-logging=stderr", "--dump-dom"),
    )
    words = (browser, *options, f"{page.as_uri()}#q={quote(query)}")
    done = subprocess.run(words, capture_output=True, encoding="utf-8", check=True, timeout=120)
    console = [line for line in done.stderr.splitlines() if "CONSOLE" in line]
    assert console == []
    return done.stdout


def found(dom: str) -> tuple[str, str]:
    """Return what the page says of a search, and the list of what was found."""
    state, hits = re.search(r'<p id="state"[^>]*>(.*?)</p>', dom), re.search(r'(?s)<ul id="found">(.*?)</ul>', dom)
    assert state is not None
    assert hits is not None
    return unescape(state[1]), hits[1]


def test_a_word_finds_its_document_in_a_real_browser(closed: Closed, tmp_path: Path) -> None:
    state, hits = found(open_page(closed.folder / "index.html", "BARNACLES sluice", tmp_path / "home"))
    assert state == "1 document holds these words"
    assert "Log of the miller" in hits
    assert re.findall('href="([^"]+)"', hits) == [
        f"data/documents/mill/documents/log.{ending}" for ending in ("pdf", "docx", "html")
    ]
    state, hits = found(open_page(closed.folder / "index.html", "mussels", tmp_path / "home"))
    assert (state, hits) == ("0 documents hold this word", "")


def test_every_link_leads_to_a_file_of_the_package(closed: Closed) -> None:
    page = (closed.folder / "index.html").read_text(encoding="utf-8")
    links = {unquote(link) for link in re.findall('href="([^"]+)"', page)}
    assert all((closed.folder / link).is_file() for link in links)
    documents = {path.relative_to(closed.folder).as_posix() for path in closed.folder.glob("data/documents/**/*.*")}
    assert documents <= links


def test_the_page_loads_nothing_from_elsewhere(closed: Closed) -> None:
    page = (closed.folder / "index.html").read_text(encoding="utf-8")
    assert not re.search(r"(?i)src=|@import|url\(|https?://", page)
    assert "default-src 'none'" in page


def test_words_of_a_page_are_what_a_reader_sees() -> None:
    page = (
        b"<head><title>No</title><style>p{}</style></head><p>One <b>t</b>wo&amp;\xc2\xad</p><p>three<script>4</script>"
    )
    assert read_words(page) == "One two& three"


def test_texts_cannot_break_out_of_the_page(tmp_path: Path) -> None:
    from pipeline.closure.index import make_index
    from pipeline.closure.issued import Paper

    hostile = "</script><script>alert(1)</script>&#8232;<img src=x onerror=alert(1)>"
    file = tmp_path / "x.html"
    file.write_text(f"<p>{hostile.replace('<', '&lt;')}</p>")
    paper = Paper("mill/x.html", file, "x", "html", hostile, "", 1, "0" * 40, "2026-01-01", "0" * 64)
    page = make_index([paper], {"title": hostile}, []).decode()
    assert page.count("<script") == 2
    assert "<img" not in page
