"""Take a question whose answer lies in what contributors pushed; have a limited process answer it; give the answer.

Settings of the default branch, the check of a push and a fetch: each could be made to exhaust whoever does it. The
builder, `status` and the hook ask from here and go on, whatever becomes of the process, which runs `answers`.
"""

from __future__ import annotations

from pathlib import Path

from pipeline.problems import MACHINE_LACKS, Problem, Stop
from pipeline.sources.git.run import FETCH, KEPT, REMOTE
from pipeline.triggers.hooks.apart import Lost, Words, ask_apart

MEMORY, LONGEST = 2048, 120  # MB, and seconds, for one question
_OF_GIT = (*KEPT, "GIT_QUARANTINE_PATH")
_MODULE = "pipeline.triggers.central.answers"


def ask_settings(root: Path, commit: str, chosen: str, before: str | None, longest: float = LONGEST) -> Words | Lost:
    """Return what a commit's settings say of publishing, and the folder they lie in; Stop as `find_inside` does."""
    words = {"task": "settings", "root": str(root.absolute()), "commit": commit, "chosen": chosen, "before": before}
    return ask_apart(_MODULE, words, longest, _OF_GIT)


def ask_check(directory: Path, lines: bytes, longest: float = LONGEST) -> Words | Lost:
    """Return what is wrong with what is pushed, as `receive.check_push` records it."""
    words = {"task": "push", "directory": str(directory.absolute()), "lines": lines.decode("utf-8", "surrogateescape")}
    return ask_apart(_MODULE, words, longest, _OF_GIT)


def fetch_apart(root: Path, longest: float = FETCH) -> None:
    """Fetch as `fetch_all` does, and end what does not end; Stop as it does."""
    lost = ask_apart(_MODULE, {"task": "fetch", "root": str(root.absolute())}, longest, (*KEPT, *REMOTE))
    if isinstance(lost, Lost):
        hint = "try it by hand, as the same user: git fetch"
        raise Stop(Problem("DB474", f"{root} was not fetched: {lost.how}", hint=hint), exit_code=MACHINE_LACKS)
