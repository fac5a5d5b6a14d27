"""Take a server of webhooks in a process of its own; send it good, forged, large, slow and repeated events."""

from __future__ import annotations

import hashlib
import hmac
import http.client
import json
import re
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from central_world import Team
from hook_world import note, wait_for
from webhook_events import read_event

from pipeline.triggers.central.webhook.deliveries import Deliveries
from pipeline.triggers.central.webhook.signature import HOSTS, OTHER, PING, PUSH

pytest.importorskip("starlette")
pytest.importorskip("uvicorn")

SECRET = "a-secret-of-the-team-0123456789"
# What an attacker would write into an event, and what of it nobody may ever run, open or look up.
BODY = json.dumps({"ref": "refs/heads/$(touch pwned)", "repository": {"clone_url": "ext::sh -c touch% pwned"}}).encode()
HEADERS = re.compile(rb"HTTP/1\.1 (\d+)")


def sign(body: bytes, secret: str = SECRET) -> str:
    return hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


def github(body: bytes = BODY, delivery: str = "d1", event: str = "push", secret: str = SECRET) -> dict[str, str]:
    proof = f"sha256={sign(body, secret)}"
    return {"X-Hub-Signature-256": proof, "X-GitHub-Event": event, "X-GitHub-Delivery": delivery}


def gitea(body: bytes = BODY, delivery: str = "d1") -> dict[str, str]:
    return {"X-Gitea-Signature": sign(body), "X-Gitea-Event": "push", "X-Gitea-Delivery": delivery}


def gitlab(token: str = SECRET, delivery: str = "d1") -> dict[str, str]:
    return {"X-Gitlab-Token": token, "X-Gitlab-Event": "Push Hook", "X-Gitlab-Event-UUID": delivery}


def lower(headers: dict[str, str]) -> dict[str, str]:
    return {name.lower(): value for name, value in headers.items()}


@pytest.mark.parametrize(("name", "headers"), [("github", github()), ("gitea", gitea()), ("gitlab", gitlab())])
def test_event_of_each_host_is_proved(name: str, headers: dict[str, str]) -> None:
    event = read_event(lower(headers), BODY, SECRET.encode())
    assert event is not None
    assert (event.host, event.kind, event.delivery) == (name, PUSH, "d1")


def test_signature_of_github_is_the_one_that_its_manual_shows() -> None:
    proof = "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17"
    headers = {"x-hub-signature-256": proof, "x-github-event": "ping"}
    event = read_event(headers, b"Hello, World!", b"It's a Secret to Everybody")
    assert event is not None
    assert event.kind == PING


@pytest.mark.parametrize(
    "headers",
    [
        {},
        github(secret="another"),
        github(body=BODY + b" "),
        {**github(), "X-Hub-Signature-256": sign(BODY)},
        {**github(), "X-Hub-Signature-256": f"sha1={sign(BODY)}"},
        {**github(), "X-Hub-Signature-256": ""},
        {**gitea(), "X-Gitea-Signature": "é"},
        {**github(), "X-Gitea-Signature": "00"},
        gitlab(token=""),
        gitlab(token=f"{SECRET} "),
    ],
)
def test_event_that_nobody_proved_is_none(headers: dict[str, str]) -> None:
    assert read_event(lower(headers), BODY, SECRET.encode()) is None


def test_other_events_are_no_pushes() -> None:
    event = read_event(lower(github(event="issues")), BODY, SECRET.encode())
    assert event is not None
    assert event.kind == OTHER
    assert {host.name for host in HOSTS} == {"github", "gitea", "gitlab"}


def test_delivery_is_new_once_also_after_a_restart_and_the_memory_is_bounded(tmp_path: Path) -> None:
    known = Deliveries(tmp_path / "deliveries", most=30)
    assert known.is_new("github", "one")
    assert not known.is_new("github", "one")
    assert known.is_new("gitlab", "one")
    assert known.is_new("github", "")
    assert not Deliveries(tmp_path / "deliveries").is_new("github", "one")
    for number in range(30):
        assert known.is_new("github", f"more-{number}")
    assert len((tmp_path / "deliveries").read_text().splitlines()) == 30
    assert "one" not in (tmp_path / "deliveries").read_text()


@dataclass
class Server:
    """A mirror of the central repository, and a server that keeps it built."""

    team: Team
    mirror: Path
    log: Path
    port: int = 0
    process: subprocess.Popen[bytes] | None = field(default=None)

    def start(self) -> None:
        command = [sys.executable, "-P", "-m", "pipeline", "serve", "--webhook", "--port", "0", str(self.mirror)]
        with self.log.open("ab") as log:
            self.log.write_bytes(b"")
            self.process = subprocess.Popen(
                command, env=self.team.environment, stdin=subprocess.DEVNULL, stdout=log, stderr=log
            )
        wait_for(lambda: "listening: " in self.log.read_text(), self.log.read_text)
        found = re.search(r"http://127\.0\.0\.1:(\d+)/hooks/mirror", self.log.read_text())
        assert found is not None
        self.port = int(found[1])

    def stop(self) -> None:
        assert self.process is not None
        self.process.terminate()
        self.process.wait(timeout=60)

    def post(
        self, headers: dict[str, str], body: bytes = BODY, path: str = "/hooks/mirror", method: str = "POST"
    ) -> tuple[int, bytes]:
        with closing(http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)) as connection:
            connection.request(method, path, body, headers)
            answer = connection.getresponse()
            return answer.status, answer.read()

    def count(self) -> int:
        return self.log.read_text().count("mirror: reconciled")

    def shows(self, words: bytes) -> bool:
        path = self.mirror / "publish/main/atlas/documents/note.html"
        return path.is_file() and words in path.read_bytes()


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    made = make_server(Team(tmp_path, hooks=False))
    yield made
    made.stop()


def make_server(team: Team) -> Server:
    """Return a server that has looked once, and so has published what was there."""
    assert team.push().returncode == 0
    team.git(team.folder, "clone", "--quiet", "--mirror", team.central, "mirror.git")
    mirror = team.folder / "mirror.git"
    (mirror / "deedbox").mkdir()
    secret = mirror / "deedbox/webhook-secret"
    secret.write_text(f"{SECRET}\n")
    secret.chmod(0o600)
    made = Server(team, mirror, team.folder / "server.log")
    made.start()
    wait_for(lambda: made.count() >= 1, made.log.read_text)
    return made


def test_push_event_publishes_what_was_pushed_and_nothing_of_its_text_is_used(server: Server) -> None:
    team = server.team
    assert server.shows(b"First word")
    other = BODY + b" "
    events = ((github(), BODY), (gitea(other, "d2"), other), (gitlab(delivery="d3"), BODY))
    for number, (headers, body) in enumerate(events):
        team.commit(team.papers, note(number))
        assert team.push().returncode == 0
        assert server.post(headers, body) == (202, b"")
        wait_for(lambda number=number: server.shows(f"Word number {number}".encode()), server.log.read_text)  # type: ignore[misc]
    assert "exit code 0" in server.log.read_text()
    server.stop()
    team.wait_until_quiet(server.mirror)
    assert list(team.folder.rglob("pwned")) == []


def test_refused_events_start_nothing_and_say_little(server: Server) -> None:
    before = server.count()
    assert server.post(github(secret="wrong"))[0] == 401
    assert server.post({})[0] == 401
    assert server.post(github(), path="/hooks/other")[0] == 404
    assert server.post(github(), path="/hooks/..%2f..%2fetc")[0] == 404
    assert server.post(github(event="issues"))[0] == 202
    assert server.post(github(event="ping"))[0] == 202
    with socket.create_connection(("127.0.0.1", server.port), timeout=60) as line:
        line.sendall(b"POST /hooks/mirror HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999\r\n\r\n")
        found = HEADERS.match(line.recv(4096))
    assert found is not None
    assert found[1] == b"413"
    assert server.post({}, method="GET")[0] == 405
    assert server.count() == before


def test_repeated_delivery_is_ignored_also_after_a_restart(server: Server) -> None:
    assert server.post(github(delivery="once"))[0] == 202
    wait_for(lambda: server.count() == 2, server.log.read_text)
    assert server.post(github(delivery="once"))[0] == 202
    server.stop()
    server.start()
    wait_for(lambda: server.count() == 1, server.log.read_text)
    assert server.post(github(delivery="once"))[0] == 202
    assert server.post(github(delivery="copied"))[0] == 202  # the same body, signed, under an id that is not
    assert server.post(gitea(delivery="turned"))[0] == 202
    assert server.post(github(BODY + b" ", delivery="twice"), BODY + b" ")[0] == 202
    wait_for(lambda: server.count() == 2, server.log.read_text)
    assert len((server.mirror / "deedbox/deliveries").read_text().splitlines()) == 4


def test_secret_that_is_missing_short_or_open_to_others_stops_the_start(team: Team) -> None:
    def start() -> str:
        done = team.deedbox(team.central, "serve", "--webhook")
        assert done.returncode == 2
        return done.stderr

    secret = team.central / "deedbox/webhook-secret"
    assert "error DB464" in start()
    secret.write_text(SECRET)
    secret.chmod(0o644)
    assert "can be read by others" in start()
    secret.chmod(0o600)
    secret.write_text("short")
    assert "shorter than 16" in start()
    assert "error DB453" in team.deedbox(team.papers, "serve", "--webhook").stderr
    assert team.deedbox(team.papers, "serve").returncode == 2


def test_mirror_without_a_remote_or_with_one_that_is_gone_is_told(team: Team) -> None:
    done = team.deedbox(team.central, "reconcile", "--fetch")
    assert (done.returncode, "error DB467" in done.stderr) == (2, True)
    team.git(team.central, "remote", "add", "origin", "/nowhere/at/all.git")
    done = team.deedbox(team.central, "reconcile", "--fetch")
    assert (done.returncode, "error DB467" in done.stderr) == (4, True)
