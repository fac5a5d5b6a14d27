"""Take a whole request of a host; prove it as the webhook does, in one go; give its event."""

from __future__ import annotations

from collections.abc import Mapping

from pipeline.triggers.central.webhook.signature import Event, begin_proof


def read_event(headers: Mapping[str, str], body: bytes, secret: bytes, now: int = 0) -> Event | None:
    """Return the event of a request whose body is at hand; None if no host that we know has proved it."""
    proof = begin_proof(headers, secret, now)
    if proof is None:
        return None
    proof.update(body)
    return proof.finish()
