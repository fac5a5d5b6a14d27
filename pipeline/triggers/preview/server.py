"""Take an address and an application; serve it beside the watch, in a thread of its own; end at once when asked to."""

from __future__ import annotations

import re
import socket
from dataclasses import dataclass
from ipaddress import ip_address
from threading import Thread

import uvicorn
from starlette.types import ASGIApp

from pipeline.problems import USAGE, Problem, Stop
from pipeline.triggers.preview.state import State
from pipeline.triggers.serving import Limits, is_number, make_config

HOST, PORT = "127.0.0.1", 8400
_ADDRESS = re.compile(r"(?:(?P<host>\[[0-9a-fA-F:.]+\]|[A-Za-z0-9.-]+)?:)?(?P<port>[0-9]{1,5})")
_LONGEST_END = 5.0  # seconds, of which the server takes one if somebody holds it
LIMITS = Limits()


@dataclass(frozen=True, slots=True)
class Address:
    """Where to serve; `is_given` where somebody has named the port."""

    host: str = HOST
    port: int = PORT
    is_given: bool = False

    @property
    def is_open(self) -> bool:
        """Return whether other machines can ask too."""
        return not (self.host == "localhost" or (is_number(self.host) and ip_address(self.host).is_loopback))


def read_address(text: str) -> Address:
    """Return the address of `PORT`, `HOST:PORT` or `[IPV6]:PORT`, the usual one of ""; Stop (exit 2) if it is none."""
    if not text:
        return Address()
    found = _ADDRESS.fullmatch(text)
    if not found or int(found["port"]) > 65535:
        hint = f"such as {PORT}, or {HOST}:{PORT}; selectors go before --serve"
        raise Stop(Problem("DB447", f"`{text}` is no address to serve at", hint=hint), exit_code=USAGE)
    return Address((found["host"] or HOST).strip("[]"), int(found["port"]), is_given=True)


def open_socket(address: Address) -> socket.socket:
    """Return a socket that listens there, or at any port where the usual one is taken; Stop (exit 2) if none can."""
    for port in (address.port, 0) if not address.is_given else (address.port,):
        try:
            family = socket.AF_INET6 if ":" in address.host else socket.AF_INET
            return socket.create_server((address.host, port), family=family)
        except OSError as error:
            refusal = error
    message = f"cannot serve at {address.host}:{address.port}: {refusal.strerror or refusal}"
    raise Stop(Problem("DB447", message, hint="name another port, as in --serve 8500"), exit_code=USAGE)


class Server:
    """A server at work."""

    def __init__(self, app: ASGIApp, listening: socket.socket, state: State, limits: Limits = LIMITS) -> None:
        settings = make_config(app, limits, lifespan="off", timeout_graceful_shutdown=1)
        self._state = state
        self._listening = listening
        self._server = uvicorn.Server(settings)
        self._thread = Thread(target=self._server.run, args=([listening],), daemon=True)
        self._thread.start()

    @property
    def url(self) -> str:
        """Return the address to open."""
        host, port = self._listening.getsockname()[:2]
        return f"http://{f'[{host}]' if ':' in host else host}:{port}/"

    def close(self) -> None:
        """End, and let go all pages that wait."""
        self._state.close()
        self._server.should_exit = True
        self._thread.join(_LONGEST_END)
        if not self._thread.is_alive():  # else it would stumble over a socket that is gone
            self._listening.close()


def make_open_warning(address: Address) -> Problem:
    """Return what somebody should know who lets other machines in."""
    message = f"everybody who can reach {address.host} can read all documents, drafts too"
    return Problem("DB448", message, hint=f"leave out {address.host} to serve this machine alone", severity="warning")
