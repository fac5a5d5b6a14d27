"""Take what is recorded of the tries of a commit; tell whether it is to be tried now, in which turn, and for how long.

What fails may fail again, and somebody may push a hundred such tags: so each waits longer after each try, and what was
never tried goes before it.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from pipeline.problems import DONE, MACHINE_LACKS
from pipeline.triggers.hooks.builder import FINAL
from pipeline.triggers.hooks.state import Entry

# Seconds from one try to the next, after the first, the second and so on. The first two are at once: a builder that was
# killed, or a disk that was full, is the usual reason.
DELAYS = (0, 0, 600, 3600, 6 * 3600)
LONGEST_DELAY = 24 * 3600
GIVEN_UP = 6  # tries
# Seconds for one try of what is not the default branch: documents that were made are kept, so the next gets further.
BUDGETS = (300.0, 900.0, 1800.0)


def find_next(entry: Entry) -> datetime | None:
    """Return from when on a commit may be tried again; None if it is given up: it has failed for good, or too often.

    A machine that lacks something may have it one day, so that is never given up.
    """
    if entry.exit_code in (DONE, *FINAL) or (entry.tries >= GIVEN_UP and entry.exit_code != MACHINE_LACKS):
        return None
    delay = DELAYS[entry.tries - 1] if 0 < entry.tries <= len(DELAYS) else LONGEST_DELAY if entry.tries else 0
    try:
        return datetime.fromisoformat(entry.tried_at) + timedelta(seconds=delay)
    except (ValueError, OverflowError):
        return datetime.min


def is_due(entry: Entry, now: datetime) -> bool:
    """Return whether a commit that has failed may be tried again now; a clock that was set back delays nothing."""
    after = find_next(entry)
    if after is None:
        return False
    if after.tzinfo is None:
        return True
    return now >= after or now < after - timedelta(seconds=LONGEST_DELAY)


def find_budget(entry: Entry, commit: str, longest: float, *, is_default: bool) -> float:
    """Return how many seconds the next try of a commit may take."""
    if is_default:
        return longest
    tries = entry.tries if entry.tried == commit else 0
    return min(longest, BUDGETS[tries] if tries < len(BUDGETS) else BUDGETS[0])


def is_last_budget(entry: Entry, budget: float, longest: float) -> bool:
    """Return whether a try that was begun had all the time that a commit ever gets."""
    return budget >= longest or entry.tries >= len(BUDGETS)
