"""Take documents, a theme and a number of workers; write several documents at a time; give each as it was asked for.

Workers come from a fork server that has loaded the layout engine once, so that a document costs no import.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Executor, Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import get_context, parent_process
from multiprocessing.connection import wait
from threading import Thread

from pipeline.problems import INTERRUPTED, OUR_BUG, Problem, Stop
from pipeline.render.theme import Theme
from pipeline.render.tree import Document
from pipeline.write import Written, write_document

_PRELOAD = ["pipeline.write.worker"]


def write_documents(
    documents: Sequence[Document], theme: Theme, formats: Iterable[str], jobs: int = 1
) -> Iterator[Written]:
    """Yield each document as files, in the order given, `jobs` of them written at a time.

    Stop where a worker dies: an engine that crashes on one document must not take the build's earlier outputs with it.
    """
    wanted = tuple(formats)
    workers = min(jobs, len(documents))
    if workers < 2:
        yield from (write_document(document, theme, wanted) for document in documents)
        return
    with _make_pool(workers) as pool:
        futures = [pool.submit(write_document, document, theme, wanted) for document in documents]
        try:
            for document, future in zip(documents, futures, strict=True):
                yield _result(document, future)
        finally:
            pool.shutdown(wait=False, cancel_futures=True)


def _make_pool(workers: int) -> Executor:
    context = get_context("forkserver")
    context.set_forkserver_preload(_PRELOAD)
    return ProcessPoolExecutor(workers, mp_context=context, initializer=end_with_parent)


def end_with_parent() -> None:
    """Watch the process that asked for this worker; a worker whose parent was killed would wait for ever."""
    parent = parent_process()
    if parent is not None:
        Thread(target=_end, args=(parent.sentinel,), daemon=True).start()


def _end(sentinel: int) -> None:
    wait([sentinel])
    os._exit(INTERRUPTED)


def _result(document: Document, future: Future[Written]) -> Written:
    try:
        return future.result()
    except BrokenProcessPool as error:
        message = f"the program that lays out pages died, at or near {document.id}"
        raise Stop(Problem("DB431", message, hint="try -j 1 to find the document"), exit_code=OUR_BUG) from error
