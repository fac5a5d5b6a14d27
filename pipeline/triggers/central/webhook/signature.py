"""Take the headers of a request, then its body piece by piece; prove with the secret who sent it; give what it is.

A body is never kept: it goes through the digest and is gone, so that whoever sends one unproved fills no memory.
"""

from __future__ import annotations

import hmac
from base64 import b64decode, b64encode
from binascii import Error
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from hashlib import sha256

PUSH, PING, OTHER = "push", "ping", "other"
AGE = 300  # seconds that the signed time of an event may lie beside ours: the Standard Webhooks say five minutes
Headers = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Event:
    """A proved event: its host, what it is, and the marks by which the same one is known again ("" is none)."""

    host: str
    kind: str
    delivery: str
    proof: str = ""


@dataclass(frozen=True, slots=True)
class Proof:
    """What is still to be proved of a request: `digest` takes the body (None if it has no part in the proof)."""

    event: Event
    digest: hmac.HMAC | None
    is_right: Callable[[bytes], bool]

    def update(self, part: bytes) -> None:
        """Take the next piece of the body."""
        if self.digest is not None:
            self.digest.update(part)

    def finish(self) -> Event | None:
        """Return the event once the whole body was taken; None if it is not proved."""
        return self.event if self.digest is None or self.is_right(self.digest.digest()) else None


@dataclass(frozen=True, slots=True)
class Host:
    """How one kind of host proves its events: the headers for proof, kind and id of a delivery; the kinds of pushes."""

    name: str
    proof: str
    event: str
    delivery: tuple[str, ...]
    begin: Callable[[Host, Headers, bytes, int], Proof | None]
    pushes: tuple[str, ...]
    pings: tuple[str, ...] = ("ping",)

    def make_event(self, headers: Headers, proof: str = "") -> Event:
        """Return what a request says of itself."""
        said = headers.get(self.event, "").casefold()
        kind = PUSH if said in self.pushes else PING if said in self.pings else OTHER
        delivery = next((headers[name] for name in self.delivery if headers.get(name)), "")
        return Event(self.name, kind, delivery, proof)


def begin_proof(headers: Headers, secret: bytes, now: int) -> Proof | None:
    """Return what takes the body of a request; None if its headers alone show that no host that we know sent it.

    Names of headers are lower case; `now` is in seconds since 1970.
    """
    for host in HOSTS:
        if host.proof in headers:
            return host.begin(host, headers, secret, now)
    return None


def _begin_hex(host: Host, headers: Headers, secret: bytes, now: int) -> Proof | None:
    """HMAC-SHA256 of the raw body; it is compared in a time that tells nothing of how much is right."""
    return _begin(host, headers, secret, headers[host.proof])


def _begin_github(host: Host, headers: Headers, secret: bytes, now: int) -> Proof | None:
    method, _, said = headers[host.proof].partition("=")
    return _begin(host, headers, secret, said) if method == "sha256" else None


def _begin(host: Host, headers: Headers, secret: bytes, said: str) -> Proof | None:
    try:
        wanted = bytes.fromhex(said)
    except ValueError:
        return None
    if len(wanted) != sha256().digest_size:
        return None
    event = host.make_event(headers, wanted.hex())
    return Proof(event, hmac.new(secret, digestmod=sha256), lambda digest: hmac.compare_digest(digest, wanted))


def _begin_token(host: Host, headers: Headers, secret: bytes, now: int) -> Proof | None:
    """GitLab sends the secret itself. Digests are compared, so that not even its length can be told."""
    given = sha256(headers[host.proof].encode("utf-8", "surrogateescape")).digest()
    is_right = hmac.compare_digest(sha256(secret).digest(), given)
    return Proof(host.make_event(headers), None, lambda digest: True) if is_right else None


def _begin_standard(host: Host, headers: Headers, secret: bytes, now: int) -> Proof | None:
    """GitLab's signing token: id and time are signed with the body, so neither can be another one."""
    delivery, time = headers.get("webhook-id", ""), headers.get("webhook-timestamp", "")
    if not delivery or not (time.isascii() and time.isdigit() and len(time) < 15) or abs(now - int(time)) > AGE:
        return None
    digest = hmac.new(_read_key(secret), f"{delivery}.{time}.".encode("utf-8", "surrogateescape"), sha256)
    said = tuple(word.encode("utf-8", "surrogateescape") for word in headers[host.proof].split(" ")[:8])

    def is_right(found: bytes) -> bool:
        wanted = b"v1," + b64encode(found)
        return any([hmac.compare_digest(wanted, one) for one in said])  # all of them, whichever is right

    return Proof(host.make_event(headers), digest, is_right)


def _read_key(secret: bytes) -> bytes:
    """A signing token is `whsec_` and the key in Base64."""
    if not secret.startswith(b"whsec_"):
        return secret
    try:
        return b64decode(secret.removeprefix(b"whsec_"), validate=True)
    except Error:
        return secret


_GIT = ("push", "create", "delete")
_GITLAB = ("push hook", "tag push hook")
# Gitea and Forgejo sign for GitHub's readers too; their own header goes first, so that their own ids are used. GitLab
# may send its token beside the signature, which proves more.
HOSTS = (
    Host("gitea", "x-gitea-signature", "x-gitea-event", ("x-gitea-delivery",), _begin_hex, _GIT),
    Host("github", "x-hub-signature-256", "x-github-event", ("x-github-delivery",), _begin_github, _GIT),
    Host("gitlab", "webhook-signature", "x-gitlab-event", ("webhook-id",), _begin_standard, _GITLAB, ()),
    Host(
        "gitlab", "x-gitlab-token", "x-gitlab-event", ("x-gitlab-event-uuid", "idempotency-key"),
        _begin_token, _GITLAB, (),
    ),
)  # fmt: skip
