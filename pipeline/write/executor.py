"""Take the address of other machines and steps; have them done there; give files, or the problem of a document.

Any executor of `concurrent.futures` will do. Dask is the one with an address: it finds the machines, and sends what one
of them fails to do to another.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import Executor, Future
from contextlib import contextmanager
from dataclasses import dataclass

from pipeline.host.engine import read_writer_engine
from pipeline.problems import MACHINE_LACKS, USAGE, Problem, Stop
from pipeline.write import Written
from pipeline.write.step import pack_step, read_answer, run_step

_DASK = "dask://"
_AHEAD = 128  # steps under way: enough for as many processes, and few enough for our memory
_PATIENCE = 10  # seconds to wait for a scheduler


def check_address(address: str) -> str:
    """Return what follows `dask://` in the address of an executor; Stop (exit 2) where it is none."""
    place = address.removeprefix(_DASK)
    if place in {"", address}:
        hint = "such as dask://localhost:8786"
        raise Stop(Problem("DB438", f"`{address}` is no executor", hint=hint), exit_code=USAGE)
    return place


@contextmanager
def open_executor(address: str) -> Iterator[Executor]:
    """Give the executor behind `dask://HOST:PORT`, and leave the machines when done.

    Stop where the address is no such address, Dask is not installed, or nobody answers.
    """
    place = check_address(address)
    try:
        from distributed import Client
    except ImportError as error:
        hint = "pip install 'deedbox[dask]'"
        raise Stop(Problem("DB438", "Dask is not installed", hint=hint), exit_code=MACHINE_LACKS) from error
    try:
        client = Client(f"tcp://{place}", timeout=_PATIENCE, set_as_default=False)
    except (OSError, ValueError) as error:
        raise _stop(f"no Dask scheduler answers at {address}") from error
    with client:
        try:
            client.wait_for_workers(1, timeout=_PATIENCE)
        except TimeoutError as error:
            raise _stop(f"the Dask scheduler at {address} has no workers") from error
        with client.get_executor(pure=False) as executor:
            yield executor


def _stop(message: str) -> Stop:
    # Dask's workers import from the folder in which they are started.
    hint = "after `cd /; export PYTHONSAFEPATH=1` start both: `dask scheduler`, `dask worker ADDRESS --nthreads 1`"
    return Stop(Problem("DB438", message, hint=hint), exit_code=MACHINE_LACKS)


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """An executor and what we know of it: nothing but that it does steps."""

    executor: Executor
    ahead: int = _AHEAD

    def pack(self, document: bytes, theme: bytes, formats: Iterable[str], drawn: Mapping[str, bytes]) -> bytes:
        """Return a step that only the same engine as ours will do."""
        return pack_step(document, theme, formats, read_writer_engine().digest, drawn)

    def start(self, step: bytes) -> Future[bytes]:
        """Return the answer to come; where nothing can be sent any more, that is the answer."""
        try:
            return self.executor.submit(run_step, step)
        except RuntimeError as error:
            failed: Future[bytes] = Future()
            failed.set_exception(error)
            return failed

    def finish(self, name: str, answer: Future[bytes]) -> Written:
        """Return what came of a step, or the problem that it has become."""
        try:
            data = answer.result()
        except Exception as error:
            # What an executor raises is its own affair: a process that died too often, a machine that is gone.
            problem = Problem(
                "DB437", f"{name} could not be written elsewhere: {type(error).__name__}: {error}", hint=_HINT
            )
            return Written({}, problems=(problem,))
        return read_answer(data)


_HINT = "look at the log of the workers; without --executor the document is written here"
