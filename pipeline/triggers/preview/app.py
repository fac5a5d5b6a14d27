"""Take a shelf of documents and the state of builds; answer a browser: the list, a document, and what is new."""

from __future__ import annotations

import asyncio
import json
import socket
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from html import escape
from importlib.resources import files
from typing import Any
from urllib.parse import quote

from starlette.applications import Starlette
from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response, StreamingResponse
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from pipeline.document.formats import FORMATS
from pipeline.problems import Problem
from pipeline.triggers.preview.outputs import INDEX, Found, Shelf
from pipeline.triggers.preview.server import LIMITS
from pipeline.triggers.preview.state import State
from pipeline.triggers.serving import Gate, Limits, is_number, read_host

_KEEP_ALIVE = 15.0  # seconds
_PIECE = 64 * 1024  # bytes
_OWN = "default-src 'none'; base-uri 'none'; form-action 'none'"
# The page around a document runs our script; the document itself runs, fetches and sends nothing.
_SHELL_POLICY = (
    f"{_OWN}; script-src 'self'; style-src 'self'; connect-src 'self'; frame-src 'self'; frame-ancestors 'none'"
)
_PAGE_POLICY = f"{_OWN}; style-src 'unsafe-inline'; img-src data:; font-src data:; frame-ancestors 'self'"
# A browser shows a PDF by a page of its own, with styles, that embeds the file.
_PDF_POLICY = f"{_OWN}; style-src 'unsafe-inline'; object-src 'self'; frame-src 'self'; frame-ancestors 'self'"
_HTML = FORMATS["html"].media
_LOCAL = frozenset({"localhost", "127.0.0.1", "::1"})
_OURS = frozenset({"", "same-origin", "none"})  # "none" is a person, by the address bar; "" an older browser, or no one
_SHOWN: Mapping[str, str] = {"html": _PAGE_POLICY, "pdf": _PDF_POLICY}  # all other formats are downloaded
_ASSETS = {"live.js": "text/javascript; charset=utf-8", "live.css": "text/css; charset=utf-8"}


@dataclass(frozen=True, slots=True)
class Preview:
    """What the answers are made from."""

    shelf: Shelf
    state: State

    async def show(self, request: Request) -> Response:
        """Answer with a document, or the list; where it is opened in a window of its own, with the page around it."""
        path = request.path_params.get("path", INDEX)
        found = self.shelf.find(path, self.state.last.problems)
        answer = self._answer(request, path, found)
        if found and not isinstance(answer, StreamingResponse):
            found.file.close()
        return answer

    def _answer(self, request: Request, path: str, found: Found | None) -> Response:
        is_window = request.headers.get("sec-fetch-dest") == "document" and "d" not in request.query_params
        kind = found.entry.format if found and found.entry else "html"
        if is_window and kind in _SHOWN and (found or path == INDEX):
            return Response(make_shell(path, kind, found), media_type=_HTML, headers=_policy(_SHELL_POLICY))
        if found is None:
            return PlainTextResponse("there is no such document\n", 404)
        media = FORMATS[kind].media if kind in FORMATS else "application/octet-stream"
        headers = _policy(_SHOWN.get(kind, _OWN))
        if kind not in _SHOWN:
            name = quote(path.rpartition("/")[2])
            headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{name}"
        headers["Content-Length"] = str(found.size)
        if request.method == "HEAD":
            return Response(media_type=media, headers=headers)
        return StreamingResponse(_take(found), media_type=media, headers=headers)

    async def follow(self, request: Request) -> Response:
        """Answer with a stream that tells, now and after each build, what the document is like and what is wrong."""
        path = request.query_params.get("path", INDEX)
        headers = {"X-Accel-Buffering": "no"}
        return StreamingResponse(self._tell(path), media_type="text/event-stream", headers=headers)

    async def give_asset(self, request: Request) -> Response:
        """Answer with the script or the style of the page around a document."""
        name = request.path_params["name"]
        if name not in _ASSETS:
            return PlainTextResponse("there is no such file\n", 404)
        data = files("pipeline.triggers.preview").joinpath(name).read_bytes()
        return Response(data, media_type=_ASSETS[name])

    async def _tell(self, path: str) -> AsyncIterator[str]:
        async for is_new in self.state.follow(_KEEP_ALIVE):
            yield f"data: {json.dumps(self._describe(path))}\n\n" if is_new else ": still here\n\n"

    def _describe(self, path: str) -> dict[str, Any]:
        last = self.state.last
        digest = self.shelf.digest(path, last.problems)
        return {"digest": digest, "good": last.is_good, "problems": [_tell_problem(one) for one in last.problems]}


def make_app(shelf: Shelf, state: State, *, is_open: bool = False, limits: Limits = LIMITS) -> ASGIApp:
    """Return the application; `is_open` says that other machines may ask."""
    preview = Preview(shelf, state)
    routes = [
        Route("/.preview/events", preview.follow),
        Route("/.preview/{name}", preview.give_asset),
        Route("/", preview.show),
        Route("/{path:path}", preview.show),
    ]
    return Gate(Guard(Starlette(routes=routes), is_open), limits)


def make_shell(path: str, kind: str, found: Found | None) -> str:
    """Return the page around a document: it holds the document in a frame and renews it."""
    title = found.entry.title if found and found.entry else "Documents"
    template = files("pipeline.triggers.preview").joinpath("shell.html").read_text("utf-8")
    values = {"TITLE": title, "PATH": path, "KIND": kind, "ADDRESS": f"/{quote(path)}"}
    for name, value in values.items():
        template = template.replace(f"@{name}@", escape(value))
    return template


async def _take(found: Found) -> AsyncIterator[bytes]:
    """Give a file piece by piece: however large it is and however slow its reader, one piece is held."""
    with found.file as file:
        left = found.size
        while left and (piece := file.read(min(left, _PIECE))):
            left -= len(piece)
            yield piece
            await asyncio.sleep(0)  # a reader who is gone takes all at once: others get their turn all the same


def _policy(policy: str) -> dict[str, str]:
    return {"Content-Security-Policy": policy}


def _tell_problem(problem: Problem) -> dict[str, str | int]:
    return {**problem.record(), "place": str(problem.place)}


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
        if site not in _OURS and (not is_visit or scope["path"].startswith("/.preview/")):
            return PlainTextResponse("not for pages of others\n", 403)
        return None

    def _is_ours(self, value: str, server: tuple[str, int | None] | None) -> bool:
        """Return whether a host is one that no stranger can let point here: our own name, or a number; at our port."""
        found = read_host(value)
        if found is None or server is None or found[1] != server[1]:
            return False
        host = found[0]
        return host in _LOCAL or (self.is_open and (is_number(host) or host == socket.gethostname().lower()))
