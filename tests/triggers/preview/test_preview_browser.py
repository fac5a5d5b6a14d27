"""Take a served office and a real browser; change sources while pages are open; check what a reader sees."""

from __future__ import annotations

import signal

from browser import Browser
from watcher import wait_until

VIEW = "document.querySelector('#pages iframe:not(.coming)').contentWindow"
SHOWN = "document.body.dataset.shown"
NOTES = "atlas/documents/notes.md"


def open_page(browser: Browser, url: str, path: str = "") -> str:
    """Open a page and return the digest of what it shows."""
    browser.open(url + path)
    browser.wait_for(SHOWN)
    return str(browser.run(SHOWN))


def test_the_list_leads_to_documents_in_the_same_window(served, browser):
    open_page(browser, served.url)
    assert browser.run(f"{VIEW}.document.title") == "Sample office: project documents"
    browser.run(f"{VIEW}.document.querySelector('a[href=\"atlas/charter.html\"]').click()")
    browser.wait_for(f"location.pathname === '/atlas/charter.html' && {SHOWN}")
    assert "Text of approach." in browser.run(f"{VIEW}.document.body.innerText")
    assert browser.errors() == []


def test_only_the_page_that_changed_is_renewed_and_the_reader_stays_where_he_was(served, browser):
    text = (served.world.root / NOTES).read_text()
    before = open_page(browser, served.url, "atlas/documents/notes.html")
    browser.run(f"{VIEW}.document.getElementById('part-30').scrollIntoView()")
    place = f"Math.round({VIEW}.document.getElementById('part-30').getBoundingClientRect().top) + 0"
    top, scrolled = browser.run(place), browser.run(f"{VIEW}.scrollY")
    served.world.write({NOTES: text.replace("Text 3.", "Text three.\n\nMore.\n\nMore.\n\nMore.")})
    browser.wait_for(f"{SHOWN} !== '{before}'")
    assert abs(browser.run(place) - top) <= 1
    assert browser.run(f"{VIEW}.scrollY") > scrolled
    # Of another document nothing is to be seen here.
    after = browser.run(SHOWN)
    browser.run("window.kept = document.querySelector('iframe')")
    told = len(served.watcher.events)
    served.world.write({"beacon/documents/notes.md": "# Beacon notes\n\nOther.\n"})
    served.watcher.wait_for_build(since=told)
    assert browser.run(SHOWN) == after
    assert browser.run("window.kept === document.querySelector('iframe')")


def test_problems_lie_over_the_last_good_page_until_they_are_mended(served, browser):
    budget = (served.world.root / "atlas/budget.yaml").read_text()
    shown = open_page(browser, served.url, "atlas/charter.html")
    served.world.write({"atlas/budget.yaml": "lines: [<b>\n"})
    browser.wait_for("document.querySelector('#problems.failed details[open]')")
    words = browser.run("document.querySelector('#problems').innerText")
    assert "This is the last good version." in words
    assert "atlas/budget.yaml:1:" in words and "DB131" in words
    assert browser.run(SHOWN) == shown
    assert "Text of approach." in browser.run(f"{VIEW}.document.body.innerText")
    served.world.write({"atlas/budget.yaml": budget})
    browser.wait_for("!document.querySelector('#problems.failed')")


def test_a_pdf_is_shown_and_renewed(served, browser):
    text = (served.world.root / NOTES).read_text()
    before = open_page(browser, served.url, "atlas/documents/notes.pdf")
    served.world.write({NOTES: f"{text}\nOne more line.\n"})
    browser.wait_for(f"{SHOWN} !== '{before}'")
    assert browser.run("document.querySelector('#pages iframe').src").endswith(f"?d={browser.run(SHOWN)}")
    assert browser.errors() == []


def test_a_page_says_when_its_document_is_gone_and_when_nobody_watches(served, browser):
    served.world.write({"atlas/documents/passing.md": "# Passing\n"})
    wait_until(lambda: "atlas/documents/passing.pdf" in served.world.outputs())
    open_page(browser, served.url, "atlas/documents/passing.html")
    served.world.write({"atlas/documents/passing.md": None})
    browser.wait_for("document.querySelector('#problems.lost')")
    assert "not made any more" in browser.run("document.querySelector('#problems').innerText")
    assert served.watcher.end(signal.SIGINT) == 130
    browser.wait_for("document.querySelector('#problems').innerText.includes('not watching')")
