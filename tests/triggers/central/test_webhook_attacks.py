"""Take a running server of webhooks; attack it with silence, floods, copies and malformed requests; look at it."""

from __future__ import annotations

import base64
import hashlib
import hmac
import os
import signal
import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from pathlib import Path

import pytest
from central_world import Team
from hook_world import find_processes, wait_for
from test_webhook import BODY, SECRET, Server, github, gitlab, make_server
from webhook_events import read_event

from pipeline.triggers.central.webhook.deliveries import EVERY, Tally
from pipeline.triggers.central.webhook.signature import AGE, PUSH, begin_proof

HEAD = b"POST /hooks/mirror HTTP/1.1\r\nHost: x\r\n"


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """One server for all attacks: it has to stand them all, one after the other."""
    made = make_server(Team(tmp_path_factory.mktemp("attacked"), hooks=False))
    yield made
    made.stop()


def connect(server: Server) -> socket.socket:
    return socket.create_connection(("127.0.0.1", server.port), timeout=60)


def talk(server: Server, *lines: bytes) -> bytes:
    """Return all that the server says to these raw lines."""
    with connect(server) as line:
        line.sendall(HEAD + b"\r\n".join((*lines, b"", b"")))
        line.shutdown(socket.SHUT_WR)
        parts = []
        while part := line.recv(65536):
            parts.append(part)
    return b"".join(parts)


def memory(server: Server) -> int:
    """Return the most memory that the server has had, in MB."""
    assert server.process is not None
    lines = Path(f"/proc/{server.process.pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM")) >> 10


def test_silent_sockets_keep_no_event_out_and_are_dropped(served: Server) -> None:
    with ExitStack() as stack:
        crowd = [stack.enter_context(connect(served)) for _ in range(150)]
        crowd[-1].sendall(b"POST /hooks/mir")  # and one that says a little
        assert served.post(github(event="ping"))[0] == 202
        for line in crowd[:80]:  # who was silent for longest has made room
            with suppress(ConnectionError):
                assert line.recv(1) == b""


def test_unproved_bodies_take_no_memory(served: Server) -> None:
    before = memory(served)
    piece, head = b"x" * (1 << 20), f"Content-Length: {20 << 20}\r\n".encode()
    proof = b"X-Hub-Signature-256: sha256=" + b"0" * 64 + b"\r\n\r\n"
    with ExitStack() as stack:
        for _ in range(30):
            line = stack.enter_context(connect(served))
            line.sendall(HEAD + head + proof)
            for _ in range(8):
                line.sendall(piece)
        assert served.post(github(event="ping"))[0] == 202
        assert memory(served) - before < 100


def test_body_without_a_proof_in_its_head_is_refused_before_it_comes(served: Server) -> None:
    with connect(served) as line:
        line.sendall(HEAD + b"Content-Length: 1000000\r\n\r\n")
        assert b"HTTP/1.1 401" in line.recv(4096)
    with connect(served) as line:
        line.sendall(HEAD + b"Transfer-Encoding: chunked\r\nX-Hub-Signature-256: sha256=" + b"0" * 64 + b"\r\n\r\n")
        chunk = b"100000\r\n" + b"x" * (1 << 20) + b"\r\n"
        said = b""
        try:
            for _ in range(40):
                line.sendall(chunk)
        except ConnectionError:
            pass
        else:
            said = line.recv(4096)
        assert said in (b"",) or b"HTTP/1.1 413" in said


def test_malformed_foreign_and_smuggled_requests_are_refused(served: Server) -> None:
    before = served.count()
    proof = f"X-Gitlab-Token: {SECRET}\r\nX-Gitlab-Event: Push Hook".encode()
    both = talk(served, proof, b"Content-Length: 3", b"Transfer-Encoding: chunked", b"", b"0", b"", HEAD + proof)
    assert (both.count(b"HTTP/1.1"), b"HTTP/1.1 400" in both) == (1, True)
    for wrong in (b"Content-Length: 1\r\nContent-Length: 2", b"Content-Length: -1", b"Host: y", b"Bad header",
                  b"Transfer-Encoding: gzip", b"X: \x00"):  # fmt: skip
        assert talk(served, proof, wrong)[9:12] in (b"400", b"501")
    for browser in (b"Origin: http://evil.com", b"Origin: null", b"Sec-Fetch-Site: cross-site"):
        assert b"HTTP/1.1 403" in talk(served, proof, browser)
    assert talk(served, proof, *(b"X: " + b"x" * 1000 for _ in range(40)))[9:12] in (b"431", b"400")
    for path in (
        "/",
        "/hooks/",
        "/hooks/mirror/x",
        "/hooks/../mirror",
        "/hooks/%2e%2e",
        "/hooks/mirror%00",
        "/hooks/\\",
        "*",
    ):
        assert served.post(gitlab(delivery="path"), path=path)[0] in (400, 404)
    for method in ("GET", "PUT", "DELETE", "OPTIONS", "TRACE", "PATCH", "HEAD"):
        assert served.post(gitlab(delivery="method"), method=method)[0] == 405
    assert served.post({**gitlab(), "Host": "[::1]evil"})[0] == 421
    assert served.count() == before


def test_secret_is_nowhere_but_in_its_file(served: Server) -> None:
    assert served.post(gitlab(delivery="kept"))[0] == 202
    assert served.post(gitlab(token=f"{SECRET}x"))[0] == 401
    assert b"400" in talk(served, f"X-Gitlab-Token: {SECRET}\x00".encode())
    secret = served.mirror / "deedbox/webhook-secret"
    kept = secret.read_bytes()
    secret.unlink()
    os.mkfifo(secret, 0o600)
    try:
        assert served.post(gitlab(delivery="gone"))[0] == 500
    finally:
        secret.unlink()
        secret.write_bytes(kept)
        secret.chmod(0o600)
    processes = find_processes(str(served.mirror))
    lines = b"".join(read(f"/proc/{one}/{name}") for one in processes for name in ("cmdline", "environ"))
    files = (path for path in served.mirror.rglob("*") if path.is_file() and path != secret)
    written = b"".join(path.read_bytes() for path in files)
    assert processes and SECRET.encode() not in lines + written + served.log.read_bytes()
    assert "Traceback" not in served.log.read_text()


def read(path: str) -> bytes:
    try:
        return Path(path).read_bytes()
    except OSError:
        return b""


@pytest.mark.parametrize("moment", [0.7, pytest.param(0.1, marks=pytest.mark.soak)])
def test_nothing_outlives_a_server_that_is_killed(served: Server, moment: float) -> None:
    served.team.commit(served.team.papers, {"atlas/documents/note.md": f"# Note\n\nAt {moment}.\n"})
    assert served.team.push().returncode == 0
    assert served.post(gitlab(delivery=f"kill-{moment}"))[0] == 202
    time.sleep(moment)
    assert served.process is not None
    os.kill(served.process.pid, signal.SIGKILL)
    served.process.wait()
    wait_for(lambda: not find_processes(str(served.mirror)))
    served.start()
    wait_for(lambda: served.shows(f"At {moment}".encode()), served.log.read_text)


def test_server_that_is_asked_to_end_ends_with_all_that_it_started(served: Server) -> None:
    with connect(served):
        assert served.post(gitlab(delivery="end"))[0] == 202
        served.stop()
        assert not find_processes(str(served.mirror))
    served.start()


def standard(delivery: str, time: int, body: bytes = BODY, key: bytes = SECRET.encode()) -> dict[str, str]:
    proof = hmac.new(key, f"{delivery}.{time}.".encode() + body, hashlib.sha256).digest()
    said = f"v1,AAAA v1,{base64.b64encode(proof).decode()}"
    return {"webhook-id": delivery, "webhook-timestamp": str(time), "webhook-signature": said,
            "x-gitlab-event": "Push Hook"}  # fmt: skip


def test_signing_token_binds_id_and_time() -> None:
    now, secret = 1_800_000_000, SECRET.encode()
    event = read_event(standard("e1", now), BODY, secret, now + AGE)
    assert event is not None
    assert (event.host, event.kind, event.delivery) == ("gitlab", PUSH, "e1")
    key = b"0123456789abcdef0123456789abcdef"
    assert read_event(standard("e1", now, key=key), BODY, b"whsec_" + base64.b64encode(key), now)
    good = standard("e1", now)
    for wrong in ({"webhook-id": "e2"}, {"webhook-timestamp": str(now + 1)}, {"webhook-timestamp": "-1"},
                  {"webhook-signature": "v1,AAAA"}, {"webhook-signature": "é"}, {"webhook-id": ""}):  # fmt: skip
        assert read_event({**good, **wrong}, BODY, secret, now) is None
    assert read_event(good, BODY + b" ", secret, now) is None
    assert read_event(good, BODY, secret, now + AGE + 1) is None
    assert read_event({**good, "x-gitlab-token": SECRET, "webhook-signature": ""}, BODY, secret, now) is None


@pytest.mark.parametrize(
    "said", ["", "sha256=", "sha256=zz", "sha256=" + "0" * 63, "sha256=" + "0" * 4000, "sha1=" + "0" * 64]
)
def test_proof_of_another_form_needs_no_body(said: str) -> None:
    assert begin_proof({"x-hub-signature-256": said}, SECRET.encode(), 0) is None


def test_what_strangers_cause_is_counted_and_not_repeated_in_the_log() -> None:
    said: list[str] = []
    now = [0.0]
    tally = Tally(said.append, lambda: now[0])
    for _ in range(1000):
        tally.count("refused: unproved")
    now[0] = EVERY
    tally.count("refused: unproved")
    assert said == ["refused: unproved", "refused: unproved (999 more since the last line)"]
