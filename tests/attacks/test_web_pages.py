"""Take a repository full of hostile mark-up; open every page that is made of it in a real browser; nothing runs."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from time import sleep
from zipfile import ZipFile

import pytest
from browser import CHROMIUM, Browser
from hostile_world import make_web

ROOT = Path(__file__).parents[2]
DEEDBOX = (sys.executable, "-P", "-m", "pipeline")
ELEMENTS = "Array.from(document.querySelectorAll('*'))"
HANDLERS = f"{ELEMENTS}.flatMap(one => one.getAttributeNames()).filter(name => name.startsWith('on'))"
TARGETS = "Array.from(document.querySelectorAll('[href], [src], [action]'), one => one.href || one.src || one.action)"
ALIEN = "Array.from(document.querySelectorAll('iframe, object, embed, base, form, link, svg')).length"


@dataclass(frozen=True)
class Pages:
    """Built pages, an unpacked package, and what a listener was asked for by whatever got through."""

    root: Path
    package: Path
    asked: list[str]


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory, pytestconfig: pytest.Config) -> Iterator[Pages]:
    if not CHROMIUM:
        pytest.skip("no browser is installed (chromium)")
    asked: list[str] = []

    class Listener(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_error(404)

        def log_message(self, *words: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Listener) as server, pytest.MonkeyPatch.context() as patch:
        Thread(target=server.serve_forever, daemon=True).start()
        if "DEEDBOX_CACHE" not in os.environ:
            patch.setenv("DEEDBOX_CACHE", str(pytestconfig.cache.mkdir("deedbox")))  # type: ignore[union-attr]
        patch.setenv("DEEDBOX_LIMITS", "off")
        patch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
        patch.setenv("PYTHONPATH", str(ROOT))
        folder = tmp_path_factory.mktemp("web")
        world = make_web(folder / "papers", f"http://127.0.0.1:{server.server_address[1]}")
        for words in (
            ("build",),
            ("close", "mill", "-o", folder / "out", "--waive", "problems", "--reason", "<script>pwned=1</script>"),
        ):
            done = subprocess.run(
                [*DEEDBOX, *map(str, words)], cwd=world.root, capture_output=True, text=True, check=False
            )
            assert done.returncode == 0, done.stderr
        with ZipFile(next((folder / "out").glob("*.zip"))) as package:
            package.extractall(folder / "package")
        yield Pages(world.root, next((folder / "package").iterdir()), asked)
        server.shutdown()


@pytest.fixture(scope="module")
def browser(pages: Pages, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    browser = Browser(tmp_path_factory.mktemp("browser"))
    browser.ask("Network.enable")
    yield browser
    browser.close()


def check_page(browser: Browser, pages: Pages, url: str, scripts: int = 0) -> None:
    """Open a page, let it do what it may, and hold what came of it against the rules."""
    browser.messages.clear()
    browser.open(url)
    sleep(0.3)
    check_shown(browser, pages, url)
    assert browser.run("document.scripts.length") == scripts
    assert browser.run(ALIEN) == 0
    asked = [
        one["params"]["request"]["url"] for one in browser.messages if one.get("method") == "Network.requestWillBeSent"
    ]
    assert [one for one in asked if not one.startswith((url, "data:"))] == []


def check_shown(browser: Browser, pages: Pages, url: str) -> None:
    assert browser.run("location.href").startswith(url)
    assert browser.run("window.pwned || 0") == 0
    assert browser.run("document.title") != "pwned"
    assert browser.run(HANDLERS) == []
    origin = url.partition("://")[0]
    schemes = {target.partition(":")[0] for target in browser.run(TARGETS)}
    assert schemes <= {"http", "https", "mailto", "data", origin}
    if origin == "file":  # links of pages lead to pages; what is fetched is in the page
        assert browser.run("Array.from(document.querySelectorAll('a[href^=\"data:\"]')).length") == 0
    assert pages.asked == []


def test_every_page_of_a_build_is_opened_and_nothing_runs(pages: Pages, browser: Browser) -> None:
    found = sorted((pages.root / "build").rglob("*.html"))
    assert len(found) == 3
    for page in found:
        check_page(browser, pages, page.as_uri())


def test_the_page_of_a_package_searches_and_runs_nothing_else(pages: Pages, browser: Browser) -> None:
    url = (pages.package / "index.html").as_uri()
    check_page(browser, pages, url, scripts=2)
    browser.run(
        "document.getElementById('query').value = 'pwned'; "
        "document.getElementById('query').dispatchEvent(new Event('input'))"
    )
    browser.wait_for("document.querySelectorAll('.hit').length")
    sleep(0.2)
    check_shown(browser, pages, url)
    assert "<script>" in browser.run("document.getElementById('found').textContent")


def test_every_page_has_a_policy_of_its_own(pages: Pages) -> None:
    for page in (*(pages.root / "build").rglob("*.html"), *pages.package.rglob("*.html")):
        assert b'Content-Security-Policy" content="default-src &#x27;none&#x27;' in page.read_bytes().replace(
            b"'", b"&#x27;"
        ), page


def test_the_preview_of_such_pages_runs_nothing(pages: Pages, browser: Browser) -> None:
    command = (*DEEDBOX, "watch", "--serve=0", "--format", "jsonl")
    with subprocess.Popen(
        command, cwd=pages.root, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as watch:
        assert watch.stdout
        try:
            events = map(json.loads, watch.stdout)
            url = next(one["url"] for one in events if one["event"] == "serving")
            next(one for one in events if one["event"] == "built")
            for path in ("", "mill/documents/log.html"):
                browser.open(url + path)
                browser.wait_for("document.body.dataset.shown")
                sleep(0.3)
                check_shown(browser, pages, url)
                assert browser.run("frames[0].pwned || 0") == 0
                assert browser.run("frames[0].document.scripts.length") == 0
        finally:
            watch.kill()
