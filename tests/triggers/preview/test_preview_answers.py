"""Take a served office; ask for documents as a program, a browser and an attacker would; check each answer."""

from __future__ import annotations

import http.client
import json
from urllib.parse import urlsplit

import pytest
from preview_urls import ask

from pipeline.problems import Stop
from pipeline.triggers.preview.server import read_address
from pipeline.triggers.serving import read_host


def test_documents_are_those_of_the_manifest_to_the_byte(served):
    assert ask(served.url, "/atlas/documents/notes.pdf").body == served.world.outputs()["atlas/documents/notes.pdf"]
    page = ask(served.url, "/atlas/documents/notes.html")
    assert page.status == 200
    assert page.body.startswith(b"<!DOCTYPE html>") and b"Text 59." in page.body
    index = ask(served.url, "/").body.decode()
    assert 'href="atlas/documents/notes.pdf"' in index and 'href="atlas/documents/notes.html"' in index


@pytest.mark.parametrize("path", [
    "/manifest.json", "/.gitignore", "/../deedbox.yaml", "/%2e%2e/deedbox.yaml", "/atlas/../manifest.json",
    "//etc/passwd", "/..%2f..%2fdeedbox.yaml", "/.preview/../app.py", "/.preview/app.py", "/.preview/%2e%2e%2fapp.py",
    "/atlas", "/atlas/charter.pdf%00.html", "/.git/config", "/%00",
])  # fmt: skip
def test_what_no_manifest_lists_is_not_there(served, path):
    (served.world.root / "build" / "foreign.html").write_text("foreign")
    assert ask(served.url, path).status == 404
    assert ask(served.url, "/foreign.html").status == 404


def test_a_link_in_the_place_of_a_document_is_not_followed(served):
    file = served.world.root / "build" / "beacon" / "documents" / "notes.pdf"
    kept = file.with_name("kept.pdf")
    file.rename(kept)
    file.symlink_to(served.world.root / "deedbox.yaml")
    try:
        assert ask(served.url, "/beacon/documents/notes.pdf").status == 404
    finally:
        kept.replace(file)


@pytest.mark.parametrize(
    "host", ["evil.example", "evil.example:8400", "127.0.0.1.evil.example", "", "[::2]", "10.0.0.7"]
)
def test_other_names_for_this_machine_are_refused(served, host):
    """A stranger's name may point here (DNS rebinding): then its pages could read what we serve."""
    assert ask(served.url, "/", Host=host).status == 421


def test_pages_of_others_may_not_embed_or_fetch(served):
    others = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "no-cors", "Sec-Fetch-Dest": "image"}
    assert ask(served.url, "/", **others).status == 403
    visit = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "document"}
    assert ask(served.url, "/", **visit).status == 200


def test_nothing_but_reading_is_possible(served):
    for method in ("POST", "PUT", "DELETE", "OPTIONS"):
        assert ask(served.url, "/", method=method).status == 405


@pytest.mark.parametrize("path", ["/", "/atlas/charter.pdf", "/atlas/charter.html", "/nothing", "/.preview/live.js"])
def test_every_answer_carries_what_protects(served, path):
    headers = ask(served.url, path).headers
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["cross-origin-resource-policy"] == "same-origin"
    assert headers["cache-control"] == "no-store"
    assert "default-src 'none'" in headers["content-security-policy"]
    assert "script-src" not in headers["content-security-policy"]
    assert "server" not in headers


def test_a_stream_tells_at_once_what_a_page_is_like(served):
    parts = urlsplit(served.url)
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=60)
    connection.request("GET", "/.preview/events?path=atlas/charter.html")
    answer = connection.getresponse()
    line = answer.readline().decode()
    told = json.loads(line.removeprefix("data: "))
    assert answer.headers["content-type"].startswith("text/event-stream")
    assert len(told["digest"]) == 64 and told["good"] is True
    connection.close()


@pytest.mark.parametrize(("text", "host", "port"), [
    ("", "127.0.0.1", 8400), ("8500", "127.0.0.1", 8500), (":8500", "127.0.0.1", 8500), ("0.0.0.0:80", "0.0.0.0", 80),
    ("[::1]:8500", "::1", 8500), ("localhost:8500", "localhost", 8500),
])  # fmt: skip
def test_an_address_is_read(text, host, port):
    address = read_address(text)
    assert (address.host, address.port, address.is_open) == (host, port, host == "0.0.0.0")


@pytest.mark.parametrize("text", ["atlas", "1.2.3.4", "99999", "http://localhost:80", "a b:80"])
def test_what_is_no_address_stops_with_a_hint(text):
    with pytest.raises(Stop) as stopped:
        read_address(text)
    assert (stopped.value.problems[0].code, stopped.value.exit_code) == ("DB447", 2)


def test_hosts_are_read_without_port_and_brackets():
    found = [read_host(value) for value in ("[::1]:80", "LocalHost:1", "a", "[0:0::1]:8400")]
    assert found == [("::1", 80), ("localhost", 1), ("a", 80), ("::1", 8400)]


@pytest.mark.parametrize("value", [
    "", "[::1", "[::1]evil.com", "[::1]:80evil", "[::1]:80@evil.com", "::1", "127.0.0.1:", "127.0.0.1:1:2", "a b",
    "a/b", "[1.2.3.4]", "localhost:99999", "localhost:٣", " localhost", "localhost\t", "a,b", "user@localhost",
    "[::1%25lo]",
])  # fmt: skip
def test_what_is_no_host_is_none(value):
    assert read_host(value) is None
