"""Take a commit; build it in a process of its own, which may fail, hang or be killed; give what came of it.

A builder has to outlive what contributors commit: a template that never ends or takes all memory ends its own process.
That process ends with the builder too, even if the builder was killed: its standard input is then at its end.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from subprocess import PIPE
from traceback import print_exc
from typing import Any

from msgspec import convert, to_builtins

from pipeline.problems import MACHINE_LACKS, OUR_BUG, SOURCES_WRONG, Problem, Stop
from pipeline.processes.children import make_environment, make_python_command
from pipeline.processes.groups import hear, hold_leash, start_group
from pipeline.processes.limits import limit_builder
from pipeline.sources.git.run import KEPT as GIT
from pipeline.sources.git.run import REMOTE
from pipeline.streams import guarded_streams
from pipeline.triggers.hooks.state import MOST_PROBLEMS

LONGEST = 3600  # seconds for all documents of one commit; a document has its own limit (DEEDBOX_LIMITS)
MEMORY = 4096  # MB for one build without its workers: templates run in it
LOST = -1  # the exit code of a build that ended without an answer: it may be tried again

# Beside what Git is told: where the objects of a push wait, and how a store that machines share is reached.
_KEPT = ("AWS_*", "AZURE_*", "CI", "DASK_*", "FSSPEC_*", "GIT_QUARANTINE_PATH", "GOOGLE_*", "S3_*")


def make_surroundings() -> dict[str, str]:
    """Return the environment of a builder: nothing in it names code for Python, hooks or libraries."""
    return make_environment((*GIT, *REMOTE, *_KEPT))


@dataclass(frozen=True, slots=True)
class Built:
    """What came of one build; `exit_code` is one of `problems.py`, or LOST; `is_late` if its time was over."""

    exit_code: int
    problems: tuple[Problem, ...] = ()
    written: int = 0
    is_late: bool = False


def build_commit(
    root: Path,
    commit: str,
    output: Path | None = None,
    longest: float = LONGEST,
    inside: str = "",
    chosen: str | None = None,
) -> Built:
    """Build one commit (a full id) into a folder, the usual one if None, within `longest` seconds.

    Of a bare repository (`chosen` is not None) the child finds the folder of the commit that holds the project
    repository, as `find_inside` does; `inside` is the one of before, with a slash at its end.
    """
    words = json.dumps({
        "root": str(root.absolute()), "rev": commit, "output": str(output.absolute()) if output else "",
        "inside": inside, "chosen": chosen,
    })  # fmt: skip
    command = make_python_command("pipeline.triggers.hooks.child", words)
    try:
        process = start_group(command, make_surroundings(), stdin=PIPE, stdout=PIPE)
    except OSError as error:
        return Built(MACHINE_LACKS, (_not_started(error),))
    try:
        answer = hear(process, longest)
    except TimeoutError:
        return Built(SOURCES_WRONG, (_too_long(longest),), is_late=True)
    return _read_answer(answer, process.returncode)


def _read_answer(answer: bytes, code: int) -> Built:
    try:
        return convert(json.loads(answer), Built)
    except (ValueError, RecursionError):
        return Built(LOST, (_lost(code),))


def _not_started(error: OSError) -> Problem:
    return Problem("DB456", f"the build could not be started ({error.strerror or error})")


def _lost(code: int) -> Problem:
    how = f"was ended by signal {-code}" if code < 0 else f"ended with exit code {code} and without an answer"
    return Problem("DB456", f"the process of the build {how}", hint="out of memory? The log of the builds tells more")


def _too_long(longest: float) -> Problem:
    hint = "a template or a script that does not end? `deedbox check` on this commit shows where it hangs"
    return Problem("DB457", f"the build took more than {longest:.0f} seconds and was ended", hint=hint)


def main(words: str) -> int:
    """Build what the words ask for, say in one line what came of it; end at once when the builder ends."""
    with guarded_streams():  # they are the log
        return _work(words)


def _work(words: str) -> int:
    from pipeline.build.build import build
    from pipeline.build.request import Request

    limit_builder(MEMORY)
    said = os.dup(1)
    os.dup2(2, 1)  # whatever a library prints belongs into the log
    asked = json.loads(words)
    hold_leash()
    output = Path(asked["output"]) if asked["output"] else None
    request = Request(Path(asked["root"]), rev=asked["rev"], output=output, jobs=_count_processors())
    try:
        request = replace(request, inside=_find_inside(asked))
        outcome = build(request)
        answer = _make_answer(outcome.exit_code, outcome.problems, len(outcome.written))
    except Stop as stop:
        answer = _make_answer(stop.exit_code, stop.problems, 0)
    except MemoryError:
        answer = _make_answer(MACHINE_LACKS, (_too_much(),), 0)
    except Exception as error:
        print_exc()  # into the log
        answer = _make_answer(OUR_BUG, (_broken(error),), 0)
    with os.fdopen(said, "wb") as file:
        file.write(answer)
    return 0


def _too_much() -> Problem:
    hint = "a table, a picture or a folder without end? `deedbox check` on this commit shows where it grows"
    return Problem("DB456", f"the build needs more memory than it may have ({MEMORY} MB at most)", hint=hint)


def _broken(error: Exception) -> Problem:
    return Problem("DB456", f"the build broke off ({type(error).__name__})", hint="the log of the builds tells more")


def _make_answer(code: int, problems: tuple[Problem, ...], written: int) -> bytes:
    return f"{json.dumps(to_builtins(Built(code, problems[:MOST_PROBLEMS], written)))}\n".encode()


def _find_inside(asked: Mapping[str, Any]) -> str:
    """Return the project's folder in the commits.

    Listing a commit is reading what a contributor wrote: it is done here, where it can stop nobody else.
    """
    from pipeline.sources.git.repository import open_git
    from pipeline.triggers.hooks.inside import find_inside

    if asked["chosen"] is None:
        return str(asked["inside"])
    with open_git(Path(asked["root"])) as repository:
        return find_inside(repository, asked["rev"], asked["chosen"], asked["inside"])


def _count_processors() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
