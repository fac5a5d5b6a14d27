"""Take the time of a commit and SOURCE_DATE_EPOCH; choose between them; give the one time that a build knows."""

from __future__ import annotations

import os
from datetime import UTC, datetime

from pipeline.problems import USAGE, Problem, Stop
from pipeline.sources.git.output import LAST_SECOND, read_second

NO_COMMIT = datetime(1980, 1, 1, tzinfo=UTC)  # the first moment that a zip file, and so a .docx, can hold


def find_time(committed: datetime = NO_COMMIT) -> datetime:
    """Return the UTC time of a build: SOURCE_DATE_EPOCH if set, else the commit's; Stop if it is no number."""
    wanted = os.environ.get("SOURCE_DATE_EPOCH", "")
    if not wanted:
        return committed
    if not (wanted.isascii() and wanted.isdigit() and len(wanted) <= 12 and int(wanted) <= LAST_SECOND):
        message = f"SOURCE_DATE_EPOCH is `{wanted[:40]}`, not a number of seconds since 1970"
        raise Stop(Problem("DB115", message, hint="unset it, or use: git log -1 --format=%ct"), exit_code=USAGE)
    return read_second(int(wanted))


def read_clock() -> datetime:
    """Return the time of day (UTC, to the second): for logs and for status, never for a document."""
    return datetime.now(UTC).replace(microsecond=0)


def is_time_set() -> bool:
    """Return whether SOURCE_DATE_EPOCH sets the time of the build, for every document alike."""
    return bool(os.environ.get("SOURCE_DATE_EPOCH"))
