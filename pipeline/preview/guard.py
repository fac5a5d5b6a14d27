"""Take each request before anybody answers it; refuse what no page of ours would send; add what protects to the answer.

Everything that runs in a browser on this machine can reach us: other sites by a name that they let point here (DNS
rebinding), or by embedding what we serve.
"""

from __future__ import annotations

import socket
from dataclasses import dataclass
from ipaddress import ip_address

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

HEADERS = {
    "Cache-Control": "no-store",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}
LOCKED = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
_LOCAL = frozenset({"localhost", "127.0.0.1", "::1"})


@dataclass(frozen=True, slots=True)
class Guard:
    """Lets through what is asked of this server by its own name, from its own pages. `is_open`: not loopback alone."""

    app: ASGIApp
    is_open: bool = False

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, or have it answered."""
        if scope["type"] != "http":
            return
        headers = Headers(scope=scope)
        refusal = self._refuse(scope["method"], headers)

        async def send_guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                answer = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    answer[name] = value
                answer.setdefault("Content-Security-Policy", LOCKED)
            await send(message)

        await (refusal or self.app)(scope, receive, send_guarded)

    def _refuse(self, method: str, headers: Headers) -> PlainTextResponse | None:
        if method not in ("GET", "HEAD"):
            return PlainTextResponse("only reading is possible here\n", 405)
        if not self._is_ours(read_host(headers.get("host", ""))):
            return PlainTextResponse("this server does not go by that name\n", 421)
        is_visit = headers.get("sec-fetch-mode") == "navigate" and headers.get("sec-fetch-dest") == "document"
        if headers.get("sec-fetch-site") == "cross-site" and not is_visit:
            return PlainTextResponse("not for pages of others\n", 403)
        return None

    def _is_ours(self, host: str) -> bool:
        """Return whether a host is one that no stranger can let point here: our own name, or a number."""
        if host in _LOCAL:
            return True
        return self.is_open and (is_number(host) or host == socket.gethostname().lower())


def read_host(value: str) -> str:
    """Return the host of a Host header, small, without port and brackets."""
    value = value.strip().lower()
    if value.startswith("["):
        return value[1:].partition("]")[0]
    return value.partition(":")[0]


def is_number(host: str) -> bool:
    """Return whether a host is an address and no name."""
    try:
        ip_address(host)
    except ValueError:
        return False
    return True
