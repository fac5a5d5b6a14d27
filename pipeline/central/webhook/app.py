"""Take targets; make the web application that proves events and starts builders; give it for a server to run."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field

from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route

from pipeline.central.webhook.deliveries import Deliveries
from pipeline.central.webhook.signature import PUSH, read_event
from pipeline.central.webhook.targets import Target, read_secret
from pipeline.children import NEUTRAL, make_python_command
from pipeline.hooks.child import make_surroundings
from pipeline.problems import DONE, SOURCES_WRONG, Stop

LARGEST = 25 * 1024 * 1024  # bytes of a body: no host sends more
SLOWEST = 30  # seconds for a body to arrive
OFTEN, SELDOM = 60, 900  # seconds until a repository is looked at without an event: after a failure, else
_STATUSES = {"accepted": 202, "unproved": 401, "unknown": 404, "slow": 408, "large": 413, "broken": 500}
Log = Callable[[str], None]


@dataclass
class Worker:
    """Keeps one repository built: a call while a builder works is remembered, however many there are."""

    target: Target
    log: Log
    wanted: asyncio.Event = field(default_factory=asyncio.Event)

    async def work(self) -> None:
        """Fetch and reconcile whenever that is wanted, at once for what came while nobody listened, and now and then.

        An event may be lost on its way, and a host may be out of reach for a while: neither may lose a push.
        """
        while True:
            self.wanted.clear()
            code = await self._reconcile()
            with suppress(TimeoutError):
                await asyncio.wait_for(self.wanted.wait(), OFTEN if code not in (DONE, SOURCES_WRONG) else SELDOM)

    async def _reconcile(self) -> int:
        words = ("-q", "reconcile", "--fetch", str(self.target.central.place.root))
        process = await asyncio.create_subprocess_exec(
            *make_python_command("pipeline", *words),
            stdin=asyncio.subprocess.DEVNULL, start_new_session=True, cwd=NEUTRAL, env=make_surroundings(),
        )  # fmt: skip
        try:
            code = await process.wait()
        except asyncio.CancelledError:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGTERM)
            await process.wait()
            raise
        self.log(f"{self.target.name}: reconciled, exit code {code}")
        return code


def make_app(targets: Iterable[Target], log: Log = lambda words: None) -> Starlette:
    """Return the application: POST /hooks/NAME with a push event answers 202, and nothing else."""
    workers = {target.name: Worker(target, log) for target in targets}
    known = {name: Deliveries(worker.target.central.home / "deliveries") for name, worker in workers.items()}

    async def receive(request: Request) -> Response:
        name = request.path_params["name"]
        worker = workers.get(name)
        end = await _take(request, worker, known[name]) if worker else "unknown"
        if end != "accepted":
            log(f"refused: {end}")
        return Response(status_code=_STATUSES[end])

    @asynccontextmanager
    async def live(app: Starlette) -> AsyncIterator[None]:
        tasks = [asyncio.create_task(worker.work()) for worker in workers.values()]
        try:
            yield
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    return Starlette(routes=[Route("/hooks/{name}", receive, methods=["POST"])], lifespan=live)


async def _take(request: Request, worker: Worker, known: Deliveries) -> str:
    """Return how a request ends; an event that is proved, is a push and came for the first time wakes the builder."""
    try:
        async with asyncio.timeout(SLOWEST):
            body = await _read_body(request)
        secret = read_secret(worker.target.secret)
    except (TimeoutError, ClientDisconnect):
        return "slow"
    except Stop:
        return "broken"
    if body is None:
        return "large"
    event = read_event(request.headers, body, secret)
    if event is None:
        return "unproved"
    if event.kind == PUSH and known.is_new(event.host, event.delivery):
        worker.wanted.set()
    return "accepted"


async def _read_body(request: Request) -> bytes | None:
    """Return the raw body; None for one that is too large, of which no more is read."""
    said = request.headers.get("content-length", "")
    if said.isascii() and said.isdigit() and int(said) > LARGEST:
        return None
    parts, size = [], 0
    async for part in request.stream():
        size += len(part)
        if size > LARGEST:
            return None
        parts.append(part)
    return b"".join(parts)
