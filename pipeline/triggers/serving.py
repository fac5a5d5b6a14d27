"""Take an application and limits; give a server's settings under which no stranger holds it, fills it or misleads it.

Both servers of ours, the preview and the webhook, stand on this. What uvicorn can bound is asked of uvicorn: the size
of an unfinished head, the time between two requests, connections that the system keeps waiting. It has no limit on the
time in which a head or a body must come, none on readers who do not read, and at its limit of connections it turns away
who comes, not who is silent: so these stand in a small subclass of its protocol.
"""

from __future__ import annotations

import asyncio
import logging
import re
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from ipaddress import IPv6Address, ip_address
from typing import Any

import uvicorn
from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from uvicorn.protocols.http.h11_impl import H11Protocol
from uvicorn.server import ServerState

HEADERS = {
    "Cache-Control": "no-store",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-DNS-Prefetch-Control": "off",
}
LOCKED = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
_HOST = re.compile(r"(?:\[(?P<six>[0-9A-Fa-f:.]{2,45})\]|(?P<name>[A-Za-z0-9._-]{1,253}))(?::(?P<port>[0-9]{1,5}))?")
_HTTP = 80
HEAD, BODY, ANSWER = "head", "body", "answer"
Log = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Limits:
    """What a server grants: seconds for a head, a body and each piece of an answer; bytes; connections.

    `per_address` holds for other machines, and for this one too unless `spares_own`: a proxy here speaks for everybody.
    """

    head: float = 10.0
    body: float = 30.0
    answer: float = 30.0
    idle: int = 5
    head_size: int = 16 * 1024
    body_size: int = 0
    connections: int = 64
    per_address: int = 16
    spares_own: bool = True


def make_config(app: ASGIApp, limits: Limits, **more: Any) -> uvicorn.Config:
    """Return the settings of a server for an application; what uvicorn would print of strangers goes nowhere."""
    said = logging.getLogger("uvicorn.error")
    if not said.handlers:
        said.addHandler(logging.NullHandler())
    said.propagate = False
    return uvicorn.Config(
        app,
        http=_make_protocol(limits),
        ws="none",
        loop="asyncio",
        log_config=None,
        access_log=False,
        server_header=False,
        date_header=False,
        proxy_headers=False,
        backlog=limits.connections,
        h11_max_incomplete_event_size=limits.head_size,
        timeout_keep_alive=limits.idle,
        **more,
    )


def read_host(value: str) -> tuple[str, int] | None:
    """Return the name, small and without brackets, and the port of a Host header; None if it is not exactly one."""
    found = _HOST.fullmatch(value)
    if not found or int(found["port"] or _HTTP) > 65535:
        return None
    if found["six"]:
        try:
            return str(IPv6Address(found["six"])), int(found["port"] or _HTTP)
        except ValueError:
            return None
    return found["name"].lower(), int(found["port"] or _HTTP)


def is_number(host: str) -> bool:
    """Return whether a host is an address and no name."""
    try:
        ip_address(host)
    except ValueError:
        return False
    return True


@dataclass(frozen=True, slots=True)
class Gate:
    """Stands before an application: refuses by size and form, adds what protects, and lets no traceback out."""

    app: ASGIApp
    limits: Limits
    log: Log = lambda words: None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, or have it answered."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        is_begun = False

        async def send_guarded(message: Message) -> None:
            nonlocal is_begun
            if message["type"] == "http.response.start":
                is_begun = True
                _protect(MutableHeaders(scope=message))
            await send(message)

        refusal = self._refuse(scope)
        try:
            await (refusal or self.app)(scope, receive, send_guarded)
        except Exception as error:
            # Its words may hold what a stranger sent, or a secret: its kind is enough.
            self.log(f"a request could not be answered ({type(error).__name__})")
            if is_begun:
                raise
            await PlainTextResponse("this could not be answered\n", 500)(scope, receive, send_guarded)

    def _refuse(self, scope: Scope) -> PlainTextResponse | None:
        head = sum(len(name) + len(value) + 4 for name, value in scope["headers"])
        if head + len(scope["raw_path"]) + len(scope["query_string"]) > self.limits.head_size:
            return PlainTextResponse("the head of the request is too large\n", 431)
        headers = Headers(scope=scope)
        if "content-length" in headers and "transfer-encoding" in headers:
            # h11 takes the second for true; a proxy that took the first would see another request than we do.
            return PlainTextResponse("a body has one length\n", 400, {"Connection": "close"})
        if read_host(headers.get("host", "")) is None:
            return PlainTextResponse("this server does not go by that name\n", 421)
        said = headers.get("content-length", "0")
        # Its size is known to be a number: h11 has read it.
        if len(said) > 15 or int(said) > self.limits.body_size:
            return PlainTextResponse("the body of the request is too large\n", 413)
        return None


def _protect(answer: MutableHeaders) -> None:
    for name, value in HEADERS.items():
        answer[name] = value
    answer.setdefault("Content-Security-Policy", LOCKED)
    may_frame = "frame-ancestors 'self'" in answer["Content-Security-Policy"]
    answer["X-Frame-Options"] = "SAMEORIGIN" if may_frame else "DENY"


class _Bounded(H11Protocol):
    """One connection. It is in its head until a whole one is there, then in its body, then it is being answered."""

    limits = Limits()

    def __init__(
        self,
        config: uvicorn.Config,
        server_state: ServerState,
        app_state: dict[str, Any],
        _loop: asyncio.AbstractEventLoop | None = None,
    ) -> None:
        super().__init__(config, server_state, app_state, _loop)
        self.address = ""
        self.since = self.loop.time()
        self.phase = ""
        self._timed: object = None
        self._timer: asyncio.TimerHandle | None = None
        self._reader: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Take a connection if there is room, or if somebody who is silent can make some."""
        peer = transport.get_extra_info("peername")
        self.address = str(peer[0]) if isinstance(peer, tuple) else ""
        if not self._find_room():
            transport.abort()
            return
        super().connection_made(transport)
        self._watch()

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget a connection."""
        for timer in (self._timer, self._reader):
            if timer is not None:
                timer.cancel()
        if self.transport is not None:
            super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Take what came; a byte now and then makes nobody's time longer."""
        super().data_received(data)
        self._watch()

    def on_response_complete(self) -> None:
        """Wait for the next request."""
        super().on_response_complete()
        self._watch()

    def pause_writing(self) -> None:
        """Give a reader who does not read so long to take what waits for him."""
        super().pause_writing()
        self._reader = self.loop.call_later(self.limits.answer, self.end)

    def resume_writing(self) -> None:
        """Go on with a reader who has read."""
        super().resume_writing()
        if self._reader is not None:
            self._reader.cancel()

    def end(self) -> None:
        """Drop the connection, with all that is not read or sent yet."""
        self.connections.discard(self)
        self.transport.abort()

    def _watch(self) -> None:
        """Start the time of a phase when it begins, and never anew within it."""
        if self.cycle is None or self.cycle.response_complete:
            phase, seconds = HEAD, self.limits.head
        elif self.cycle.more_body:
            phase, seconds = BODY, self.limits.body
        else:
            phase, seconds = ANSWER, 0.0
        if (phase, self.cycle) == (self.phase, self._timed):
            return
        if self._timer is not None:
            self._timer.cancel()
        self.phase, self._timed, self.since = phase, self.cycle, self.loop.time()
        self._timer = self.loop.call_later(seconds, self.end) if seconds and not self.transport.is_closing() else None

    def _find_room(self) -> bool:
        others = [one for one in self.connections if isinstance(one, _Bounded)]
        own = [one for one in others if one.address == self.address]
        is_spared = self.limits.spares_own and (not self.address or _is_here(self.address))
        if not is_spared and len(own) >= self.limits.per_address:
            return _drop_silent(own)
        return len(others) < self.limits.connections or _drop_silent(others)


def _drop_silent(those: Iterable[_Bounded]) -> bool:
    """Drop who has been silent for longest, of the address with most such; return whether there was one."""
    silent = [one for one in those if one.phase == HEAD]
    if not silent:
        return False
    counts = Counter(one.address for one in silent)
    min(silent, key=lambda one: (-counts[one.address], one.since)).end()
    return True


def _is_here(address: str) -> bool:
    return is_number(address) and ip_address(address).is_loopback


def _make_protocol(given: Limits) -> type[H11Protocol]:
    class Bounded(_Bounded):
        limits = given

    return Bounded
