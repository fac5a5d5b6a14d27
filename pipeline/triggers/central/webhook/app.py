"""Take targets; make the web application that proves events and starts builders; give it for a server to run."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field

from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp

from pipeline.problems import DONE, MACHINE_LACKS, SOURCES_WRONG, Stop
from pipeline.processes.children import NEUTRAL, make_python_command
from pipeline.processes.groups import end_group
from pipeline.sources.clock import read_clock
from pipeline.triggers.central.webhook.deliveries import Deliveries, Tally
from pipeline.triggers.central.webhook.signature import PUSH, Event, begin_proof
from pipeline.triggers.central.webhook.targets import Target, read_secret
from pipeline.triggers.hooks.child import make_surroundings
from pipeline.triggers.serving import Gate, Limits

LARGEST = 25 * 1024 * 1024  # bytes of a body: no host sends more
LIMITS = Limits(body_size=LARGEST)
OFTEN, SELDOM = 60, 900  # seconds until a repository is looked at without an event: after a failure, else
_PATIENCE = 10  # seconds that a reconcile has to end when it is asked to
_STATUSES = {"accepted": 202, "unproved": 401, "foreign": 403, "unknown": 404, "slow": 408, "large": 413, "broken": 500}
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
        """The reconcile holds the other end of a pipe: when this server ends, however that happens, so does it."""
        words = ("-q", "reconcile", "--fetch", "--leashed", str(self.target.central.place.root))
        try:
            process = await asyncio.create_subprocess_exec(
                *make_python_command("pipeline", *words),
                stdin=asyncio.subprocess.PIPE,
                start_new_session=True,
                cwd=NEUTRAL,
                env=make_surroundings(),
            )
        except OSError as error:  # too many processes: it is tried again soon
            self.log(f"{self.target.name}: no process could be started ({error.strerror or error})")
            return MACHINE_LACKS
        try:
            code = await process.wait()
        except asyncio.CancelledError:
            await _end(process)
            raise
        self.log(f"{self.target.name}: reconciled, exit code {code}")
        return code


async def _end(process: asyncio.subprocess.Process) -> None:
    """Ask a reconcile to end; then end it with all that it has started."""
    end_group(process.pid)
    with suppress(TimeoutError):
        await asyncio.wait_for(process.wait(), _PATIENCE)
    end_group(process.pid, signal.SIGKILL)
    await process.wait()


def make_app(targets: Iterable[Target], log: Log = lambda words: None, limits: Limits = LIMITS) -> ASGIApp:
    """Return the application: POST /hooks/NAME with a push event answers 202, and nothing else."""
    workers = {target.name: Worker(target, log) for target in targets}
    known = {name: Deliveries(worker.target.central.home / "deliveries") for name, worker in workers.items()}
    tally = Tally(log)

    async def receive(request: Request) -> Response:
        name = request.path_params["name"]
        worker = workers.get(name)
        end = await _take(request, worker, known[name], limits) if worker else "unknown"
        if end != "accepted":
            tally.count(f"refused: {end}")
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

    app = Starlette(routes=[Route("/hooks/{name}", receive, methods=["POST"])], lifespan=live)
    return Gate(app, limits, tally.count)


async def _take(request: Request, worker: Worker, known: Deliveries, limits: Limits) -> str:
    """Return how a request ends; an event that is proved, is a push and came for the first time wakes the builder."""
    if "origin" in request.headers or "sec-fetch-site" in request.headers:
        return "foreign"  # a browser: no host sends its events from one
    try:
        secret = read_secret(worker.target.secret)
        found = await _prove(request, secret, limits.body_size)
    except ClientDisconnect:
        return "slow"
    except Stop:
        return "broken"
    if isinstance(found, str):
        return found
    if found.kind == PUSH and known.is_new(found.host, found.delivery, found.proof):
        worker.wanted.set()
    return "accepted"


async def _prove(request: Request, secret: bytes, largest: int) -> Event | str:
    """Return the event of a request, or how it ends; no more of a body is held than has just come."""
    proof = begin_proof(request.headers, secret, int(read_clock().timestamp()))
    if proof is None:
        return "unproved"
    size = 0
    async for part in request.stream():
        size += len(part)
        if size > largest:
            return "large"
        proof.update(part)
    return proof.finish() or "unproved"
