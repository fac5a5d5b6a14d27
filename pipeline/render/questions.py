"""Take what a confined process wants to know; spell it as a question for its pipe; read such a question again.

The process that renders opens nothing: each of these is answered by whoever gave it the task.
"""

from __future__ import annotations

from typing import Any

from pipeline.processes.tasks import ask

READ, HISTORY, BASELINES = "read", "history", "baselines"  # a file's bytes, Git's history of paths, the baselines
TELL, TRIAL = "tell", "trial"  # which file is being rendered now; a chart's spec, to be drawn


def ask_for(what: str, words: str = "") -> Any:
    """Return the answer to a question of one of these kinds."""
    return ask(f"{what} {words}".encode("utf-8", "surrogateescape"))


def read_question(question: bytes) -> tuple[str, str]:
    """Return kind and words of a question; whether it is one of these is for the reader to see."""
    what, _, words = question.decode("utf-8", "surrogateescape").partition(" ")
    return what, words
