"""Take each request before anybody answers it; refuse what no page of ours would send.

Everything that runs in a browser on this machine can reach us: other sites by a name that they let point here (DNS
rebinding), or by embedding what we serve.
"""

from __future__ import annotations

import socket
from dataclasses import dataclass

from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from pipeline.triggers.serving import is_number, read_host

_LOCAL = frozenset({"localhost", "127.0.0.1", "::1"})
_OWN = frozenset({"", "same-origin", "none"})  # "none" is a person, by the address bar; "" an older browser, or no one


@dataclass(frozen=True, slots=True)
class Guard:
    """Lets through what is asked of this server by its own name, from its own pages. `is_open`: not loopback alone."""

    app: ASGIApp
    is_open: bool = False

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, or have it answered."""
        if scope["type"] != "http":
            return
        refusal = self._refuse(scope, Headers(scope=scope))
        await (refusal or self.app)(scope, receive, send)

    def _refuse(self, scope: Scope, headers: Headers) -> PlainTextResponse | None:
        if scope["method"] not in ("GET", "HEAD"):
            return PlainTextResponse("only reading is possible here\n", 405)
        host = headers.get("host", "")
        if not self._is_ours(host, scope.get("server")):
            return PlainTextResponse("this server does not go by that name, or not at that port\n", 421)
        if any(origin != f"http://{host}".lower() for origin in map(str.lower, headers.getlist("origin"))):
            return PlainTextResponse("not for pages of others\n", 403)
        site = headers.get("sec-fetch-site", "")
        is_visit = headers.get("sec-fetch-mode") == "navigate" and headers.get("sec-fetch-dest") == "document"
        # A link to us may stand anywhere; that of another server on this machine is "same-site", and as foreign.
        if site not in _OWN and (not is_visit or scope["path"].startswith("/.preview/")):
            return PlainTextResponse("not for pages of others\n", 403)
        return None

    def _is_ours(self, value: str, server: tuple[str, int | None] | None) -> bool:
        """Return whether a host is one that no stranger can let point here: our own name, or a number; at our port."""
        found = read_host(value)
        if found is None or server is None or found[1] != server[1]:
            return False
        host = found[0]
        return host in _LOCAL or (self.is_open and (is_number(host) or host == socket.gethostname().lower()))
