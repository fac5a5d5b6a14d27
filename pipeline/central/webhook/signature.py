"""Take the headers and the raw body of a request; prove with the secret who sent it; give what kind of event it is."""

from __future__ import annotations

import hmac
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from hashlib import sha256

PUSH, PING, OTHER = "push", "ping", "other"
Headers = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Host:
    """How one kind of host proves its events: the headers for proof, kind and id of a delivery; the kinds of pushes."""

    name: str
    proof: str
    event: str
    delivery: tuple[str, ...]
    prove: Callable[[bytes, bytes, str], bool]
    pushes: tuple[str, ...]
    pings: tuple[str, ...] = ("ping",)


@dataclass(frozen=True, slots=True)
class Event:
    """A proved event: its host, what it is, and the id under which it is remembered ("" if it has none)."""

    host: str
    kind: str
    delivery: str


def read_event(headers: Headers, body: bytes, secret: bytes) -> Event | None:
    """Return the event of a request; None if no host that we know has proved it. Names of headers are lower case."""
    for host in HOSTS:
        proof = headers.get(host.proof)
        if proof is not None:
            return _make_event(host, headers) if host.prove(secret, body, proof) else None
    return None


def _make_event(host: Host, headers: Headers) -> Event:
    said = headers.get(host.event, "").casefold()
    kind = PUSH if said in host.pushes else PING if said in host.pings else OTHER
    delivery = next((headers[name] for name in host.delivery if headers.get(name)), "")
    return Event(host.name, kind, delivery)


def _prove_digest(secret: bytes, body: bytes, proof: str) -> bool:
    """HMAC-SHA256 of the raw body, compared in a time that tells nothing of how much is right."""
    wanted = hmac.new(secret, body, sha256).hexdigest()
    return hmac.compare_digest(wanted.encode(), proof.encode("utf-8", "surrogateescape"))


def _prove_github(secret: bytes, body: bytes, proof: str) -> bool:
    method, _, digest = proof.partition("=")
    return _prove_digest(secret, body, digest) and method == "sha256"


def _prove_token(secret: bytes, body: bytes, proof: str) -> bool:
    """GitLab sends the secret itself. Digests are compared, so that not even its length can be told."""
    given = sha256(proof.encode("utf-8", "surrogateescape")).digest()
    return hmac.compare_digest(sha256(secret).digest(), given)


# Gitea and Forgejo sign for GitHub's readers too; their own header goes first, so that their own ids are used.
HOSTS = (
    Host(
        "gitea",
        "x-gitea-signature",
        "x-gitea-event",
        ("x-gitea-delivery",),
        _prove_digest,
        ("push", "create", "delete"),
    ),
    Host(
        "github",
        "x-hub-signature-256",
        "x-github-event",
        ("x-github-delivery",),
        _prove_github,
        ("push", "create", "delete"),
    ),
    Host(
        "gitlab",
        "x-gitlab-token",
        "x-gitlab-event",
        ("x-gitlab-event-uuid", "idempotency-key"),
        _prove_token,
        ("push hook", "tag push hook"),
        (),
    ),
)
