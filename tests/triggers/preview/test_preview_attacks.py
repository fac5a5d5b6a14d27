"""Take a folder of documents with a forged list, served for real; attack the server; check what it gives away."""

from __future__ import annotations

import os
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from pathlib import Path

import pytest
from preview_urls import ask

from pipeline.archive.manifest import FileEntry, Manifest, make_manifest
from pipeline.triggers.preview.app import make_app
from pipeline.triggers.preview.outputs import Shelf
from pipeline.triggers.preview.server import Address, Server, open_socket
from pipeline.triggers.preview.state import State
from pipeline.triggers.serving import Limits

PAGE = b"<!DOCTYPE html><p>A page"
SHORT = Limits(head=0.6, body=0.6, answer=0.6, connections=12, per_address=4)
PATIENCE = 20  # seconds: only what never ends takes so long


@pytest.fixture
def build(tmp_path: Path) -> Path:
    return make_build(tmp_path)


@pytest.fixture(scope="module")
def lasting(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server of such a folder, for questions that change nothing."""
    with ExitStack() as stack:
        yield serve(stack, make_build(tmp_path_factory.mktemp("lasting")))


def make_build(tmp_path: Path) -> Path:
    """Return an output folder: one good document, and whatever a contributor can put in the place of others."""
    folder = tmp_path / "build"
    (folder / "atlas").mkdir(parents=True)
    (folder / "atlas/good.html").write_bytes(PAGE)
    (tmp_path / "secret").mkdir()
    (tmp_path / "secret/passwd").write_text("root:x:0")
    (folder / "atlas/link.html").symlink_to(tmp_path / "secret/passwd")
    (folder / "linked").symlink_to(tmp_path / "secret")
    os.mkfifo(folder / "atlas/fifo.html")
    (folder / "atlas/folder.html").mkdir()
    with (folder / "atlas/huge.docx").open("wb") as file:
        file.truncate(3 << 30)
    names = ("good.html", "link.html", "fifo.html", "folder.html", "huge.docx")
    listed = [*(f"atlas/{name}" for name in names), "linked/passwd", "../secret/passwd", "/etc/passwd", "atlas/\udcff"]
    files = tuple(FileEntry(name, "atlas", "d", name[-4:].strip("."), "0" * 64, 1) for name in listed)
    manifest = make_manifest(Manifest("Deedbox", "0" * 40, files=files[:-1]))
    (folder / "manifest.json").write_bytes(manifest)
    return folder


def serve(stack: ExitStack, folder: Path, limits: Limits = SHORT, *, is_open: bool = False) -> Server:
    state = State()
    listening = open_socket(Address(port=0, is_given=True))
    server = Server(make_app(Shelf((folder,)), state, is_open=is_open, limits=limits), listening, state, limits)
    stack.callback(server.close)
    return server


@pytest.fixture
def server(build: Path) -> Iterator[Server]:
    with ExitStack() as stack:
        yield serve(stack, build)


def port_of(server: Server) -> int:
    return int(server.url.rstrip("/").rpartition(":")[2])


def connect(server: Server, source: str = "127.0.0.1") -> socket.socket:
    return socket.create_connection(("127.0.0.1", port_of(server)), timeout=PATIENCE, source_address=(source, 0))


def is_ended(line: socket.socket) -> bool:
    """Read until the server ends the connection; only a server that holds it makes this time out."""
    try:
        while line.recv(65536):
            pass
    except ConnectionError:
        return True
    return True


def talk(server: Server, *lines: bytes) -> bytes:
    """Return all that the server says to these raw lines until it ends the connection."""
    with connect(server) as line:
        line.sendall(b"\r\n".join((*lines, b"", b"")))
        line.shutdown(socket.SHUT_WR)
        parts = []
        while part := line.recv(65536):
            parts.append(part)
    return b"".join(parts)


@pytest.mark.parametrize("path", [
    "/atlas/link.html", "/linked/passwd", "/../secret/passwd", "/%2e%2e/secret/passwd", "/..%5csecret%5cpasswd",
    "/..\\secret\\passwd", "//etc/passwd", "/etc/passwd", "/%2fetc%2fpasswd", "/atlas/good.html%00",
    "/atlas/folder.html", "/atlas/./good.html", "/manifest.json", "/.preview/..%2fguard.py",
    "/atlas/%c0%ae%c0%ae/good.html",
])  # fmt: skip
def test_nothing_is_reached_by_paths_or_links(lasting: Server, path: str) -> None:
    answer = ask(lasting.url, path)
    assert (answer.status, b"root" in answer.body) == (404, False)
    assert ask(lasting.url, "/atlas/good.html").body == PAGE


def test_fifo_in_the_place_of_a_document_or_of_the_list_holds_nobody(server: Server, build: Path) -> None:
    assert ask(server.url, "/atlas/fifo.html").status == 404
    (build / "manifest.json").unlink()
    os.mkfifo(build / "manifest.json")
    assert ask(server.url, "/atlas/good.html").status == 404
    (build / "manifest.json").unlink()
    (build / "manifest.json").symlink_to("/dev/zero")
    assert ask(server.url, "/").status == 404


def test_huge_file_takes_no_memory(server: Server) -> None:
    assert ask(server.url, "/atlas/huge.docx", method="HEAD").headers["content-length"] == str(3 << 30)
    with connect(server) as line:
        line.sendall(f"GET /atlas/huge.docx HTTP/1.1\r\nHost: 127.0.0.1:{port_of(server)}\r\n\r\n".encode())
        assert b"200 OK" in line.recv(4096)
        before = peak()
        for _ in range(300):
            line.recv(1 << 20)
        assert peak() - before < 64 << 10  # kB
        time.sleep(1.5)  # a reader who reads no more
        assert is_ended(line)


def peak() -> int:
    """Return the most memory that this process has had, in kB."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM"))


@pytest.mark.parametrize("forge", [
    lambda raw: raw.replace(b'"Deedbox"', b"7"),
    lambda raw: raw.replace(b'"path": "atlas/good.html"', b'"path": ["atlas/good.html"]'),
    lambda raw: raw.replace(b'"format": "html"', b'"format": {"html": 1}'),
    lambda raw: raw.replace(b'"title": ""', b'"title": null'),
    lambda raw: raw.replace(b'"title": ""', b'"title": "\\ud800"'),
    lambda raw: raw.replace(b'"size": 1', b'"size": "<script>"'),
    lambda raw: b"[" * 100_000,
    lambda raw: b"",
])  # fmt: skip
def test_list_that_lies_about_its_form_serves_nothing_and_breaks_nothing(
    server: Server, build: Path, forge: Callable[[bytes], bytes], capfd: pytest.CaptureFixture[str]
) -> None:
    raw = (build / "manifest.json").read_bytes()
    (build / "manifest.json").write_bytes(forge(raw))
    for path in ("/atlas/good.html", "/"):
        for wanted in ("document", "iframe"):
            visit = {"Sec-Fetch-Site": "none", "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": wanted}
            assert ask(server.url, path, **visit).status in (200, 404)
    assert ask(server.url, "/atlas/good.html").status == 404
    assert "Traceback" not in capfd.readouterr().err


@pytest.mark.parametrize("host", [
    "[::1]evil.com", "[::1]evil.com:{}", "127.0.0.1.evil.com:{}", "evil.com:{}", "127.0.0.1:{}@evil.com", "127.0.0.1",
    "", "localhost:1", "127.0.0.1:{}, evil.com", "localhost.:{}", "0.0.0.0:{}", "2130706433:{}", "127.1:{}",
    "[::ffff:7f00:1]:{}",
])  # fmt: skip
def test_other_names_and_ports_are_refused(lasting: Server, host: str) -> None:
    answer = ask(lasting.url, "/atlas/good.html", Host=host.format(port_of(lasting)))
    assert (answer.status, PAGE in answer.body) == (421, False)


def test_own_names_are_answered(lasting: Server, build: Path) -> None:
    for host in ("127.0.0.1", "localhost", "[::1]", "LOCALHOST"):
        assert ask(lasting.url, "/atlas/good.html", Host=f"{host}:{port_of(lasting)}").status == 200
    with ExitStack() as stack:
        opened = serve(stack, build, is_open=True)
        assert ask(opened.url, "/atlas/good.html", Host=f"10.0.0.7:{port_of(opened)}").status == 200
        assert ask(opened.url, "/atlas/good.html", Host=f"evil.com:{port_of(opened)}").status == 421


@pytest.mark.parametrize("path", ["/atlas/good.html", "/", "/.preview/events?path=", "/.preview/live.js"])
def test_no_other_site_reads_embeds_or_fetches(lasting: Server, path: str) -> None:
    own = f"http://127.0.0.1:{port_of(lasting)}"
    for origin in ("http://evil.com", "null", "http://127.0.0.1:1", own.replace("http:", "https:"), f"{own}.evil.com"):
        assert ask(lasting.url, path, Origin=origin).status == 403
    for site in ("cross-site", "same-site", "nonsense"):
        for mode, wanted in (("no-cors", "image"), ("cors", "empty"), ("navigate", "iframe"), ("no-cors", "script")):
            sent = {"Sec-Fetch-Site": site, "Sec-Fetch-Mode": mode, "Sec-Fetch-Dest": wanted}
            assert ask(lasting.url, path, **sent).status == 403
    refused = ask(lasting.url, path, Origin="http://evil.com")
    assert not [name for name in refused.headers if name.startswith("access-control")]
    if "events" not in path:
        answer = ask(lasting.url, path, Origin=own)
        assert (answer.status, answer.headers["cross-origin-resource-policy"]) == (200, "same-origin")
        assert answer.headers["x-frame-options"] in ("DENY", "SAMEORIGIN")
        assert not [name for name in answer.headers if name.startswith("access-control")]


def test_heads_bodies_and_smuggled_requests_are_refused(lasting: Server) -> None:
    host = f"Host: 127.0.0.1:{port_of(lasting)}".encode()
    get = b"GET /atlas/good.html HTTP/1.1"
    two = talk(lasting, get, host, b"Content-Length: 0", b"Transfer-Encoding: chunked", b"", b"0", b"", get, host)
    assert (two.count(b"HTTP/1.1"), b"HTTP/1.1 400" in two, PAGE in two) == (1, True, False)
    for wrong in (b"Content-Length: 1\r\nContent-Length: 2", b"Content-Length: -1", b"Content-Length: +5", host,
                  b"Transfer-Encoding: chunked, identity", b"X : y", b"X: a\x00b"):  # fmt: skip
        assert b"HTTP/1.1 400" in talk(lasting, get, host, wrong)
    assert b"HTTP/1.1 400" in talk(lasting, get)  # no host at all
    assert b" 413 " in talk(lasting, get, host, b"Content-Length: 5", b"", b"abcde")
    large = talk(lasting, get, host, *(b"X-%d: " % number + b"x" * 1000 for number in range(40)))
    assert large[:12] in (b"HTTP/1.1 431", b"HTTP/1.1 400") and PAGE not in large
    assert b" 405 " in talk(lasting, b"TRACE / HTTP/1.1", host)


def test_silent_and_slow_connections_are_dropped(server: Server) -> None:
    """Neither silence nor a byte now and then holds a connection."""
    with ExitStack() as stack:
        silent = stack.enter_context(connect(server))
        drip = stack.enter_context(connect(server))
        begun = stack.enter_context(connect(server))
        begun.sendall(
            f"GET / HTTP/1.1\r\nHost: 127.0.0.1:{port_of(server)}\r\nTransfer-Encoding: chunked\r\n\r\n".encode()
        )
        for sign in b"GET / HT":
            try:
                drip.sendall(bytes([sign]))
                time.sleep(0.15)
            except ConnectionError:
                break
        assert all(is_ended(line) for line in (silent, drip, begun))


def test_many_silent_connections_keep_nobody_out(build: Path) -> None:
    with ExitStack() as stack:
        server = serve(stack, build, Limits(head=60, connections=12))
        crowd = [stack.enter_context(connect(server)) for _ in range(60)]
        assert ask(server.url, "/atlas/good.html").body == PAGE
        assert sum(is_dropped(line) for line in crowd) >= 48


def test_one_address_takes_its_own_share(build: Path) -> None:
    with ExitStack() as stack:
        server = serve(stack, build, Limits(head=60, connections=12, per_address=4, spares_own=False))
        good = connect(server, "127.0.0.3")
        crowd = [stack.enter_context(connect(server, "127.0.0.2")) for _ in range(20)]
        with closing(good):
            good.sendall(f"GET /atlas/good.html HTTP/1.1\r\nHost: 127.0.0.1:{port_of(server)}\r\n\r\n".encode())
            assert b"200 OK" in good.recv(4096)
        assert sum(is_dropped(line) for line in crowd) >= 16


def is_dropped(line: socket.socket) -> bool:
    line.settimeout(0.05)
    try:
        return line.recv(1) == b""
    except TimeoutError:
        return False
    except ConnectionError:
        return True


def test_server_ends_at_once_whoever_holds_it(build: Path) -> None:
    with ExitStack() as stack:
        server = serve(stack, build, Limits(head=60))
        held = [stack.enter_context(connect(server)) for _ in range(5)]
        held[0].sendall(b"GET / HTT")
        server.close()
        with pytest.raises(OSError):
            connect(server)
